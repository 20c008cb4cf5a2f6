// SPDX-License-Identifier: GPL-2.0-or-later
// reclaim.h: reclaim the memory of a held process.
#pragma once

#include "handle/pidref.h"
#include "handle/procfs.h"

#include <stdint.h>

enum reclaim_how {
	RECLAIM_NONE,
	RECLAIM_COLD,	 // marked as the first to go when memory is short
	RECLAIM_PAGEOUT, // written back or swapped out now
};

struct reclaimed {
	enum reclaim_how how; // RECLAIM_NONE: nothing was done
	uint64_t advised;     // bytes of its mappings that were passed to the kernel
	uint64_t given;	      // by how many bytes its resident memory decreased meanwhile
};

// RECLAIM_NONE: `text` is not one of them.
enum reclaim_how reclaim_parse(const char *text);

// Advise the kernel, through the handle of the process, about every mapping of it. The list of
// mappings is read while the process is held. Mappings that cannot be reclaimed (locked, of a
// device) are skipped. 0; -ESRCH: it is gone; -EADV: not permitted (needs CAP_SYS_NICE and the
// right to trace it); -ENOSYS: before Linux 5.10; -EOVERFLOW: a 32-bit program cannot name the
// memory of a 64-bit process; errors of reading /proc.
int reclaim_process(struct reclaimed *out, const struct procfs *proc, const struct pidref *ref,
	enum reclaim_how how);
