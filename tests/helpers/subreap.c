// SPDX-License-Identifier: GPL-2.0-or-later
// subreap [--] COMMAND...: run COMMAND and reap every orphan below it at once.
//
// Not every PID 1 is quick to; until it is, an orphan stays a zombie and its exit status
// unread. Ends as COMMAND ends; TERM, INT and HUP kill COMMAND. Also good as the PID 1 of a
// namespace.
#include "config.h"

#include <signal.h>
#include <sys/prctl.h>

#include "helper.h"

int main(int argc, char **argv)
{
	sigset_t ends, before;

	(void)argc;
	char **run = command(argv + 1);
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGHUP);
	sigaddset(&ends, SIGCHLD);
	sigprocmask(SIG_BLOCK, &ends, &before);
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		die("PR_SET_CHILD_SUBREAPER: %s", strerror(errno));

	pid_t child = fork();
	if (child < 0)
		die("fork: %s", strerror(errno));
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		sigprocmask(SIG_SETMASK, &before, NULL);
		execvp(*run, run);
		fprintf(stderr, "subreap: %s: %s\n", *run, strerror(errno));
		_exit(127);
	}
	for (;;) {
		int sig = sigwaitinfo(&ends, NULL);

		if (sig == SIGTERM || sig == SIGINT || sig == SIGHUP)
			return 128 + sig; // COMMAND's PDEATHSIG does the rest
		for (;;) {
			siginfo_t info = {0};

			if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG) < 0 || info.si_pid == 0)
				break;
			if (info.si_pid == child)
				return status_of(&info);
		}
	}
}
