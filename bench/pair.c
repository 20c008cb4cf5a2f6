// SPDX-License-Identifier: GPL-2.0-or-later
// pair.c: time whole commands against each other, in turn (A B A B ...), on a noisy machine.
//
//	pair RUNS COMMAND [ARG...] ::: COMMAND [ARG...] ...
//
// One warm-up each, then RUNS rounds. A line a command: median and minimum wall time in
// microseconds, median of the ratio to the first command of the same round, the largest peak
// memory in KiB, the exit status. A status that differs between the rounds of one command is
// printed as "mixed".
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
	double us[RUNS];
	double ratio[RUNS];
	long peak;
	int status; // -1: mixed
} commands[COMMANDS];

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double run(struct command *c, int first)
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
	c->status = first || c->status == status ? status : -1;
	if (usage.ru_maxrss > c->peak)
		c->peak = usage.ru_maxrss;
	return spent;
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
		run(&commands[i], 1);
	for (int r = 0; r < runs; r++) {
		for (int i = 0; i < count; i++) {
			commands[i].us[r] = run(&commands[i], 0);
			commands[i].ratio[r] = commands[i].us[r] / commands[0].us[r];
		}
	}
	for (int i = 0; i < count; i++) {
		struct command *c = &commands[i];
		double middle = median(c->us, runs);

		printf("%.0f %.0f %.3f %ld ", middle, c->us[0], median(c->ratio, runs), c->peak);
		if (c->status < 0)
			printf("mixed\n");
		else
			printf("%d\n", c->status);
	}
	return 0;
}
