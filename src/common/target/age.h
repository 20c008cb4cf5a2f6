// SPDX-License-Identifier: GPL-2.0-or-later
// age.h: whether a process can be the one that a file was written about.
#pragma once

#include "handle/pidref.h"
#include "handle/procfs.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

// What /proc shows of a held process, for judging its age.
struct age_facts {
	uint64_t start;		// clock ticks since the boot
	struct timespec folder; // when its folder in /proc was first looked at
	bool kthread;
	uid_t real, saved;
};

// Read the facts of the held process. -ESRCH: it is gone; -EACCES: it is hidden from us; other
// errors of pidread.h.
int age_facts_read(struct age_facts *out, const struct procfs *proc, const struct pidref *ref);

// Whether the file of descriptor `fd` can have been written about the process *ref, whose facts are
// *facts. `exact`: the file contains its inode, so only the boot is in question. Uses the clock. 0,
// and *notes gets warnings; -FAULT_STALE, -FAULT_OLD_BOOT, -FAULT_KTHREAD; -errno.
int age_judge(int fd, bool exact, const struct procfs *proc, const struct pidref *ref,
	const struct age_facts *facts, unsigned *notes);
