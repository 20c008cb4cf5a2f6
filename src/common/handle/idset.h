// SPDX-License-Identifier: GPL-2.0-or-later
// idset.h: a set of numbers, to count each process once and to see what a pass over /proc has
// found before.
#pragma once

#include "handle/pidref.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct idset {
	uint64_t *slots; // owned; 0: free
	size_t count;
	size_t size; // a power of two, or 0
};

// Add `id` (not 0). 1: it was not there yet; 0: it was; -ENOMEM.
int idset_add(struct idset *set, uint64_t id);

// Whether `id` is in it.
bool idset_has(const struct idset *set, uint64_t id);

// Add what tells the held process from all others: its inode, or before Linux 6.9 its number,
// which is as good while every handle is open. Learns the inode.
int idset_add_pidref(struct idset *set, struct pidref *ref);

// Free it; the set is empty and can be used again.
void idset_free(struct idset *set);
