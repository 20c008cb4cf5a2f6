// SPDX-License-Identifier: GPL-2.0-or-later
// batch.h: collect deliveries and carry them out: all at once, or in rounds if there are not enough
// descriptors to hold all targets and none is waited for.
//
// All are collected before the first is signalled, so that the signals cannot change which
// processes are selected. Handles that do not fit are closed in the meantime and opened again by
// their inode, which names exactly the same process. (Before Linux 6.9 there are no inodes; a full
// batch is then carried out at once.)
#pragma once

#include "act/deliver.h"
#include "handle/idset.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BATCH_UNKNOWN ((size_t)-1) // the number is not known in advance

struct batch {
	// Called before each process is signalled, while it is held; the caller sets it after
	// batch_begin, or leaves it NULL. False: the process is skipped.
	bool (*approve)(struct delivery *d, void *data);

	// Each process is added only once, so no duplicate check is needed; the caller sets it
	// after batch_begin. Already set if one process is expected.
	bool distinct;

	// All must be known before the first is signalled, so none may be carried out early; the
	// caller sets it after batch_begin. If they can be neither held nor parked: -EMFILE.
	bool complete;

	// the rest is private
	const struct deliver_plan *plan; // borrowed
	deliver_tell *tell;
	void *data;
	struct delivery_list all;
	bool parked;	 // some handles were closed
	size_t held;	 // deliveries with an open handle
	size_t capacity; // the most that may be held at once
	struct idset seen;
};

// Begin. `expected` processes will be added, or BATCH_UNKNOWN; `spare` descriptors are needed
// besides their handles. Raises the soft RLIMIT_NOFILE if necessary. -EMFILE: the plan must hold
// all processes, and cannot; out->capacity then is how many it can hold, and batch_end is not
// needed.
int batch_begin(struct batch *out, const struct deliver_plan *plan, size_t expected, size_t spare,
	deliver_tell *tell, void *data);

// Add one delivery. Its ref is always taken over. 1: added; 0: this process was added before with
// this scope (each counts once); -ENOMEM; -EMFILE: full, and all must be held.
int batch_add(struct batch *b, struct delivery *d);

// The two halves of batch_add, for a caller that does something between them. 1: it is new, and
// counts from now on; 0: it was added before; -ENOMEM. Only batch_push takes the ref over; its
// result is that of batch_add.
int batch_claim(struct batch *b, struct delivery *d);
int batch_push(struct batch *b, struct delivery *d);

// Carry out all that were added. The result of deliver.
int batch_flush(struct batch *b);

// Free everything and close all handles. No process is signalled.
void batch_end(struct batch *b);
