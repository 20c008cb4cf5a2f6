// SPDX-License-Identifier: GPL-2.0-or-later
// hold.c: the targets of pwait and waitpid, held before the wait begins.
#include "config.h"

#include "base/fdlimit.h"
#include "find/facts.h"
#include "mode/mode.h"
#include "pwait/pwait.h"
#include "target/inside.h"
#include "tell/hold.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Whether it is this process, whose PID is `own`. A wait for ourselves would never end.
static bool is_self(struct pidref *ref, pid_t own)
{
	struct pidref self;
	bool same = false;

	if (ref->pid && ref->pid != own)
		return false;
	if (!pidref_open(&self, own)) {
		same = pidref_same(ref, &self) == 1;
		pidref_close(&self);
	}
	return same;
}

static noreturn void die_without_memory(void)
{
	message_die(EXIT_SYSTEM, "%s", strerror(ENOMEM));
}

// The exit status if a target cannot be held.
static int failure(int error)
{
	return message_status(target_status(error));
}

// The targets while they are held.
struct holder {
	struct session *s;
	pid_t own;		// our PID: libc asks the kernel each time
	const struct pidns *in; // the namespace that the PIDs belong to; NULL: ours
	const struct target *target;
	const char *text; // the target in messages
	size_t room;	  // of the list
};

static noreturn void die_full(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	message_die(EXIT_SYSTEM, "more targets than descriptors: the limit is %llu (ulimit -Hn)",
		(unsigned long long)limit.rlim_max);
}

static void push(struct holder *h, const struct awaited *a)
{
	struct waiting *w = &h->s->w;

	if (w->count == h->room) {
		h->room *= 2;
		w->list = reallocarray(w->list, h->room, sizeof(*w->list));
		if (!w->list)
			die_without_memory();
	}
	w->list[w->count++] = *a;
}

// Wait for a held process, unless it is ourselves.
static int take(struct pidref *ref, void *data)
{
	struct holder *h = data;

	if (is_self(ref, h->own)) {
		message_about(h->text, "skipped: that is this program itself");
		pidref_close(ref);
	} else {
		push(h, &(struct awaited){.ref = *ref, .target = h->text});
	}
	return 0;
}

// Keep the target as one that was gone before.
static void push_gone(struct holder *h, int error)
{
	const struct target *t = h->target;
	struct awaited a = {
		.ref = PIDREF_NULL,
		.target = h->text,
		.ending.unknown = error == -ESTALE ? ENDING_RECYCLED : ENDING_BEFORE,
		.error = (int16_t)error,
	};

	// a PID of another namespace would be wrong here
	if (!h->in && t->kind & (TARGET_PID | TARGET_EXACT | TARGET_PROC))
		a.ref.pid = t->pid;
	push(h, &a);
}

// Wait until a cgroup is empty: in one place for all its processes, also those born later.
static int take_cgroup(struct holder *h, const struct target *t)
{
	struct cgroup *c = malloc(sizeof(*c));

	if (!c)
		die_without_memory();
	*c = CGROUP_NULL;
	int r = hold_cgroup(t, c);
	if (!r)
		r = cgroup_watch(c);
	if (!r)
		r = cgroup_has(c, getpid()) == 1 ? -FAULT_IN_CGROUP : cgroup_is_populated(c);
	if (r == 1) {
		push(h, &(struct awaited){.ref = PIDREF_NULL, .target = h->text, .cgroup = c});
		return 0;
	}
	cgroup_close(c);
	free(c);
	return r ? r : -FAULT_EMPTY_CGROUP;
}

// Hold what one target names.
static void hold(struct holder *h)
{
	const struct options *o = h->s->o;
	struct target t = *h->target;

	h->text = o->in ? inside_label(&t, o->in) : t.text;
	if (!h->text)
		die_without_memory();
	t.in = h->in;
	int r = t.kind & TARGET_JOINED ? take_cgroup(h, &t) : hold_each(&t, take, h);
	if (r == -EMFILE)
		die_full();
	if (r < 0 && !target_is_gone(r)) {
		message_about(h->text, "%s", target_problem(r));
		message_exit(failure(r));
	}
	if (r < 0)
		push_gone(h, r);
}

// Make sure that a wait for `count` targets has the descriptors that it needs.
static void reserve(size_t count)
{
	size_t need = count + AWAIT_DESCRIPTORS;
	size_t allowed = 0;

	if (fdlimit_reserve(need, &allowed) < 0)
		message_die(EXIT_SYSTEM,
			"%zu target%s %zu descriptors, the limit allows %zu more (ulimit -Hn)",
			count, count == 1 ? " needs" : "s need", need, allowed);
}

// Report a target that was gone before. For waitpid that is the end, as in util-linux, except with
// --exited.
static void tell_gone(const struct options *o, const struct awaited *a)
{
	const char *problem = target_problem(a->error);

	if (program_mode != MODE_WAITPID) {
		if (!o->exited)
			message_about(a->target, "%s", problem);
	} else if (!o->exited) {
		message_die(EXIT_NONE, "could not open PID %s: %s", a->target, problem);
	} else if (o->verbose) {
		message("PID %s has exited, skipping", a->target);
	}
}

void pwait_hold(struct session *s)
{
	const struct options *o = s->o;
	struct pidns ns = PIDNS_NULL;
	struct rlimit limit;
	size_t allowed;
	struct holder h = {.s = s, .own = getpid(), .room = o->targets.count};

	// a cgroup uses two
	bool pairs = o->targets.kinds & TARGET_JOINED;

	reserve(o->targets.count * (pairs ? 2 : 1) + (o->in ? PIDNS_DESCRIPTORS : 0));
	// how many processes these are is only known when they are held
	bool many = o->targets.kinds & (TARGET_MANY | TARGET_BEHIND);
	if (many)
		fdlimit_raise(&limit);
	s->w.list = calloc(h.room, sizeof(*s->w.list));
	if (!s->w.list)
		die_without_memory();
	h.in = o->in && hold_inside(&ns, &o->in_target) ? &ns : NULL;
	for (size_t i = 0; i < o->targets.count; i++) {
		h.target = &o->targets.list[i];
		hold(&h);
	}
	// the targets are held now, so the namespace is not needed any more
	pidns_close(&ns);
	if (many && fdlimit_reserve(AWAIT_DESCRIPTORS, &allowed) < 0)
		die_full();
	ssize_t unique = await_unique(s->w.list, s->w.count);
	if (unique < 0)
		message_die(EXIT_SYSTEM, "%s", strerror((int)-unique));
	s->w.count = (size_t)unique;
	for (size_t i = 0; i < s->w.count; i++)
		if (s->w.list[i].error)
			tell_gone(o, &s->w.list[i]);
	if (s->w.count && o->count > s->w.count)
		message_usage(
			"--count: %zu is more than the %zu processes named", o->count, s->w.count);
}

void pwait_forget_names(struct session *s)
{
	for (size_t i = 0; s->w.names && i < s->w.count; i++)
		free(s->w.names[i]);
	free(s->w.names);
	s->w.names = NULL;
}

// Read the names, for the output that shows them: after the reap they cannot be read any more.
void pwait_learn_names(struct session *s)
{
	pwait_forget_names(s);
	s->w.names = calloc(s->w.count + 1, sizeof(*s->w.names));
	if (!s->w.names)
		die_without_memory();
	for (size_t i = 0; i < s->w.count && s->proc; i++) {
		struct pidref *ref = &s->w.list[i].ref;

		if (pidref_is_held(ref))
			s->w.names[i] = facts_name(s->proc, ref);
	}
}
