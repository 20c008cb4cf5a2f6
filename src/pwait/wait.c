// SPDX-License-Identifier: GPL-2.0-or-later
// wait.c: one wait of pwait or waitpid for targets.
#include "config.h"

#include "pwait/pwait.h"

#include <errno.h>

// Returns 0 or -ETIMEDOUT as await_run does; exits on other errors.
int pwait_wait(struct session *s, struct await_tally *tally)
{
	const struct options *o = s->o;
	const struct await_plan plan = {
		.enough = o->count,
		.limit = o->limit,
		.look_once = o->nohang,
		.reaped = o->reaped,
		.status = o->verbose || o->status || o->json,
		.reap_grace = o->reap_grace,
		.kill = o->kill.count ? &o->kill : NULL,
		.proc = s->proc,
		.tick = s->w.progress.wanted ? PROGRESS_TICK : 0,
		.watch = s->relay.fd,
		.gone = waiting_gone,
		.deadline = waiting_deadline,
		.unsent = pwait_tell_unsent,
		.tick_call = waiting_tick,
		.ready = pwait_act_on_signals,
		.data = s,
	};

	if (o->json)
		pwait_learn_names(s);
	waiting_tick(s);
	int r = await_run(s->w.list, s->w.count, &plan, tally);
	progress_clear(&s->w.progress);
	if (r < 0 && r != -ETIMEDOUT)
		message_die(EXIT_SYSTEM, "%s", await_problem(r));
	pwait_tell_left(s, r == -ETIMEDOUT);
	pwait_forget_names(s);
	return r;
}
