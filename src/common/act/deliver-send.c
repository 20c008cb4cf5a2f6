// SPDX-License-Identifier: GPL-2.0-or-later
// deliver-send.c: send one signal to each delivery in a list and find out the result.
#include "config.h"

#include "act/deliver-run.h"
#include "base/holdoff.h"
#include "base/sigkind.h"
#include "handle/pidcall.h"
#include "handle/pidread.h"

#include <errno.h>
#include <signal.h>

static bool may_be_dead(const struct delivery *d)
{
	return d->outcome == OUTCOME_NONE && d->scope != PIDREF_SCOPE_GROUP;
}

static bool all_alive(const struct run *run, size_t from, size_t to)
{
	const struct pidref *refs[PIDREF_AT_ONCE];
	size_t count = 0;

	for (size_t i = from; i < to; i++)
		if (may_be_dead(&run->all->list[i]))
			refs[count++] = &run->all->list[i].ref;
	return pidref_all_alive(refs, count);
}

// A zombie is dead but still there; a reaped process is gone. A zombie that we may not signal is
// denied like any other process: the kernel checks that too.
static void note_if_dead(struct delivery *d)
{
	enum pidref_state state = pidref_state(&d->ref);

	if (state == PIDREF_REAPED)
		d->found = OUTCOME_GONE;
	else if (state == PIDREF_ZOMBIE &&
		 pidref_signal(&d->ref, 0, PIDREF_SCOPE_DEFAULT, NULL) != -EPERM)
		d->found = OUTCOME_DEAD;
}

void run_note_dead(struct run *run)
{
	struct delivery_list *all = run->all;

	for (size_t i = 0; i < all->count; i++)
		if (all->list[i].outcome == OUTCOME_NONE)
			all->list[i].sig = run->plan->sig;
	// one call for many handles: most of them are alive, and then need no call each
	for (size_t from = 0, to; from < all->count; from = to) {
		to = all->count - from > PIDREF_AT_ONCE ? from + PIDREF_AT_ONCE : all->count;
		if (all_alive(run, from, to))
			continue;
		for (size_t i = from; i < to; i++)
			if (may_be_dead(&all->list[i]))
				note_if_dead(&all->list[i]);
	}
}

// ---- failures ----

static bool is_following(const struct run *run)
{
	return run->phase >= DELIVER_FOLLOWING;
}

static struct delivery *group_of(const struct run *run, const struct delivery *member)
{
	return &run->all->list[member->group - 1];
}

// EINVAL has two causes: the kernel has no scopes, or the target is outside our pid namespace. A
// signal without a scope fails with EINVAL only for the second.
static int explain(const struct delivery *d, int error)
{
	if (error == -EINVAL && d->scope != PIDREF_SCOPE_DEFAULT &&
		pidref_signal(&d->ref, 0, PIDREF_SCOPE_DEFAULT, NULL) != -EINVAL)
		return -EOPNOTSUPP;
	return error;
}

static void decide_error(struct run *run, struct delivery *d, int error)
{
	// a process that ended by itself since the last signal has ended normally
	if (error == -ESRCH && is_following(run))
		run_decide(run, d, run_outcome_of_end(run), 0);
	else if (error == -ESRCH)
		run_decide(run, d, OUTCOME_GONE, 0);
	else if (error == -EPERM)
		run_decide(run, d, OUTCOME_DENIED, 0);
	else
		run_decide(run, d, OUTCOME_FAILED, explain(d, error));
}

static void group_failed(struct run *run, struct delivery *group, int error)
{
	struct delivery *list = run->all->list;
	size_t at = (size_t)(group - list);

	// its members are about to end or have left it, so they get the signal one by one
	if (error == -ESRCH && is_following(run) && group->members) {
		group->empty = true;
		return;
	}
	decide_error(run, group, error);
	// the members did not get the signal either
	for (size_t i = at + 1; i < run->all->count; i++)
		if (list[i].group == at + 1 && list[i].outcome == OUTCOME_NONE)
			run_decide(run, &list[i], group->outcome, group->error);
}

static void failed(struct run *run, struct delivery *d, int error)
{
	if (d->scope == PIDREF_SCOPE_GROUP)
		group_failed(run, d, error);
	// the error of a member's group is already reported, and the waiter reports the member's
	// end; one that may not be signalled is not waited for
	else if (!d->group || error == -EPERM || (error == -ESRCH && group_of(run, d)->empty))
		decide_error(run, d, error);
}

// ---- one signal ----

