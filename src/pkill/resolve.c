// SPDX-License-Identifier: GPL-2.0-or-later
// resolve.c: the criteria that depend on named processes and on the time.
#include "config.h"

#include "find/facts.h"
#include "pkill/lists.h"
#include "pkill/pkill.h"
#include "tell/hold.h"
#include "tell/memory.h"
#include "tell/message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// The error of a target that could not be held: see open_named.
static int check_named(const struct options *o, const struct target *t, int error)
{
	if (error < 0 && error != -ESRCH)
		message_about(t->text, "%s", target_problem(error));
	if (error < 0 && !target_is_gone(error) &&
		(target_status(error) != EXIT_NONE || o->match.inverse))
		message_exit((int)target_status(error));
	return error;
}

// Hold the process that *t names. On an error it names no process, so no process matches it. The
// error is reported unless it is -ESRCH, because a process that does not exist simply does not
// match. Exits if it cannot be known which process it is, and with --inverse if the target is
// wrong: then no other process may be selected in its place.
static int open_named(const struct options *o, const struct target *t, struct pidref *ref)
{
	return check_named(o, t, hold_target(t, ref));
}

static void add_pid(struct options *o, pid_t pid, uint64_t inode)
{
	struct match_pids *pids = &o->match.pids;

	pids->list = memory_grow(pids->list, pids->count, sizeof(*pids->list));
	pids->list[pids->count++] = (struct procid){pid, inode};
}

// From now on exactly this process is meant. Without inodes its PID is proof while it is held.
static void add_exact(struct options *o, struct pidref *ref, struct held *held)
{
	if (ref->pid && !pidref_learn_inode(ref)) {
		add_pid(o, ref->pid, ref->inode);
		pidref_close(ref);
		return;
	}
	held->list = memory_grow(held->list, held->count, sizeof(*held->list));
	add_pid(o, ref->pid, 0);
	held->list[held->count++] = pidref_take(ref);
}

struct adding {
	struct options *o;
	struct held *held;
};

static int take_exact(struct pidref *ref, void *data)
{
	const struct adding *a = data;

	add_exact(a->o, ref, a->held);
	return 0;
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

		if (t->kind == TARGET_PID)
			add_pid(o, t->pid, 0);
		else
			check_named(o, t, hold_each(t, take_exact, &(struct adding){o, held}));
	}
	if (o->match.pids.count)
		qsort(o->match.pids.list, o->match.pids.count, sizeof(*o->match.pids.list), by_pid);
}

// ---- --parent, --pgroup, --session ----

static struct numbers *numbers_of(struct match *m, enum anchor_kind kind)
{
	return kind == ANCHOR_PARENT  ? &m->parents
	       : kind == ANCHOR_GROUP ? &m->groups
				      : &m->sessions;
}

static void add_anchor(struct options *o, struct held *held, const struct anchor *a)
{
	struct numbers *n = numbers_of(&o->match, a->kind);

	n->list = memory_grow(n->list, n->count, sizeof(*n->list));
	n->list[n->count++] = (uint64_t)a->number;
	held->anchors = memory_grow(held->anchors, held->anchor_count, sizeof(*held->anchors));
	held->anchors[held->anchor_count++] = *a;
}

// The list item "0": for --parent, processes whose parent we cannot see; otherwise our own group or
// session, whose number stays ours while we live.
static void add_own(struct options *o, enum anchor_kind kind)
{
	struct numbers *n = numbers_of(&o->match, kind);

	n->list = memory_grow(n->list, n->count, sizeof(*n->list));
	n->list[n->count++] = (uint64_t)(kind == ANCHOR_PARENT	? 0
					 : kind == ANCHOR_GROUP ? getpgrp()
								: getsid(0));
}

static void resolve_named(struct options *o, enum anchor_kind kind, const struct target *t,
	const struct procfs *proc, struct held *held)
{
	CLEANUP(pidref_close) struct pidref ref = PIDREF_NULL;
	struct anchor a = ANCHOR_NULL;

	if (t->kind == TARGET_OWN_GROUP) {
		add_own(o, kind);
		return;
	}
	int r = open_named(o, t, &ref);
	if (!r)
		r = anchor_lead(&a, kind, &ref);
	// a group or session can outlive the process that began it
	else if (r == -ESRCH && t->kind == TARGET_PID && kind != ANCHOR_PARENT)
		r = anchor_search(&a, kind, t->pid, proc);
	else
		return;
	if (!r)
		add_anchor(o, held, &a);
	else if (r != -ESRCH)
		message_die(EXIT_SYSTEM, "%s: %s", t->text, target_problem(r));
}

