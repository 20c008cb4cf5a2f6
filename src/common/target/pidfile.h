// SPDX-License-Identifier: GPL-2.0-or-later
// pidfile.h: the process that a file names, unless the file is stale or not to be trusted.
#pragma once

#include "handle/procfs.h"
#include "target/target.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum { PIDFILE_ROOM = 256 };

struct pidfile {
	struct target target; // PID or PID:INODE; its text is `first`
	bool has_more;	      // behind the first field of the first line there is another
	bool regular;	      // else (a pipe) nothing can be said about its age
	bool in_memory;	      // on a tmpfs, which cannot be older than this boot
	struct timespec written;
	char first[PIDFILE_ROOM]; // the first field
};

struct pidfile_demands {
	bool locked;  // somebody has to hold a lock on it
	bool trusted; // do not mind who can write it
};

// Read `path` ("-": standard input). 0, or -errno; *why then gets a phrase that says what is wrong.
// out->target.text points into *out, which must not be moved.
int pidfile_read(struct pidfile *out, const char *path, const struct pidfile_demands *demands,
	const char **why);

enum pidfile_age {
	PIDFILE_FRESH,	  // the process may well have written it
	PIDFILE_STALE,	  // the process started after the file was last written
	PIDFILE_OLD_BOOT, // the file was last written before this boot
	PIDFILE_STEPPED,  // the clock was set since, so nothing can be said
};

// What the age of the file says about a process that started `start` clock ticks after the boot.
// Asks the clock. One tick is tolerated, for the kernel keeps times of files only so exactly.
enum pidfile_age pidfile_age(const struct pidfile *file, uint64_t start);

// The same of the process that is held; PID:INODE is fresh unless it is of an earlier boot. 0;
// -ESRCH: it is gone; or the error of reading its start from `proc`.
int pidfile_age_of(const struct pidfile *file, const struct pidref *ref, const struct procfs *proc,
	enum pidfile_age *age);
