// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "act/cgroupset.h"
#include "act/deliver.h"
#include "act/descend.h"
#include "base/clock.h"
#include "base/holdoff.h"
#include "handle/pidcall.h"
#include "handle/pidread.h"
#include "wait/waiter.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

enum { FIRST_ROOM = 16 };

struct run {
	struct delivery_list *all;
	size_t watched; // in the waiter, not gone yet
	const struct deliver_plan *plan;
	struct descend descend; // of plan->tree
	struct waiter *waiter;	// NULL: nothing is followed
	bool sending;		// the first signal goes out
	bool following;		// a follow-up signal does
	bool forcing;		// one went out to all that were still there
	deliver_tell *tell;
	void *data;
};

int deliver_push(struct delivery_list *all, const struct delivery *d)
{
	if (all->count == all->room) {
		size_t room = all->room ? 2 * all->room : FIRST_ROOM;
		struct delivery *list = realloc(all->list, room * sizeof(*list));

		if (!list)
			return -ENOMEM;
		all->list = list;
		all->room = room;
	}
	all->list[all->count++] = *d;
	return 0;
}

const char *deliver_problem(const struct deliver_plan *plan)
{
	// what is there says EBADF
	ssize_t r = plan->reclaim ? kernel_process_madvise(-1, NULL, 0, KERNEL_MADV_COLD) : 0;

	if (r == -ENOSYS)
		return "--reclaim needs Linux 5.10";
	if (r == -EPERM)
		return "--reclaim: a sandbox refuses it";
	r = plan->mrelease ? kernel_process_mrelease(-1) : 0;
	if (r == -ENOSYS)
		return "--mrelease needs Linux 5.15";
	return r == -EPERM ? "--mrelease: a sandbox refuses it" : NULL;
}

bool deliver_follows(const struct deliver_plan *plan)
{
	return !plan->dry_run && (plan->wait || plan->step_count);
}

bool deliver_holds_all(const struct deliver_plan *plan)
{
	return plan->tree || deliver_follows(plan);
}

void deliver_decide(
	struct delivery *d, enum outcome outcome, int error, deliver_tell *tell, void *data)
{
	d->outcome = outcome;
	d->error = error;
	if (outcome == OUTCOME_DENIED && !d->owner_known)
		d->owner_known = !pidref_owner(&d->ref, &d->owner);
	tell(d, DELIVER_OUTCOME, data);
	pidref_close(&d->ref);
}

static enum outcome outcome_of_end(const struct run *run)
{
	return run->forcing ? OUTCOME_FORCED : OUTCOME_ENDED;
}

static void decide(struct run *run, struct delivery *d, enum outcome outcome, int error)
{
	d->untold = run->descend.still;
	if (d->untold) {
		d->outcome = outcome;
		d->error = error;
		// the end of its children may end it
		if (outcome == OUTCOME_DENIED)
			d->owner_known = !pidref_owner(&d->ref, &d->owner);
		return;
	}
	if (d->watched) {
		waiter_remove(run->waiter, &d->ref);
		d->watched = false;
		run->watched--;
	}
	if (outcome == OUTCOME_DEAD || outcome == OUTCOME_ENDED || outcome == OUTCOME_FORCED)
		d->ending = ending_learn(&d->ref, run->plan->proc);
	deliver_decide(d, outcome, error, run->tell, run->data);
	if (!d->group)
		return;
	// a group's handle outlives its members: follow-ups go through it
	struct delivery *group = &run->all->list[d->group - 1];
	if (!--group->members && group->outcome == OUTCOME_NONE)
		decide(run, group, run->sending ? outcome_of_end(run) : OUTCOME_DEAD, 0);
}

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

static void decide_if_dead(struct run *run, struct delivery *d)
{
	enum pidref_state state = pidref_state(&d->ref);

	if (state != PIDREF_ALIVE)
		decide(run, d, state == PIDREF_REAPED ? OUTCOME_GONE : OUTCOME_DEAD, 0);
}

