// SPDX-License-Identifier: GPL-2.0-or-later
// pwait-hold.c: the targets of pwait and waitpid, held before anything is waited for.
#include "config.h"

#include "fdlimit.h"
#include "pwait.h"
#include "target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Whether it is this very process: to wait for oneself is to wait for ever.
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

// Hold one target. false: it is not to be waited for.
static bool hold(const char *text, struct awaited *a)
{
	const char *why;
	struct target t;

	*a = (struct awaited){.ref = PIDREF_NULL, .target = text};
	target_parse(&t, pwait_target_word(text), TARGET_ONE, &why);
	int r = target_open(&t, &a->ref);
	if (!r && is_self(&a->ref)) {
		message_about(text, "skipped: that is this program itself");
		pidref_close(&a->ref);
		return false;
	}
	if (!r)
		return true;
	if (!target_is_gone(r)) {
		message_about(text, "%s", target_problem(r));
		message_exit((int)pwait_system_status());
	}
	if (t.kind & (TARGET_PID | TARGET_EXACT))
		a->ref.pid = t.pid;
	a->ending.unknown = r == -ESTALE ? ENDING_RECYCLED : ENDING_BEFORE;
	a->error = r;
	return true;
}

void pwait_reserve(size_t count)
{
	size_t need = count + AWAIT_DESCRIPTORS;
	size_t allowed = 0;

	if (fdlimit_reserve(need, &allowed) < 0)
		message_die(pwait_system_status(),
			"%zu targets need %zu descriptors, the limit allows %zu more (ulimit -Hn)",
			count, need, allowed);
}

void pwait_hold(struct session *s)
{
	const struct options *o = s->o;

	pwait_reserve(o->target_count);
	s->list = calloc(o->target_count, sizeof(*s->list));
	if (!s->list)
		message_die(pwait_system_status(), "%s", strerror(ENOMEM));
	for (size_t i = 0; i < o->target_count; i++)
		s->count += hold(o->targets[i], &s->list[s->count]);
	ssize_t unique = await_unique(s->list, s->count);
	if (unique < 0)
		message_die(pwait_system_status(), "%s", strerror((int)-unique));
	s->count = (size_t)unique;
	for (size_t i = 0; i < s->count && !o->exited; i++)
		if (s->list[i].ref.fd < 0)
			message_about(s->list[i].target, "%s", target_problem(s->list[i].error));
	if (s->count && o->count > s->count)
		message_usage("option '--count': %zu is more than the %zu processes named",
			o->count, s->count);
}

// The names, for those that want them: they cannot be read any more after the reap.
void pwait_learn_names(struct session *s)
{
	struct buffer text = {0};

	s->names = calloc(s->count + 1, sizeof(*s->names));
	if (!s->names)
		message_die(pwait_system_status(), "%s", strerror(ENOMEM));
	for (size_t i = 0; i < s->count && s->proc; i++) {
		const struct pidref *ref = &s->list[i].ref;

		if (ref->fd < 0 || !ref->pid || procfs_read(s->proc, ref->pid, "comm", &text) < 0 ||
			pidref_verify(ref) < 0)
			continue;
		size_t len = strcspn(buffer_text(&text), "\n");
		if (len >= PWAIT_NAME)
			len = PWAIT_NAME - 1;
		memcpy(s->names[i], text.data, len);
	}
	buffer_free(&text);
}
