// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "act/deliver-run.h"
#include "base/clock.h"
#include "base/holdoff.h"
#include "handle/kernel.h"

#include <errno.h>
#include <signal.h>

const char *deliver_problem(const struct deliver_plan *plan)
{
	// a kernel that has the call returns EBADF for descriptor -1
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

bool deliver_only_asks(const struct deliver_plan *plan)
{
	return !plan->sig && !plan->reclaim && !plan->dry_run && !deliver_follows(plan);
}

bool deliver_holds_all(const struct deliver_plan *plan)
{
	// with mrelease, the members of a group are held beside it
	return plan->tree || plan->crowd || plan->mrelease || deliver_follows(plan);
}

// As waiter_next, with the calls of plan->tick_call in between.
static int next_end(struct run *run, int64_t until, uint64_t *tag)
{
	for (;;) {
		int64_t due = until < run->tick ? until : run->tick;
		unsigned events;

		int r = waiter_next(run->waiter, due, tag, &events);
		if (r != -ETIMEDOUT || due == until)
			return r;
		run->tick = waiter_later(clock_now(), run->plan->tick);
		run->plan->tick_call(run->all, run->data);
	}
}

// Handle the ends as they come, until all are gone or the clock reaches `until`.
static int follow(struct run *run, int64_t until)
{
	int r = 1;

	// those that joined are waited for too; they get no signal before the next step
	while (r == 1 && (run->watched || run_join(run, 0) > 0)) {
		// the owner must be read before the handle is closed
		uint64_t tag;

		r = next_end(run, until, &tag);
		// a follow-up may have decided it while its event was in the queue
		struct delivery *d = r == 1 ? &run->all->list[tag] : NULL;
		if (d && d->outcome == OUTCOME_NONE)
			run_decide(run, d, d->sig ? run_outcome_of_end(run) : OUTCOME_ENDED, 0);
	}
	return r < 0 && r != -ETIMEDOUT ? r : 0;
}

static int look_for_descendants(struct run *run, int sig)
{
	const struct deliver_plan *plan = run->plan;

	return !plan->tree ? 0
			   : descend_begin(&run->descend, run->all, plan->tree,
				     !sig || plan->dry_run, run->data);
}

static void send_all(struct run *run, int sig)
{
	// those in a tree get it through their handles while they stand still
	if (sig == SIGKILL && !run->plan->tree)
		run_kill_crowd(run);
	if (run->plan->tree)
		run_send_to_tree(run, sig);
	else
		run_send(run, sig, 0);
	if (sig == SIGKILL && run->plan->tree)
		run_kill_crowd(run);
	run_send_to_joined(run, sig);
}

// Send a follow-up. Descendants that were born since get it as well.
static int force(struct run *run, int sig)
{
	run_join(run, sig);
	size_t before = run->all->count;
	int r = look_for_descendants(run, sig);
	// the known processes get the signal even if the search failed
	if (r < 0)
		run->plan->tree->note(&(struct deliver_note){.error = r}, run->data);
	r = run_watch(run, before);
	if (run->phase < DELIVER_FOLLOWING)
		run->phase = DELIVER_FOLLOWING;
	send_all(run, sig);
	run->phase = DELIVER_FORCED;
	return r;
}

static int check_count(const struct run *run)
{
	size_t most = run->plan->at_most;
	size_t count = 0;

	for (size_t i = 0; i < run->all->count; i++)
		count += run->all->list[i].outcome == OUTCOME_NONE;
	return most && count > most ? -E2BIG : 0;
}

// Count the trees without a hold, because processes that are held can notice it. What is found is
// forgotten, because it may end before the hold.
static int count_trees(struct run *run)
{
	size_t named = run->all->count;
	int r = descend_begin(&run->descend, run->all, run->plan->tree, true, run->data);

	if (!r)
		r = check_count(run);
	if (r < 0)
		return r;
	descend_end(&run->descend, run->all, 0);
	descend_free(&run->descend);
	deliver_cut(run->all, named);
	for (size_t i = 0; i < named; i++) {
		struct delivery *d = &run->all->list[i];

		// it is judged again, because its own descendants are still to be found
		if (d->untold)
			d->outcome = OUTCOME_NONE;
		d->untold = d->met = false;
	}
	return 0;
}

// The trees before the first signal.
static int find_trees(struct run *run)
{
	const struct deliver_plan *plan = run->plan;
	int r = 0;

	if (plan->tree && plan->at_most && plan->sig && !plan->dry_run)
		r = count_trees(run);
	if (!r)
		r = look_for_descendants(run, plan->sig);
	return r < 0 || !plan->tree ? r : check_count(run);
}

static int prepare(struct run *run)
{
	int r = find_trees(run);

	if (!r && deliver_follows(run->plan))
		r = waiter_new(&run->waiter);
	if (!r && run->waiter)
		r = run_watch(run, 0);
	return r;
}

static void finish(struct run *run, int error)
{
	enum outcome last = run->plan->wait ? OUTCOME_SURVIVED : OUTCOME_SENT;

	for (size_t i = 0; i < run->all->count; i++)
		if (run->all->list[i].outcome == OUTCOME_NONE)
			run_decide(run, &run->all->list[i], error ? OUTCOME_FAILED : last, error);
}

int deliver(
	struct delivery_list *all, const struct deliver_plan *plan, deliver_tell *tell, void *data)
{
	struct run run = {
		.all = all,
		.plan = plan,
		.tell = tell,
		.data = data,
		.descend = DESCEND_NULL,
		.tick = plan->tick ? clock_now() : WAITER_NEVER,
	};
	int r = prepare(&run);

	// a search for a tree may have stopped processes: release them
	if (r < 0) {
		descend_end(&run.descend, all, 0);
		descend_free(&run.descend);
		waiter_free(&run.waiter);
		return r;
	}
	run_note_dead(&run);
	run.phase = DELIVER_FIRST;
	send_all(&run, plan->sig);
	int64_t first = clock_now();
	// one deadline for all: each step waits once, not once for each process
	for (size_t i = 0; !r && run.waiter && i < plan->step_count; i++) {
		r = follow(&run, waiter_later(clock_now(), plan->steps[i].after));
		if (!r)
			r = force(&run, plan->steps[i].sig);
	}
	// all signals are sent, and a wait can take for ever, so our own signals act again
	if (plan->hold && run.waiter)
		holdoff_end(plan->hold);
	if (!r && run.waiter && plan->wait)
		r = follow(
			&run, plan->deadline ? waiter_later(first, plan->deadline) : WAITER_NEVER);
	if (run.late)
		plan->crowd->late(data);
	finish(&run, r);
	waiter_free(&run.waiter);
	descend_free(&run.descend);
	return 0;
}
