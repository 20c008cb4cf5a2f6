// SPDX-License-Identifier: GPL-2.0-or-later
// pair.c: time whole commands against each other, in turn (A B A B ...), on a noisy machine.
//
//	pair RUNS COMMAND [ARG...] ::: COMMAND [ARG...] ...
//
// One warm-up each, then RUNS rounds. A line a command: wall time in microseconds,
// its ratio to the first command of the same round, the same two of processor time (which other
// load hardly changes), the smallest wall and processor time; all but the last two are medians.
// Then the largest peak memory in KiB and the exit status, "mixed" where it differs between
// rounds.
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { COMMANDS = 16, RUNS = 1000 };

static struct command {
	char **argv;
	double wall[RUNS], wall_ratio[RUNS];
	double cpu[RUNS], cpu_ratio[RUNS];
	long peak;
	int status; // -1: mixed
} commands[COMMANDS];

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double in_us(struct timeval t)
{
	return (double)t.tv_sec * 1e6 + (double)t.tv_usec;
}

// Run it once, as the round `r`; -1: to warm up.
static void run(struct command *c, int r)
{
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	int status;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	double start = now();
	int error = posix_spawnp(&pid, c->argv[0], &actions, NULL, c->argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (error) {
		fprintf(stderr, "pair: %s: %s\n", c->argv[0], strerror(error));
		exit(1);
	}
	while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR)
		continue;
	double spent = now() - start;
	status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	c->status = r < 0 || c->status == status ? status : -1;
	if (usage.ru_maxrss > c->peak)
		c->peak = usage.ru_maxrss;
	if (r < 0)
		return;
	c->wall[r] = spent;
	c->cpu[r] = in_us(usage.ru_utime) + in_us(usage.ru_stime);
	c->wall_ratio[r] = c->wall[r] / commands[0].wall[r];
	c->cpu_ratio[r] = c->cpu[r] / commands[0].cpu[r];
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

static void print(struct command *c, int runs)
{
	double wall = median(c->wall, runs);
	double cpu = median(c->cpu, runs);

	printf("%.0f %.3f %.0f %.3f ", wall, median(c->wall_ratio, runs), cpu,
		median(c->cpu_ratio, runs));
	printf("%.0f %.0f %ld ", c->wall[0], c->cpu[0], c->peak);
	if (c->status < 0)
		printf("mixed\n");
	else
		printf("%d\n", c->status);
}

int main(int argc, char **argv)
{
	int runs = argc > 2 ? atoi(argv[1]) : 0;
	int count = 0;

	if (runs < 1 || runs > RUNS) {
		fprintf(stderr, "usage: pair RUNS COMMAND [ARG...] ::: COMMAND [ARG...] ...\n");
		return 2;
	}
	commands[count++].argv = argv + 2;
	for (int i = 2; i < argc && count < COMMANDS; i++) {
		if (!strcmp(argv[i], ":::")) {
			argv[i] = NULL;
			commands[count++].argv = argv + i + 1;
		}
	}
	for (int i = 0; i < count; i++)
		run(&commands[i], -1);
	for (int r = 0; r < runs; r++)
		for (int i = 0; i < count; i++)
			run(&commands[i], r);
	for (int i = 0; i < count; i++)
		print(&commands[i], runs);
	return 0;
}
