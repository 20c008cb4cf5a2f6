// SPDX-License-Identifier: GPL-2.0-or-later
// threads [-b K] N: a process of N threads beside the first, each waiting for signals of its own.
//
// With -b, the thread number K (0 is the first) blocks all signals and waits for none.
// Prints the number of each thread, the first one's first, in one line. Then for each signal
// one line: THREAD SIGNAL, by the thread that took it.
#include "config.h"

#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>

#include "helper.h"

static pid_t numbers[64];
static long deaf = -1;

static void *listen_for_signals(void *data)
{
	pid_t *number = data;
	siginfo_t info;
	sigset_t all;

	*number = (pid_t)syscall(SYS_gettid);
	while (number - numbers == deaf)
		pause();
	sigfillset(&all);
	while (sigwaitinfo(&all, &info) >= 0 || errno == EINTR) {
		char line[64];
		int length = snprintf(line, sizeof(line), "%d %d\n", *number, info.si_signo);

		if (write(STDOUT_FILENO, line, (size_t)length) != length)
			_exit(125);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	sigset_t all;

	if (argc == 4 && !strcmp(argv[1], "-b"))
		deaf = number(argv[2]);
	else if (argc != 2)
		die("usage: threads [-b K] N");
	long count = number(argv[argc - 1]);
	if (count < 1 || count > 63)
		die("N has to be from 1 to 63");
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
	numbers[0] = getpid();
	for (long i = 1; i <= count; i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, listen_for_signals, &numbers[i]))
			die("pthread_create failed");
		while (!*(volatile pid_t *)&numbers[i])
			usleep(1000);
	}
	for (long i = 0; i <= count; i++)
		printf("%d%c", numbers[i], i < count ? ' ' : '\n');
	fflush(stdout);
	listen_for_signals(&numbers[0]);
	return 0;
}
