// SPDX-License-Identifier: GPL-2.0-or-later
// deliver-list.c: the list of deliveries: add, watch, decide.
#include "config.h"

#include "act/deliver-run.h"
#include "base/array.h"
#include "handle/pidread.h"

#include <errno.h>
#include <stdlib.h>

int deliver_push(struct delivery_list *all, const struct delivery *d)
{
	struct delivery *list = array_grow(all->list, all->count, sizeof(*list));

	if (!list)
		return -ENOMEM;
	all->list = list;
	all->list[all->count++] = *d;
	return 0;
}

void deliver_free(struct delivery *d)
{
	pidref_close(&d->ref);
	free(d->name);
	d->name = NULL;
}

void deliver_cut(struct delivery_list *all, size_t count)
{
	while (all->count > count)
		deliver_free(&all->list[--all->count]);
}

// ---- add and watch ----
int run_watch(struct run *run, size_t from)
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

// ---- outcomes ----
void deliver_decide(
	struct delivery *d, enum outcome outcome, int error, deliver_tell *tell, void *data)
{
	d->outcome = outcome;
	d->error = error;
	if (outcome == OUTCOME_DENIED && !d->owner_known)
		d->owner_known = !pidref_owner(&d->ref, &d->owner);
	tell(d, DELIVER_OUTCOME, data);
	deliver_free(d);
}

// The end of a member may be the end of its group, because the handle of a group outlives its
// members.
static void member_decided(struct run *run, const struct delivery *d)
{
	struct delivery *group = &run->all->list[d->group - 1];

	if (!--group->members && group->outcome == OUTCOME_NONE)
		run_decide(run, group,
			run->phase >= DELIVER_FIRST ? run_outcome_of_end(run) : OUTCOME_DEAD, 0);
}

void run_decide(struct run *run, struct delivery *d, enum outcome outcome, int error)
{
	bool noted = d->untold;

	// the end of other targets may end the parent of a zombie, or a process that is denied
	if (!noted &&
		(outcome == OUTCOME_DEAD || outcome == OUTCOME_ENDED || outcome == OUTCOME_FORCED))
		d->ending = ending_learn(&d->ref, run->plan->proc);
	if (!noted && outcome == OUTCOME_DENIED)
		d->owner_known = !pidref_owner(&d->ref, &d->owner);
	d->untold = run->descend.still || run->sending;
	if (d->untold) {
		d->outcome = outcome;
		d->error = error;
		return;
	}
	if (d->watched) {
		waiter_remove(run->waiter, &d->ref);
		d->watched = false;
		run->watched--;
	}
	// a descendant that ended before its signal is none any more, and was not named
	if (d->root && outcome == OUTCOME_GONE) {
		d->outcome = outcome;
		deliver_free(d);
		return;
	}
	deliver_decide(d, outcome, error, run->tell, run->data);
	if (d->group)
		member_decided(run, d);
}

enum outcome run_outcome_of_end(const struct run *run)
{
	return run->phase == DELIVER_FORCED ? OUTCOME_FORCED : OUTCOME_ENDED;
}