// The dead need no signal, and cannot be told by sending one: the kernel takes signals for a
// zombie without a word. Looked for before anything is sent, so that nobody whom our own
// signals end is taken for one.
static void decide_dead(struct run *run)
{
	struct delivery_list *all = run->all;

	for (size_t i = 0; i < all->count; i++)
		if (all->list[i].outcome == OUTCOME_NONE)
			all->list[i].sig = run->plan->sig;
	for (size_t from = 0, to; from < all->count; from = to) {
		to = all->count - from > PIDREF_AT_ONCE ? from + PIDREF_AT_ONCE : all->count;
		if (all_alive(run, from, to))
			continue;
		for (size_t i = from; i < to; i++)
			if (may_be_dead(&all->list[i]))
				decide_if_dead(run, &all->list[i]);
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
	struct delivery *list = run->all->list;
	size_t at = (size_t)(d - list);

	// the ends of its members are on their way, or they have left it: they are sent to by
	// themselves
	if (error == -ESRCH && run->following && d->members) {
		d->error = error;
		return;
	}
	// it got what its group got; whether it is gone is seen
	if (d->group && !(error == -ESRCH && run->all->list[d->group - 1].error))
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
	for (size_t i = at + 1; i < run->all->count && list[i].group == at + 1; i++)
		if (list[i].outcome == OUTCOME_NONE)
			decide(run, &list[i], d->outcome, d->error);
}

static int send_signal(struct run *run, struct delivery *d, int sig)
{
	const struct deliver_plan *plan = run->plan;

	if (plan->dry_run)
		return pidref_signal(&d->ref, 0, d->scope, NULL);
	descend_sending(&run->descend, d, sig);
	return pidref_signal(&d->ref, sig, d->scope, plan->value);
}

// A member gets its signal through its group, unless it may have left that: a KILL does not mind
// to come twice, and a group that is empty passes nothing on.
static bool is_sent_through_group(const struct run *run, const struct delivery *d, int sig)
{
	return d->group && !(run->following && sig == SIGKILL) &&
	       !run->all->list[d->group - 1].error;
}

static void send_one(struct run *run, struct delivery *d, int sig)
{
	int previous = d->sig;

	d->sig = sig;
	if (is_sent_through_group(run, d, sig))
		return;
	int r = send_signal(run, d, sig);
	if (r < 0) {
		if (run->following && r == -ESRCH &&
			(!d->group || run->all->list[d->group - 1].error))
			d->sig = previous;
		decide_failed(run, d, r);
		return;
	}
	if (run->plan->dry_run) {
		d->reclaimed.how = run->plan->reclaim;
		decide(run, d, OUTCOME_PLANNED, 0);
		return;
	}
	if (run->plan->reclaim && !run->following) {
		r = reclaim_process(&d->reclaimed, run->plan->memory, &d->ref, run->plan->reclaim);
		// what was ended by the signal has given everything back
		if (r < 0 && !(r == -ESRCH && sig)) {
			decide_failed(run, d, r);
			return;
		}
	}
	// a process that is not dying (it has a handler) answers EINVAL, which is no harm
	if (run->plan->mrelease && sig && d->scope != PIDREF_SCOPE_GROUP)
		pidref_mrelease(&d->ref);
	if (!run->waiter)
		decide(run, d, OUTCOME_SENT, 0);
	else if (!run->descend.still && !d->group)
		run->tell(d, DELIVER_STEP, run->data);
}

static void send_to_each(struct run *run, int sig, size_t from)
{
	for (size_t i = from; i < run->all->count; i++) {
		struct delivery *d = &run->all->list[i];

		if (d->outcome == OUTCOME_NONE)
			send_one(run, d, sig);
	}
}

// ---- trees ----

enum { NOTES = 4 };

// Processes of the control group that are not in the tree. They are counted while it is held.
static void find_cgroup(struct run *run, struct cgroupset *set)
{
	const struct deliver_tree *tree = run->plan->tree;
	struct pidref *refs = calloc(run->all->count + 1, sizeof(*refs));

	if (!refs)
		return;
	for (size_t i = 0; i < run->all->count; i++)
		refs[i] = run->all->list[i].ref;
	cgroupset_find(set, tree->proc, refs, run->all->count);
	free(refs);
}

static bool is_unheld(const struct delivery *d)
{
	return d->held >= HOLD_STUCK && d->outcome != OUTCOME_DENIED &&
	       d->outcome != OUTCOME_FAILED;
}

// That a signal could miss what a process was just starting is not kept quiet.
static void note_unheld(struct run *run)
{
	const struct deliver_tree *tree = run->plan->tree;
	size_t count = 0;
	size_t noted = 0;

	for (size_t i = 0; i < run->all->count; i++)
		count += is_unheld(&run->all->list[i]);
	for (size_t i = 0; i < run->all->count && noted < NOTES; i++) {
		const struct delivery *d = &run->all->list[i];

		if (!is_unheld(d))
			continue;
		noted++;
		tree->note(&(struct deliver_note){.unheld = d,
				   .more = noted == NOTES ? count - noted : 0},
			run->data);
	}
	for (size_t i = 0; i < run->all->count; i++)
		run->all->list[i].held = HOLD_PENDING;
}

// What happened while all were held.
static void tell_untold(struct run *run, bool still)
{
	for (size_t i = 0; i < run->all->count; i++) {
		struct delivery *d = &run->all->list[i];

		if (d->untold)
			decide(run, d, d->outcome, d->error);
		else if (still && d->outcome == OUTCOME_NONE && run->waiter)
			run->tell(d, DELIVER_STEP, run->data);
	}
}

static int watch(struct run *run, size_t from);

// Those that could not be held may have had children meanwhile.
static void send_to_more(struct run *run, int sig)
{
	for (;;) {
		size_t before = run->all->count;

		int r = descend_more(&run->descend, run->all, run->plan->tree, run->data);
		if (r > 0 && run->waiter)
			r = watch(run, before) < 0 ? 0 : r;
		if (r <= 0)
			return;
		send_to_each(run, sig, before);
	}
}

static void send_to_tree(struct run *run, int sig)
{
	const struct deliver_tree *tree = run->plan->tree;
	struct cgroupset set = {.fd = -1};
	bool still = run->descend.still;

	if (tree->curious)
		find_cgroup(run, &set);
	send_to_each(run, sig, 0);
	if (still)
		send_to_more(run, sig);
	bool visible = still && run->descend.tree.hold.method == HOLD_STOP;
	descend_end(&run->descend, run->all, sig);
	if (set.path)
		tree->note(&(struct deliver_note){.cgroup = set.path, .strangers = set.strangers},
			run->data);
	if (visible && tree->curious)
		tree->note(&(struct deliver_note){.visible = true}, run->data);
	note_unheld(run);
	tell_untold(run, still);
	cgroupset_free(&set);
}

static void send_all(struct run *run, int sig)
{
	if (run->plan->tree)
		send_to_tree(run, sig);
	else
		send_to_each(run, sig, 0);
}

// Take the ends as they come until all are gone or `ns` nanoseconds have passed (0: no limit).
static int follow(struct run *run, int64_t ns)
{
	int64_t until = ns ? waiter_later(clock_now(), ns) : WAITER_NEVER;
	int r = 1;

	while (r == 1 && run->watched) {
		unsigned events;
		uint64_t tag;

		r = waiter_next(run->waiter, until, &tag, &events);
		if (r == 1 && run->all->list[tag].outcome == OUTCOME_NONE)
			decide(run, &run->all->list[tag], outcome_of_end(run), 0);
	}
	return r < 0 && r != -ETIMEDOUT ? r : 0;
}

static int watch(struct run *run, size_t from)
{
	int r = 0;

	for (size_t i = from; !r && i < run->all->count; i++) {
		struct delivery *d = &run->all->list[i];

		if (d->outcome != OUTCOME_NONE || d->scope == PIDREF_SCOPE_GROUP)
			continue;
		r = waiter_add(run->waiter, &d->ref, i);
		d->watched = !r;
		run->watched += d->watched;
	}
	return r;
}

static void finish(struct run *run, int error)
{
	enum outcome last = run->plan->wait ? OUTCOME_SURVIVED : OUTCOME_SENT;

	for (size_t i = 0; i < run->all->count; i++)
		if (run->all->list[i].outcome == OUTCOME_NONE)
			decide(run, &run->all->list[i], error ? OUTCOME_FAILED : last, error);
}

static int look_for_descendants(struct run *run, int sig)
{
	const struct deliver_plan *plan = run->plan;

	return !plan->tree ? 0
			   : descend_begin(&run->descend, run->all, plan->tree,
				     !sig || plan->dry_run, run->data);
}

// A follow-up: descendants that came meanwhile get it as well.
static int force(struct run *run, int sig)
{
	size_t before = run->all->count;

	int r = look_for_descendants(run, sig);
	if (r < 0)
		run->plan->tree->note(&(struct deliver_note){.error = r}, run->data);
	r = watch(run, before);
	run->following = true;
	send_all(run, sig);
	run->forcing = true;
	return r;
}

static int prepare(struct run *run)
{
	int r = look_for_descendants(run, run->plan->sig);

	if (!r && deliver_follows(run->plan))
		r = waiter_new(&run->waiter);
	if (!r && run->waiter)
		r = watch(run, 0);
	return r;
}

int deliver(
	struct delivery_list *all, const struct deliver_plan *plan, deliver_tell *tell, void *data)
{
	struct run run = {
		.all = all, .plan = plan, .tell = tell, .data = data, .descend = DESCEND_NULL};
	int r = prepare(&run);

	if (r < 0) {
		descend_end(&run.descend, all, 0);
		descend_free(&run.descend);
		waiter_free(&run.waiter);
		return r;
	}
	decide_dead(&run);
	run.sending = true;
	send_all(&run, plan->sig);
	for (size_t i = 0; !r && run.waiter && i < plan->step_count; i++) {
		r = follow(&run, plan->steps[i].after ? plan->steps[i].after : 1);
		if (!r)
			r = force(&run, plan->steps[i].sig);
	}
	// all signals are sent; a wait can take for ever
	if (plan->hold && run.waiter)
		holdoff_end(plan->hold);
	if (!r && run.waiter && plan->wait)
		r = follow(&run, plan->wait_limit);
	finish(&run, r);
	waiter_free(&run.waiter);
	descend_free(&run.descend);
	return 0;
}
