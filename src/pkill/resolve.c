// SPDX-License-Identifier: GPL-2.0-or-later
// resolve.c: the criteria that depend on named processes and on the time.
#include "config.h"

#include "base/clock.h"
#include "base/fdlimit.h"
#include "find/facts.h"
#include "pkill/lists.h"
#include "pkill/pkill.h"
#include "tell/hold.h"
#include "tell/memory.h"
#include "tell/message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// The error of a target that could not be held: see open_named. `awaited`: it is looked up again.
static int check_named(const struct options *o, const struct target *t, int error, bool awaited)
{
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
	return check_named(o, t, hold_target(t, ref), false);
}

static void add_pid(struct match_pids *pids, pid_t pid, uint64_t inode)
{
	pids->list = memory_grow(pids->list, pids->count, sizeof(*pids->list));
	pids->list[pids->count++] = (struct procid){pid, inode};
}

static void keep(struct under *u, struct pidref *ref)
{
	u->list = memory_grow(u->list, u->count, sizeof(*u->list));
	u->list[u->count++] = pidref_take(ref);
}

// From now on exactly this process is meant. Without inodes its PID is proof while it is held.
static int take(struct pidref *ref, void *data)
{
	struct resolved *n = data;
	bool exact = !pidref_learn_inode(ref);

	add_pid(&n->ids, ref->pid, exact ? ref->inode : 0);
	if (exact)
		pidref_close(ref);
	else
		keep(&n->held, ref);
	return 0;
}

// A process without a number here cannot be looked at.
static int take_numbered(struct pidref *ref, void *data)
{
	int r = ref->pid ? 0 : pidref_state(ref) == PIDREF_REAPED ? -ESRCH : -EREMOTE;

	if (!r)
		return take(ref, data);
	pidref_close(ref);
	return r;
}

static int take_under(struct pidref *ref, void *data)
{
	struct resolved *n = data;

	if (under_is(&n->held, ref) == 1)
		pidref_close(ref);
	else
		keep(&n->held, ref);
	return 0;
}

