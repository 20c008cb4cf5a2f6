// SPDX-License-Identifier: GPL-2.0-or-later
// pwait.c: pwait and waitpid: wait for any process, child or not, and report how it ended.
#include "config.h"

#include "base/holdoff.h"
#include "base/stdfds.h"
#include "mode/mode.h"
#include "pwait/pwait.h"
#include "run/selfcopy.h"

#include <errno.h>
#include <locale.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	NOT_A_CHILD = 127, // the status of a shell's wait for a process that is not its child
};

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
		return message_status(EXIT_DEADLINE);
	if (o->status && tally->status)
		return tally->status;
	if (before && o->strict)
		return EXIT_NONE;
	// if a status is not known, none is invented
	if (o->status && before && !o->exited)
		return NOT_A_CHILD;
	if (o->status && tally->unknown > before)
		return message_status(EXIT_SYSTEM);
	return EXIT_DONE;
}

static int run_targets(const struct options *o)
{
	struct session s = {.o = o,
		.w = {.verbose = o->verbose,
			.json = o->json,
			.waitpid = program_mode == MODE_WAITPID}};
	struct await_tally tally;
	int r = 0;

	bool needed = o->targets.kinds & TARGET_PROC;

	if (o->verbose || o->status || o->json || o->progress || needed)
		r = pwait_want_proc(&s);
	if (needed && r < 0)
		message_die(EXIT_SYSTEM, "%s", procfs_problem(r));
	pwait_take_signals(&s, 0);
	pwait_hold(&s);
	// all are held; a long wait keeps no more memory than it needs
	struct targets parsed = o->targets;
	targets_free(&parsed);
#ifdef HAVE_MALLOC_TRIM
	malloc_trim(0);
#endif
	s.w.progress = progress_begin(stderr, s.w.list, s.w.count, s.proc, o->progress);
	r = pwait_wait(&s, &tally);
	return verdict(&s, &tally, r == -ETIMEDOUT);
}

// Before any process is held: this program begins again.
static void run_from_copy(char **argv)
{
	int r = selfcopy(argv, program_invocation_short_name);

	if (r < 0)
		message_die(EXIT_SYSTEM, "--in: cannot copy this program: %s", strerror(-r));
}

int main(int argc, char **argv)
{
	struct options o;

	stdfds_open();
	pwait_parse(&o, argc, argv);
	if (o.command && o.in)
		run_from_copy(argv);
	// only for the widths of characters
	if (o.progress)
		setlocale(LC_CTYPE, "");
	// a command, and the processes for which --kill is meant, depend on us: a lost reader must
	// not end us
	if (o.command || o.kill.count)
		holdoff_lost_output();
	// before the wait: the names cannot be read after the reap
	message_exit(o.command ? pwait_command(&o) : run_targets(&o));
}
