// SPDX-License-Identifier: GPL-2.0-or-later
// stdfds.h: no file that we open gets descriptor 0, 1 or 2.
#pragma once

// If descriptor 0, 1 or 2 is closed, open it, so that no message or output goes to a file, socket
// or handle that would get the number later. To read or write it still fails with EBADF, and a
// COMMAND that we start finds it closed. Call this before anything is opened.
void stdfds_open(void);
