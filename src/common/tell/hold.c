// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "target/notes.h"
#include "tell/hold.h"
#include "tell/message.h"

int hold_target(const struct target *t, struct pidref *out)
{
	unsigned notes = 0;
	const char *note;

	int r = target_open_noting(t, out, &notes);
	while ((note = note_take(&notes)))
		message_about(t->text, "%s", note);
	return r;
}
