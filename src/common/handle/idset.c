// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/idset.h"

#include <errno.h>
#include <stdlib.h>

enum { FIRST_SIZE = 64 };

// The slot that holds `id`, or the free one where it belongs.
static uint64_t *slot_of(uint64_t *slots, size_t size, uint64_t id)
{
	// inodes follow one another: spread them
	size_t at = (size_t)((id * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (size - 1);

	while (slots[at] && slots[at] != id)
		at = (at + 1) & (size - 1);
	return &slots[at];
}

static int grow(struct idset *set)
{
	size_t size = set->size ? 2 * set->size : FIRST_SIZE;
	uint64_t *slots = calloc(size, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	for (size_t i = 0; i < set->size; i++)
		if (set->slots[i])
			*slot_of(slots, size, set->slots[i]) = set->slots[i];
	free(set->slots);
	set->slots = slots;
	set->size = size;
	return 0;
}

int idset_add(struct idset *set, uint64_t id)
{
	if (2 * set->count >= set->size) {
		int r = grow(set);

		if (r < 0)
			return r;
	}
	uint64_t *slot = slot_of(set->slots, set->size, id);
	if (*slot)
		return 0;
	*slot = id;
	set->count++;
	return 1;
}

bool idset_has(const struct idset *set, uint64_t id)
{
	return set->size && *slot_of(set->slots, set->size, id);
}

int idset_add_pidref(struct idset *set, struct pidref *ref)
{
	int r = pidref_learn_inode(ref);

	if (r < 0 && r != -EOPNOTSUPP)
		return r;
	return idset_add(set, r < 0 ? (uint64_t)ref->pid : ref->inode);
}

void idset_free(struct idset *set)
{
	free(set->slots);
	*set = (struct idset){0};
}
