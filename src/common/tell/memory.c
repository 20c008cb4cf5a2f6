// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/array.h"
#include "tell/memory.h"
#include "tell/message.h"

#include <errno.h>
#include <stdbool.h>
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
	return memory_checked(array_grow(list, count, size));
}

FILE *memory_open(char **text, size_t *len)
{
	return memory_checked(open_memstream(text, len));
}

void memory_close(FILE *stream, char *const *text)
{
	bool lost = fclose(stream) != 0;

	memory_checked(lost ? NULL : *text);
}
