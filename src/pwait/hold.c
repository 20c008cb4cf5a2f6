// SPDX-License-Identifier: GPL-2.0-or-later
// hold.c: the targets of pwait and waitpid, held before the wait begins.
#include "config.h"

#include "base/fdlimit.h"
#include "handle/pidread.h"
#include "pwait/pwait.h"
#include "target/inside.h"
#include "tell/hold.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Whether it is this process. A wait for ourselves would never end.
static bool is_self(struct pidref *ref)
{
	struct pidref self;
	bool same = false;

	if (ref->pid && ref->pid != getpid())
		return false;
	if (!pidref_open(&self, getpid())) {
		same = pidref_same(ref, &self);
		pidref_close(&self);
	}
	return same;
}

static noreturn void die_without_memory(void)
{
	message_die(pwait_system_status(), "%s", strerror(ENOMEM));
}

// The exit status if a target cannot be held.
static int failure(int error)
{
	return (int)(target_status(error) == EXIT_SYSTEM ? pwait_system_status() : EXIT_NONE);
}

// Open the namespace to which the PIDs of the targets belong. False: it is ours.
static bool look_inside(struct pidns *ns, const struct options *o)
{
	const char *why;

	if (!o->in)
		return false;
	int r = inside_begin(ns, &o->in_target, &why);
	if (r < 0) {
		message_about(o->in, "%s", why);
		message_exit(failure(r));
	}
	return !r;
}

// Hold one target; if *in is not NULL, by its PID in that namespace. False: it must not be waited
// for.
static bool hold(const struct options *o, const struct pidns *in, const struct target *named,
	struct awaited *a)
{
	const char *text = o->in ? inside_label(named, o->in) : named->text;
	struct target t = *named;

	if (!text)
		die_without_memory();
	t.in = in;
	*a = (struct awaited){.ref = PIDREF_NULL, .target = text};
	int r = hold_target(&t, &a->ref);
	if (!r && is_self(&a->ref)) {
		message_about(text, "skipped: that is this program itself");
		pidref_close(&a->ref);
		return false;
	}
	if (!r)
		return true;
	if (!target_is_gone(r)) {
		message_about(text, "%s", target_problem(r));
		message_exit(failure(r));
	}
	// a PID of another namespace would be wrong here
	if (!in && t.kind & (TARGET_PID | TARGET_EXACT | TARGET_PROC))
		a->ref.pid = t.pid;
	a->ending.unknown = r == -ESTALE ? ENDING_RECYCLED : ENDING_BEFORE;
	a->error = (int16_t)r;
	return true;
}

void pwait_reserve(size_t count)
{
	size_t need = count + AWAIT_DESCRIPTORS;
	size_t allowed = 0;

	if (fdlimit_reserve(need, &allowed) < 0)
		message_die(pwait_system_status(),
			"%zu target%s %zu descriptors, the limit allows %zu more (ulimit -Hn)",
			count, count == 1 ? " needs" : "s need", need, allowed);
}

void pwait_hold(struct session *s)
{
	const struct options *o = s->o;
	struct pidns ns = PIDNS_NULL;

	pwait_reserve(o->targets.count + (o->in ? PIDNS_DESCRIPTORS : 0));
	s->w.list = calloc(o->targets.count, sizeof(*s->w.list));
	if (!s->w.list)
		die_without_memory();
	bool inside = look_inside(&ns, o);
	for (size_t i = 0; i < o->targets.count; i++)
		s->w.count +=
			hold(o, inside ? &ns : NULL, &o->targets.list[i], &s->w.list[s->w.count]);
	// the targets are held now, so the namespace is not needed any more
	pidns_close(&ns);
	ssize_t unique = await_unique(s->w.list, s->w.count);
	if (unique < 0)
		message_die(pwait_system_status(), "%s", strerror((int)-unique));
	s->w.count = (size_t)unique;
	for (size_t i = 0; i < s->w.count && !o->exited; i++)
		if (!pidref_is_held(&s->w.list[i].ref))
			message_about(
				s->w.list[i].target, "%s", target_problem(s->w.list[i].error));
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
	CLEANUP(buffer_free) struct buffer text = {0};

	pwait_forget_names(s);
	s->w.names = calloc(s->w.count + 1, sizeof(*s->w.names));
	if (!s->w.names)
		die_without_memory();
	for (size_t i = 0; i < s->w.count && s->proc; i++) {
		const struct pidref *ref = &s->w.list[i].ref;

		if (!pidref_is_held(ref) || pidref_comm(ref, s->proc, &text))
			continue;
		s->w.names[i] = strdup(buffer_text(&text));
		if (!s->w.names[i])
			die_without_memory();
	}
}
