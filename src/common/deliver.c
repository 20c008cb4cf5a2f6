// SPDX-License-Identifier: GPL-2.0-or-later
// deliver.c: signal held processes, follow up, wait: one shared deadline per step.
#include "config.h"

#include "deliver.h"
#include "kernel.h"
#include "waiter.h"

#include <errno.h>
#include <signal.h>

struct run {
	struct delivery *list;
	size_t count;
	size_t watched; // in the waiter, not gone yet
	const struct deliver_plan *plan;
	struct waiter *waiter; // NULL: nothing is followed
	bool sending;	       // the first signal goes out
	bool following;	       // a follow-up signal does
	bool forcing;	       // one went out to all that were still there
	deliver_tell *tell;
	void *data;
};

bool deliver_follows(const struct deliver_plan *plan)
{
	return !plan->dry_run && (plan->wait || plan->step_count);
}

struct report deliver_report(struct delivery *d)
{
	return (struct report){
		.target = d->target,
		.ref = &d->ref,
		.name = d->name,
		.group = d->scope == PIDREF_SCOPE_GROUP,
		.sig = d->sig,
		.outcome = d->outcome,
		.error = d->error,
		.owner_known = d->owner_known,
		.owner = d->owner,
		.ending = d->ending,
	};
}

void deliver_decide(
	struct delivery *d, enum outcome outcome, int error, deliver_tell *tell, void *data)
{
	d->outcome = outcome;
	d->error = error;
	if (outcome == OUTCOME_DENIED)
		d->owner_known = !pidref_owner(&d->ref, &d->owner);
	tell(d, DELIVER_OUTCOME, data);
	pidref_close(&d->ref);
}

static bool is_watched(const struct run *run, const struct delivery *d)
{
	return run->waiter && d->scope != PIDREF_SCOPE_GROUP;
}

static enum outcome outcome_of_end(const struct run *run)
{
	return run->forcing ? OUTCOME_FORCED : OUTCOME_EXITED;
}

static void decide(struct run *run, struct delivery *d, enum outcome outcome, int error)
{
	if (is_watched(run, d)) {
		waiter_remove(run->waiter, &d->ref);
		run->watched--;
	}
	if (outcome == OUTCOME_DEAD || outcome == OUTCOME_EXITED || outcome == OUTCOME_FORCED)
		d->ending = ending_learn(&d->ref, run->plan->proc);
	deliver_decide(d, outcome, error, run->tell, run->data);
	if (!d->group)
		return;
	// a group's handle outlives its members: follow-ups go through it
	struct delivery *group = &run->list[d->group - 1];
	if (!--group->members && group->outcome == OUTCOME_NONE)
		decide(run, group, run->sending ? outcome_of_end(run) : OUTCOME_DEAD, 0);
}

// The dead need no signal, and cannot be told by sending one: the kernel takes signals for a
// zombie without a word. Looked for before anything is sent, so that nobody whom our own
// signals end is taken for one.
static void decide_dead(struct run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		struct delivery *d = &run->list[i];

		if (d->outcome != OUTCOME_NONE)
			continue;
		d->sig = run->plan->sig;
		if (d->scope == PIDREF_SCOPE_GROUP)
			continue;
		enum pidref_state state = pidref_state(&d->ref);
		if (state != PIDREF_ALIVE)
			decide(run, d, state == PIDREF_REAPED ? OUTCOME_GONE : OUTCOME_DEAD, 0);
	}
}

// A kernel without scopes and a target outside our namespace both answer EINVAL; without a
// scope only the second does.
static int explain(const struct delivery *d, int error)
{
	if (error == -EINVAL && d->scope != PIDREF_SCOPE_DEFAULT &&
		pidref_signal(&d->ref, 0, PIDREF_SCOPE_DEFAULT, NULL) != -EINVAL)
		return -EOPNOTSUPP;
	return error;
}

static void decide_failed(struct run *run, struct delivery *d, int error)
{
	size_t at = (size_t)(d - run->list);

	// the ends of its members are on their way, or they have left it: they are sent to by
	// themselves
	if (error == -ESRCH && run->following && d->members) {
		d->error = error;
		return;
	}
	// it got what its group got; whether it is gone is seen
	if (d->group && !(error == -ESRCH && run->list[d->group - 1].error))
		return;
	// what has gone by itself since the last signal is an ordinary end
	if (error == -ESRCH && run->following)
		decide(run, d, outcome_of_end(run), 0);
	else if (error == -ESRCH)
		decide(run, d, OUTCOME_GONE, 0);
	else if (error == -EPERM)
		decide(run, d, OUTCOME_DENIED, 0);
	else
		decide(run, d, OUTCOME_FAILED, explain(d, error));
	// nothing was sent to the members either
	for (size_t i = at + 1; i < run->count && run->list[i].group == at + 1; i++)
		if (run->list[i].outcome == OUTCOME_NONE)
			decide(run, &run->list[i], d->outcome, d->error);
}

