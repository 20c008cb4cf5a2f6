// SPDX-License-Identifier: GPL-2.0-or-later
// check.h: unit tests in C that speak TAP. A failed CHECK says so and goes on.
//
//	static void reads_plain_seconds(void)
//	{
//		CHECK(duration_parse("5", ...) == 0);
//		CHECK_INT(got.tv_sec, 5);
//	}
//
//	int main(void)
//	{
//		static const struct check_test tests[] = {
//			{"a bare number is seconds", reads_plain_seconds},
//		};
//		return check_run(tests, sizeof(tests) / sizeof(*tests));
//	}
#pragma once

#include <dirent.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct check_test {
	const char *name; // a sentence, without '#'
	void (*run)(void);
};

static int check_failed;
static const char *check_row; // set to a table row's text, it is shown with a failure

#define CHECK(cond)	     check_that((cond) ? 1 : 0, __LINE__, #cond)
#define CHECK_INT(got, want) check_int((intmax_t)(got), (intmax_t)(want), __LINE__, #got)
#define CHECK_STR(got, want) check_str((got), (want), __LINE__, #got)

static inline void check_note(int line)
{
	check_failed = 1;
	printf("# line %d%s%s: ", line, check_row != NULL ? ", row " : "",
		check_row != NULL ? check_row : "");
}

static inline void check_that(int ok, int line, const char *text)
{
	if (ok)
		return;
	check_note(line);
	printf("not so: %s\n", text);
}

static inline void check_int(intmax_t got, intmax_t want, int line, const char *text)
{
	if (got == want)
		return;
	check_note(line);
	printf("%s is %" PRIdMAX ", not %" PRIdMAX "\n", text, got, want);
}

static inline void check_str(const char *got, const char *want, int line, const char *text)
{
	if (got == want || (got != NULL && want != NULL && strcmp(got, want) == 0))
		return;
	check_note(line);
	printf("%s is \"%s\", not \"%s\"\n", text, got != NULL ? got : "(null)",
		want != NULL ? want : "(null)");
}

enum { CHECK_SECONDS = 60 }; // that one test may take, unless PFD_TEST_LIMIT says otherwise

static inline void check_each(
	const struct check_test *tests, size_t count, volatile size_t *at, int *any)
{
	for (size_t i = 0; i < count; i++) {
		*at = i;
		check_failed = 0;
		check_row = NULL;
		tests[i].run();
		printf("%sok %zu - %s\n", check_failed ? "not " : "", i + 1, tests[i].name);
		*any |= check_failed;
	}
}

static inline void check_kill_children(void)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;

	while (proc != NULL && (entry = readdir(proc)) != NULL) {
		char path[300];
		char text[512];

		snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		FILE *stat = fopen(path, "re");
		size_t n = stat != NULL ? fread(text, 1, sizeof(text) - 1, stat) : 0;
		if (stat != NULL)
			fclose(stat);
		text[n] = '\0';
		const char *name_end = strrchr(text, ')');
		if (name_end != NULL && strtol(name_end + 4, NULL, 10) == getpid())
			kill((pid_t)atoi(entry->d_name), SIGKILL);
	}
	if (proc != NULL)
		closedir(proc);
}

// The tests hang: end them, with all that they started.
static inline int check_cut_off(const struct check_test *tests, size_t at, long limit)
{
	printf("# after %ld s it has not ended, and is cut off with all that it started\n"
	       "not ok %zu - %s\n",
		limit, at + 1, tests[at].name);
	// what is below them comes to us when they are gone
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	do
		check_kill_children();
	while (waitpid(-1, NULL, 0) > 0);
	return 1;
}

// The tests run in a child, which is ended when one of them takes too long.
static inline int check_run(const struct check_test *tests, size_t count)
{
	const char *wanted = getenv("PFD_TEST_LIMIT");
	long limit = wanted != NULL ? atol(wanted) : CHECK_SECONDS;
	const struct timespec second = {.tv_sec = 1};
	volatile size_t *at =
		mmap(NULL, sizeof(*at), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	size_t last = 0;
	sigset_t child;
	sigset_t before;
	int any = 0;

	setvbuf(stdout, NULL, _IOLBF, 0); // a crash loses nothing
	printf("1..%zu\n", count);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &before);
	pid_t pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		sigprocmask(SIG_SETMASK, &before, NULL);
		check_each(tests, count, at, &any);
		exit(any);
	}
	for (long left = limit; left > 0; last = *at) {
		if (waitpid(pid, &any, WNOHANG) != 0) {
			if (WIFSIGNALED(any))
				printf("# killed by signal %d: %s\n", WTERMSIG(any),
					tests[*at].name);
			return any == 0 ? 0 : 1;
		}
		if (sigtimedwait(&child, NULL, &second) < 0)
			left = *at == last ? left - 1 : limit;
	}
	return check_cut_off(tests, last, limit);
}
