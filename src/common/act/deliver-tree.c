// SPDX-License-Identifier: GPL-2.0-or-later
// deliver-tree.c: send one signal to a tree that is held, and report what happened meanwhile.
#include "config.h"

#include "act/cgroupset.h"
#include "act/deliver-run.h"
#include "base/clock.h"
#include "handle/pidcall.h"
#include "handle/pidread.h"

#include <poll.h>
#include <stdlib.h>

enum {
	NOTES = 4,
	REST_TIME = 500000000, // nanoseconds, for all
};

// Count the processes of the control group that are not in the tree, while the tree is held.
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

// Report processes that were not held: a child that one was starting may have missed the signal.
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

// Report what was decided or sent while all were held.
static void tell_untold(struct run *run, bool still)
{
	for (size_t i = 0; i < run->all->count; i++) {
		struct delivery *d = &run->all->list[i];

		if (d->untold)
			run_decide(run, d, d->outcome, d->error);
		else if (still && d->outcome == OUTCOME_NONE && run->waiter)
			run->tell(d, DELIVER_STEP, run->data);
	}
}

// Processes that could not be held may have had children meanwhile; send the signal to these too.
static void send_to_more(struct run *run, int sig)
{
	for (;;) {
		size_t before = run->all->count;

		int r = descend_more(&run->descend, run->all, run->plan->tree, run->data);
		if (r <= 0)
			return;
		// those that cannot be watched get the signal as well
		if (run->waiter)
			run_watch(run, before);
		run_send(run, sig, before);
	}
}

// A process that was stopped before it was held runs for a moment after the release, and stops
// again before it takes the signal. Wait until it is stopped, or has taken the signal.
static void await_rest(const struct run *run, const struct delivery *d, int sig, int64_t until)
{
	struct status s;

	while (!pidref_is_stopped(&d->ref, run->plan->resume) &&
		!pidref_status(&d->ref, run->plan->resume, &s) &&
		(s.pending & ~s.blocked) >> (sig - 1) & 1 && clock_now() < until) {
		struct pollfd p = pidref_poll(&d->ref);

		poll(&p, 1, 1);
	}
}

static void resume_tree(const struct run *run, int sig)
{
	int64_t until = clock_now() + REST_TIME;

	for (size_t i = 0; i < run->all->count; i++) {
		struct delivery *d = &run->all->list[i];

		// not if it got no signal, or if it has been reported
		if (d->outcome != OUTCOME_NONE && !(d->untold && d->outcome == OUTCOME_SENT))
			continue;
		await_rest(run, d, sig, until);
		run_resume(run, d, sig);
	}
}

void run_send_to_tree(struct run *run, int sig)
{
	const struct deliver_tree *tree = run->plan->tree;
	struct cgroupset set = {.fd = -1};
	bool still = run->descend.still;

	// the group is read while the tree is held, so that no process joins or leaves it
	if (tree->curious)
		find_cgroup(run, &set);
	run_send(run, sig, 0);
	if (still)
		send_to_more(run, sig);
	bool visible = still && run->descend.tree.hold.method == HOLD_STOP;
	descend_end(&run->descend, run->all, sig);
	if (still && sig && run->plan->resume)
		resume_tree(run, sig);
	// notes are printed only now: the terminal itself may have been held
	if (set.path)
		tree->note(&(struct deliver_note){.cgroup = set.path, .strangers = set.strangers},
			run->data);
	if (visible && tree->curious)
		tree->note(&(struct deliver_note){.visible = true}, run->data);
	note_unheld(run);
	tell_untold(run, still);
	cgroupset_free(&set);
}