// A member gets its signal through its group, unless it may have left that: a KILL does not mind
// to come twice, and a group that is empty passes nothing on.
static bool is_sent_through_group(const struct run *run, const struct delivery *d, int sig)
{
	return d->group && !(run->following && sig == SIGKILL) && !run->list[d->group - 1].error;
}

static void send_one(struct run *run, struct delivery *d, int sig)
{
	int previous = d->sig;

	d->sig = sig;
	if (is_sent_through_group(run, d, sig))
		return;
	int r = pidref_signal(&d->ref, run->plan->dry_run ? 0 : sig, d->scope, run->plan->value);
	if (r < 0) {
		if (run->following && r == -ESRCH && (!d->group || run->list[d->group - 1].error))
			d->sig = previous;
		decide_failed(run, d, r);
		return;
	}
	if (run->plan->dry_run) {
		decide(run, d, OUTCOME_PLANNED, 0);
		return;
	}
	// a process that is not dying (it has a handler) answers EINVAL, which is no harm
	if (run->plan->mrelease && sig && d->scope != PIDREF_SCOPE_GROUP)
		kernel_process_mrelease(d->ref.fd);
	if (!run->waiter)
		decide(run, d, OUTCOME_SENT, 0);
	else if (!d->group)
		run->tell(d, DELIVER_STEP, run->data);
}

static void send_all(struct run *run, int sig)
{
	for (size_t i = 0; i < run->count; i++) {
		struct delivery *d = &run->list[i];

		if (d->outcome == OUTCOME_NONE)
			send_one(run, d, sig);
	}
}

// Take the ends as they come until all are gone or `ns` nanoseconds have passed (0: no limit).
static int follow(struct run *run, int64_t ns)
{
	int r = waiter_deadline(run->waiter, ns);

	while (!r && run->watched) {
		unsigned events;
		uint64_t tag;

		r = waiter_next(run->waiter, &tag, &events);
		if (r == -EINTR)
			r = 0;
		if (r != 1)
			continue;
		r = 0;
		if (run->list[tag].outcome == OUTCOME_NONE)
			decide(run, &run->list[tag], outcome_of_end(run), 0);
	}
	return r == -ETIMEDOUT ? 0 : r;
}

static int watch_all(struct run *run)
{
	int r = waiter_new(&run->waiter, CLOCK_MONOTONIC);

	for (size_t i = 0; !r && i < run->count; i++) {
		if (run->list[i].outcome != OUTCOME_NONE || !is_watched(run, &run->list[i]))
			continue;
		r = waiter_add(run->waiter, &run->list[i].ref, i);
		if (!r)
			run->watched++;
	}
	return r;
}

static void finish(struct run *run, int error)
{
	enum outcome last = run->plan->wait ? OUTCOME_SURVIVED : OUTCOME_SENT;

	for (size_t i = 0; i < run->count; i++)
		if (run->list[i].outcome == OUTCOME_NONE)
			decide(run, &run->list[i], error ? OUTCOME_FAILED : last, error);
}

int deliver(struct delivery *list, size_t count, const struct deliver_plan *plan,
	deliver_tell *tell, void *data)
{
	struct run run = {.list = list, .count = count, .plan = plan, .tell = tell, .data = data};
	int r = deliver_follows(plan) ? watch_all(&run) : 0;

	if (r < 0) {
		waiter_free(&run.waiter);
		return r;
	}
	decide_dead(&run);
	run.sending = true;
	send_all(&run, plan->sig);
	for (size_t i = 0; !r && run.waiter && i < plan->step_count; i++) {
		r = follow(&run, plan->steps[i].after ? plan->steps[i].after : 1);
		if (r < 0)
			break;
		run.following = true;
		send_all(&run, plan->steps[i].sig);
		run.forcing = true;
	}
	if (!r && run.waiter && plan->wait)
		r = follow(&run, plan->wait_limit);
	finish(&run, r);
	waiter_free(&run.waiter);
	return 0;
}