// A member gets the signal through its group, unless it may have left the group or the group is
// empty and passes nothing on. A KILL goes to each member as well: to get it twice does no harm.
static bool is_sent_through_group(const struct run *run, const struct delivery *d, int sig)
{
	return d->group && !(is_following(run) && sig == SIGKILL) && !group_of(run, d)->empty;
}

// EINVAL only means that the process is not dying (it has a handler), so it is ignored.
static void free_memory(const struct run *run, const struct delivery *d, int sig)
{
	if (run->plan->mrelease && sig && d->scope != PIDREF_SCOPE_GROUP)
		pidref_mrelease(&d->ref);
}

// What else the plan asks for after the signal is sent. 0, or -errno.
static int after_signal(const struct run *run, struct delivery *d, int sig)
{
	const struct deliver_plan *plan = run->plan;

	if (plan->reclaim && !is_following(run)) {
		int r = reclaim_process(&d->reclaimed, plan->memory, &d->ref, plan->reclaim);

		// a process that the signal ended has given back all its memory
		if (r < 0 && !(r == -ESRCH && sig))
			return r;
	}
	free_memory(run, d, sig);
	return 0;
}

void run_resume(const struct run *run, struct delivery *d, int sig)
{
	if (!run->plan->resume || sigkind_needs_no_cont(sig) || d->scope == PIDREF_SCOPE_GROUP)
		return;
	d->resumed = pidref_is_stopped(&d->ref, run->plan->resume) == 1 &&
		     !pidref_signal(&d->ref, SIGCONT, d->scope, NULL);
}

static void send_one(struct run *run, struct delivery *d, int sig)
{
	int previous = d->sig;

	d->sig = sig;
	if (is_sent_through_group(run, d, sig)) {
		free_memory(run, d, sig);
		run_resume(run, d, sig);
		return;
	}
	// SIGSTOP may hold the process: a later SIGCONT must not undo the signal that is sent now
	descend_sending(&run->descend, d, sig);
	int r = pidref_signal(&d->ref, sig, d->scope, run->plan->value);
	// it was killed with its target, but for one that had left that by then
	if (sig == SIGKILL && d->killed && (r == -ESRCH || r == -EPERM))
		r = 0;
	// if it had already ended, it ended by the previous signal; the members of an empty group
	// that live get this one
	if (r == -ESRCH && is_following(run) && !d->members &&
		(!d->group || group_of(run, d)->empty))
		d->sig = previous;
	if (!r)
		r = after_signal(run, d, sig);
	// in a tree, CONT would release it before the others have the signal
	if (!r && !run->descend.still)
		run_resume(run, d, sig);
	if (r < 0)
		failed(run, d, r);
	else if (!run->waiter)
		run_decide(run, d, OUTCOME_SENT, 0);
}

static void plan_one(struct run *run, struct delivery *d, int sig)
{
	d->sig = sig;
	// signal 0 checks existence and permission, and changes nothing
	int r = pidref_signal(&d->ref, 0, d->scope, NULL);
	if (r < 0) {
		failed(run, d, r);
		return;
	}
	d->reclaimed.how = run->plan->reclaim;
	run_decide(run, d, OUTCOME_PLANNED, 0);
}

static void send_each(struct run *run, int sig, size_t from)
{
	for (size_t i = from; i < run->all->count; i++) {
		struct delivery *d = &run->all->list[i];

		if (d->outcome != OUTCOME_NONE)
			continue;
		if (d->found)
			run_decide(run, d, d->found, 0);
		else if (run->plan->dry_run)
			plan_one(run, d, sig);
		else
			send_one(run, d, sig);
	}
}

// A reader of our output that stops reading stops only this.
static void tell_each(struct run *run, size_t from)
{
	for (size_t i = from; i < run->all->count; i++) {
		struct delivery *d = &run->all->list[i];

		if (d->untold)
			run_decide(run, d, d->outcome, d->error);
		else if (d->outcome == OUTCOME_NONE && run->waiter && !d->group && !d->empty)
			run->tell(d, DELIVER_STEP, run->data);
	}
}

void run_send(struct run *run, int sig, size_t from)
{
	// memory may take long to reclaim
	bool delays =
		sig && run->all->count - from > 1 && !run->plan->dry_run && !run->plan->reclaim;
	struct holdoff hold;

	if (delays)
		holdoff_begin(&hold);
	run->sending = true;
	send_each(run, sig, from);
	run->sending = false;
	if (delays)
		holdoff_end(&hold);
	// a tree reports after its release
	if (!run->descend.still)
		tell_each(run, from);
}
