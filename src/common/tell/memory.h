// SPDX-License-Identifier: GPL-2.0-or-later
// memory.h: allocate memory for a program, or exit with EXIT_SYSTEM and a message.
#pragma once

#include <stddef.h>
#include <stdio.h>

// Return `memory`, a result of malloc(3), strdup(3) or realloc(3); exits if it is NULL.
void *memory_checked(void *memory);

// Room for `count` items (at least one) of `size` bytes, zeroed; the caller frees it.
void *memory_array(size_t count, size_t size);

// Room for one more item after `count` items of a list that grows only by this function; `list` may
// move.
void *memory_grow(void *list, size_t count, size_t size);

// A stream that writes into memory, see open_memstream(3). memory_close completes *text, which the
// caller frees; it exits also where fclose(3) does not tell that memory was missing.
FILE *memory_open(char **text, size_t *len);
void memory_close(FILE *stream, char *const *text);