static void resolve_all_named(struct options *o, const struct procfs *proc, struct held *held)
{
	struct match *m = &o->match;

	for (enum anchor_kind kind = 0; kind < ANCHOR_KINDS; kind++) {
		numbers_of(m, kind)->given = o->named[kind].count;
		for (size_t i = 0; i < o->named[kind].count; i++)
			resolve_named(o, kind, &o->named[kind].list[i], proc, held);
		lists_sort(numbers_of(m, kind));
	}
}

// Whether the number, of which *p is a child or a member, still belongs to what was named.
static bool is_anchored(struct held *held, enum anchor_kind kind, pid_t number, struct pidref *ref)
{
	bool known = false;

	for (size_t i = 0; i < held->anchor_count; i++) {
		struct anchor *a = &held->anchors[i];

		if (a->kind != kind || a->number != number)
			continue;
		known = true;
		if (anchor_holds(a) != 1)
			continue;
		// this member may outlive those that are held, so hold it too
		if (kind != ANCHOR_PARENT)
			anchor_add(a, ref);
		return true;
	}
	// the item "0" needs no proof
	return !known;
}

bool pkill_is_meant(
	const struct options *o, struct held *held, const struct proc *p, struct pidref *ref)
{
	const struct match *m = &o->match;

	// before Linux 6.9 a process that was named exactly is recognised by its PID, while it is
	// held
	for (size_t i = 0; i < held->count; i++)
		if (held->list[i].pid == ref->pid)
			return !pidref_verify(&held->list[i]);
	if (m->inverse || !held->anchor_count)
		return true;
	return (!m->parents.given || is_anchored(held, ANCHOR_PARENT, p->status.ppid, ref)) &&
	       (!m->groups.given || is_anchored(held, ANCHOR_GROUP, p->status.pgrp, ref)) &&
	       (!m->sessions.given || is_anchored(held, ANCHOR_SESSION, p->status.session, ref));
}

// ---- --ns, --older, --younger ----

static int hold_ns(
	struct options *o, const struct procfs *proc, const struct pidref *ref, struct held *held)
{
	struct match *m = &o->match;

	for (unsigned i = 0; i < MATCH_NS; i++) {
		if (!(m->ns_kinds >> i & 1))
			continue;
		int r = facts_hold_ns(ref, proc, i, &m->ns[i], &held->ns[i]);
		// a namespace that this kernel does not have, or a zombie has left, cannot be
		// compared
		if (r == -ENOENT)
			m->ns_kinds &= ~(1u << i);
		else if (r < 0)
			return r;
	}
	return 0;
}

static void resolve_ns(struct options *o, const struct procfs *proc, struct held *held)
{
	struct pidref ref;

	int gone = open_named(o, &o->ns, &ref);
	if (gone == -ESRCH)
		message_about(o->ns.text, "%s", target_problem(gone));
	if (gone < 0)
		message_exit(EXIT_NONE);
	int r = hold_ns(o, proc, &ref, held);
	if (r < 0)
		message_die(r == -ESRCH ? EXIT_NONE : EXIT_SYSTEM, "--ns: the namespaces of %s: %s",
			o->ns.text, r == -ESRCH ? target_problem(r) : strerror(-r));
	if (!o->match.ns_kinds)
		message_die(EXIT_NONE, "--ns: %s has none of these namespaces", o->ns.text);
	pidref_close(&ref);
}

void pkill_let_go(struct held *held)
{
	for (size_t i = 0; i < held->count; i++)
		pidref_close(&held->list[i]);
	for (size_t i = 0; i < held->anchor_count; i++)
		anchor_close(&held->anchors[i]);
	free(held->list);
	free(held->anchors);
	for (unsigned i = 0; i < MATCH_NS; i++)
		if (held->ns[i] >= 0)
			close(held->ns[i]);
	*held = HELD_NULL;
}

// The tick at which a process of the age `age` started.
static int64_t start_when(int64_t age)
{
	int64_t tick = 1000000000 / sysconf(_SC_CLK_TCK);
	struct timespec uptime;

	clock_gettime(CLOCK_BOOTTIME, &uptime);
	int64_t start = (int64_t)uptime.tv_sec * 1000000000 + uptime.tv_nsec - age;
	// rounded down, and -1 if that was before the boot
	return start >= 0 ? start / tick : -1;
}

void pkill_resolve(struct options *o, const struct procfs *proc, struct held *held)
{
	if (o->pids.count)
		resolve_pids(o, held);
	resolve_all_named(o, proc, held);
	if (o->ns_given)
		resolve_ns(o, proc, held);
	if (o->match.older)
		o->match.older_than = start_when(o->older);
	if (o->match.younger)
		o->match.younger_than = start_when(o->younger) + 1;
}
