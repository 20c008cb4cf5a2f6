// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "find/scan-prove.h"
#include "find/scan.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { STREAK = 4 }; // after this many matches in a row, the next process probably matches too

static bool needs_folders(const struct match *m)
{
	for (size_t i = 0; m->cwds && i < m->cwds->count; i++)
		if (m->cwds->list[i].below)
			return true;
	return false;
}

// Whether this kernel has what the criteria ask for. 0 or -EOPNOTSUPP.
static int check_kernel(const struct scan_plan *plan, const struct procfs *dir)
{
	const struct procdir own = procfs_dir(dir, getpid());
	struct stat st;

	return match_facts(plan->match) & FACT_CGROUP &&
			       procdir_stat(&own, "cgroup", &st) == -ENOENT
		       ? -EOPNOTSUPP
		       : 0;
}

int scan_begin(struct scan *s, const struct scan_plan *plan, const struct procfs *dir)
{
	const struct facts_source source = {
		.terminal = plan->terminal,
		.data = plan->terminal_data,
		.ns_kinds = plan->match->ns_kinds,
		.folders = needs_folders(plan->match),
		.interpreter = plan->match->program ? plan->match->program->interpreter : NULL,
		.under = plan->under,
		.under_data = plan->under_data,
	};

	*s = (struct scan){
		.plan = plan,
		.dir = dir,
		.tasks = PROCFS_NULL,
		.leader = PIDREF_NULL,
		.held = PIDREF_NULL,
		.now = facts_new(&source),
		.best = facts_new(&source),
		.number = plan->after,
		.self = getpid(),
	};
	int r = check_kernel(plan, dir);
	if (!r)
		r = walk_begin(&s->processes, dir);
	// if the ancestors cannot be found, stop: otherwise one of them could be selected
	if (!r && plan->ignore_ancestors)
		r = lineage_begin(&s->lineage);
	if (r < 0)
		scan_end(s);
	return r;
}

void scan_end(struct scan *s)
{
	pidref_close(&s->leader);
	pidref_close(&s->held);
	procfs_close(&s->tasks);
	walk_end(&s->processes);
	walk_end(&s->threads);
	facts_free(&s->now);
	facts_free(&s->best);
	idset_free(&s->seen);
	lineage_free(&s->lineage);
}

// ---- the next PID ----

// The next PID of /proc. If the search is repeated, and found something new, from the beginning.
static int walk_on(struct scan *s, pid_t *pid)
{
	int r = walk_next(&s->processes, pid);

	while (!r && s->plan->repeat && s->news && ++s->passes < SCAN_PASSES) {
		s->news = false;
		r = walk_begin(&s->processes, s->dir);
		if (!r)
			r = walk_next(&s->processes, pid);
	}
	return r;
}

// The next PID: from the list that was given, from the range, or from /proc.
static int next_process(struct scan *s, pid_t *pid)
{
	const struct match_pids *pids = &s->plan->match->pids;

	// with these two, processes that are not in the list matter as well
	bool listed = pids->given && !s->plan->match->inverse && !s->plan->explain;
	if (!listed && s->plan->last) {
		if (s->number >= s->plan->last)
			return 0;
		*pid = ++s->number;
		return 1;
	}
	if (!listed)
		return walk_on(s, pid);
	for (; s->at < pids->count; s->at++)
		if (!s->at || pids->list[s->at].pid != pids->list[s->at - 1].pid) {
			*pid = pids->list[s->at++].pid;
			return 1;
		}
	return 0;
}

// Hold the next process that has threads, and open its task folder.
static int next_leader(struct scan *s)
{
	pid_t pid;
	int r;

	while ((r = next_process(s, &pid)) > 0) {
		if (pid == s->self)
			continue;
		r = pidref_open(&s->leader, pid);
		if (r == -ESRCH)
			continue;
		if (r < 0)
			return r;
		r = procfs_open_tasks(s->dir, pid, &s->tasks);
		if (!r)
			return walk_begin(&s->threads, &s->tasks) < 0 ? -EIO : 1;
		pidref_close(&s->leader);
		if (r != -ENOENT && r != -ESRCH && r != -EACCES && r != -EPERM)
			return r;
	}
	return r;
}

static int next_thread(struct scan *s, pid_t *tid)
{
	for (;;) {
		int r = s->tasks.fd < 0 ? 0 : walk_next(&s->threads, tid);

		// if the process is gone, reading its folder gives an error at the end
		if (r > 0 || (r < 0 && r != -ENOENT && r != -ESRCH))
			return r;
		procfs_close(&s->tasks);
		pidref_close(&s->leader);
		r = next_leader(s);
		if (r <= 0)
			return r;
	}
}

