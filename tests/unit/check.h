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

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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

static inline int check_run(const struct check_test *tests, size_t count)
{
	int any = 0;

	setvbuf(stdout, NULL, _IOLBF, 0); // a crash loses nothing
	printf("1..%zu\n", count);
	for (size_t i = 0; i < count; i++) {
		check_failed = 0;
		check_row = NULL;
		tests[i].run();
		printf("%sok %zu - %s\n", check_failed ? "not " : "", i + 1, tests[i].name);
		any |= check_failed;
	}
	return any;
}
