// SPDX-License-Identifier: GPL-2.0-or-later
// helper.h: what every test helper needs: to say why it failed, and to read a number.
#pragma once

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define die(...)                                                        \
	do {                                                            \
		fprintf(stderr, "%s: ", program_invocation_short_name); \
		fprintf(stderr, __VA_ARGS__);                           \
		fputc('\n', stderr);                                    \
		exit(125);                                              \
	} while (0)

static inline long number(const char *text)
{
	char *end;

	if (text == NULL)
		die("a number is missing");
	errno = 0;
	long n = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0')
		die("'%s' is no number", text);
	return n;
}

// The status to leave with after a child that ended like this, as a shell would.
static inline int status_of(const siginfo_t *info)
{
	return info->si_code == CLD_EXITED ? info->si_status : 128 + info->si_status;
}

// What waitid(2) told, in one line: "exited 3", "killed 15", "dumped 6".
static inline void print_ending(const siginfo_t *info)
{
	const char *how = info->si_code == CLD_EXITED	? "exited"
			  : info->si_code == CLD_DUMPED ? "dumped"
							: "killed";

	printf("%s %d\n", how, info->si_status);
	fflush(stdout);
}

// Skip a leading "--".
static inline char **command(char **argv)
{
	if (*argv != NULL && strcmp(*argv, "--") == 0)
		argv++;
	if (*argv == NULL)
		die("no command");
	return argv;
}
