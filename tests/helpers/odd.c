// SPDX-License-Identifier: GPL-2.0-or-later
// odd KIND: a process of an unusual kind. Prints "ready"; ends by a signal.
//	vfork       the parent in a vfork whose child waits for a signal
//	leader      its first thread has ended, another one waits
//	exec        its threads exec it anew all the time
//	tracer PID  traces the process PID and lets no signal through but SIGKILL
//	reader FILE has a thread that ends when it has read a byte of FILE; prints its number
//	cont PID... continues those processes all the time
#include "config.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

#include "helper.h"

enum { THREADS = 4, LIVE_US = 2000 };

static void ready(void)
{
	puts("ready");
	fflush(stdout);
}

static void *rest(void *data)
{
	(void)data;
	for (;;)
		pause();
	return NULL;
}

static void *renew(void *data)
{
	usleep(LIVE_US);
	execl("/proc/self/exe", "odd", "exec", "again", NULL);
	return data;
}

static void trace(pid_t pid)
{
	int status;

	if (ptrace(PTRACE_SEIZE, pid, 0, 0) < 0)
		die("ptrace: %s", strerror(errno));
	ready();
	while (waitpid(pid, &status, __WALL) > 0 && WIFSTOPPED(status))
		ptrace(PTRACE_CONT, pid, 0, 0);
}

static void *read_once(void *data)
{
	int fd = open(data, O_RDONLY);
	char byte;

	printf("%ld\n", syscall(SYS_gettid));
	fflush(stdout);
	return read(fd, &byte, 1) < 0 ? data : NULL;
}

static void start(void *(*run)(void *), void *data)
{
	pthread_t thread;

	// fails also while another thread executes a program
	if (pthread_create(&thread, NULL, run, data))
		pause();
}

int main(int argc, char **argv)
{
	if (argc < 2)
		die("which kind?");
	if (!strcmp(argv[1], "tracer")) {
		trace((pid_t)number(argv[2]));
		return 0;
	}
	if (!strcmp(argv[1], "cont")) {
		ready();
		for (;;)
			for (int i = 2; i < argc; i++)
				kill((pid_t)number(argv[i]), SIGCONT);
	}
	if (!strcmp(argv[1], "reader")) {
		start(read_once, argv[2]);
		rest(NULL);
	}
	if (argc == 2)
		ready();
	if (!strcmp(argv[1], "vfork")) {
		// NOLINTNEXTLINE(clang-analyzer-security.insecureAPI.vfork): it is about vfork
		if (!vfork())
			for (;;)
				pause(); // NOLINT(clang-analyzer-unix.Vfork)
	} else if (!strcmp(argv[1], "leader")) {
		start(rest, NULL);
		syscall(SYS_exit, 0);
	} else if (!strcmp(argv[1], "exec")) {
		for (int i = 0; i < THREADS; i++)
			start(renew, NULL);
	} else {
		die("'%s' is no kind", argv[1]);
	}
	rest(NULL);
}