static int by_pid(const void *a, const void *b)
{
	const struct procid *x = a;
	const struct procid *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

// The criteria get a sorted copy.
static void sort_pids(struct match_pids *out, const struct resolved *n)
{
	free(out->list);
	out->list = memory_array(n->ids.count, sizeof(*out->list));
	out->count = n->ids.count;
	if (out->count) {
		memcpy(out->list, n->ids.list, out->count * sizeof(*out->list));
		qsort(out->list, out->count, sizeof(*out->list), by_pid);
	}
}

// Whether what it names can be another process at the next search. A PID is not looked up again,
// because its next owner is another process (see name_one), and a pipe can be read only once.
static bool is_looked_up(const struct target *t)
{
	struct stat st;

	if (t->kind == TARGET_PIDFILE)
		return strcmp(t->name, "-") != 0 && (stat(t->name, &st) < 0 || S_ISREG(st.st_mode));
	return t->kind & (TARGET_MANY | TARGET_UNIX);
}

// If it is not known which processes are spared, none may be selected. One that is gone needs no
// mercy.
static void check_spared(const struct target *t, int error)
{
	if (error < 0 && error != -ESRCH)
		message_about(t->text, "%s", target_problem(error));
	if (error < 0 && !target_is_gone(error))
		message_exit((int)target_status(error));
}

// The same at a further search. What is absent is not reported again.
static void check_again(const struct target *t, int error, bool spared)
{
	if (error == 0 || target_is_absent(error) || (!spared && target_status(error) == EXIT_NONE))
		return;
	message_about(t->text, "%s", target_problem(error));
	message_exit((int)target_status(error));
}

static void name_one(struct resolved *n, const struct options *o, size_t i)
{
	const struct target *t = &n->targets->list[i];

	// one search opens the PID itself; for several, the process that has it now is meant
	if (t->kind == TARGET_PID && n->take == take_numbered && !o->until_none && !o->appear)
		add_pid(&n->ids, t->pid, 0);
	else if (n->targets == &o->spared)
		check_spared(t, hold_each(t, n->take, n));
	else if (check_named(o, t, hold_each(t, n->take, n), o->appear && n->again[i]) == -ESRCH &&
		 o->appear && !n->again[i])
		// it will never appear
		message_about(t->text, "%s", target_problem(-ESRCH));
}

static struct resolved resolve_list(
	const struct options *o, const struct targets *targets, target_found *take_one)
{
	struct resolved n = {.targets = targets, .take = take_one};

	n.again = memory_array(targets->count + 1, sizeof(*n.again));
	for (size_t i = 0; i < targets->count; i++) {
		n.again[i] = is_looked_up(&targets->list[i]);
		if (!n.again[i])
			name_one(&n, o, i);
	}
	n.fixed_ids = n.ids.count;
	n.fixed_held = n.held.count;
	for (size_t i = 0; i < targets->count; i++)
		if (n.again[i])
			name_one(&n, o, i);
	return n;
}

static void resolve_list_again(struct resolved *n, bool spared)
{
	while (n->held.count > n->fixed_held)
		pidref_close(&n->held.list[--n->held.count]);
	n->ids.count = n->fixed_ids;
	for (size_t i = 0; i < n->targets->count; i++) {
		struct found f = {.call = n->take, .data = n};

		if (n->again[i])
			check_again(&n->targets->list[i],
				target_open_each(&n->targets->list[i], &f, NULL), spared);
	}
}

// ---- --exe, --cwd ----

// False: there can be no such file, and --if-any accepts that.
static bool find_file(struct files *all, const struct options *o, const char *text)
{
	all->list = memory_grow(all->list, all->count, sizeof(*all->list));
	int r = file_open(&all->list[all->count], text);
	if (r == -ENOMEM)
		memory_checked(NULL);
	const bool absent = r == -ENOENT || r == -ENOTDIR;
	if (absent && o->if_any && !o->match.inverse)
		return false;
	if (r < 0)
		message_die(absent ? EXIT_NONE : EXIT_SYSTEM, "%s: %s", text, strerror(-r));
	all->count++;
	return true;
}

// The length of the path without slashes at its end.
static size_t folder_length(const char *text, size_t len)
{
	while (len > 1 && text[len - 1] == '/')
		len--;
	return len;
}

// "DIR" or "DIR/**", with or without a slash at the end.
static void find_folder(struct files *all, const struct options *o, const char *text)
{
	size_t len = folder_length(text, strlen(text));
	bool below = len >= 3 && !strncmp(text + len - 3, "/**", 3);

	if (below)
		len = folder_length(text, len > 3 ? len - 3 : 1);
	char *folder = memory_checked(strndup(text, len));
	if (find_file(all, o, folder)) {
		all->list[all->count - 1].typed = text;
		all->list[all->count - 1].below = below;
	}
	free(folder);
}

static void resolve_files(struct criteria *c, const struct options *o)
{
	for (size_t i = 0; i < o->exes.count; i++)
		find_file(&c->exes, o, o->exes.list[i]);
	for (size_t i = 0; i < o->cwds.count; i++)
		find_folder(&c->cwds, o, o->cwds.list[i]);
	c->match.exes = o->exes.count ? &c->exes : NULL;
	c->match.cwds = o->cwds.count ? &c->cwds : NULL;
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

// A group or session can outlive the process that began it.
static int search_anchor(struct anchor *a, const struct options *o, enum anchor_kind kind,
	pid_t number, const struct procfs *proc)
{
	int r = anchor_search(a, &(struct anchor_query){.kind = kind, .number = number}, proc);

	// each member that was listed may have ended, after it started the next one
	if (r == -ESRCH && o->until_none) {
		a->kind = kind;
		a->number = number;
		return 0;
	}
	return r;
}

static void resolve_anchor(struct criteria *c, const struct options *o, enum anchor_kind kind,
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
	else if (r == -ESRCH && t->kind == TARGET_PID && kind != ANCHOR_PARENT)
		r = search_anchor(&a, o, kind, t->pid, proc);
	else
		return;
	// a wait harms no process, and one that ends too early is wrong
	a.follows = kind != ANCHOR_PARENT && o->until_none;
	if (!r)
		add_anchor(c, &a);
	else if (r != -ESRCH)
		message_die(EXIT_SYSTEM, "%s: %s", t->text, target_problem(r));
}

static void resolve_anchors(struct criteria *c, const struct options *o, const struct procfs *proc)
{
	struct match *m = &c->match;

	for (enum anchor_kind kind = 0; kind < ANCHOR_KINDS; kind++) {
		numbers_of(m, kind)->given = o->named[kind].count;
		for (size_t i = 0; i < o->named[kind].count; i++)
			resolve_anchor(c, o, kind, &o->named[kind].list[i], proc);
		lists_sort(numbers_of(m, kind));
	}
}

// Whether the number, of which *ref is a child or a member, still belongs to what was named. 1, 0
// or -errno.
static int is_anchored(
	struct criteria *c, enum anchor_kind kind, pid_t number, const struct pidref *ref)
{
	bool known = false;

	for (size_t i = 0; i < c->anchor_count; i++) {
		struct anchor *a = &c->anchors[i];

		if (a->kind != kind || a->number != number)
			continue;
		known = true;
		int r = anchor_takes(a, number, ref);
		if (r == 1 || (r < 0 && r != -ESRCH && r != -EACCES))
			return r;
	}
	// the item "0" needs no proof
	return !known;
}

int pkill_is_meant(struct criteria *c, const struct proc *p, struct pidref *ref)
{
	const struct match *m = &c->match;
	int r = 1;

	for (size_t i = 0; i < c->pids.held.count; i++)
		if (c->pids.held.list[i].pid == ref->pid &&
			pidref_same(&c->pids.held.list[i], ref) != 1)
			return 0;
	if (m->inverse)
		return 1;
	if (m->ttys.count && !terminals_exist(&c->terminals, p->tty.data))
		return 0;
	if (c->anchor_count && m->parents.given)
		r = is_anchored(c, ANCHOR_PARENT, p->status.ppid, ref);
	if (r == 1 && c->anchor_count && m->groups.given)
		r = is_anchored(c, ANCHOR_GROUP, p->status.pgrp, ref);
	if (r == 1 && c->anchor_count && m->sessions.given)
		r = is_anchored(c, ANCHOR_SESSION, p->status.session, ref);
	return r;
}

int pkill_is_spared(const struct criteria *c, struct pidref *ref)
{
	const struct match_pids *spared = &c->match.spared;

	for (size_t i = 0; i < spared->count; i++)
		if (spared->list[i].inode && pidref_is(ref, &spared->list[i]))
			return 1;
	return under_is(&c->spared.held, ref);
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

// No process is in the namespaces of one that is gone.
static void match_no_ns(struct match *m)
{
	for (unsigned i = 0; i < MATCH_NS; i++)
		m->ns[i] = UINT64_MAX;
}

static void resolve_ns(struct criteria *c, const struct options *o, const struct procfs *proc)
{
	CLEANUP(pidref_close) struct pidref ref = PIDREF_NULL;
	const bool may_be_gone = (o->if_any || o->until_none) && !o->match.inverse;

	int r = open_named(o, &o->ns, &ref);
	const bool found = !r;
	if (found)
		r = hold_ns(c, proc, &ref);
	if (r == -ESRCH && (!may_be_gone || !o->if_any || o->verbose))
		message_about(o->ns.text, "%s", target_problem(r));
	if (may_be_gone && target_is_absent(r))
		match_no_ns(&c->match);
	else if (r == -ESRCH || (r < 0 && !found))
		message_exit(EXIT_NONE);
	else if (r < 0)
		message_die(
			EXIT_SYSTEM, "--ns: the namespaces of %s: %s", o->ns.text, strerror(-r));
	else if (!c->match.ns_kinds)
		message_die(EXIT_NONE, "--ns: %s has none of these namespaces", o->ns.text);
}

static void free_resolved(struct resolved *n)
{
	free(n->again);
	free(n->ids.list);
	under_free(&n->held);
}

void pkill_let_go(struct criteria *c)
{
	for (size_t i = 0; i < c->anchor_count; i++)
		anchor_close(&c->anchors[i]);
	free(c->anchors);
	free(c->match.pids.list);
	free(c->match.spared.list);
	files_free(&c->exes);
	files_free(&c->cwds);
	terminals_close(&c->terminals);
	free_resolved(&c->pids);
	free_resolved(&c->under);
	free_resolved(&c->spared);
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
	resolve_list_again(&c->pids, false);
	resolve_list_again(&c->under, false);
	resolve_list_again(&c->spared, true);
	sort_pids(&c->match.pids, &c->pids);
	sort_pids(&c->match.spared, &c->spared);
	resolve_ages(o, &c->match);
}

// What these options name needs a descriptor each, or more.
static void make_room(const struct options *o)
{
	size_t count =
		o->pids.count + o->spared.count + o->under.count + o->exes.count + o->cwds.count;
	struct rlimit before;

	for (enum anchor_kind kind = 0; kind < ANCHOR_KINDS; kind++)
		count += o->named[kind].count;
	if (count)
		fdlimit_raise(&before);
}

void pkill_resolve(const struct options *o, const struct procfs *proc, struct criteria *out)
{
	make_room(o);
	*out = (struct criteria){.match = o->match};
	for (unsigned i = 0; i < MATCH_NS; i++)
		out->ns[i] = -1;
	out->pids = resolve_list(o, &o->pids, take_numbered);
	resolve_files(out, o);
	terminals_open(&out->terminals, &o->match.ttys);
	out->spared = resolve_list(o, &o->spared, take);
	out->under = resolve_list(o, &o->under, take_under);
	out->match.pids.given = o->pids.count;
	out->match.under = o->under.count;
	sort_pids(&out->match.pids, &out->pids);
	sort_pids(&out->match.spared, &out->spared);
	resolve_anchors(out, o, proc);
	if (o->ns_given)
		resolve_ns(out, o, proc);
	resolve_ages(o, &out->match);
}
