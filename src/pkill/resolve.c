// SPDX-License-Identifier: GPL-2.0-or-later
// resolve.c: the criteria that depend on named processes and on the time.
#include "config.h"

#include "find/facts.h"
#include "pkill/pkill.h"
#include "target/pidfile.h"
#include "tell/message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static noreturn void die_of(const char *what, const char *problem)
{
	message_die(EXIT_SYSTEM, "%s: %s", what, problem);
}

// Hold what *t names. -errno: it is gone, so nothing is it; told unless it is -ESRCH, for a
// process that is just not there does not match.
static int open_named(const struct target *t, const char *what, struct pidref *ref)
{
	int r = target_open(t, ref);
	const char *doubt = r < 0 ? NULL : target_doubt(t, ref);

	if (doubt)
		message_about(t->text, "%s", doubt);
	if (!r)
		return 0;
	if (target_is_gone(r)) {
		if (r != -ESRCH)
			message_about(t->text, "%s", target_problem(r));
		return r;
	}
	if (target_is_wrong(r) && t->kind == TARGET_PIDFILE) {
		message_about(t->text, "%s", target_problem(r));
		return r;
	}
	if (target_is_wrong(r))
		message_usage("%s: '%s': %s", what, t->text, target_problem(r));
	message_die(EXIT_SYSTEM, "%s: %s: %s", what, t->text, target_problem(r));
}

static void add_pid(struct options *o, pid_t pid, uint64_t inode)
{
	struct match_pids *pids = &o->match.pids;

	pids->list = pkill_grow(pids->list, pids->count, sizeof(*pids->list));
	pids->list[pids->count++] = (struct match_pid){pid, inode};
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
	const struct match_pid *x = a;
	const struct match_pid *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

static void resolve_pids(struct options *o, struct held *held)
{
	o->match.pids.given = true;
	for (size_t i = 0; i < o->pid_count; i++) {
		struct pidref ref;

		if (o->pids[i].kind == TARGET_PID)
			add_pid(o, o->pids[i].pid, 0);
		else if (!open_named(&o->pids[i], "--pid", &ref))
			add_exact(o, &ref, held);
	}
	if (o->match.pids.count)
		qsort(o->match.pids.list, o->match.pids.count, sizeof(*o->match.pids.list), by_pid);
}

// ---- --pidfile ----

// Whether the process is one that the file can be about; says why not.
static bool is_credible(const struct options *o, const struct pidfile *file, struct pidref *ref,
	const struct procfs *proc)
{
	enum pidfile_age age;

	int r = pidfile_age_of(file, ref, proc, &age);
	if (r == -ESRCH)
		return false;
	if (r < 0)
		die_of(o->pidfile, strerror(-r));
	if (age == PIDFILE_STEPPED)
		message_about(o->pidfile,
			"the clock was set since it was written, so it may be stale; going on");
	if (age == PIDFILE_FRESH || age == PIDFILE_STEPPED || o->stale_ok)
		return true;
	message_about(o->pidfile,
		age == PIDFILE_STALE ? "stale: process %d started after the file was written"
				     : "stale: the file is older than this boot, process %d is "
				       "another one",
		(int)ref->pid);
	return false;
}

static void resolve_pidfile(struct options *o, const struct procfs *proc, struct held *held)
{
	struct pidfile_demands demands = {.locked = o->locked, .trusted = o->trust_pidfile};
	struct pidfile file = {0};
	struct pidref ref;
	const char *why;

	if (pidfile_read(&file, o->pidfile, &demands, &why) < 0) {
		message_about(o->pidfile, "%s", why);
		message_exit(EXIT_NONE);
	}
	if (file.has_more)
		message_about(o->pidfile, "only the first word, %s, is used", file.first);
	o->match.pids.given = true;
	if (open_named(&file.target, o->pidfile, &ref) < 0)
		return;
	if (is_credible(o, &file, &ref, proc))
		add_exact(o, &ref, held);
	else
		pidref_close(&ref);
}

// ---- --ns, --older, --younger ----

static void resolve_ns(struct options *o, const struct procfs *proc)
{
	struct facts facts = facts_new(NULL, o->match.ns_kinds);
	struct pidref ref;

	int gone = open_named(&o->ns, "--ns", &ref);
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
	if (o->pids_given)
		resolve_pids(o, held);
	if (o->pidfile)
		resolve_pidfile(o, proc, held);
	if (o->ns_given)
		resolve_ns(o, proc);
	if (o->match.older)
		o->match.older_than = start_when(o->older);
	if (o->match.younger)
		o->match.younger_than = start_when(o->younger) + 1;
}
