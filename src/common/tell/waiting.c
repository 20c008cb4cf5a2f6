// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "tell/message.h"
#include "tell/waiting.h"
#include "tell/waitline.h"

#include <stdio.h>

void waiting_json(struct waiting *w, const struct awaited *a, enum outcome left)
{
	waitline_json(stdout, a, w->names ? w->names[a - w->list] : NULL, left, &w->boot);
}

static void say_finished(const struct awaited *a)
{
	// one that was gone before was skipped
	if (pidref_is_held(&a->ref) && a->ref.pid > 0)
		printf("PID %d finished\n", (int)a->ref.pid);
	else if (pidref_is_held(&a->ref))
		printf("%s finished\n", a->target);
	fflush(stdout);
}

void waiting_gone(const struct awaited *a, void *waiting)
{
	struct waiting *w = waiting;
	char who[WAITLINE_WHO];

	w->gone++;
	if (w->json || w->verbose)
		progress_clear(&w->progress);
	if (w->json)
		waiting_json(w, a, OUTCOME_NONE);
	else if (w->verbose && w->waitpid)
		say_finished(a);
	else if (w->verbose)
		waitline_text(stdout, a);
	// a process that was gone before the wait has already been reported
	if (w->verbose && !w->waitpid && a->ending.unknown && pidref_is_held(&a->ref))
		message_about(
			waitline_who(who, a), "status unknown: %s", ending_reason(&a->ending));
	progress_redraw(&w->progress, w->gone);
}

void waiting_deadline(void *waiting)
{
	struct waiting *w = waiting;

	progress_clear(&w->progress);
	if (!w->verbose || w->json)
		return;
	printf("%s\n", w->waitpid ? "Timeout expired" : "timeout");
	fflush(stdout);
}

void waiting_tick(void *waiting)
{
	struct waiting *w = waiting;

	progress_draw(&w->progress, w->gone);
}
