// SPDX-License-Identifier: GPL-2.0-or-later
// reclaim.h: have a held process give its memory back.
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
	uint64_t advised;     // bytes of its mappings that the kernel was told of
	uint64_t given;	      // by how many bytes its resident memory has become less meanwhile
};

// RECLAIM_NONE: `text` is no way to reclaim.
enum reclaim_how reclaim_parse(const char *text);

// Advise the kernel about every mapping of the process, through its handle, as its maps tell that
// are read while it is held. Mappings that cannot be reclaimed (locked, of a device) are passed
// over. 0; -ESRCH: it is gone; -EADV: we may not (CAP_SYS_NICE, and the right to trace it);
// -ENOSYS: before Linux 5.10; errors of reading /proc.
int reclaim_process(struct reclaimed *out, const struct procfs *proc, const struct pidref *ref,
	enum reclaim_how how);
