// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/clock.h"
#include "wait/await.h"
#include "wait/crowd.h"
#include "wait/waiter.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX // no index

struct run {
	struct awaited *list;
	size_t count;
	const struct await_plan *plan;
	struct await_tally *tally;
	struct waiter *waiter;
	size_t enough;
	// queue of the dead whose reap is still awaited, in the order of their deaths
	uint32_t head, tail;
	int64_t limit, tick; // when they are due
	size_t step;	     // how many signals of the plan were sent
	bool overtime;	     // the limit has passed
	bool over;	     // and so has the time after the last signal
};

static bool is_there(const struct awaited *a)
{
	return pidref_is_held(&a->ref) || a->cgroup;
}

static void let_go(struct awaited *a)
{
	pidref_close(&a->ref);
	if (a->cgroup)
		cgroup_close(a->cgroup);
	free(a->cgroup);
	a->cgroup = NULL;
}

// ---- remove duplicates ----

struct number {
	pid_t pid;
	uint32_t at;
};

static int by_number(const void *a, const void *b)
{
	const struct number *x = a;
	const struct number *y = b;

	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	// the order of the list decides between equal PIDs, so that the first entry stays
	return x->at < y->at ? -1 : 1;
}

// In ascending order no PID can occur twice; this is the usual case, and needs no memory.
static bool ascending(const struct awaited *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].ref.pid <= (i ? list[i - 1].ref.pid : 0))
			return false;
	return true;
}

static bool same(struct awaited *a, struct awaited *b)
{
	if (a->cgroup || b->cgroup)
		return a->cgroup && b->cgroup && a->cgroup->id == b->cgroup->id;
	if (pidref_is_held(&a->ref) && pidref_is_held(&b->ref))
		return pidref_same(&a->ref, &b->ref) == 1;
	// of entries that were never held, only the user's text can be compared
	return !pidref_is_held(&a->ref) && !pidref_is_held(&b->ref) && a->target && b->target &&
	       !strcmp(a->target, b->target);
}

// A process has only one PID, so only entries with equal PIDs are compared.
static void mark_repeated(struct awaited *list, const struct number *sorted, size_t count)
{
	size_t first = 0;

	for (size_t i = 1; i < count; i++) {
		if (sorted[i].pid != sorted[first].pid)
			first = i;
		for (size_t j = first; j < i && list[sorted[i].at].state != AWAIT_GONE; j++)
			if (same(&list[sorted[j].at], &list[sorted[i].at]))
				list[sorted[i].at].state = AWAIT_GONE;
	}
}

ssize_t await_unique(struct awaited *list, size_t count)
{
	size_t kept = 0;

	if (ascending(list, count))
		return (ssize_t)count;
	struct number *sorted = malloc(count * sizeof(*sorted));
	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		sorted[i] = (struct number){.pid = list[i].ref.pid, .at = (uint32_t)i};
	qsort(sorted, count, sizeof(*sorted), by_number);
	mark_repeated(list, sorted, count);
	free(sorted);
	for (size_t i = 0; i < count; i++) {
		if (list[i].state == AWAIT_GONE)
			let_go(&list[i]);
		else
			list[kept++] = list[i];
	}
	return (ssize_t)kept;
}

// ---- the end of one process ----

static void settle(struct run *run, struct awaited *a)
{
	const struct await_plan *plan = run->plan;
	int status = ending_status(&a->ending);

	a->state = AWAIT_GONE;
	run->tally->gone++;
	if (plan->status && status < 0)
		run->tally->unknown++;
	if (status > 0 && !run->tally->status)
		run->tally->status = status;
	// the handle is still open here, for the callback
	if (plan->gone)
		plan->gone(a, plan->data);
	// close each handle at once: to close thousands of them at the end would delay the exit
	let_go(a);
}

static void queue(struct run *run, struct awaited *a)
{
	uint32_t at = (uint32_t)(a - run->list);

	a->next = NONE;
	a->until = waiter_later(clock_now(), run->plan->reap_grace);
	if (run->head == NONE)
		run->head = at;
	else
		run->list[run->tail].next = at;
	run->tail = at;
}

