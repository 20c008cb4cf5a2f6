// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/holdoff.h"
#include "base/sigkind.h"

#include <stddef.h>

void holdoff_begin(struct holdoff *out)
{
	// signals of a fault in the program itself cannot be delayed
	sigset_t all;

	sigfillset(&all);
	for (int sig = 1; sig <= SIGRTMAX; sig++)
		if (sigkind_is_fault(sig))
			sigdelset(&all, sig);
	sigprocmask(SIG_BLOCK, &all, &out->before);
}

void holdoff_terminal(struct holdoff *out)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGTTOU);
	sigprocmask(SIG_BLOCK, &set, &out->before);
}

// A handler instead of SIG_IGN, because an ignored signal stays ignored after an exec.
static void go_on(int sig)
{
	(void)sig;
}

void holdoff_lost_output(void)
{
	static const int signals[] = {SIGPIPE, SIGXFSZ};
	const struct sigaction action = {.sa_handler = go_on, .sa_flags = SA_RESTART};
	struct sigaction now;

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		if (!sigaction(signals[i], NULL, &now) && now.sa_handler == SIG_DFL)
			sigaction(signals[i], &action, NULL);
}

bool holdoff_survived_pipe(void)
{
	struct sigaction now;

	return !sigaction(SIGPIPE, NULL, &now) && now.sa_handler == go_on;
}

static bool ends_us(int sig)
{
	struct sigaction action;

	if (sigkind_stops(sig) || sig == SIGCHLD || sig == SIGCONT || sig == SIGURG ||
		sig == SIGWINCH)
		return false;
	return !sigaction(sig, NULL, &action) && action.sa_handler == SIG_DFL;
}

bool holdoff_interrupted(const struct holdoff *h)
{
	sigset_t pending;

	// a blocked signal stays pending even if its action is to ignore it
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
