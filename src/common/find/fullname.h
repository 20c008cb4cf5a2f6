// SPDX-License-Identifier: GPL-2.0-or-later
// fullname.h: the full name of a process whose comm, the kernel's name, is cut at 15 bytes.
#pragma once

#include "base/buffer.h"
#include "find/file.h"
#include "handle/procfs.h"

#include <stddef.h>
#include <sys/types.h>

enum { FULLNAME_COMM_MAX = 15 }; // where the kernel cuts (but not the names of its own threads)

// Read into *out the full name of the process whose files are in *dir and whose comm is `comm` of
// `len` bytes. If comm has the maximum length, this is the first of these that begins with comm:
// the last part of the path of the executable; of argv[0] (also after a '\'); argv[0] as a whole,
// in which programs write their titles; the last part of the path of the script, which is the first
// argument that is no option. Otherwise it is comm itself. Reads PID/exe, and if that is not enough
// PID/cmdline, only for such a comm. The caller verifies afterwards. -errno of procdir_read,
// -ENOMEM.
int fullname_read(const struct procdir *dir, const char *comm, size_t len, struct buffer *out);

// The path of the script in a command line, each of its arguments followed by a NUL: the first
// argument behind argv[0] that is no option. Empty if there is none.
struct bytes fullname_script(const struct bytes *words);

// The last part of a path: what is behind the last '/'.
const char *fullname_base(const struct bytes *path);

// Whether comm is the name, or as much of it as the kernel keeps.
bool fullname_fits(const struct bytes *comm, const char *name);
