// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/escape.h"
#include "base/signame.h"
#include "target/target.h"
#include "tell/json.h"
#include "tell/waitline.h"

#include <inttypes.h>
#include <string.h>
#include <sys/wait.h>

enum { WORD_ROOM = 512 }; // the path of a socket, every byte escaped

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

	// the bare number would be a process's
	bool thread = a->target && !strncmp(a->target, "tid:", 4);
	if ((a->ref.pid > 0 && !thread) || !a->target)
		snprintf(who, sizeof(who), "%d", (int)a->ref.pid);
	else
		escape_format(who, sizeof(who), a->target, strlen(a->target));
	int len = snprintf(line, sizeof(line), "%s: %s.\n", who, ending_format(ending, &a->ending));
	fwrite(line, 1, (size_t)len, out);
	fflush(out);
}

static const char *result(const struct awaited *a, const char *left)
{
	if (a->state != AWAIT_GONE)
		return left;
	if (a->ending.unknown == ENDING_RECYCLED)
		return "recycled";
	if (a->ending.unknown)
		return "gone";
	return WIFSIGNALED(a->ending.wstatus) ? "killed" : "exited";
}

static void json_who(struct json *j, const struct awaited *a)
{
	struct pidref ref = a->ref;
	char handle[TARGET_STRMAX];

	if (ref.pid > 0)
		json_number(j, "pid", ref.pid);
	else
		json_null(j, "pid");
	if (ref.fd >= 0 && !pidref_learn_inode(&ref)) {
		json_unsigned(j, "inode", ref.inode);
		json_text(j, "handle", target_format(handle, &ref));
	} else {
		json_null(j, "inode");
		json_null(j, "handle");
	}
}

static void json_ending(struct json *j, const struct awaited *a)
{
	char name[SIGNAME_MAX];
	bool told = a->state == AWAIT_GONE;

	if (!told || a->ending.unknown) {
		json_null(j, "status");
		json_text(j, "reason", told ? ending_reason(&a->ending) : NULL);
		return;
	}
	json_number(j, "status", ending_status(&a->ending));
	if (WIFSIGNALED(a->ending.wstatus)) {
		json_text(j, "signal", signame_format(name, WTERMSIG(a->ending.wstatus)));
		json_bool(j, "core", WCOREDUMP(a->ending.wstatus));
	}
}

void waitline_json(FILE *out, const struct awaited *a, const char *name, const char *left)
{
	struct json j = json_begin(out);

	json_who(&j, a);
	json_text(&j, "name", name);
	json_text(&j, "target", a->target);
	json_text(&j, "result", result(a, left));
	json_ending(&j, a);
	json_end(&j);
}
