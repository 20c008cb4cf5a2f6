// SPDX-License-Identifier: GPL-2.0-or-later
// wait.c: pidwait: wait for the processes that were found.
#include "config.h"

#include "base/fdlimit.h"
#include "pkill/act.h"
#include "tell/message.h"
#include "tell/progress.h"
#include "tell/waitline.h"
#include "wait/await.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SPARE = AWAIT_DESCRIPTORS + 16 }; // beside the handles

struct act {
	const struct options *o;
	const struct procfs *proc;
	struct awaited *list;
	char **names; // of each in the list
	size_t count;
	size_t limit; // how many can be held
	size_t gone;
	struct progress progress;
};

static size_t how_many_fit(size_t held)
{
	size_t room = fdlimit_room() + held;

	return room > SPARE ? room - SPARE : 1;
}

static struct act *begin(const struct options *o, const struct procfs *proc)
{
	struct act *act = pkill_memory(calloc(1, sizeof(*act)));

	act->o = o;
	act->proc = proc;
	act->limit = how_many_fit(0);
	return act;
}

static bool found(struct act *act, struct pidref *ref, const struct proc *p)
{
	size_t n = act->count;
	struct rlimit before;

	if (n >= act->limit) {
		fdlimit_raise(&before);
		act->limit = how_many_fit(n);
	}
	if (n >= act->limit)
		message_die(EXIT_SYSTEM,
			"more than the %zu processes match that can be held at once (ulimit -n)",
			act->limit);
	act->list = pkill_grow(act->list, n, sizeof(*act->list));
	act->names = pkill_grow(act->names, n, sizeof(*act->names));
	act->list[n] = (struct awaited){.ref = pidref_take(ref)};
	act->names[n] = pkill_name_copy(p);
	act->count++;
	return true;
}

static void tell_gone(const struct awaited *a, void *data)
{
	struct act *act = data;
	const struct options *o = act->o;
	char who[WAITLINE_WHO];

	act->gone++;
	if (o->json || o->verbose)
		progress_clear(&act->progress);
	if (o->json)
		waitline_json(stdout, a, act->names[a - act->list], OUTCOME_NONE);
	else if (o->verbose)
		waitline_text(stdout, a);
	if (o->verbose && a->ending.unknown)
		message_about(
			waitline_who(who, a), "status unknown: %s", ending_reason(&a->ending));
	progress_redraw(&act->progress, act->gone);
}

static void tell_progress(void *data)
{
	struct act *act = data;

	progress_draw(&act->progress, act->gone);
}

static void tell_deadline(void *data)
{
	struct act *act = data;

	progress_clear(&act->progress);
	if (!act->o->verbose || act->o->json)
		return;
	printf("timeout\n");
	fflush(stdout);
}

static void tell_left(const struct act *act)
{
	for (size_t i = 0; act->o->json && i < act->count; i++)
		if (act->list[i].state != AWAIT_GONE)
			waitline_json(stdout, &act->list[i], act->names[i], OUTCOME_SURVIVED);
}

static void announce(const struct act *act)
{
	const struct options *o = act->o;

	if (o->count)
		printf("%zu\n", act->count);
	for (size_t i = 0; o->echo && i < act->count; i++) {
		fputs("waiting for ", stdout);
		pkill_write_name(o, act->names[i], strlen(act->names[i]));
		printf(" (pid %d)\n", (int)act->list[i].ref.pid);
	}
	fflush(stdout);
}

static int wait_all(struct act *act)
{
	const struct options *o = act->o;
	struct await_tally tally;

	act->progress = progress_begin(stderr, act->list, act->count, act->proc, o->progress);
	const struct await_plan plan = {
		.enough = o->enough < act->count ? o->enough : 0,
		.limit = o->limit,
		.status = o->verbose || o->status || o->json,
		.reap_grace = o->reap_grace,
		.proc = act->proc,
		.watch = -1,
		.tick = act->progress.wanted ? PROGRESS_TICK : 0,
		.gone = tell_gone,
		.deadline = tell_deadline,
		.tick_call = tell_progress,
		.data = act,
	};

	announce(act);
	if (!act->count)
		return EXIT_NONE;
	if (o->enough > act->count)
		message("%zu processes match, so %zu cannot become gone; waiting for all",
			act->count, o->enough);
	tell_progress(act);
	int r = await_run(act->list, act->count, &plan, &tally);
	progress_clear(&act->progress);
	if (r == -ETIMEDOUT) {
		tell_left(act);
		return EXIT_DEADLINE;
	}
	if (r < 0)
		message_die(EXIT_SYSTEM, "%s", await_problem(r));
	if (o->status && tally.status)
		return tally.status;
	// no status is made up for those whose status is not known
	return o->status && tally.unknown ? EXIT_SYSTEM : EXIT_DONE;
}

static int end(struct act *act)
{
	int status = wait_all(act);

	for (size_t i = 0; i < act->count; i++) {
		pidref_close(&act->list[i].ref);
		free(act->names[i]);
	}
	free(act->list);
	free(act->names);
	free(act);
	return status;
}

const struct action pkill_wait = {begin, found, end};
