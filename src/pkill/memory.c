// SPDX-License-Identifier: GPL-2.0-or-later
// memory.c: memory for pgrep, pkill and pidwait, or the way out.
#include "config.h"

#include "pkill/pkill.h"
#include "tell/message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void *pkill_memory(void *memory)
{
	if (!memory)
		message_die(EXIT_SYSTEM, "%s", strerror(ENOMEM));
	return memory;
}

void *pkill_grow(void *list, size_t count, size_t size)
{
	// doubled at each power of two
	if (count & (count - 1))
		return list;
	return pkill_memory(reallocarray(list, count ? 2 * count : 1, size));
}
