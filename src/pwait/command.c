// SPDX-License-Identifier: GPL-2.0-or-later
// command.c: pwait -- COMMAND: run a command, and end as it ended.
#include "config.h"

#include "handle/cgroupdir.h"
#include "handle/kernel.h"
#include "pwait/pwait.h"
#include "target/target.h"
#include "tell/hold.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

// Whether orphans are to become our children, so that all that the command starts can be found.
static bool is_owner(const struct options *o)
{
	return o->ready || o->tree || (o->kill.count && !o->foreground);
}

// Whether orphans of the command cannot become our children: a subreaper has to be in the pid
// namespace of the orphan. There they become children of the command, as long as it lives.
static bool is_outside(const struct session *s)
{
	return pidref_is_held(&s->host) && entry_has_pids(&s->entry);
}

static noreturn void fail_to_enter(const struct options *o, int error)
{
	message_about(o->in, "%s", entry_problem(error));
	message_exit(message_status(target_status(error)));
}

// For --in: hold the process where the command is to run, and find out where that is.
static void find_entry(struct session *s)
{
	const struct options *o = s->o;

	if (!o->in)
		return;
	int r = pwait_want_proc(s);
	if (r < 0)
		message_die(EXIT_SYSTEM, "--in: %s", procfs_problem(r));
	r = hold_target(&o->in_target, &s->host);
	if (!r)
		r = entry_open(&s->entry, &s->host, s->proc);
	if (r < 0)
		fail_to_enter(o, r);
	if (is_outside(s) && (o->cleanup || o->tree))
		message_die(EXIT_SYSTEM,
			"--%s: what COMMAND leaves behind becomes a child of the init of that pid "
			"namespace, and cannot be found",
			o->cleanup ? "cleanup" : "tree");
}

static noreturn void fail_to_start(int error)
{
	message_die(EXIT_SYSTEM, "cannot start a process: %s",
		error == -EAGAIN ? strerror(EAGAIN) : target_problem(error));
}

// Whether something has to be done between the birth of the command and its exec.
static bool is_held_back(const struct options *o)
{
	return o->handle_file || o->die_with_parent;
}

// Create the process of the command.
static struct spawned make_command(const struct session *s)
{
	const struct options *o = s->o;
	struct spawned made;
	struct rlimit limit;
	bool entering;
	int cgroup = -1;

	if (o->cgroup)
		cgroup = cgroupdir_open(o->cgroup);
	if (o->cgroup && cgroup < 0)
		message_die(
			EXIT_SYSTEM, "--cgroup: '%s': %s", o->cgroup, cgroupdir_problem(cgroup));
	getrlimit(RLIMIT_NOFILE, &limit);
	const struct spawn_setup setup = {
		.argv = o->command,
		.cgroup = cgroup,
		.mask = &s->relay.before,
		.ignore_chld = s->relay.ignore_chld,
		.nofile = &limit,
		.hold = is_held_back(o),
		.entry = pidref_is_held(&s->host) ? &s->entry : NULL,
		.subreaper = is_outside(s) && is_owner(o),
		.parent_death = o->die_with_parent ? SIGKILL : 0,
	};
	int r = spawn_held(&made, &setup, &entering);
	if (r < 0 && entering && r != -EAGAIN && r != -ENOMEM)
		fail_to_enter(o, r);
	if (r < 0 && o->cgroup && !entering)
		message_die(EXIT_SYSTEM, "--cgroup: '%s': %s", o->cgroup, cgroupdir_problem(r));
	if (r < 0)
		fail_to_start(r);
	if (cgroup >= 0)
		close(cgroup);
	return made;
}

// A FIFO may have no reader yet. Signals keep their default effect meanwhile: if one ends or stops
// us, the command has not run, and cannot run without us.
static void write_handle(struct session *s)
{
	sigset_t events;
	sigset_t mask = s->relay.before;

	sigaddset(&mask, SIGUSR1);
	// the default effect of this one is to be lost, and the command may be killed meanwhile
	sigaddset(&mask, SIGCHLD);
	sigprocmask(SIG_SETMASK, &mask, &events);
	int r = pwait_write_handle(s, &s->w.list->ref, pwait_deadline(s));
	sigprocmask(SIG_SETMASK, &events, NULL);
	if (r == -ETIMEDOUT) {
		spawn_drop(&s->made);
		waiting_deadline(s);
		message_die(
			EXIT_DEADLINE, "--handle-file: '%s': it has no reader", s->o->handle_file);
	}
}

