// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "target/notes.h"

#include <stddef.h>

static const struct {
	enum note note;
	const char *sentence;
} rows[] = {
	{NOTE_MORE, "there is more than one word in it; only the first is used"},
	{NOTE_STEPPED, "the clock was set since it was written, so it may be stale; going on"},
	{NOTE_REMOTE, "another machine's clock gave it its time, so it may be stale; going on"},
	{NOTE_SHARED, "a process that we may not look into may hold it too; try as root"},
};

const char *note_take(unsigned *notes)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (!(*notes & rows[i].note))
			continue;
		*notes &= ~(unsigned)rows[i].note;
		return rows[i].sentence;
	}
	return NULL;
}
