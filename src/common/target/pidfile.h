// SPDX-License-Identifier: GPL-2.0-or-later
// pidfile.h: the process that a file names, unless the file is stale or cannot be trusted.
#pragma once

#include "handle/pidref.h"

#include <stdbool.h>

struct pidfile_demands {
	bool locked;   // the process must hold a lock on the file
	bool trusted;  // as root, do not check which users could choose the contents
	bool stale_ok; // do not check its age
};

// Hold the process that the first word of the file `path` ("-": standard input) names: PID,
// PID:INODE or PID:INODE:BOOT. The file is opened and read once; all checks are about what was
// read. *notes gets warnings (notes.h).
// 0; -errno of opening and reading; the errors of exact_open; or -FAULT_NO_FILE, _SOCKET, _EMPTY,
// _NO_PID, _UNTRUSTED, _WAY, _UNLOCKED, _UNSEEN, _STALE, _OLD_BOOT, _KTHREAD, _NO_PROC, _HIDDEN.
int pidfile_open(struct pidref *out, const char *path, const struct pidfile_demands *demands,
	unsigned *notes);
