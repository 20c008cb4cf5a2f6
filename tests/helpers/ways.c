// SPDX-License-Identifier: GPL-2.0-or-later
// ways: one child for each of many ways to end, ended and reaped when told.
//
// Prints "PID WAY" for each, then "ready". The first line read from standard input lets all end;
// when all are dead it prints "dead". The second one reaps them, and prints "PID STATUS" for each
// as waitid(2) told it and a shell would count it, then "reaped".
//
// ways WAY ends in this way itself; ways list prints the names of all.
#include "config.h"

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "helper.h"

struct way {
	const char *name;
	void (*end)(int n);
	int n;
};

static void leave(int n)
{
	exit(n);
}

static void leave_by_call(int n)
{
	syscall(SYS_exit_group, n);
}

static void die_of(int n)
{
	setrlimit(RLIMIT_CORE, &(struct rlimit){0});
	signal(n, SIG_DFL);
	raise(n);
}

static void dump(int n)
{
	struct rlimit core;

	getrlimit(RLIMIT_CORE, &core);
	core.rlim_cur = core.rlim_max;
	setrlimit(RLIMIT_CORE, &core);
	signal(n, SIG_DFL);
	raise(n);
}

static void fault(int n)
{
	volatile char *page = mmap(NULL, 1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)n;
	setrlimit(RLIMIT_CORE, &(struct rlimit){0});
	// it may only be read
	*page = 1;
}

static void stop_and_die(int n)
{
	// stopped when it is killed
	pid_t killer = fork();
	if (killer == 0) {
		usleep(20000);
		kill(getppid(), n);
		_exit(0);
	}
	raise(SIGSTOP);
}

static void *thread_leaves(void *n)
{
	exit(*(int *)n);
}

static void *thread_dies(void *n)
{
	die_of(*(int *)n);
	return NULL;
}

static void *thread_execs(void *n)
{
	char text[32];

	snprintf(text, sizeof(text), "exit %d", *(int *)n);
	execl("/bin/sh", "sh", "-c", text, (char *)NULL);
	return NULL;
}

static void *thread_waits(void *n)
{
	(void)n;
	for (;;)
		pause();
	return NULL;
}

static void *thread_leaves_last(void *n)
{
	usleep(50000);
	syscall(SYS_exit, *(int *)n);
	return NULL;
}

static void *thread_leaves_all(void *n)
{
	usleep(50000);
	syscall(SYS_exit_group, *(int *)n);
	return NULL;
}

static void in_thread(void *(*work)(void *), int *n)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, work, n) != 0)
		_exit(126);
}

static void thread_exits(int n)
{
	in_thread(thread_waits, &n);
	in_thread(thread_leaves, &n);
	thread_waits(NULL);
}

static void thread_signalled(int n)
{
	in_thread(thread_waits, &n);
	in_thread(thread_dies, &n);
	thread_waits(NULL);
}

static void thread_replaced(int n)
{
	in_thread(thread_waits, &n);
	in_thread(thread_execs, &n);
	thread_waits(NULL);
}

// the leader's own exit(2) is not the end, nor is its number the status
static void leader_first(int n)
{
	in_thread(thread_leaves_all, &n);
	syscall(SYS_exit, 99);
}

static void leader_first_no_group(int n)
{
	in_thread(thread_leaves_last, &n);
	syscall(SYS_exit, 99);
}

static void leader_last(int n)
{
	int other = 98;

	in_thread(thread_leaves_last, &other);
	usleep(150000);
	syscall(SYS_exit, n);
}

static const struct way ways[] = {
	{"exit-0", leave, 0},
	{"exit-1", leave, 1},
	{"exit-2", leave, 2},
	{"exit-42", leave, 42},
	{"exit-126", leave, 126},
	{"exit-127", leave, 127},
	{"exit-128", leave, 128},
	{"exit-143", leave, 143},
	{"exit-255", leave, 255},
	{"exit-256", leave, 256},
	{"exit-minus-1", leave, -1},
	{"exit-group-7", leave_by_call, 7},
	{"hup", die_of, SIGHUP},
	{"int", die_of, SIGINT},
	{"quit", die_of, SIGQUIT},
	{"kill", die_of, SIGKILL},
	{"usr1", die_of, SIGUSR1},
	{"pipe", die_of, SIGPIPE},
	{"alrm", die_of, SIGALRM},
	{"term", die_of, SIGTERM},
	{"xcpu", die_of, SIGXCPU},
	{"sys", die_of, SIGSYS},
	{"rt-34", die_of, 34},
	{"rt-64", die_of, 64},
	{"fault", fault, 0},
	{"dump-abrt", dump, SIGABRT},
	{"dump-segv", dump, SIGSEGV},
	{"dump-quit", dump, SIGQUIT},
	{"stopped-and-killed", stop_and_die, SIGKILL},
	{"thread-exits", thread_exits, 21},
	{"thread-signalled", thread_signalled, SIGTERM},
	{"thread-replaced-by-exec", thread_replaced, 22},
	{"leader-first", leader_first, 23},
	{"leader-first-no-group", leader_first_no_group, 24},
	{"leader-last", leader_last, 25},
};

enum { WAYS = sizeof(ways) / sizeof(*ways) };

static void wait_for_line(void)
{
	char byte;

	while (read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n')
		;
}

static void child(const struct way *way, int go)
{
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(go, &byte, 1) < 0 && errno == EINTR)
		;
	way->end(way->n);
	_exit(125);
}

static int end_as(const char *name)
{
	for (size_t i = 0; i < WAYS; i++) {
		if (!strcmp(name, "list"))
			puts(ways[i].name);
		else if (!strcmp(name, ways[i].name))
			ways[i].end(ways[i].n);
	}
	return strcmp(name, "list") ? 125 : 0;
}

int main(int argc, char **argv)
{
	pid_t pids[WAYS];
	siginfo_t info;
	int go[2];

	if (argc > 1)
		return end_as(argv[1]);
	if (pipe(go) < 0)
		die("pipe: %s", strerror(errno));
	for (size_t i = 0; i < WAYS; i++) {
		pids[i] = fork();
		if (pids[i] < 0)
			die("fork: %s", strerror(errno));
		if (pids[i] == 0) {
			close(go[1]);
			child(&ways[i], go[0]);
		}
		dprintf(STDOUT_FILENO, "%d %s\n", pids[i], ways[i].name);
	}
	dprintf(STDOUT_FILENO, "ready\n");
	wait_for_line();
	close(go[1]);
	for (size_t i = 0; i < WAYS; i++)
		while (waitid(P_PID, (id_t)pids[i], &info, WEXITED | WNOWAIT) < 0 && errno == EINTR)
			;
	dprintf(STDOUT_FILENO, "dead\n");
	wait_for_line();
	for (size_t i = 0; i < WAYS; i++) {
		while (waitid(P_PID, (id_t)pids[i], &info, WEXITED) < 0 && errno == EINTR)
			;
		dprintf(STDOUT_FILENO, "%d %d\n", pids[i], status_of(&info));
	}
	dprintf(STDOUT_FILENO, "reaped\n");
	return 0;
}
