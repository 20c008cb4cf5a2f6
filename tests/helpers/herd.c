// SPDX-License-Identifier: GPL-2.0-or-later
// herd N: N children, cheaply made; their numbers, a line each, and "ready".
//
// The first line read from standard input, or its end, lets all end at once, the child number i
// (from 0) with status i % 256. They are reaped; then it leaves. They die with it.
#include "config.h"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "helper.h"

enum { STACK = 4096 };

struct plan {
	int go[2];
	int status;
};

// In memory that all share: only system calls.
static int child(void *data)
{
	const struct plan *plan = data;
	int status = plan->status;
	char byte;

	syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
	syscall(SYS_close, plan->go[1]);
	while (syscall(SYS_read, plan->go[0], &byte, 1) < 0)
		;
	syscall(SYS_exit, status);
	return 0;
}

int main(int argc, char **argv)
{
	char byte;

	if (argc != 2)
		die("usage: herd N");
	long count = number(argv[1]);
	struct plan *plans = calloc((size_t)count + 1, sizeof(*plans));
	char *stacks = mmap(NULL, (size_t)count * STACK + 1, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	int go[2];
	if (!plans || stacks == MAP_FAILED || pipe(go) < 0)
		die("%s", strerror(errno));
	for (long i = 0; i < count; i++) {
		plans[i] = (struct plan){{go[0], go[1]}, (int)(i % 256)};
		// memory is not copied: thousands of forks take a while
		pid_t pid = clone(child, stacks + (i + 1) * STACK, CLONE_VM | SIGCHLD, &plans[i]);
		if (pid < 0)
			die("clone: %s", strerror(errno));
		printf("%d\n", pid);
	}
	printf("ready\n");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n')
		;
	close(go[1]);
	for (siginfo_t info; count > 0; count--)
		while (waitid(P_ALL, 0, &info, WEXITED) < 0 && errno == EINTR)
			;
	free(plans);
	return 0;
}
