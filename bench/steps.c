// SPDX-License-Identifier: GPL-2.0-or-later
// steps.c: count the instructions that a command runs in user space, exactly, one by one.
//
//	steps COMMAND [ARG...]
//
// For machines whose counters cannot be had (perf stat -e instructions:u), as in most virtual
// ones. Prints the count; it does not depend on how busy the machine is. The command's output
// is thrown away, its descendants are not counted.
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(char **argv)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	dup2(null, STDOUT_FILENO);
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	execvp(argv[0], argv);
	fprintf(stderr, "steps: %s: %s\n", argv[0], strerror(errno));
	return 127;
}

int main(int argc, char **argv)
{
	unsigned long count = 0;
	long sig = 0;
	int status;

	if (argc < 2) {
		fprintf(stderr, "usage: steps COMMAND [ARG...]\n");
		return 2;
	}
	// on one processor the two need not wake each other up on another
	cpu_set_t here;
	CPU_ZERO(&here);
	CPU_SET((unsigned)sched_getcpu(), &here);
	sched_setaffinity(0, sizeof(here), &here);
	pid_t pid = fork();
	if (!pid)
		_exit(run(argv + 1));
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		// a step ends in SIGTRAP; any other signal is the command's own
		sig = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
		count += !sig;
		if (ptrace(PTRACE_SINGLESTEP, pid, NULL, (void *)sig) < 0)
			break;
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status) == 127)
		return 1;
	printf("%lu\n", count);
	return 0;
}
