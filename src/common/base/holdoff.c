// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/holdoff.h"

#include <stddef.h>

void holdoff_begin(struct holdoff *out)
{
	// what a program does to itself cannot wait
	static const int faults[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP};
	sigset_t all;

	sigfillset(&all);
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		sigdelset(&all, faults[i]);
	sigprocmask(SIG_BLOCK, &all, &out->before);
}

static bool ends_us(int sig)
{
	static const int harmless[] = {
		SIGCHLD, SIGCONT, SIGURG, SIGWINCH, SIGTSTP, SIGTTIN, SIGTTOU};
	struct sigaction action;

	for (size_t i = 0; i < sizeof(harmless) / sizeof(*harmless); i++)
		if (sig == harmless[i])
			return false;
	return !sigaction(sig, NULL, &action) && action.sa_handler == SIG_DFL;
}

bool holdoff_interrupted(const struct holdoff *h)
{
	sigset_t pending;

	// a blocked signal is kept even where it is ignored
	if (sigpending(&pending) < 0)
		return false;
	for (int sig = 1; sig <= SIGRTMAX; sig++)
		if (sigismember(&pending, sig) == 1 && sigismember(&h->before, sig) == 0 &&
			ends_us(sig))
			return true;
	return false;
}

void holdoff_end(const struct holdoff *h)
{
	sigprocmask(SIG_SETMASK, &h->before, NULL);
}
