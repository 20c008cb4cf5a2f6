// SPDX-License-Identifier: GPL-2.0-or-later
// handlefile.h: a file that names one process, in this boot and no other.
#pragma once

#include "handle/pidref.h"

// Put "PID:INODE:BOOT" and a newline into the file `path`.
// A regular file is replaced by a whole new one of the same mode and owner, so a reader finds the
// old or the new one. Behind a symbolic link, and where the owner or an access control list could
// not be kept, it is written in place, the handle in one piece. The kernel alone follows links.
// What is no regular file (a FIFO, unless it belongs to another user), and what stands for a
// descriptor
// (/dev/stderr, /dev/fd/3, /proc/self/fd/3), is appended to; a FIFO is waited for. Learns the
// inode. -EOPNOTSUPP: before Linux 6.9; -FAULT_NO_BOOT; or the error of opening, making or writing.
int handlefile_write(const char *path, struct pidref *ref);

// What to say of its error, without the file.
const char *handlefile_problem(int error);
