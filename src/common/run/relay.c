// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/pidcall.h"
#include "run/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
	int sig;
	unsigned kind;
} taken[] = {
#ifdef SIGINFO
	{SIGINFO, RELAY_REPORT},
#endif
	{SIGUSR1, RELAY_REPORT},
	{SIGWINCH, RELAY_RESIZE},
	{SIGTERM, RELAY_COMMAND},
	{SIGINT, RELAY_COMMAND},
	{SIGHUP, RELAY_COMMAND},
	{SIGQUIT, RELAY_COMMAND},
	{SIGTSTP, RELAY_COMMAND},
	{SIGTTIN, RELAY_COMMAND},
	{SIGTTOU, RELAY_COMMAND},
	{SIGCONT, RELAY_COMMAND},
	{SIGCHLD, RELAY_COMMAND},
};

static unsigned kind_of(int sig)
{
	size_t i = 0;

	while (taken[i].sig != sig)
		i++;
	return taken[i].kind;
}

static bool is_ignored(int sig)
{
	struct sigaction now;

	return !sigaction(sig, NULL, &now) && now.sa_handler == SIG_IGN;
}

int relay_begin(struct relay *relay, unsigned kinds)
{
	sigset_t set;

	*relay = (struct relay){.fd = -1};
	// if SIGCHLD is ignored, the kernel reaps our children and discards their statuses
	if (kinds & RELAY_COMMAND && is_ignored(SIGCHLD)) {
		relay->ignore_chld = true;
		signal(SIGCHLD, SIG_DFL);
	}
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		if (taken[i].kind & kinds && !is_ignored(taken[i].sig))
			sigaddset(&set, taken[i].sig);
	if (sigprocmask(SIG_BLOCK, &set, &relay->before) < 0)
		return -errno;
	relay->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return relay->fd < 0 ? -errno : 0;
}

// A signal from the terminal (si_code SI_KERNEL) goes to the whole foreground process group; if the
// command is in it, the command already has the signal. The PID is safe to use here: the command is
// our child and is not reaped yet.
static bool had_it(const struct signalfd_siginfo *info, const struct pidref *command)
{
	return info->ssi_code == SI_KERNEL && getpgid(command->pid) == getpgrp();
}

static bool is_terminal_stop(int sig)
{
	return sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;
}

static void pass_on(
	struct relay *relay, const struct signalfd_siginfo *info, const struct pidref *command)
{
	int sig = (int)info->ssi_signo;

	if (sig == SIGCONT)
		relay->asked = false;
	else if (is_terminal_stop(sig))
		relay->asked = true;
	if (had_it(info, command))
		return;
	// relayed signals go to the command alone: its children are its own business
	int r = pidref_signal(command, sig, PIDREF_SCOPE_DEFAULT, NULL);
	if (r < 0 && r != -ESRCH) {
		relay->unsent = sig;
		relay->error = r;
	}
}

// Whether we are a job that our parent, a shell, put in the foreground of its terminal. Only then
// can we stop whenever the command stops, because the shell can continue us. If another process
// stops only the command, it may also continue only the command, and we would stay stopped.
static bool is_foreground_job(void)
{
	if (getpgid(getppid()) == getpgrp())
		return false;
	int tty = open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (tty < 0)
		return false;
	bool foreground = tcgetpgrp(tty) == getpgrp();
	close(tty);
	return foreground;
}

// Deliver `sig` to ourselves even if it is blocked.
static void raise_through(int sig)
{
	struct pidref self;
	sigset_t set;
	sigset_t before;

	if (pidref_open(&self, getpid()) < 0)
		return;
	sigemptyset(&set);
	sigaddset(&set, sig);
	pidref_signal(&self, sig, PIDREF_SCOPE_DEFAULT, NULL);
	// the pending signal is delivered before this call returns
	sigprocmask(SIG_UNBLOCK, &set, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	pidref_close(&self);
}

// Stop with the signal that stopped the command, so that the shell can report it. The kernel drops
// the stop signals of a terminal in an orphaned process group, where no process could continue us.
static void stop_with(struct relay *relay, const struct pidref *command)
{
	siginfo_t info = {0};

	// WNOWAIT leaves the state for the next call: it is only looked at
	if (pidref_waitid(command, &info, WSTOPPED | WNOHANG | WNOWAIT) < 0 || !info.si_pid ||
		info.si_code != CLD_STOPPED)
		return;
	if (!relay->asked && !is_foreground_job())
		return;
	relay->asked = false;
	raise_through(is_terminal_stop(info.si_status) ? info.si_status : SIGSTOP);
}

unsigned relay_take(struct relay *relay, const struct pidref *command)
{
	struct signalfd_siginfo info;
	unsigned came = 0;

	while (read(relay->fd, &info, sizeof(info)) == sizeof(info)) {
		unsigned kind = kind_of((int)info.ssi_signo);

		came |= kind;
		if (kind == RELAY_COMMAND && command && info.ssi_signo != SIGCHLD)
			pass_on(relay, &info, command);
	}
	// only after all signals were passed on: a SIGCONT among them may have ended the stop
	// already
	if (came & RELAY_COMMAND && command)
		stop_with(relay, command);
	return came & ~(unsigned)RELAY_COMMAND;
}

void relay_give_up(const struct relay *relay)
{
	sigset_t set = relay->before;

	for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		if (taken[i].kind != RELAY_COMMAND || taken[i].sig == SIGCHLD)
			sigaddset(&set, taken[i].sig);
	sigprocmask(SIG_SETMASK, &set, NULL);
}

void relay_die_of(int sig)
{
	// without this, a signal such as QUIT would write a second core file, of us
	prctl(PR_SET_DUMPABLE, 0);
	signal(sig, SIG_DFL);
	raise_through(sig);
}