// Create and run the command. From then on it is the only process in the session's list.
static void start_command(struct session *s)
{
	const struct options *o = s->o;

	const int json_fd = (int)o->json_fd;

	if (json_fd > STDERR_FILENO)
		fcntl(json_fd, F_SETFD, FD_CLOEXEC);
	s->made = make_command(s);
	// our standard output is COMMAND's alone from now on
	if (json_fd)
		dup2(json_fd, STDOUT_FILENO);
	relay_born(&s->relay);
	s->outside = is_outside(s);
	entry_close(&s->entry);
	pidref_close(&s->host);
	s->w.list->ref = pidref_take(&s->made.ref);
	s->w.count = 1;
	s->w.progress = progress_begin(stderr, s->w.list, s->w.count, s->proc, s->o->progress);
	// with --ready, the handle of the ready process is written later
	if (o->handle_file && !o->ready)
		write_handle(s);
	s->command = &s->w.list->ref;
	int r = is_held_back(o) ? spawn_let_go(&s->made) : 0;
	// one that was killed meanwhile is buried like any command
	if (r < 0 && r != -EPIPE) {
		message_about(o->command[0], "%s", strerror(-r));
		message_exit(EXIT_CANNOT_RUN);
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

// A program that called exec may have left us children. What they start and leave becomes our child
// as well, and looks the same as what the command starts. So a child of ours does the work,
// and this process passes signals on and ends as it does.
static void stand_alone(bool die_with_parent)
{
	const struct options none = {0};
	struct awaited one = {.ref = PIDREF_NULL};
	struct session s = {.o = &none, .w = {.list = &one, .count = 1}};
	pid_t parent = getpid();

	if (kernel_dead_child() == -ECHILD)
		return;
	pwait_take_signals(&s, RELAY_COMMAND | RELAY_CHILD | RELAY_OTHERS);
	pid_t pid = spawn_fork(&one.ref);
	if (!pid) {
		close(s.relay.fd);
		if (s.relay.ignore_chld)
			signal(SIGCHLD, SIG_IGN);
		if (die_with_parent &&
			(prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent))
			_exit(EXIT_SYSTEM);
		sigprocmask(SIG_SETMASK, &s.relay.before, NULL);
		return;
	}
	relay_born(&s.relay);
	if (pid < 0)
		fail_to_start(pid);
	s.command = &one.ref;
	s.made.gate = -1;
	pwait_own(&s);
	leave_as(&one.ending);
}

static void become_owner(const struct options *o, struct session *s)
{
	stand_alone(o->die_with_parent);
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		message_die(EXIT_SYSTEM, "cannot become a subreaper: %s", strerror(errno));
	int r = o->kill.count ? pwait_want_proc(s) : 0;
	if (r < 0)
		message_die(EXIT_SYSTEM, "--kill with a COMMAND: %s", procfs_problem(r));
}

int pwait_command(const struct options *o)
{
	struct awaited one = {.ref = PIDREF_NULL};
	struct session s = {.o = o, .w = {.list = &one, .verbose = o->verbose, .json = o->json}};
	struct notify notify = {.fd = -1};
	// also if a child of ours does the work: an init gets and passes on every signal
	unsigned others = getpid() == 1 ? RELAY_OTHERS : 0;

	s.host = PIDREF_NULL;
	s.entry = ENTRY_NULL;
	if (is_owner(o))
		become_owner(o, &s);
	if (o->ready)
		pwait_offer_socket(&notify);
	if (o->json || o->progress)
		pwait_want_proc(&s);
	find_entry(&s);
	pwait_take_signals(&s, RELAY_COMMAND | RELAY_CHILD | others);
	start_command(&s);
	s.relay.keep_ends = o->kill.count;
	int status = o->ready ? pwait_until_ready(&s, &notify) : pwait_own(&s);
	if (status < 0)
		leave_as(&one.ending);
	return status;
}
