// SPDX-License-Identifier: GPL-2.0-or-later
// batch.h: deliveries collected and carried out: all at once, or in rounds where the descriptors
// do not suffice to hold all targets and none is waited for.
//
// All are collected before the first is signalled, so that no process is selected for what the
// signals change. Handles that do not fit are closed in the meantime: the inode names that very
// process, and opens it again. (Before Linux 6.9 there are no inodes; a full batch is then carried
// out at once.)
#pragma once

#include "act/deliver.h"
#include "handle/idset.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BATCH_UNKNOWN ((size_t)-1) // how many there will be is not known yet

struct batch {
	// Asked before each process is signalled, while it is held; set by the caller after
	// batch_begin, or NULL. False: it is skipped.
	bool (*approve)(struct delivery *d, void *data);

	// Whether each process is added once anyway, so that none has to be compared; set by the
	// caller after batch_begin. Is so where one is expected.
	bool distinct;

	// the rest is batch_*'s own
	const struct deliver_plan *plan; // borrowed
	deliver_tell *tell;
	void *data;
	struct delivery_list all;
	bool parked;	 // the handles of some were closed
	size_t held;	 // deliveries with an open handle
	size_t capacity; // how many may be held at once
	struct idset seen;
};

// Begin. `expected` processes will be added, or BATCH_UNKNOWN; `spare` descriptors are needed
// beside their handles. Raises the soft RLIMIT_NOFILE when that is what it takes. -EMFILE: the
// plan has to hold all processes and cannot; out->capacity then says how many it can. Nothing
// has to be ended then.
int batch_begin(struct batch *out, const struct deliver_plan *plan, size_t expected, size_t spare,
	deliver_tell *tell, void *data);

// Add one delivery, whose ref is taken over in any case. 1: added; 0: that process was added
// before with this scope (each counts once); -ENOMEM; -EMFILE: full, and all have to be held.
int batch_add(struct batch *b, struct delivery *d);

// The two halves of it, for who has to look between them. 1: it is new, and counted from now on;
// 0: it was added before; -ENOMEM. Only batch_push takes the ref over; its result is batch_add's.
int batch_claim(struct batch *b, struct delivery *d);
int batch_push(struct batch *b, struct delivery *d);

// Carry out what was added: deliver's result.
int batch_flush(struct batch *b);

// Give everything back, without signalling anybody.
void batch_end(struct batch *b);
