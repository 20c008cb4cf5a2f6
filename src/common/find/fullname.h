// SPDX-License-Identifier: GPL-2.0-or-later
// fullname.h: the name of a process where the kernel's, comm, is cut at 15 bytes.
#pragma once

#include "base/buffer.h"
#include "handle/procfs.h"

#include <stddef.h>
#include <sys/types.h>

enum { FULLNAME_COMM_MAX = 15 }; // where the kernel cuts (its own threads' names it does not)

// Read the full name of the process whose files are in *dir and whose comm is `comm` of `len` bytes
// into *out: the last part
// of the executable's path, of argv[0] or of argv[1] (a script's path), where one begins with
// comm and comm is as long as it can be; else comm itself. Reads PID/exe, and where that does not
// say it PID/cmdline, only for such a comm; the caller verifies after it. -errno of procdir_read,
// -ENOMEM.
int fullname_read(const struct procdir *dir, const char *comm, size_t len, struct buffer *out);
