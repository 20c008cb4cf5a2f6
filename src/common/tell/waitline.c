// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/escape.h"
#include "tell/record.h"
#include "tell/waitline.h"

#include <string.h>

enum { WORD_ROOM = 512 }; // enough for the path of a socket with every byte escaped

const char *waitline_who(char buf[static WAITLINE_WHO], const struct awaited *a)
{
	if (a->target)
		return a->target;
	snprintf(buf, WAITLINE_WHO, "%d", (int)a->ref.pid);
	return buf;
}

void waitline_text(FILE *out, const struct awaited *a)
{
	char ending[ENDING_STRMAX];
	char who[WORD_ROOM];
	char line[WORD_ROOM + ENDING_STRMAX];

	// the PID alone would name the process, not the thread
	bool thread = a->target && !strncmp(a->target, "tid:", 4);
	if ((a->ref.pid > 0 && !thread) || !a->target)
		snprintf(who, sizeof(who), "%d", (int)a->ref.pid);
	else
		escape_format(who, sizeof(who), a->target, strlen(a->target));
	int len = snprintf(line, sizeof(line), "%s: %s.\n", who, ending_format(ending, &a->ending));
	fwrite(line, 1, (size_t)len, out);
	fflush(out);
}

static enum outcome outcome_of(const struct awaited *a, enum outcome left)
{
	if (a->state != AWAIT_GONE)
		return left;
	if (a->ending.unknown == ENDING_RECYCLED)
		return OUTCOME_RECYCLED;
	return a->ending.unknown == ENDING_BEFORE ? OUTCOME_GONE : OUTCOME_ENDED;
}

void waitline_json(FILE *out, const struct awaited *a, const char *name, enum outcome left,
	struct bootid *boot)
{
	enum outcome outcome = outcome_of(a, left);
	struct json j = json_begin(out);
	struct pidref ref = a->ref;

	record_process(&j, &ref, boot);
	json_text(&j, "name", name);
	if (a->target)
		json_text(&j, "target", a->target);
	json_text(&j, "result", record_word(outcome));
	if (outcome == OUTCOME_ENDED)
		record_ending(&j, &a->ending);
	json_end(&j);
}
