// SPDX-License-Identifier: GPL-2.0-or-later
// pwait.c: pwait and waitpid: wait for any process, child or not, and tell how it ended.
#include "config.h"

#include "base/duration.h"
#include "base/holdoff.h"
#include "base/stdfds.h"
#include "mode/mode.h"
#include "pwait/pwait.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	WAITPID_TIMEOUT = 3, // util-linux's statuses
	WAITPID_FAILURE = 1,
	NOT_A_CHILD = 127, // what a shell's wait says of a process it cannot know
};

static int timeout_status(void)
{
	return program_mode == MODE_WAITPID ? WAITPID_TIMEOUT : EXIT_DEADLINE;
}

enum exit_status pwait_system_status(void)
{
	return program_mode == MODE_WAITPID ? WAITPID_FAILURE : EXIT_SYSTEM;
}

static size_t gone_before(const struct session *s)
{
	size_t count = 0;

	for (size_t i = 0; i < s->w.count; i++)
		count += s->w.list[i].error != 0;
	return count;
}

static int verdict(const struct session *s, const struct await_tally *tally, bool late)
{
	const struct options *o = s->o;
	size_t before = gone_before(s);

	if (late)
		return timeout_status();
	if (o->status && tally->status)
		return tally->status;
	if (before && (o->strict || (program_mode == MODE_WAITPID && !o->exited)))
		return EXIT_NONE;
	// no status is made up for those whose status is not known
	if (o->status && before && !o->exited)
		return NOT_A_CHILD;
	if (o->status && tally->unknown > before)
		return (int)pwait_system_status();
	return EXIT_DONE;
}

// /proc is for names, and for the status of a zombie; else it need not be there.
int pwait_want_proc(struct session *s)
{
	int r = s->proc ? 0 : procfs_open(&s->procfs);

	if (!r)
		s->proc = &s->procfs;
	return r;
}

void pwait_take_signals(struct session *s, unsigned kinds)
{
	int r = relay_begin(&s->relay, kinds | RELAY_REPORT | (s->o->progress ? RELAY_RESIZE : 0));

	if (r < 0)
		message_die(pwait_system_status(), "signals: %s", strerror(-r));
}

// Returns what await_run does of what has to be acted upon: 0 or -ETIMEDOUT.
int pwait_wait(struct session *s, struct await_tally *tally)
{
	const struct options *o = s->o;
	const struct await_plan plan = {
		.enough = o->count,
		.limit = o->limit,
		.look_once = o->nohang,
		.reaped = o->reaped,
		.status = o->verbose || o->status || o->json || s->command,
		// its reap is ours to do, sooner or later: a tracer may have it until then
		.reap_grace = s->command ? DURATION_MAX : o->reap_grace,
		.kill = o->kill,
		.kill_wait = s->command != NULL,
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
		message_die(pwait_system_status(), "%s", await_problem(r));
	pwait_tell_left(s, r == -ETIMEDOUT);
	pwait_forget_names(s);
	return r;
}

static int run_targets(const struct options *o)
{
	struct session s = {.o = o, .w = {.verbose = o->verbose, .json = o->json}};
	struct await_tally tally;
	int r = 0;

	bool needed = o->targets.kinds & TARGET_PROC;

	if (o->verbose || o->status || o->json || o->progress || needed)
		r = pwait_want_proc(&s);
	if (needed && r < 0)
		message_die(pwait_system_status(), "%s", procfs_problem(r));
	pwait_take_signals(&s, 0);
	pwait_hold(&s);
	s.w.progress = progress_begin(stderr, s.w.list, s.w.count, s.proc, o->progress);
	r = pwait_wait(&s, &tally);
	return verdict(&s, &tally, r == -ETIMEDOUT);
}

// As message_exit does; but 3 would be the deadline in waitpid.
static noreturn void leave(int status)
{
	int r = fflush(stdout);

	if (program_mode == MODE_WAITPID && (r || ferror(stdout))) {
		message("standard output: %s", r ? strerror(errno) : "a write failed before");
		_exit(WAITPID_FAILURE);
	}
	message_exit(status);
}

int main(int argc, char **argv)
{
	struct options o;

	stdfds_open();
	pwait_parse(&o, argc, argv);
	// for the widths of characters only
	if (o.progress)
		setlocale(LC_CTYPE, "");
	// a command, and those that --kill is for, depend on us
	if (o.command || o.kill)
		holdoff_lost_output();
	leave(o.command ? pwait_command(&o) : run_targets(&o));
}
