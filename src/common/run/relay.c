// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/clock.h"
#include "base/sigkind.h"
#include "handle/pidcall.h"
#include "run/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { AT_ONCE = 8 };

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
	{SIGCHLD, RELAY_CHILD},
};

static unsigned kind_of(const struct relay *relay, int sig)
{
	for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		if (taken[i].sig == sig && taken[i].kind & relay->kinds)
			return taken[i].kind;
	return RELAY_OTHERS;
}

static bool is_ignored(int sig)
{
	struct sigaction now;

	return !sigaction(sig, NULL, &now) && now.sa_handler == SIG_IGN;
}

// Signals that are about us and not about the command: of a fault in us, or of our own output.
static bool is_ours(int sig)
{
	return sigkind_is_fault(sig) || sig == SIGPIPE || sig == SIGXFSZ || sig == SIGCHLD ||
	       sig == SIGKILL || sig == SIGSTOP;
}

int relay_begin(struct relay *relay, unsigned kinds)
{
	sigset_t set;

	*relay = (struct relay){.fd = -1, .kinds = kinds};
	// if SIGCHLD is ignored, the kernel reaps our children and discards their statuses
	if (kinds & RELAY_CHILD && is_ignored(SIGCHLD)) {
		relay->ignore_chld = true;
		signal(SIGCHLD, SIG_DFL);
	}
	sigemptyset(&relay->early);
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		if (taken[i].kind & kinds && (taken[i].sig == SIGCHLD || !is_ignored(taken[i].sig)))
			sigaddset(&set, taken[i].sig);
	for (int sig = 1; kinds & RELAY_OTHERS && sig <= SIGRTMAX; sig++)
		if (!is_ours(sig) && !is_ignored(sig))
			sigaddset(&set, sig);
	if (sigprocmask(SIG_BLOCK, &set, &relay->before) < 0)
		return -errno;
	relay->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return relay->fd < 0 ? -errno : 0;
}

void relay_born(struct relay *relay)
{
	sigpending(&relay->early);
}

// Whether the terminal sent the signal to our whole process group, the command included. What a
// terminal sends has the si_code SI_KERNEL, but when it hangs up, HUP and CONT go only to the
// leader of its session.
static bool is_for_group(struct relay *relay, const struct signalfd_siginfo *info)
{
	int sig = (int)info->ssi_signo;
	bool hangup = sig == SIGHUP || sig == SIGCONT;
	bool early = sigismember(&relay->early, sig) == 1;

	sigdelset(&relay->early, sig);
	return info->ssi_code == SI_KERNEL && !early && !(hangup && getsid(0) == getpid());
}

// The PID is safe to use here: the command is our child and is not reaped yet.
static bool is_in_group(const struct pidref *command)
{
	return getpgid(command->pid) == getpgrp();
}

static bool is_end(int sig)
{
	return sig == SIGTERM || sig == SIGINT || sig == SIGHUP || sig == SIGQUIT;
}

static void pass_on(
	struct relay *relay, const struct signalfd_siginfo *info, const struct pidref *command)
{
	bool group = is_for_group(relay, info);
	int sig = (int)info->ssi_signo;

	if (relay->keep_ends && is_end(sig)) {
		// service managers may send HUP together with TERM
		if (relay->end == SIGTERM)
			return;
		relay->end = sig;
		relay->end_by_terminal = group;
		return;
	}
	if (!command)
		return;
	if (sig == SIGCONT)
		relay->asked = false;
	else if (sigkind_stops(sig))
		relay->asked = true;
	// then the command has it already
	if (group && is_in_group(command))
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

// Whether our parent is in another session, as sshd is, or a terminal window. Then no shell can
// continue us.
static bool leads_session(void)
{
	return getsid(getppid()) != getsid(0);
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
	if (leads_session() || (!relay->asked && !is_foreground_job()))
		return;
	relay->asked = false;
	raise_through(sigkind_stops(info.si_status) ? info.si_status : SIGSTOP);
}

bool relay_wait(const struct relay *relay, int64_t until)
{
	struct pollfd p = {.fd = relay->fd, .events = POLLIN};

	for (;;) {
		struct timespec left = {0};
		int64_t ns = until == INT64_MAX ? 0 : until - clock_now();

		if (ns > 0)
			left = (struct timespec){.tv_sec = (time_t)(ns / 1000000000),
				.tv_nsec = (long)(ns % 1000000000)};
		int n = ppoll(&p, 1, until == INT64_MAX ? NULL : &left, NULL);
		if (n > 0)
			return true;
		if (!n && clock_now() >= until)
			return false;
	}
}

unsigned relay_take(struct relay *relay, const struct pidref *command)
{
	const unsigned passed = RELAY_COMMAND | RELAY_OTHERS;
	struct signalfd_siginfo info[AT_ONCE];
	unsigned came = 0;
	ssize_t n;

	do {
		n = read(relay->fd, info, sizeof(info));
		for (size_t i = 0; n > 0 && i < (size_t)n / sizeof(*info); i++) {
			unsigned kind = kind_of(relay, (int)info[i].ssi_signo);

			came |= kind;
			if (kind & passed)
				pass_on(relay, &info[i], command);
		}
	} while (n == sizeof(info));
	// only after all signals were passed on: a SIGCONT among them may have ended the stop
	// already
	if (came & (passed | RELAY_CHILD) && command)
		stop_with(relay, command);
	return came & ~passed;
}

void relay_give_up(const struct relay *relay)
{
	sigset_t set = relay->before;

	for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		if (taken[i].kind != RELAY_COMMAND || (relay->keep_ends && is_end(taken[i].sig)))
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
