// SPDX-License-Identifier: GPL-2.0-or-later
// zombie [--] COMMAND...: run COMMAND, let it end, and keep it unreaped.
//
// Prints its number and a newline once it is a zombie. Reaps it when standard input ends or
// at SIGUSR1, then prints how it ended ("exited 3", "killed 15", "dumped 6") and leaves.
#include "config.h"

#include <poll.h>
#include <signal.h>

#include "helper.h"

static void wake(int sig)
{
	(void)sig;
}

int main(int argc, char **argv)
{
	sigset_t usr1, open;
	siginfo_t info = {0};

	(void)argc;
	char **run = command(argv + 1);
	pid_t child = fork();
	if (child < 0)
		die("fork: %s", strerror(errno));
	if (child == 0) {
		execvp(*run, run);
		_exit(127);
	}
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, &open);
	sigaction(SIGUSR1, &(struct sigaction){.sa_handler = wake}, NULL);
	while (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR)
		;
	printf("%d\n", child);
	fflush(stdout);

	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	while (ppoll(&in, 1, NULL, &open) >= 0) {
		char byte;
		if (read(STDIN_FILENO, &byte, 1) <= 0)
			break;
	}
	while (waitid(P_PID, (id_t)child, &info, WEXITED) < 0 && errno == EINTR)
		;
	print_ending(&info);
	return 0;
}
