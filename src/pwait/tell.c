// SPDX-License-Identifier: GPL-2.0-or-later
// tell.c: the output of pwait and waitpid, during the wait and at its end.
#include "config.h"

#include "base/signame.h"
#include "pwait/pwait.h"
#include "tell/refusal.h"
#include "tell/waitline.h"

#include <stdio.h>
#include <string.h>

void pwait_tell_unsent(const struct awaited *a, int error, void *data)
{
	struct session *s = data;
	char refusal[REFUSAL_STRMAX];
	char who[WAITLINE_WHO];

	progress_clear(&s->w.progress);
	message_about(waitline_who(who, a), "cannot send the signal: %s",
		pidref_is_held(&a->ref) ? refusal_of(refusal, error, &a->ref)
					: target_problem(error));
}

// For example, the command runs as another user. Then the sender of the signal must learn that it
// was not passed on.
static void tell_unpassed(struct session *s)
{
	char refusal[REFUSAL_STRMAX];
	char name[SIGNAME_MAX];
	char who[WAITLINE_WHO];

	progress_clear(&s->w.progress);
	message_about(waitline_who(who, s->w.list), "cannot pass the signal %s on: %s",
		signame_format(name, s->relay.unsent),
		refusal_of(refusal, s->relay.error, &s->w.list->ref));
	s->relay.unsent = 0;
}

void pwait_act_on_signals(void *data)
{
	struct session *s = data;
	unsigned wanted = relay_take(&s->relay, s->command);

	if (s->relay.unsent)
		tell_unpassed(s);
	if (wanted & RELAY_REPORT) {
		pwait_want_proc(s);
		s->w.progress.proc = s->proc;
		progress_print(&s->w.progress, s->w.gone);
	}
	if (wanted)
		waiting_tick(s);
}

// If the wait ended early (--any, --count), more of them may be dead by now.
static bool is_left(const struct session *s, const struct awaited *a)
{
	if (a->cgroup)
		return cgroup_is_populated(a->cgroup) != 0;
	enum pidref_state state = pidref_state(&a->ref);

	return s->o->reaped ? state != PIDREF_REAPED : state == PIDREF_ALIVE;
}

static void tell_dead(struct session *s, struct awaited *a)
{
	if (a->cgroup)
		a->ending.unknown = ENDING_MANY;
	else
		a->ending = ending_learn(&a->ref, s->proc);
	a->state = AWAIT_GONE;
	waiting_json(&s->w, a, OUTCOME_NONE);
}

void pwait_tell_left(struct session *s, bool late)
{
	char who[WAITLINE_WHO];

	if (s->o->json && !s->w.names)
		pwait_learn_names(s);
	for (size_t i = 0; i < s->w.count; i++) {
		struct awaited *a = &s->w.list[i];

		if (a->state == AWAIT_GONE)
			continue;
		if (!late && !is_left(s, a)) {
			if (s->o->json)
				tell_dead(s, a);
			continue;
		}
		if (s->o->json)
			waiting_json(&s->w, a, late ? OUTCOME_SURVIVED : OUTCOME_RUNNING);
		else if (s->o->print)
			printf("%s\n", waitline_who(who, a));
	}
}
