// SPDX-License-Identifier: GPL-2.0-or-later
// session.c: shared by all parts of pwait: /proc, signals, the deadline and the handle file.
#include "config.h"

#include "base/clock.h"
#include "handle/pidread.h"
#include "pwait/pwait.h"
#include "target/handlefile.h"
#include "wait/waiter.h"

#include <errno.h>
#include <string.h>

// How often it is tried to open a FIFO that has no reader: no event reports that one has come.
#define READER_PAUSE INT64_C(20000000)

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

int64_t pwait_deadline(const struct options *o)
{
	return o->limit ? waiter_later(clock_now(), o->limit) : WAITER_NEVER;
}

int pwait_write_handle(struct session *s, struct pidref *ref, int64_t until)
{
	const char *file = s->o->handle_file;

	for (;;) {
		int r = file ? handlefile_write(file, ref) : 0;
		int64_t again = waiter_later(clock_now(), READER_PAUSE);

		if (r < 0 && r != -EAGAIN) {
			spawn_drop(&s->made);
			message_die(EXIT_SYSTEM, "--handle-file: '%s': %s", file,
				handlefile_problem(r));
		}
		if (!r)
			return 0;
		if (relay_wait(&s->relay, again < until ? again : until))
			pwait_act_on_signals(s);
		if (s->relay.end)
			return -EINTR;
		if (s->command && pidref_state(s->command) != PIDREF_ALIVE)
			return -ECHILD;
		if (clock_now() >= until)
			return -ETIMEDOUT;
	}
}
