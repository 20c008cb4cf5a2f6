// SPDX-License-Identifier: GPL-2.0-or-later
// wait.c: pidwait: wait for the processes that were found.
#include "config.h"

#include "base/fdlimit.h"
#include "pkill/act.h"
#include "tell/memory.h"
#include "tell/message.h"
#include "tell/waiting.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SPARE = AWAIT_DESCRIPTORS + 16 }; // descriptors besides the handles

struct act {
	struct waiting w; // the first member, see waiting.h
	const struct options *o;
	const struct procfs *proc;
	size_t limit; // how many can be held
};

static size_t how_many_fit(size_t held)
{
	size_t room = fdlimit_room() + held;

	return room > SPARE ? room - SPARE : 1;
}

static struct act *begin(const struct options *o, const struct procfs *proc)
{
	struct act *act = memory_checked(calloc(1, sizeof(*act)));

	act->o = o;
	act->w.verbose = o->verbose;
	act->w.json = o->json;
	act->proc = proc;
	act->limit = how_many_fit(0);
	return act;
}

static bool found(struct act *act, struct pidref *ref, const struct proc *p)
{
	size_t n = act->w.count;
	struct rlimit before;

	if (n >= act->limit) {
		fdlimit_raise(&before);
		act->limit = how_many_fit(n);
	}
	if (n >= act->limit)
		message_die(EXIT_SYSTEM,
			"more than the %zu processes match that can be held at once (ulimit -n)",
			act->limit);
	act->w.list = memory_grow(act->w.list, n, sizeof(*act->w.list));
	act->w.names = memory_grow(act->w.names, n, sizeof(*act->w.names));
	act->w.list[n] = (struct awaited){.ref = pidref_take(ref)};
	act->w.names[n] = pkill_name_copy(p);
	act->w.count++;
	return true;
}

static void announce(const struct act *act)
{
	const struct options *o = act->o;

	if (o->count)
		printf("%zu\n", act->w.count);
	for (size_t i = 0; o->echo && i < act->w.count; i++) {
		fputs("waiting for ", stdout);
		pkill_write_name(o, act->w.names[i], strlen(act->w.names[i]));
		printf(" (pid %d)\n", (int)act->w.list[i].ref.pid);
	}
	fflush(stdout);
}

static int wait_all(struct act *act)
{
	const struct options *o = act->o;
	struct await_tally tally;

	act->w.progress = progress_begin(stderr, act->w.list, act->w.count, act->proc, o->progress);
	const struct await_plan plan = {
		.enough = o->enough < act->w.count ? o->enough : 0,
		.limit = o->limit,
		.status = o->verbose || o->status || o->json,
		.reap_grace = o->reap_grace,
		.proc = act->proc,
		.watch = -1,
		.tick = act->w.progress.wanted ? PROGRESS_TICK : 0,
		.gone = waiting_gone,
		.deadline = waiting_deadline,
		.tick_call = waiting_tick,
		.data = act,
	};

	announce(act);
	if (!act->w.count)
		return EXIT_NONE;
	if (o->enough > act->w.count)
		message("%zu processes match, so %zu cannot become gone; waiting for all",
			act->w.count, o->enough);
	waiting_tick(act);
	int r = await_run(act->w.list, act->w.count, &plan, &tally);
	progress_clear(&act->w.progress);
	if (r == -ETIMEDOUT) {
		for (size_t i = 0; o->json && i < act->w.count; i++)
			if (act->w.list[i].state != AWAIT_GONE)
				waiting_json(&act->w, &act->w.list[i], OUTCOME_SURVIVED);
		return EXIT_DEADLINE;
	}
	if (r < 0)
		message_die(EXIT_SYSTEM, "%s", await_problem(r));
	if (o->status && tally.status)
		return tally.status;
	// if a status is not known, none is invented
	return o->status && tally.unknown ? EXIT_SYSTEM : EXIT_DONE;
}

static int end(struct act *act)
{
	int status = wait_all(act);

	for (size_t i = 0; i < act->w.count; i++) {
		pidref_close(&act->w.list[i].ref);
		free(act->w.names[i]);
	}
	free(act->w.list);
	free(act->w.names);
	free(act);
	return status;
}

const struct action pkill_wait = {begin, found, end};
