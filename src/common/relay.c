// SPDX-License-Identifier: GPL-2.0-or-later
// relay.c: signals to us as events; those meant for a command of ours are passed on to it.
#include "config.h"

#include "kernel.h"
#include "relay.h"

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
	{SIGUSR1, RELAY_REPORT},
	{SIGWINCH, RELAY_RESIZE},
	{SIGTERM, RELAY_COMMAND},
	{SIGINT, RELAY_COMMAND},
	{SIGHUP, RELAY_COMMAND},
	{SIGQUIT, RELAY_COMMAND},
	{SIGCHLD, RELAY_COMMAND},
	{SIGCONT, RELAY_COMMAND},
};

static bool is_ignored(int sig)
{
	struct sigaction now;

	return !sigaction(sig, NULL, &now) && now.sa_handler == SIG_IGN;
}

int relay_begin(struct relay *relay, unsigned kinds)
{
	sigset_t set;

	*relay = (struct relay){.fd = -1};
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

// What the terminal (the kernel) sends goes to the whole foreground group, the command included.
// The number is safe to ask by: the command is our child and not reaped yet.
static bool had_it(const struct signalfd_siginfo *info, const struct pidref *command)
{
	return info->ssi_code == SI_KERNEL && getpgid(command->pid) == getpgrp();
}

// Only a job that a shell runs in the foreground of its terminal may be stopped: who would
// continue another, when the command alone is continued?
static bool is_foreground_job(void)
{
	if (getpgrp() != getpid())
		return false;
	int tty = open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (tty < 0)
		return false;
	bool foreground = tcgetpgrp(tty) == getpgrp();
	close(tty);
	return foreground;
}

static void stop_with(const struct pidref *command)
{
	siginfo_t info = {0};
	struct pidref self;

	if (waitid((idtype_t)KERNEL_WAIT_PIDFD, (id_t)command->fd, &info, WSTOPPED | WNOHANG) < 0 ||
		!info.si_pid || info.si_code != CLD_STOPPED || !is_foreground_job())
		return;
	if (pidref_open(&self, getpid()) < 0)
		return;
	pidref_signal(&self, SIGSTOP, PIDREF_SCOPE_DEFAULT, NULL);
	pidref_close(&self);
}

unsigned relay_take(struct relay *relay, const struct pidref *command)
{
	struct signalfd_siginfo info;
	bool child = false;
	unsigned wanted = 0;

	while (read(relay->fd, &info, sizeof(info)) == sizeof(info)) {
		int sig = (int)info.ssi_signo;

		if (sig == SIGUSR1)
			wanted |= RELAY_REPORT;
		else if (sig == SIGWINCH)
			wanted |= RELAY_RESIZE;
		else if (sig == SIGCHLD)
			child = true;
		else if (command && !had_it(&info, command))
			pidref_signal(command, sig, PIDREF_SCOPE_DEFAULT, NULL);
	}
	// after all signals were passed on: a stop that a SIGCONT among them ended is over
	if (child && command)
		stop_with(command);
	return wanted;
}

void relay_die_of(int sig)
{
	struct pidref self;
	sigset_t set;

	if (pidref_open(&self, getpid()) < 0)
		return;
	prctl(PR_SET_DUMPABLE, 0);
	signal(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	pidref_signal(&self, sig, PIDREF_SCOPE_DEFAULT, NULL);
	pidref_close(&self);
}
