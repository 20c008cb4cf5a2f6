// SPDX-License-Identifier: GPL-2.0-or-later
// deliver-join.c: processes that join the targets while the plan is carried out.
#include "config.h"

#include "act/deliver-run.h"
#include "base/clock.h"

#include <signal.h>

// A target can grow for ever
#define MOST_TIME (INT64_C(10) * 1000000000)

// A process of a tree may be in the list already, as a descendant.
static void drop_known(struct run *run, size_t from)
{
	struct delivery_list *all = run->all;
	size_t kept = from;

	for (size_t i = from; i < all->count; i++) {
		if (run->plan->tree && descend_knows(&run->descend, &all->list[i].ref) == 1)
			pidref_close(&all->list[i].ref);
		else
			all->list[kept++] = all->list[i];
	}
	all->count = kept;
}

int run_join(struct run *run, int sig)
{
	size_t before = run->all->count;

	if (!run->plan->crowd)
		return 0;
	int r = run->plan->crowd->look(run->data);
	drop_known(run, before);
	for (size_t i = before; i < run->all->count; i++)
		run->all->list[i].sig = sig;
	int watched = run->waiter ? run_watch(run, before) : 0;
	return r < 0 ? r : watched < 0 ? watched : (int)(run->all->count - before);
}

void run_kill_crowd(struct run *run)
{
	const int64_t end = clock_now() + MOST_TIME;

	if (!run->plan->crowd)
		return;
	// each process that can be found has an outcome, so it is held before it ends
	while (run_join(run, SIGKILL) > 0 && clock_now() < end)
		;
	run->plan->crowd->kill(run->data);
}

void run_send_to_joined(struct run *run, int sig)
{
	const int64_t end = clock_now() + MOST_TIME;
	size_t before = run->all->count;

	run->late = false;
	while (!run->late && run_join(run, sig) > 0) {
		run_send(run, sig, before);
		before = run->all->count;
		run->late = clock_now() > end;
	}
}
