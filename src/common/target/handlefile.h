// SPDX-License-Identifier: GPL-2.0-or-later
// handlefile.h: a file that names one process for this boot.
#pragma once

#include "handle/pidref.h"

// Put "PID:INODE" and a newline into the file `path`, all at once: a reader finds the old file or
// the whole new one. What is no regular file (a FIFO), and what stands for a
// descriptor (/dev/stderr, /dev/fd/3, /proc/self/fd/3), is appended to instead; behind a symbolic
// link the file is replaced. Learns the inode. -EOPNOTSUPP: before Linux 6.9; or the error of
// making, writing or renaming.
int handlefile_write(const char *path, struct pidref *ref);