// Settle the processes that were waited for long enough. One that was reaped in the meantime is
// still in the queue, and is skipped.
static void expire(struct run *run, int64_t time)
{
	while (run->head != NONE && run->list[run->head].until <= time) {
		struct awaited *a = &run->list[run->head];

		run->head = a->next;
		if (a->state == AWAIT_GONE)
			continue;
		waiter_remove(run->waiter, &a->ref);
		settle(run, a);
	}
}

static void learn(struct run *run, struct awaited *a)
{
	// a status that was read from the zombie stays true, and may no longer be readable now
	if (a->state == AWAIT_RUNNING || a->ending.unknown)
		a->ending = ending_learn(&a->ref, run->plan->proc);
}

static void changed(struct run *run, struct awaited *a, bool reaped)
{
	const struct await_plan *plan = run->plan;
	bool first = a->state == AWAIT_RUNNING;

	if (a->state == AWAIT_GONE)
		return;
	// this also reaps our own child; no other process would
	if (plan->status || (plan->reaped && !reaped))
		learn(run, a);
	if (!plan->status)
		a->ending.unknown = ENDING_NOT_ASKED;
	a->state = AWAIT_DEAD;
	// with --reaped, death is not the end yet
	if (!reaped && plan->reaped)
		return;
	// the status of a zombie of another user can be read only after its reap, so wait for that
	if (!reaped && plan->status && ending_may_come(&a->ending) && plan->reap_grace > 0 &&
		!plan->look_once) {
		if (first)
			queue(run, a);
		return;
	}
	if (!reaped)
		waiter_remove(run->waiter, &a->ref);
	settle(run, a);
}

// A cgroup changed: it is gone when it is empty. What cannot be read is still there.
static void cgroup_changed(struct run *run, struct awaited *a)
{
	if (a->state == AWAIT_GONE || cgroup_is_populated(a->cgroup))
		return;
	a->ending.unknown = ENDING_MANY;
	waiter_remove_file(run->waiter, a->cgroup->events);
	settle(run, a);
}

// ---- the deadline ----

struct signalling {
	const struct await_plan *plan;
	const struct awaited *of;
};

static void tell_unsent(struct pidref *ref, int error, void *data)
{
	const struct signalling *s = data;
	const struct awaited member = {.ref = *ref, .target = s->of->target};

	if (s->plan->unsent)
		s->plan->unsent(&member, error, s->plan->data);
}

static void signal_rest(struct run *run, int sig)
{
	const struct await_plan *plan = run->plan;

	for (size_t i = 0; i < run->count; i++) {
		const struct awaited *a = &run->list[i];

		if (a->state != AWAIT_RUNNING)
			continue;
		if (a->cgroup) {
			crowd_signal(a->cgroup, sig, tell_unsent, &(struct signalling){plan, a});
			continue;
		}
		int r = pidref_signal(&a->ref, sig, PIDREF_SCOPE_DEFAULT, NULL);
		if (r < 0 && r != -ESRCH && plan->unsent)
			plan->unsent(a, r, plan->data);
	}
}

// Send the next signal to those that are still there; after the last one, give up.
static void next_step(struct run *run)
{
	const struct await_plan *plan = run->plan;

	run->over = !plan->kill || plan->look_once || run->step == plan->kill->count;
	if (run->over)
		return;
	signal_rest(run, plan->kill->list[run->step].sig);
	int64_t wait = plan->kill->list[run->step++].wait;
	run->enough = run->count;
	run->limit = waiter_later(clock_now(), wait == STEPS_NO_LIMIT ? plan->reap_grace : wait);
}

static void limit_passed(struct run *run)
{
	const struct await_plan *plan = run->plan;

	// processes that died before the limit count as gone
	run->limit = WAITER_NEVER;
	expire(run, WAITER_NEVER);
	if (run->tally->gone >= run->enough)
		return;
	if (!run->overtime && plan->deadline)
		plan->deadline(plan->data);
	run->overtime = true;
	next_step(run);
}

