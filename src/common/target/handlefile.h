// SPDX-License-Identifier: GPL-2.0-or-later
// handlefile.h: a file that names one process, in this boot and in no other.
#pragma once

#include "handle/pidref.h"

// Write "PID:INODE:BOOT" and a newline to the file `path`.
// A regular file is replaced by a complete new one with the same mode and owner, so a reader sees
// the old or the new one. It is written in place, the handle first, if it is behind a symbolic
// link, or if its owner or access control list could not be kept. Only the kernel follows links.
// Other files (a FIFO, unless it belongs to another user) and names of descriptors (/dev/stderr,
// /dev/fd/3, /proc/self/fd/3) are appended to. Learns the inode. -EAGAIN: a FIFO without a reader,
// or a full one; -EOPNOTSUPP: before Linux 6.9; -FAULT_NO_BOOT; or the error of opening, creating
// or writing.
int handlefile_write(const char *path, struct pidref *ref);

// The text for its error, without the file.
const char *handlefile_problem(int error);
