// SPDX-License-Identifier: GPL-2.0-or-later
// recycle PID [--] COMMAND...: run COMMAND in a new process that has exactly the number PID.
//
// The number must be free, or become so within ten seconds. Prints "PID" and a newline when
// COMMAND runs, before COMMAND says anything; then waits for it and ends as it did. COMMAND
// dies with us.
// Needs CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE over the PID namespace: root, or anybody
// inside unshare -Urpf. clone3(2) with set_tid (5.5), or ns_last_pid where that is refused.
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <time.h>

#include "helper.h"

#ifndef SYS_clone3
#define SYS_clone3 435
#endif

struct clone_request {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	uint64_t set_tid, set_tid_size, cgroup;
};

static pid_t clone_as(pid_t pid)
{
	struct clone_request request = {
		.exit_signal = SIGCHLD,
		.set_tid = (uintptr_t)&pid,
		.set_tid_size = 1,
	};

	return (pid_t)syscall(SYS_clone3, &request, sizeof(request));
}

// Anybody may take the number between the write and the fork: the caller tries again.
static pid_t fork_as(pid_t pid)
{
	char text[16];
	int fd = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	int length = snprintf(text, sizeof(text), "%d", pid - 1);
	if (write(fd, text, (size_t)length) != length) {
		close(fd);
		return -1;
	}
	close(fd);
	pid_t child = fork();
	if (child > 0 && child != pid) {
		// not the number: the child sees that itself and leaves
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			;
		errno = EEXIST;
		return -1;
	}
	if (child == 0 && getpid() != pid)
		_exit(0);
	return child;
}

int main(int argc, char **argv)
{
	const struct timespec pause = {.tv_nsec = 1000000};
	pid_t (*make)(pid_t) = clone_as;
	int running[2];

	if (argc < 3)
		die("usage: recycle PID [--] COMMAND...");
	pid_t pid = (pid_t)number(argv[1]);
	char **run = command(argv + 2);
	if (pipe2(running, O_CLOEXEC) < 0)
		die("pipe: %s", strerror(errno));

	pid_t child = -1;
	for (int left = 10000; left > 0 && child < 0; left--) {
		child = make(pid);
		if (child < 0 && (errno == ENOSYS || errno == E2BIG) && make == clone_as)
			make = fork_as;
		else if (child < 0 && errno != EEXIST)
			die("%d: %s", pid, strerror(errno));
		else if (child < 0)
			nanosleep(&pause, NULL);
	}
	if (child < 0)
		die("%d: still in use", pid);
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		ptrace(PTRACE_TRACEME, 0, NULL,
			NULL); // stops us in the exec, before its first step
		execvp(*run, run);
		int error = errno;
		_exit(write(running[1], &error, sizeof(error)) > 0 ? 127 : 126);
	}

	int error;
	close(running[1]);
	if (read(running[0], &error, sizeof(error)) > 0)
		die("%s: %s", *run, strerror(error));
	siginfo_t info = {0};
	while (waitid(P_PID, (id_t)child, &info, WEXITED | WSTOPPED | WNOWAIT) < 0 &&
		errno == EINTR)
		;
	printf("%d\n", pid);
	fflush(stdout);
	fclose(stdout); // whoever reads us need not wait for COMMAND
	if (info.si_code == CLD_TRAPPED)
		ptrace(PTRACE_DETACH, child, NULL, NULL);

	while (waitid(P_PID, (id_t)child, &info, WEXITED) < 0 && errno == EINTR)
		;
	return status_of(&info);
}
