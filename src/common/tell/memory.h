// SPDX-License-Identifier: GPL-2.0-or-later
// memory.h: memory for a program, or the end of it: EXIT_SYSTEM and a message.
#pragma once

#include <stddef.h>

// `memory` as malloc(3), strdup(3) or realloc(3) returned it; ends the program when it is NULL.
void *memory_checked(void *memory);

// Room for `count` (or one, for 0) things of `size` bytes, all zero; the caller frees it.
void *memory_array(size_t count, size_t size);

// Room for one more behind `count` items of a list that grew only by this; `list` may move.
void *memory_grow(void *list, size_t count, size_t size);
