// SPDX-License-Identifier: GPL-2.0-or-later
// resolve.c: the criteria that depend on named processes and on the time.
#include "config.h"

#include "base/clock.h"
#include "find/facts.h"
#include "pkill/lists.h"
#include "pkill/pkill.h"
#include "tell/hold.h"
#include "tell/memory.h"
#include "tell/message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The error of a target that could not be held: see open_named.
static int check_named(const struct options *o, const struct target *t, int error)
{
	// --appear looks again for the members of such a target
	const bool awaited = o->appear && t->kind & TARGET_MANY;
	const bool accepted = (o->if_any || awaited) && target_is_absent(error);

	if (error < 0 && error != -ESRCH && (!accepted || o->match.inverse || o->verbose))
		message_about(t->text, "%s", target_problem(error));
	if (error < 0 && !target_is_gone(error) &&
		(target_status(error) != EXIT_NONE || o->match.inverse || (o->if_any && !accepted)))
		message_exit((int)target_status(error));
	return error;
}

// Hold the process that *t names. On an error it names no process, so no process matches it. The
// error is reported unless it is -ESRCH, because a process that does not exist simply does not
// match, or --if-any accepts it. Exits if it cannot be known which process it is, and with
// --inverse if the target is wrong: then no other process may be selected in its place. With
// --if-any a wrong target is an error.
static int open_named(const struct options *o, const struct target *t, struct pidref *ref)
{
	return check_named(o, t, hold_target(t, ref));
}

static void add_pid(struct match_pids *pids, pid_t pid, uint64_t inode)
{
	pids->list = memory_grow(pids->list, pids->count, sizeof(*pids->list));
	pids->list[pids->count++] = (struct procid){pid, inode};
}

// From now on exactly this process is meant. Without inodes its PID is proof while it is held.
static void add_exact(struct criteria *c, struct pidref *ref)
{
	if (!pidref_learn_inode(ref)) {
		add_pid(&c->match.pids, ref->pid, ref->inode);
		pidref_close(ref);
		return;
	}
	c->list = memory_grow(c->list, c->count, sizeof(*c->list));
	add_pid(&c->match.pids, ref->pid, 0);
	c->list[c->count++] = pidref_take(ref);
}

// A process without a number here cannot be looked at.
static int take_exact(struct pidref *ref, void *data)
{
	if (!ref->pid) {
		int r = pidref_state(ref) == PIDREF_REAPED ? -ESRCH : -EREMOTE;

		pidref_close(ref);
		return r;
	}
	add_exact(data, ref);
	return 0;
}

