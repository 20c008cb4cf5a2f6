// SPDX-License-Identifier: GPL-2.0-or-later
// stdfds.h: descriptors 0 to 2 are never those of a file that we open.
#pragma once

// Open what is closed of 0, 1 and 2, so that no message or line of output lands in a file, socket
// or handle that gets the number later. Reading and writing them fails with EBADF as before, and a
// COMMAND that we start finds them closed. To be called before anything is opened.
void stdfds_open(void);
