// SPDX-License-Identifier: GPL-2.0-or-later
// waitstatus exit N | signal N | dump N: a child that ends as told, when told.
//
// Prints the child's number and a newline. The first line read from standard input lets it
// end, the second reaps it; the end of standard input is every line there could be. When
// reaped, prints what waitid(2) said: "exited N", "killed N" or "dumped N".
// A core file is written into the current folder, when the system writes any.
#include "config.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "helper.h"

static void wait_for_line(void)
{
	char byte;

	while (read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n')
		;
}

static void end(const char *way, int n)
{
	struct rlimit core = {0};

	if (strcmp(way, "exit") == 0)
		_exit(n);
	if (strcmp(way, "dump") == 0) {
		getrlimit(RLIMIT_CORE, &core);
		core.rlim_cur = core.rlim_max;
	}
	setrlimit(RLIMIT_CORE, &core);
	sigset_t all;
	sigfillset(&all);
	signal(n, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &all, NULL);
	raise(n);
	_exit(125);
}

int main(int argc, char **argv)
{
	int go[2];
	siginfo_t info = {0};

	if (argc != 3 || (strcmp(argv[1], "exit") != 0 && strcmp(argv[1], "signal") != 0 &&
				 strcmp(argv[1], "dump") != 0))
		die("usage: waitstatus exit|signal|dump N");
	int n = (int)number(argv[2]);
	if (pipe(go) < 0)
		die("pipe: %s", strerror(errno));
	pid_t child = fork();
	if (child < 0)
		die("fork: %s", strerror(errno));
	if (child == 0) {
		char byte;

		close(go[1]);
		while (read(go[0], &byte, 1) < 0 && errno == EINTR)
			;
		end(argv[1], n);
	}
	close(go[0]);
	printf("%d\n", child);
	fflush(stdout);
	wait_for_line();
	close(go[1]);
	while (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR)
		;
	wait_for_line();
	while (waitid(P_PID, (id_t)child, &info, WEXITED) < 0 && errno == EINTR)
		;
	print_ending(&info);
	return 0;
}
