// SPDX-License-Identifier: GPL-2.0-or-later
// command.c: pwait -- COMMAND: run a command, and end as it ended.
#include "config.h"

#include "handle/cgroupdir.h"
#include "pwait/pwait.h"
#include "run/spawn.h"
#include "target/handlefile.h"
#include "target/target.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// Create the process of the command. The command does not run yet.
static struct spawned make_command(const struct session *s)
{
	const struct options *o = s->o;
	struct spawned made;
	struct rlimit limit;
	int cgroup = -1;

	if (o->cgroup)
		cgroup = cgroupdir_open(o->cgroup);
	if (o->cgroup && cgroup < 0)
		message_die(
			EXIT_SYSTEM, "--cgroup: '%s': %s", o->cgroup, cgroupdir_problem(cgroup));
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
		message_die(EXIT_SYSTEM, "--cgroup: '%s': %s", o->cgroup, cgroupdir_problem(r));
	if (r < 0)
		message_die(EXIT_SYSTEM, "cannot start a process: %s",
			r == -EAGAIN ? strerror(EAGAIN) : target_problem(r));
	if (cgroup >= 0)
		close(cgroup);
	return made;
}

// Opening a FIFO may block until it has a reader. Signals keep their default effect meanwhile: if
// one ends or stops us, the command has not run, and cannot run without us.
static int write_handle(const struct session *s, struct pidref *ref)
{
	sigset_t events;
	sigset_t mask = s->relay.before;

	// with --ready, the handle of the ready process is written later
	if (!s->o->handle_file || s->o->ready)
		return 0;
	sigaddset(&mask, SIGUSR1);
	sigprocmask(SIG_SETMASK, &mask, &events);
	int r = handlefile_write(s->o->handle_file, ref);
	sigprocmask(SIG_SETMASK, &events, NULL);
	return r;
}

// Create and run the command. From then on it is the only process in the session's list.
static void start_command(struct session *s)
{
	const struct options *o = s->o;
	struct spawned made = make_command(s);

	int r = write_handle(s, &made.ref);
	if (r < 0) {
		spawn_drop(&made);
		message_die(EXIT_SYSTEM, "--handle-file: '%s': %s", o->handle_file,
			handlefile_problem(r));
	}
	s->w.list->ref = made.ref;
	s->w.count = 1;
	s->command = &s->w.list->ref;
	s->w.progress = progress_begin(stderr, s->w.list, s->w.count, s->proc, s->o->progress);
	// the exec may take a while, and signals are passed on meanwhile
	r = spawn_let_go(&made, s->relay.fd, pwait_act_on_signals, s);
	if (r < 0) {
		message_about(o->command[0], "%s", strerror(-r));
		message_exit(r == -ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN);
	}
}

// Exit as the command did, also by its signal, so that a shell can see that it was interrupted.
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
	struct awaited one = {.ref = PIDREF_NULL};
	struct session s = {.o = o, .w = {.list = &one, .verbose = o->verbose, .json = o->json}};
	struct notify notify = {.fd = -1};
	struct await_tally tally;

	if (o->ready)
		pwait_offer_socket(&notify);
	// also for the status: on Linux 5.3 waitid(2) does not accept a pidfd
	pwait_want_proc(&s);
	pwait_take_signals(&s, RELAY_COMMAND);
	start_command(&s);
	if (o->ready) {
		int status = pwait_until_ready(&s, &notify);

		if (status < 0)
			leave_as(&one.ending);
		return status;
	}
	if (pwait_wait(&s, &tally) == -ETIMEDOUT)
		return EXIT_DEADLINE;
	leave_as(&one.ending);
}
