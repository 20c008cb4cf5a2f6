// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "tell/memory.h"
#include "tell/message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void *memory_checked(void *memory)
{
	if (!memory)
		message_die(EXIT_SYSTEM, "%s", strerror(ENOMEM));
	return memory;
}

void *memory_array(size_t count, size_t size)
{
	return memory_checked(calloc(count ? count : 1, size));
}

void *memory_grow(void *list, size_t count, size_t size)
{
	// the room is doubled at each power of two
	if (count & (count - 1))
		return list;
	return memory_checked(reallocarray(list, count ? 2 * count : 1, size));
}
