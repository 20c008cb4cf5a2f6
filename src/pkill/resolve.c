// SPDX-License-Identifier: GPL-2.0-or-later
// resolve.c: the criteria that depend on named processes and on the time.
#include "config.h"

#include "find/facts.h"
#include "pkill/pkill.h"
#include "tell/hold.h"
#include "tell/message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// Hold what *t names. An error: it names no process, so none is it; said unless it is -ESRCH, for a
// process that is just not there does not match. Leaves where it cannot be known which it is: then
// none may be taken for another one either.
static int open_named(const struct options *o, const struct target *t, struct pidref *ref)
{
	int r = hold_target(t, ref);

	if (r < 0 && r != -ESRCH)
		message_about(t->text, "%s", target_problem(r));
	if (r < 0 && !target_is_gone(r) && (target_status(r) == EXIT_SYSTEM || o->match.inverse))
		message_exit((int)target_status(r));
	return r;
}

static void add_pid(struct options *o, pid_t pid, uint64_t inode)
{
	struct match_pids *pids = &o->match.pids;

	pids->list = pkill_grow(pids->list, pids->count, sizeof(*pids->list));
	pids->list[pids->count++] = (struct procid){pid, inode};
}

// From now on that very process is meant. Without inodes its number says so while it is held.
static void add_exact(struct options *o, struct pidref *ref, struct held *held)
{
	if (ref->pid && !pidref_learn_inode(ref)) {
		add_pid(o, ref->pid, ref->inode);
		pidref_close(ref);
		return;
	}
	held->list = pkill_grow(held->list, held->count, sizeof(*held->list));
	add_pid(o, ref->pid, 0);
	held->list[held->count++] = pidref_take(ref);
}

static int by_pid(const void *a, const void *b)
{
	const struct procid *x = a;
	const struct procid *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

static void resolve_pids(struct options *o, struct held *held)
{
	o->match.pids.given = true;
	for (size_t i = 0; i < o->pids.count; i++) {
		const struct target *t = &o->pids.list[i];
		struct pidref ref;

		if (t->kind == TARGET_PID)
			add_pid(o, t->pid, 0);
		else if (!open_named(o, t, &ref))
			add_exact(o, &ref, held);
	}
	if (o->match.pids.count)
		qsort(o->match.pids.list, o->match.pids.count, sizeof(*o->match.pids.list), by_pid);
}

// ---- --ns, --older, --younger ----

static void resolve_ns(struct options *o, const struct procfs *proc)
{
	struct facts facts = facts_new(NULL, o->match.ns_kinds);
	struct pidref ref;

	int gone = open_named(o, &o->ns, &ref);
	if (gone == -ESRCH)
		message_about(o->ns.text, "%s", target_problem(gone));
	if (gone < 0)
		message_exit(EXIT_NONE);
	int r = facts_of(&facts, proc, FACT_NS, &ref);
	if (!r && !(facts.proc.known & FACT_NS))
		r = -EACCES;
	if (r < 0)
		message_die(r == -ESRCH ? EXIT_NONE : EXIT_SYSTEM, "--ns: the namespaces of %s: %s",
			o->ns.text, r == -ESRCH ? target_problem(r) : strerror(-r));
	for (unsigned i = 0; i < MATCH_NS; i++) {
		o->match.ns[i] = facts.proc.ns[i];
		// what this kernel lacks, or a zombie has no more, cannot be compared
		if (!facts.proc.ns[i])
			o->match.ns_kinds &= ~(1u << i);
	}
	if (!o->match.ns_kinds)
		message_die(EXIT_NONE, "--ns: %s has none of these namespaces", o->ns.text);
	pidref_close(&ref);
	facts_free(&facts);
}

// The tick in which a process started that is as old as `age`.
static int64_t start_when(int64_t age)
{
	int64_t tick = 1000000000 / sysconf(_SC_CLK_TCK);
	struct timespec uptime;

	clock_gettime(CLOCK_BOOTTIME, &uptime);
	int64_t start = (int64_t)uptime.tv_sec * 1000000000 + uptime.tv_nsec - age;
	return start >= 0 ? start / tick : -1;
}

void pkill_resolve(struct options *o, const struct procfs *proc, struct held *held)
{
	if (o->pids.count)
		resolve_pids(o, held);
	if (o->ns_given)
		resolve_ns(o, proc);
	if (o->match.older)
		o->match.older_than = start_when(o->older);
	if (o->match.younger)
		o->match.younger_than = start_when(o->younger) + 1;
}
