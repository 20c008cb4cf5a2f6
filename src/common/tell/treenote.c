// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/escape.h"
#include "tell/message.h"
#include "tell/treenote.h"

#include <limits.h>
#include <string.h>

static const char *reason(enum hold_state state)
{
	switch (state) {
	case HOLD_STUCK:
		return "it waits in the kernel (state D)";
	case HOLD_DENIED:
		return "not permitted to hold it";
	case HOLD_EXEC:
		return "it is in an exec that does not end";
	case HOLD_RUNS:
		return "it does not stop";
	default:
		return "the process that held it ended";
	}
}

static void print_unheld(const struct deliver_note *note)
{
	const struct delivery *d = note->unheld;
	char name[256] = "";
	char why[64];

	if (d->name)
		escape_format(name, sizeof(name), d->name, strlen(d->name));
	snprintf(why, sizeof(why), "process %d traces it", (int)d->tracer);
	message("%d%s%s%s: could not be held while the signal was sent: %s", (int)d->ref.pid,
		*name ? " (" : "", name, *name ? ")" : "",
		d->held == HOLD_TRACED ? why : reason(d->held));
	if (note->more)
		message("%zu more processes could not be held", note->more);
}

void treenote_print(FILE *out, const struct deliver_note *note)
{
	char path[PATH_MAX];

	if (note->error)
		message("no further look for descendants: %s", strerror(-note->error));
	else if (note->unheld)
		print_unheld(note);
	// hints go to `out`, because they are not errors
	if (note->visible)
		fprintf(out, "hint: the tree was held by SIGSTOP, which its parents can see "
			     "(ptrace is not permitted here)\n");
	if (note->cgroup && note->strangers) {
		escape_format(path, sizeof(path), note->cgroup, strlen(note->cgroup));
		fprintf(out,
			"hint: %zu %s of control group %s %s not in the tree, like a daemon that "
			"has left its parents (pkill --cgroup finds them)\n",
			note->strangers, note->strangers == 1 ? "process" : "processes", path,
			note->strangers == 1 ? "is" : "are");
	}
	fflush(out);
}
