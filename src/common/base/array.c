// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/array.h"

#include <stdlib.h>

void *array_grow(void *list, size_t count, size_t size)
{
	// the room is always a power of two, so the list is full when the count is one
	if (count & (count - 1))
		return list;
	return reallocarray(list, count ? 2 * count : 1, size);
}

size_t array_first(const void *list, size_t count, size_t size,
	uint64_t (*number)(const void *item), uint64_t wanted)
{
	size_t from = 0;
	size_t to = count;

	while (from < to) {
		size_t at = from + (to - from) / 2;

		if (number((const char *)list + at * size) < wanted)
			from = at + 1;
		else
			to = at;
	}
	return from;
}
