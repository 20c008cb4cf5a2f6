// SPDX-License-Identifier: GPL-2.0-or-later
// waits.c: measure commands that wait for processes which are not their children, in turn.
//
//	waits TARGETS RUNS COMMAND [ARG...] ::: COMMAND [ARG...] ...
//
// Each command gets the numbers of TARGETS sleeping processes as further operands. When it is at
// rest all of them are ended and reaped. A line a command: medians of the time between the last
// reap and its return in microseconds, that time's ratio to the first command, its processor time
// in microseconds and the ratio of that, its wake-ups in 100 ms of rest, its own memory in KiB
// (RssAnon) at rest; then its exit status.
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { COMMANDS = 8, RUNS = 200, REST_MS = 100, REST_LIMIT_MS = 60000 };

static struct command {
	char **argv;
	int argc;
	double delay[RUNS], delay_ratio[RUNS], cpu[RUNS], cpu_ratio[RUNS], wakes[RUNS], kib[RUNS];
	int status;
} commands[COMMANDS];

static noreturn void die(const char *what)
{
	fprintf(stderr, "waits: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void pause_ms(int ms)
{
	struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};

	nanosleep(&t, NULL);
}

struct seen {
	char state;
	long anon, switches;
};

static struct seen look(pid_t pid)
{
	struct seen seen = {0};
	char text[4096];
	const char *line;

	snprintf(text, sizeof(text), "/proc/%d/status", (int)pid);
	int fd = open(text, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n < 0)
		die("/proc/PID/status");
	close(fd);
	text[n] = 0;
	if ((line = strstr(text, "\nState:\t")))
		seen.state = line[8];
	if ((line = strstr(text, "\nRssAnon:")))
		seen.anon = strtol(line + 9, NULL, 10);
	if ((line = strstr(text, "\nvoluntary_ctxt_switches:")))
		seen.switches = strtol(line + 25, NULL, 10);
	return seen;
}

// What it looks like once it slept through 20 ms.
static struct seen at_rest(pid_t pid)
{
	struct seen before = look(pid);

	for (int ms = 0; ms < REST_LIMIT_MS; ms += 20) {
		pause_ms(20);
		struct seen after = look(pid);

		if (after.state == 'Z')
			break;
		if (before.state == 'S' && after.state == 'S' && after.switches == before.switches)
			return after;
		before = after;
	}
	fprintf(stderr, "waits: it does not wait\n");
	exit(1);
}

static void start_targets(pid_t *targets, int count)
{
	for (int i = 0; i < count; i++) {
		targets[i] = fork();
		if (targets[i] < 0)
			die("fork");
		if (!targets[i])
			for (;;)
				pause();
	}
}

static void end_targets(const pid_t *targets, int count)
{
	for (int i = 0; i < count; i++)
		kill(targets[i], SIGKILL);
	for (int i = 0; i < count; i++)
		waitpid(targets[i], NULL, 0);
}

static pid_t start(const struct command *c, const pid_t *targets, int count)
{
	char **argv = calloc((size_t)c->argc + (size_t)count + 1, sizeof(*argv));
	posix_spawn_file_actions_t actions;
	pid_t pid;

	for (int i = 0; i < c->argc; i++)
		argv[i] = c->argv[i];
	for (int i = 0; i < count; i++)
		if (asprintf(&argv[c->argc + i], "%d", (int)targets[i]) < 0)
			die("memory");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	errno = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
	if (errno)
		die(argv[0]);
	posix_spawn_file_actions_destroy(&actions);
	for (int i = 0; i < count; i++)
		free(argv[c->argc + i]);
	free(argv);
	return pid;
}

static void run(struct command *c, int r, pid_t *targets, int count)
{
	struct rusage usage;
	int status;

	start_targets(targets, count);
	pid_t pid = start(c, targets, count);
	struct seen rest = at_rest(pid);
	pause_ms(REST_MS);
	c->wakes[r] = (double)(look(pid).switches - rest.switches);
	c->kib[r] = (double)rest.anon;
	end_targets(targets, count);
	double last = now();
	while (wait4(pid, &status, 0, &usage) < 0)
		continue;
	c->delay[r] = now() - last;
	c->cpu[r] = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
		    (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
	c->delay_ratio[r] = c->delay[r] / commands[0].delay[r];
	c->cpu_ratio[r] = c->cpu[r] / commands[0].cpu[r];
	c->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int by_value(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(double *values, int count)
{
	qsort(values, (size_t)count, sizeof(*values), by_value);
	return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

int main(int argc, char **argv)
{
	int targets = argc > 3 ? atoi(argv[1]) : 0;
	int runs = argc > 3 ? atoi(argv[2]) : 0;
	int count = 0;

	if (targets < 1 || runs < 1 || runs > RUNS) {
		fprintf(stderr, "usage: waits TARGETS RUNS COMMAND [ARG...] ::: COMMAND ...\n");
		return 2;
	}
	for (int i = 3, from = 3; i <= argc && count < COMMANDS; i++)
		if (i == argc || !strcmp(argv[i], ":::")) {
			commands[count++] = (struct command){.argv = argv + from, .argc = i - from};
			from = i + 1;
		}
	pid_t *list = calloc((size_t)targets, sizeof(*list));
	for (int r = 0; r < runs; r++)
		for (int i = 0; i < count; i++)
			run(&commands[i], r, list, targets);
	for (int i = 0; i < count; i++) {
		struct command *c = &commands[i];

		printf("%.0f %.3f %.0f %.3f ", median(c->delay, runs), median(c->delay_ratio, runs),
			median(c->cpu, runs), median(c->cpu_ratio, runs));
		printf("%.0f %.0f %d\n", median(c->wakes, runs), median(c->kib, runs), c->status);
	}
	free(list);
	return 0;
}
