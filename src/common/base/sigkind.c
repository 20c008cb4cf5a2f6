// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/sigkind.h"

#include <signal.h>

bool sigkind_stops(int sig)
{
	return sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;
}

bool sigkind_needs_no_cont(int sig)
{
	return !sig || sig == SIGKILL || sig == SIGCONT || sigkind_stops(sig);
}

bool sigkind_is_fault(int sig)
{
	return sig == SIGABRT || sig == SIGBUS || sig == SIGFPE || sig == SIGILL ||
	       sig == SIGSEGV || sig == SIGSYS || sig == SIGTRAP;
}
