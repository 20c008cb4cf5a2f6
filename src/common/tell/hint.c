// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/signame.h"
#include "tell/hint.h"
#include "tell/message.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

static bool has(uint64_t mask, int sig)
{
	return sig > 0 && (mask >> (sig - 1) & 1);
}

static bool cannot_be_caught(int sig)
{
	return sig == SIGKILL || sig == SIGSTOP;
}

static bool does_nothing_by_default(int sig)
{
	return sig == SIGCHLD || sig == SIGURG || sig == SIGWINCH;
}

const char *hint_signal(const struct status *status, pid_t pid, int sig)
{
	bool init = status->namespaces && status->innermost == 1;
	bool caught = has(status->caught, sig);

	// a zombie does not act on any signal
	if (!sig || status->state == 'Z' || status->state == 'X')
		return NULL;
	if (status->kthread)
		return "it is a thread of the kernel, signals do nothing to it";
	// from outside its pid namespace, KILL and STOP do reach an init
	if (init && !caught && (pid == 1 || !cannot_be_caught(sig)))
		return "it is PID 1 of its namespace and has no handler, the kernel drops the signal";
	if (has(status->ignored, sig))
		return "it ignores the signal";
	if (has(status->blocked, sig))
		return "it blocks the signal, which stays pending until it no longer does";
	if (!caught && does_nothing_by_default(sig))
		return "it has no handler, and by default this signal does nothing";
	if (status->state == 'T' && !cannot_be_caught(sig) && sig != SIGCONT)
		return "it is stopped, the signal stays pending until it continues";
	if (status->state == 't')
		return "it is being traced, its tracer decides about the signal";
	if (status->state == 'D')
		return "it is in a system call that cannot be interrupted and gets it after that";
	return NULL;
}

bool hint_needs_handler(int sig)
{
	static const int signals[] = {
		SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGPWR};
	enum { REAL_TIME = 32 };

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		if (signals[i] == sig)
			return true;
	return sig >= REAL_TIME;
}

bool hint_ends(const struct status *status, int sig)
{
	bool dead = status->state == 'Z' || status->state == 'X';

	// a process that blocks the signal may wait for it with sigwait(3) or signalfd(2)
	if (!hint_needs_handler(sig) || dead || has(status->caught, sig) ||
		has(status->blocked, sig) || has(status->ignored, sig))
		return false;
	return !status->kthread && !(status->namespaces && status->innermost == 1);
}

bool hint_warn(const char *who, const struct status *status, int sig)
{
	char name[SIGNAME_MAX];

	if (!hint_ends(status, sig))
		return false;
	message_alert(who, "has no handler for %s, which ends it", signame_format(name, sig));
	return true;
}
