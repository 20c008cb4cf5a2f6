// SPDX-License-Identifier: GPL-2.0-or-later
// lock.h: the processes that hold a lock on a file.
//
// A lock is one of fcntl(2), of either kind, or of flock(2); a lease is none. It is proved by a
// descriptor of the held process, for which the kernel shows the lock (fdinfo). The numbers in
// /proc/locks are not used: that of flock(2) is the number of the process that called it, which may
// be gone, and the number may be another process's.
#pragma once

#include "handle/pidref.h"
#include "handle/procfs.h"
#include "target/found.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

// Pass on each process that holds a lock on the file `path`. -FAULT_NO_LOCK: none does;
// -FAULT_HIDDEN_LOCK: none that we may look into does; -FAULT_UNHELD_LOCK: the file is locked, but
// no descriptor of a process shows it; -FAULT_NO_FILE; -FAULT_NO_SEARCH; errors of open(2), of
// holders_find and the result of the call.
int lock_find(const char *path, struct found *f);

// Whether the held process holds a lock on the file of *st. 1 or 0; -EACCES: we may not see that;
// -ESRCH; or another error of holders_is_one.
int lock_is_held_by(const struct procfs *proc, const struct pidref *ref, const struct stat *st);

// Whether the text of a fdinfo file shows a lock.
bool lock_is_shown(const char *fdinfo);

// What /proc/locks calls a file. Without has_device only the inode is compared.
struct lock_file {
	uint64_t inode;
	bool has_device;
	unsigned major, minor;
};

// Complete *file, whose inode is that of stat(2), from the texts of fdinfo and mountinfo, as far as
// these have it.
void lock_file_of(struct lock_file *file, const char *fdinfo, const char *mountinfo);

// Whether the text of /proc/locks shows a lock on the file.
bool lock_is_listed(const char *locks, const struct lock_file *file);
