// SPDX-License-Identifier: GPL-2.0-or-later
// array.h: lists that grow by one item, and lists that are sorted by a number.
#pragma once

#include <stddef.h>
#include <stdint.h>

// The list with room for one more item behind its `count` items: it may be moved. NULL is a list
// without items. Every item of a list has to be added in this way. Returns NULL if there is no
// memory; the list is then unchanged.
void *array_grow(void *list, size_t count, size_t size);

// The index of the first item of a list in ascending order whose number, which the function gives,
// is not below `wanted`; `count` if there is none.
size_t array_first(const void *list, size_t count, size_t size,
	uint64_t (*number)(const void *item), uint64_t wanted);