static void timer_passed(struct run *run)
{
	int64_t time = clock_now();

	expire(run, time);
	if (time >= run->limit)
		limit_passed(run);
	if (time < run->tick)
		return;
	// skip ticks that were missed, and keep the rhythm
	run->tick += (time - run->tick) / run->plan->tick * run->plan->tick + run->plan->tick;
	if (run->plan->tick_call)
		run->plan->tick_call(run->plan->data);
}

// When the next timer is due.
static int64_t due(const struct run *run)
{
	int64_t next = run->limit < run->tick ? run->limit : run->tick;

	if (run->head != NONE && run->list[run->head].until < next)
		next = run->list[run->head].until;
	return next;
}

// ---- the loop ----

static int loop(struct run *run)
{
	unsigned events = 0;
	uint64_t tag = 0;

	while (!run->over && run->tally->gone < run->enough) {
		int r = waiter_next(run->waiter, due(run), &tag, &events);

		if (r == -ETIMEDOUT)
			timer_passed(run);
		else if (r < 0)
			return r;
		else if (events & WAITER_READY)
			run->plan->ready(run->plan->data);
		else if (run->list[tag].cgroup)
			cgroup_changed(run, &run->list[tag]);
		else
			changed(run, &run->list[tag], events & WAITER_REAPED);
	}
	return run->overtime ? -ETIMEDOUT : 0;
}

static int watch_all(struct run *run)
{
	int r = 0;

	if (run->plan->watch >= 0 && run->plan->ready)
		r = waiter_watch(run->waiter, run->plan->watch, run->count);
	for (size_t i = 0; i < run->count && !r; i++) {
		const struct awaited *a = &run->list[i];

		if (a->cgroup)
			r = waiter_add_file(run->waiter, a->cgroup->events, i);
		else if (pidref_is_held(&a->ref))
			r = waiter_add(run->waiter, &a->ref, i);
	}
	return r;
}

// The reap is reported as an event since Linux 6.9. The inodes of pidfds came with the same
// version, so they show whether it is.
static int check_reaps(struct run *run)
{
	for (size_t i = 0; i < run->count; i++)
		if (pidref_is_held(&run->list[i].ref))
			return pidref_learn_inode(&run->list[i].ref);
	return 0;
}

int await_run(struct awaited *list, size_t count, const struct await_plan *plan,
	struct await_tally *tally)
{
	struct run run = {
		.list = list,
		.count = count,
		.plan = plan,
		.tally = tally,
		.enough = plan->enough && plan->enough < count ? plan->enough : count,
		.head = NONE,
		.limit = WAITER_NEVER,
		.tick = WAITER_NEVER,
	};
	int64_t began = clock_now();

	*tally = (struct await_tally){0};
	int r = plan->reaped ? check_reaps(&run) : 0;
	if (!r)
		r = waiter_new(&run.waiter);
	if (!r)
		r = watch_all(&run);
	if (r < 0) {
		waiter_free(&run.waiter);
		return r;
	}
	// one pass with a limit that has already passed: it returns what is dead now
	if (plan->look_once)
		run.limit = began;
	else if (plan->limit)
		run.limit = waiter_later(began, plan->limit);
	if (plan->tick)
		run.tick = waiter_later(began, plan->tick);
	for (size_t i = 0; i < count; i++) {
		if (!is_there(&list[i]))
			settle(&run, &list[i]);
		// it may have become empty before it was watched
		else if (list[i].cgroup)
			cgroup_changed(&run, &list[i]);
	}
	r = loop(&run);
	waiter_free(&run.waiter);
	return r;
}

const char *await_problem(int error)
{
	switch (error) {
	case -EOPNOTSUPP:
		return "waiting needs Linux 5.3, and for the reap (--reaped) Linux 6.9";
	case -ENOSPC:
		return "too many processes to wait for (sysctl fs.epoll.max_user_watches)";
	default:
		return strerror(-error);
	}
}
