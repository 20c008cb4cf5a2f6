// SPDX-License-Identifier: GPL-2.0-or-later
// wait.c: pidwait: wait for the processes that were found.
#include "config.h"

#include "base/clock.h"
#include "base/fdlimit.h"
#include "pkill/act.h"
#include "pkill/looks.h"
#include "target/target.h"
#include "tell/memory.h"
#include "tell/message.h"
#include "tell/waiting.h"
#include "wait/waiter.h"

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
	struct looks looks;
	int64_t until; // the deadline of --until-none and --appear
	bool late;     // it has passed
	int status;    // the first that is not 0
	bool unknown;  // a status is not known
};

static size_t how_many_fit(size_t held)
{
	size_t room = fdlimit_room() + held;

	return room > SPARE ? room - SPARE : 1;
}

static struct act *begin(const struct options *o, const struct procfs *proc, struct criteria *c)
{
	struct act *act = memory_checked(calloc(1, sizeof(*act)));

	(void)c;
	act->o = o;
	act->w.verbose = o->verbose;
	act->w.json = o->json;
	act->proc = proc;
	act->limit = how_many_fit(0);
	act->until = o->limit ? waiter_later(clock_now(), o->limit) : WAITER_NEVER;
	act->looks = (struct looks){.proc = proc};
	if (o->until_none || o->appear)
		looks_next(&act->looks);
	return act;
}

static bool found(struct act *act, struct pidref *ref, const struct proc *p)
{
	const struct options *o = act->o;
	size_t n = act->w.count;
	struct rlimit before;

	// a zombie neither appears nor starts another process, and no search would ever end
	if ((o->until_none || o->appear) && pidref_state(ref) != PIDREF_ALIVE) {
		pidref_close(ref);
		return true;
	}
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
	return !o->appear;
}

static void announce(const struct act *act)
{
	const struct options *o = act->o;

	if (o->count)
		printf("%zu\n", act->w.count);
	for (size_t i = 0; o->echo && !o->json && i < act->w.count; i++) {
		fputs("waiting for ", stdout);
		pkill_write_name(stdout, o, act->w.names[i], strlen(act->w.names[i]));
		printf(" (pid %d)\n", (int)act->w.list[i].ref.pid);
	}
	fflush(stdout);
}

static void tell_survivors(struct act *act)
{
	for (size_t i = 0; act->o->json && i < act->w.count; i++)
		if (act->w.list[i].state != AWAIT_GONE)
			waiting_json(&act->w, &act->w.list[i], OUTCOME_SURVIVED);
}

// Wait at most `limit` nanoseconds for those that were found; 0: no limit.
static void wait_all(struct act *act, int64_t limit)
{
	const struct options *o = act->o;
	struct await_tally tally;

	act->w.gone = 0;
	act->w.progress = progress_begin(stderr, act->w.list, act->w.count, act->proc, o->progress);
	const struct await_plan plan = {
		.enough = o->enough < act->w.count ? o->enough : 0,
		.limit = limit,
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

	waiting_tick(act);
	int r = await_run(act->w.list, act->w.count, &plan, &tally);
	progress_clear(&act->w.progress);
	act->late = r == -ETIMEDOUT;
	if (act->late)
		tell_survivors(act);
	else if (r < 0)
		message_die(EXIT_SYSTEM, "%s", await_problem(r));
	if (!act->status)
		act->status = tally.status;
	act->unknown |= tally.unknown;
}

static void release(struct act *act)
{
	for (size_t i = 0; i < act->w.count; i++) {
		pidref_close(&act->w.list[i].ref);
		free(act->w.names[i]);
	}
	act->w.count = 0;
}

static int exit_status(const struct act *act)
{
	const struct options *o = act->o;

	if (act->late)
		return EXIT_DEADLINE;
	if (o->status && act->status)
		return act->status;
	// if a status is not known, none is invented
	return o->status && act->unknown ? EXIT_SYSTEM : EXIT_DONE;
}

// ---- search again ----

// Whether the deadline has passed between two waits.
static bool is_late(struct act *act)
{
	act->late = clock_now() >= act->until;
	if (act->late)
		waiting_deadline(act);
	return act->late;
}

static void pause_until(const struct act *act, int64_t until)
{
	int r = looks_pause(&act->looks, until < act->until ? until : act->until);

	if (r < 0)
		message_die(EXIT_SYSTEM, "%s", await_problem(r));
}

static bool again_to_appear(struct act *act)
{
	if (act->w.count)
		return false;
	if (!is_late(act))
		pause_until(act, WAITER_NEVER);
	// the last search begins after the deadline
	return !act->late;
}

static bool again_until_none(struct act *act, struct range *range)
{
	struct looks *l = &act->looks;

	if (act->w.count) {
		int64_t left = act->until == WAITER_NEVER ? 0 : act->until - clock_now();

		announce(act);
		// 0 would mean no limit
		wait_all(act, act->until != WAITER_NEVER && left <= 0 ? 1 : left);
		release(act);
		looks_found(l);
		return !act->late;
	}
	if (!looks_prove_none(l, range))
		return !is_late(act);
	int64_t quiet = waiter_later(l->since, act->o->settle);
	if (clock_now() >= quiet)
		return false;
	if (!is_late(act))
		pause_until(act, quiet);
	return !act->late;
}

static bool again(struct act *act, struct range *range)
{
	*range = (struct range){0};
	bool wanted = act->o->appear	   ? again_to_appear(act)
		      : act->o->until_none ? again_until_none(act, range)
					   : false;
	if (wanted)
		looks_next(&act->looks);
	return wanted;
}

// ---- the end ----

static int print_appeared(struct act *act)
{
	char handle[TARGET_STRMAX];

	if (!act->w.count)
		return EXIT_DEADLINE;
	struct pidref *ref = &act->w.list[0].ref;
	int r = pidref_learn_inode(ref);
	if (act->o->json)
		waiting_json(&act->w, &act->w.list[0], OUTCOME_RUNNING);
	else if (r < 0)
		message_die(EXIT_SYSTEM, "--appear: %s", target_problem(r));
	else
		puts(target_format(handle, ref));
	return EXIT_DONE;
}

static int wait_once(struct act *act)
{
	const struct options *o = act->o;

	announce(act);
	if (!act->w.count)
		return o->if_any ? EXIT_DONE : EXIT_NONE;
	if (o->enough > act->w.count)
		message("only %zu found, fewer than --first %zu: waiting for all", act->w.count,
			o->enough);
	wait_all(act, o->limit);
	return exit_status(act);
}

static int end(struct act *act)
{
	int status = act->o->appear	  ? print_appeared(act)
		     : act->o->until_none ? exit_status(act)
					  : wait_once(act);

	release(act);
	free(act->w.list);
	free(act->w.names);
	free(act);
	return status;
}

const struct action pkill_wait = {begin, found, again, end};