// Turn to the next process or thread. 1, 0, -errno.
static int next_number(struct scan *s)
{
	pid_t pid;
	int r;

	if (s->plan->threads) {
		r = next_thread(s, &pid);
		if (r > 0)
			facts_begin(&s->now, &s->tasks, pid, s->leader.pid);
		return r;
	}
	do
		r = next_process(s, &pid);
	while (r > 0 && pid == s->self);
	if (r > 0)
		facts_begin(&s->now, s->dir, pid, pid);
	return r;
}

// ---- one process ----

static int pin(struct scan *s, struct pidref *ref)
{
	pid_t pid = s->now.proc.pid;

	if (!s->plan->threads)
		return pidref_open(ref, pid);
	int r = pidref_open_thread(ref, pid);
	// before Linux 6.9 threads cannot be held, but their folder belongs to their process
	if (r == -EINVAL)
		r = pidref_open(ref, s->leader.pid);
	return r == -ENOENT ? -ESRCH : r;
}

// Look at the process without a handle. 0: it is discarded; 1: it is not; -errno.
static int look(struct scan *s)
{
	const struct match *m = s->plan->match;
	unsigned want = match_first_look(m);

	if (want == FACT_IDS)
		want = s->now.no_ids ? FACT_STATUS : 0;
	while (want) {
		int r = facts_look(&s->now, want);
		if (r < 0)
			return r == -ESRCH ? 0 : r;
		if (s->plan->explain)
			return 1;
		enum match_verdict verdict = match(m, &s->now.proc, &want);
		if (verdict == MATCH_FAILED)
			return -ENOMEM;
		if (verdict != MATCH_UNKNOWN)
			return verdict == MATCH_YES;
		// what we may not see is never accepted
		if (!want)
			return 0;
		// further facts are read with a handle, except the full name that completes comm
		want &= FACT_NAME;
	}
	return 1;
}

// 1: the process, now held by *ref, matches; 0: it does not.
static int examine(struct scan *s, struct pidref *ref)
{
	struct pidref held;

	// skip the first look while every process matches, because everything would be read twice
	int r = s->streak < STREAK ? look(s) : 1;
	if (r <= 0)
		return r;
	r = pin(s, &held);
	if (r == -ESRCH)
		return 0;
	if (r < 0)
		return r;
	r = scan_prove(s, &held);
	if (r > 0)
		*ref = held;
	else
		pidref_close(&held);
	return r;
}

static int next_match(struct scan *s, struct pidref *ref)
{
	int r;

	while ((r = next_number(s)) > 0) {
		r = examine(s, ref);
		s->streak = r > 0 ? s->streak + 1 : 0;
		if (r)
			return r;
	}
	return r;
}

// ---- the newest or oldest ----

static bool is_better(const struct scan *s, const struct proc *a, const struct proc *b)
{
	bool younger = a->start != b->start ? a->start > b->start : a->pid > b->pid;

	return younger == (s->plan->which == SCAN_NEWEST);
}

static void refuse_other(struct scan *s, const struct proc *p)
{
	if (s->plan->explain)
		scan_refuse(s, p, SCAN_NOT_BEST);
}

static int find_best(struct scan *s)
{
	struct pidref ref;
	int r;

	while ((r = next_match(s, &ref)) > 0) {
		if (pidref_is_held(&s->held) && !is_better(s, &s->now.proc, &s->best.proc)) {
			refuse_other(s, &s->now.proc);
			pidref_close(&ref);
			continue;
		}
		if (pidref_is_held(&s->held))
			refuse_other(s, &s->best.proc);
		// swap, so that the buffers of both are reused
		struct facts better = s->now;
		s->now = s->best;
		s->best = better;
		pidref_close(&s->held);
		s->held = ref;
	}
	return r < 0 ? r : pidref_is_held(&s->held);
}

int scan_next(struct scan *s, struct pidref *ref, const struct proc **p)
{
	if (s->over)
		return 0;
	if (s->plan->which == SCAN_ALL) {
		int r = next_match(s, ref);

		if (r > 0)
			*p = &s->now.proc;
		s->over = r <= 0;
		return r;
	}
	s->over = true;
	int r = find_best(s);
	if (r > 0) {
		*ref = pidref_take(&s->held);
		*p = &s->best.proc;
	}
	return r;
}