static int by_pid(const void *a, const void *b)
{
	const struct procid *x = a;
	const struct procid *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

static void sort_pids(struct match_pids *pids)
{
	if (pids->count)
		qsort(pids->list, pids->count, sizeof(*pids->list), by_pid);
}

// The members of a target that names many may change until the next search. Nothing is reported
// again.
static void resolve_pids_again(struct criteria *c, const struct options *o)
{
	struct match_pids *pids = &c->match.pids;

	if (!(o->pids.kinds & TARGET_MANY))
		return;
	for (size_t i = 0; i < c->count; i++)
		pidref_close(&c->list[i]);
	c->count = pids->count = 0;
	for (size_t i = 0; i < o->pids.count; i++) {
		const struct target *t = &o->pids.list[i];
		struct found f = {.call = take_exact, .data = c};
		int r = 0;

		if (t->kind == TARGET_PID)
			add_pid(pids, t->pid, 0);
		else
			r = target_open_each(t, &f, NULL);
		if (r < 0 && target_status(r) != EXIT_NONE)
			message_about(t->text, "%s", target_problem(r));
		if (r < 0 && target_status(r) != EXIT_NONE)
			message_exit((int)target_status(r));
	}
	sort_pids(pids);
}

static void resolve_pids(struct criteria *c, const struct options *o)
{
	struct match_pids *pids = &c->match.pids;

	pids->given = true;
	for (size_t i = 0; i < o->pids.count; i++) {
		const struct target *t = &o->pids.list[i];

		if (t->kind == TARGET_PID)
			add_pid(pids, t->pid, 0);
		else
			check_named(o, t, hold_each(t, take_exact, c));
	}
	sort_pids(pids);
}

// ---- --exe, --cwd ----

static void find_file(struct files *all, const char *text)
{
	all->list = memory_grow(all->list, all->count, sizeof(*all->list));
	int r = file_open(&all->list[all->count], text);
	if (r == -ENOMEM)
		memory_checked(NULL);
	if (r < 0)
		message_die(r == -ENOENT || r == -ENOTDIR ? EXIT_NONE : EXIT_SYSTEM, "%s: %s", text,
			strerror(-r));
	all->count++;
}

// The length of the path without slashes at its end.
static size_t folder_length(const char *text, size_t len)
{
	while (len > 1 && text[len - 1] == '/')
		len--;
	return len;
}

// "DIR" or "DIR/**", with or without a slash at the end.
static void find_folder(struct files *all, const char *text)
{
	size_t len = folder_length(text, strlen(text));
	bool below = len >= 3 && !strncmp(text + len - 3, "/**", 3);

	if (below)
		len = folder_length(text, len > 3 ? len - 3 : 1);
	char *folder = memory_checked(strndup(text, len));
	find_file(all, folder);
	free(folder);
	all->list[all->count - 1].typed = text;
	all->list[all->count - 1].below = below;
}

static void resolve_files(struct criteria *c, const struct options *o)
{
	for (size_t i = 0; i < o->exes.count; i++)
		find_file(&c->exes, o->exes.list[i]);
	for (size_t i = 0; i < o->cwds.count; i++)
		find_folder(&c->cwds, o->cwds.list[i]);
	c->match.exes = o->exes.count ? &c->exes : NULL;
	c->match.cwds = o->cwds.count ? &c->cwds : NULL;
}

// ---- --not-pid, --under ----

static void keep(struct under *u, struct pidref *ref)
{
	u->list = memory_grow(u->list, u->count, sizeof(*u->list));
	u->list[u->count++] = pidref_take(ref);
}

static int take_spared(struct pidref *ref, void *data)
{
	struct criteria *c = data;
	bool exact = !pidref_learn_inode(ref);

	add_pid(&c->match.spared, ref->pid, exact ? ref->inode : 0);
	if (exact)
		pidref_close(ref);
	else
		keep(&c->spared, ref);
	return 0;
}

// If it is not known which processes are spared, none may be selected. One that is gone needs no
// mercy.
static void resolve_spared(struct criteria *c, const struct options *o)
{
	for (size_t i = 0; i < o->spared.count; i++) {
		const struct target *t = &o->spared.list[i];

		int r = hold_each(t, take_spared, c);
		if (r < 0 && r != -ESRCH)
			message_about(t->text, "%s", target_problem(r));
		if (r < 0 && !target_is_gone(r))
			message_exit((int)target_status(r));
	}
	sort_pids(&c->match.spared);
}

static int take_under(struct pidref *ref, void *data)
{
	if (under_is(data, ref) == 1)
		pidref_close(ref);
	else
		keep(data, ref);
	return 0;
}

static void resolve_under(struct criteria *c, const struct options *o)
{
	c->match.under = true;
	for (size_t i = 0; i < o->under.count; i++) {
		const struct target *t = &o->under.list[i];

		check_named(o, t, hold_each(t, take_under, &c->under));
	}
}

// ---- --parent, --pgroup, --session ----

static struct numbers *numbers_of(struct match *m, enum anchor_kind kind)
{
	return kind == ANCHOR_PARENT  ? &m->parents
	       : kind == ANCHOR_GROUP ? &m->groups
				      : &m->sessions;
}

static void add_anchor(struct criteria *c, const struct anchor *a)
{
	struct numbers *n = numbers_of(&c->match, a->kind);

	n->list = memory_grow(n->list, n->count, sizeof(*n->list));
	n->list[n->count++] = (uint64_t)a->number;
	c->anchors = memory_grow(c->anchors, c->anchor_count, sizeof(*c->anchors));
	c->anchors[c->anchor_count++] = *a;
}

// The list item "0": for --parent, processes whose parent we cannot see; otherwise our own group or
// session, whose number stays ours while we live.
static void add_own(struct criteria *c, enum anchor_kind kind)
{
	struct numbers *n = numbers_of(&c->match, kind);

	n->list = memory_grow(n->list, n->count, sizeof(*n->list));
	n->list[n->count++] = (uint64_t)(kind == ANCHOR_PARENT	? 0
					 : kind == ANCHOR_GROUP ? getpgrp()
								: getsid(0));
}

// Whether what the number stands for is held already: the parent, group or session that the held
// process began, or if `leader` is NULL, a group or session without it.
static bool is_known(struct criteria *c, enum anchor_kind kind, pid_t number, struct pidref *leader)
{
	for (size_t i = 0; i < c->anchor_count; i++) {
		struct anchor *a = &c->anchors[i];

		if (a->kind != kind || a->number != number ||
			pidref_is_held(&a->leader) != (leader != NULL))
			continue;
		if (leader ? pidref_same(&a->leader, leader) == 1 : anchor_holds(a) == 1)
			return true;
	}
	return false;
}

static void resolve_named(struct criteria *c, const struct options *o, enum anchor_kind kind,
	const struct target *t, const struct procfs *proc)
{
	CLEANUP(pidref_close) struct pidref ref = PIDREF_NULL;
	struct anchor a = ANCHOR_NULL;

	if (t->kind == TARGET_OWN_GROUP) {
		add_own(c, kind);
		return;
	}
	int r = open_named(o, t, &ref);
	if (is_known(c, kind, r ? t->pid : ref.pid, r ? NULL : &ref))
		return;
	if (!r)
		r = anchor_lead(&a, kind, &ref);
	// a group or session can outlive the process that began it
	else if (r == -ESRCH && t->kind == TARGET_PID && kind != ANCHOR_PARENT)
		r = anchor_search(&a, kind, t->pid, proc);
	else
		return;
	if (!r)
		add_anchor(c, &a);
	else if (r != -ESRCH)
		message_die(EXIT_SYSTEM, "%s: %s", t->text, target_problem(r));
}

static void resolve_all_named(
	struct criteria *c, const struct options *o, const struct procfs *proc)
{
	struct match *m = &c->match;

	for (enum anchor_kind kind = 0; kind < ANCHOR_KINDS; kind++) {
		numbers_of(m, kind)->given = o->named[kind].count;
		for (size_t i = 0; i < o->named[kind].count; i++)
			resolve_named(c, o, kind, &o->named[kind].list[i], proc);
		lists_sort(numbers_of(m, kind));
	}
}

// Whether the number, of which *p is a child or a member, still belongs to what was named.
static bool is_anchored(
	struct criteria *c, enum anchor_kind kind, pid_t number, const struct pidref *ref)
{
	bool known = false;

	for (size_t i = 0; i < c->anchor_count; i++) {
		struct anchor *a = &c->anchors[i];

		if (a->kind != kind || a->number != number)
			continue;
		known = true;
		if (anchor_takes(a, number, ref) == 1)
			return true;
	}
	// the item "0" needs no proof
	return !known;
}

bool pkill_is_meant(struct criteria *c, const struct proc *p, struct pidref *ref)
{
	const struct match *m = &c->match;

	for (size_t i = 0; i < c->count; i++)
		if (c->list[i].pid == ref->pid)
			return pidref_same(&c->list[i], ref) == 1;
	if (m->inverse)
		return true;
	if (m->ttys.count && !terminals_exist(&c->terminals, p->tty.data))
		return false;
	if (!c->anchor_count)
		return true;
	return (!m->parents.given || is_anchored(c, ANCHOR_PARENT, p->status.ppid, ref)) &&
	       (!m->groups.given || is_anchored(c, ANCHOR_GROUP, p->status.pgrp, ref)) &&
	       (!m->sessions.given || is_anchored(c, ANCHOR_SESSION, p->status.session, ref));
}

int pkill_is_spared(const struct criteria *c, struct pidref *ref)
{
	const struct match_pids *spared = &c->match.spared;

	for (size_t i = 0; i < spared->count; i++)
		if (spared->list[i].inode && pidref_is(ref, &spared->list[i]))
			return 1;
	return under_is(&c->spared, ref);
}

// ---- --ns, --older, --younger ----

static int hold_ns(struct criteria *c, const struct procfs *proc, const struct pidref *ref)
{
	struct match *m = &c->match;

	for (unsigned i = 0; i < MATCH_NS; i++) {
		if (!(m->ns_kinds >> i & 1))
			continue;
		int r = facts_hold_ns(ref, proc, i, &m->ns[i], &c->ns[i]);
		// a namespace that this kernel does not have, or a zombie has left, cannot be
		// compared
		if (r == -ENOENT)
			m->ns_kinds &= ~(1u << i);
		else if (r < 0)
			return r;
	}
	return 0;
}

static void resolve_ns(struct criteria *c, const struct options *o, const struct procfs *proc)
{
	struct pidref ref;

	int gone = open_named(o, &o->ns, &ref);
	if (gone == -ESRCH)
		message_about(o->ns.text, "%s", target_problem(gone));
	if (gone < 0)
		message_exit(EXIT_NONE);
	int r = hold_ns(c, proc, &ref);
	if (r < 0)
		message_die(r == -ESRCH ? EXIT_NONE : EXIT_SYSTEM, "--ns: the namespaces of %s: %s",
			o->ns.text, r == -ESRCH ? target_problem(r) : strerror(-r));
	if (!c->match.ns_kinds)
		message_die(EXIT_NONE, "--ns: %s has none of these namespaces", o->ns.text);
	pidref_close(&ref);
}

void pkill_let_go(struct criteria *c)
{
	for (size_t i = 0; i < c->count; i++)
		pidref_close(&c->list[i]);
	for (size_t i = 0; i < c->anchor_count; i++)
		anchor_close(&c->anchors[i]);
	free(c->list);
	free(c->anchors);
	free(c->match.pids.list);
	free(c->match.spared.list);
	files_free(&c->exes);
	files_free(&c->cwds);
	terminals_close(&c->terminals);
	under_free(&c->under);
	under_free(&c->spared);
	for (enum anchor_kind kind = 0; kind < ANCHOR_KINDS; kind++)
		free(numbers_of(&c->match, kind)->list);
	for (unsigned i = 0; i < MATCH_NS; i++)
		if (c->ns[i] >= 0)
			close(c->ns[i]);
}

// The tick at which a process of the age `age` started.
static int64_t start_when(int64_t age)
{
	int64_t start = clock_since_boot() - age;

	// rounded down, and -1 if that was before the boot
	return start >= 0 ? start / clock_tick() : -1;
}

static void resolve_ages(const struct options *o, struct match *m)
{
	if (m->older)
		m->older_than = start_when(o->older);
	if (m->younger)
		m->younger_than = start_when(o->younger) + 1;
}

void pkill_resolve_again(const struct options *o, struct criteria *c)
{
	resolve_pids_again(c, o);
	resolve_ages(o, &c->match);
}

void pkill_resolve(const struct options *o, const struct procfs *proc, struct criteria *out)
{
	*out = (struct criteria){.match = o->match};
	for (unsigned i = 0; i < MATCH_NS; i++)
		out->ns[i] = -1;
	if (o->pids.count)
		resolve_pids(out, o);
	resolve_files(out, o);
	terminals_open(&out->terminals, &o->match.ttys);
	resolve_spared(out, o);
	if (o->under.count)
		resolve_under(out, o);
	resolve_all_named(out, o, proc);
	if (o->ns_given)
		resolve_ns(out, o, proc);
	resolve_ages(o, &out->match);
}
