// SPDX-License-Identifier: GPL-2.0-or-later
// session.c: shared by all parts of pwait: /proc, signals and the deadline.
#include "config.h"

#include "base/clock.h"
#include "pwait/pwait.h"
#include "wait/waiter.h"

#include <errno.h>
#include <string.h>

// /proc is needed only for names and for the status of a zombie; otherwise it may be missing.
int pwait_want_proc(struct session *s)
{
	int r = s->proc ? 0 : procfs_open(&s->procfs);

	if (!r)
		s->proc = &s->procfs;
	return r;
}

void pwait_take_signals(struct session *s, unsigned kinds)
{
	// an init passes on all that it gets
	if (!(kinds & RELAY_OTHERS))
		kinds |= RELAY_REPORT | (s->o->progress ? RELAY_RESIZE : 0);
	int r = relay_begin(&s->relay, kinds);

	if (r < 0)
		message_die(EXIT_SYSTEM, "signals: %s", strerror(-r));
}

int64_t pwait_deadline(struct session *s)
{
	if (!s->until)
		s->until = s->o->limit ? waiter_later(clock_now(), s->o->limit) : WAITER_NEVER;
	return s->until;
}
