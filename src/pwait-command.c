// SPDX-License-Identifier: GPL-2.0-or-later
// pwait-command.c: pwait -- COMMAND: run it, and end as it did.
#include "config.h"

#include "cgroupdir.h"
#include "handlefile.h"
#include "pwait.h"
#include "spawn.h"
#include "target.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// Make the process of the command; it does not run yet.
static struct spawned make_command(const struct session *s)
{
	const struct options *o = s->o;
	struct spawned made;
	struct rlimit limit;
	int cgroup = -1;

	if (o->cgroup)
		cgroup = cgroupdir_open(o->cgroup);
	if (o->cgroup && cgroup < 0)
		message_die(EXIT_SYSTEM, "option '--cgroup': '%s': %s", o->cgroup,
			cgroupdir_problem(cgroup));
	getrlimit(RLIMIT_NOFILE, &limit);
	pwait_reserve(1);
	const struct spawn_setup setup = {
		.argv = o->command,
		.cgroup = cgroup,
		.mask = &s->relay.before,
		.ignore_chld = s->relay.ignore_chld,
		.nofile = &limit,
	};
	int r = spawn_held(&made, &setup);
	if (r < 0 && o->cgroup)
		message_die(EXIT_SYSTEM, "option '--cgroup': '%s': %s", o->cgroup,
			cgroupdir_problem(r));
	if (r < 0)
		message_die(EXIT_SYSTEM, "cannot start a process: %s", target_problem(r));
	if (cgroup >= 0)
		close(cgroup);
	return made;
}

static struct pidref start_command(const struct session *s)
{
	const struct options *o = s->o;
	struct spawned made = make_command(s);

	int r = o->handle_file ? handlefile_write(o->handle_file, &made.ref) : 0;
	if (r < 0) {
		spawn_drop(&made);
		message_die(EXIT_SYSTEM, "option '--handle-file': '%s': %s", o->handle_file,
			r == -EOPNOTSUPP ? "handles need Linux 6.9" : strerror(-r));
	}
	r = spawn_let_go(&made);
	if (r < 0) {
		message_about(o->command[0], "%s", strerror(-r));
		message_exit(r == -ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN);
	}
	return made.ref;
}

// Leave as the command did: by its signal too, so that a shell sees an interrupt as one.
static noreturn void leave_as(const struct ending *e)
{
	if (e->unknown) {
		message("the status of the command is unknown: %s", ending_reason(e));
		message_exit(EXIT_SYSTEM);
	}
	if (WIFSIGNALED(e->wstatus) && !fflush(stdout) && !ferror(stdout))
		relay_die_of(WTERMSIG(e->wstatus));
	message_exit(ending_status(e));
}

int pwait_command(const struct options *o)
{
	struct session s = {.o = o, .live = o->progress && progress_possible(stderr)};
	struct awaited one = {.ref = PIDREF_NULL};
	struct await_tally tally;

	if (o->json || o->progress)
		pwait_want_proc(&s);
	pwait_take_signals(&s, RELAY_COMMAND);
	one.ref = start_command(&s);
	s.list = &one;
	s.count = 1;
	s.command = &one.ref;
	if (pwait_wait(&s, &tally) == -ETIMEDOUT)
		return EXIT_DEADLINE;
	leave_as(&one.ending);
}
