// SPDX-License-Identifier: GPL-2.0-or-later
// pattern.c: unit tests of pattern.h: a long text gets the answer that regexec(3) gives, in one
// pass.
#include "config.h"

#include "check.h"
#include "find/pattern.h"

#include <errno.h>
#include <locale.h>
#include <regex.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	LONG = 320,	     // longer than what is matched without the one pass
	HUGE_TEXT = 1800000, // as long as a command line gets
	PATTERNS = 400,
};

static uint32_t seed;

static uint32_t draw(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

static void append(char *to, size_t room, const char *const *parts, size_t count, size_t times)
{
	*to = 0;
	while (times--) {
		const char *part = parts[draw((uint32_t)count)];

		if (strlen(to) + strlen(part) < room)
			strcat(to, part);
	}
}

// What regexec(3) says of the whole pattern, tried at every character.
static int plainly(const char *re, unsigned flags, const char *text)
{
	regmatch_t at = {0};
	regex_t compiled;

	if (regcomp(&compiled, re, REG_EXTENDED | (flags & PATTERN_IGNORE_CASE ? REG_ICASE : 0)) !=
		0)
		return -1;
	int found = !regexec(&compiled, text, 1, &at, 0);
	regfree(&compiled);
	if (flags & PATTERN_WHOLE)
		found = found && at.rm_so == 0 && (size_t)at.rm_eo == strlen(text);
	return found;
}

// Use this locale from now on: for regexec(3), and in the environment for patterns.
static bool in_locale(const char *name)
{
	setenv("LC_ALL", name, 1);
	return setlocale(LC_ALL, name);
}

static void answers_as_regexec_does(void)
{
	static const char *const parts[] = {"a", "b", "z", ".", "*", "+", "?", "|", "(", ")", "(a",
		"b)", "a.*z", ".*", "^", "$", "[ab]", "[^a]", "[]a]", "[[:alpha:]]", "[a-c]*",
		"\\.", "\\(", "\\1", "\\w", "\\b", "(|a)", "()", "\n", "\xc3\xa9", ".+", "b|z",
		"[0-9]", "[[.a.]]", "[b-z]", "a{2}", "{2}", "{1,3}", "{2,}", "{", "{,2}", "b{0}",
		"(ab|a){2}"};
	static const char *const texts[] = {
		"a", "b", "c", "z", ".", "(", "\n", " ", "ab", "az", "]", "7", "\xc3\xa9"};
	enum { ASCII_TEXTS = sizeof(texts) / sizeof(*texts) - 1 };
	size_t found = 0;

	for (size_t i = 0; i < PATTERNS; i++) {
		unsigned flags =
			(draw(4) ? 0 : PATTERN_IGNORE_CASE) | (draw(3) ? 0 : PATTERN_WHOLE);
		char re[128];
		char text[LONG + 8];
		char why[128];
		struct pattern p;

		append(re, sizeof(re), parts, sizeof(parts) / sizeof(*parts), 1 + draw(7));
		// glibc never ends, or runs out of stack, with some back-references and repetitions
		const char *brace = strchr(re, '{');
		if (brace && (strstr(re, "\\1") || strchr(brace + 1, '{')))
			continue;
		if (pattern_compile(&p, re, flags, why, sizeof(why)) < 0)
			continue;
		for (size_t k = 0; k < 6; k++) {
			// regexec(3) needs exponential time for a back-reference in a long text
			if (k >= 2 && strstr(re, "\\1"))
				break;
			// few kinds of characters, or one, so that some are matched as a whole
			append(text, LONG, texts, 1 + draw(ASCII_TEXTS + (k & 1)),
				k < 2 ? 9 : LONG);
			int want = plainly(re, flags, text);
			check_row = re;
			CHECK_INT(pattern_matches(&p, text, strlen(text)), want);
			found += want == 1;
		}
		pattern_free(&p);
	}
	CHECK(found > PATTERNS / 10);
}

// What is left open at the end is rejected, and not read beyond (AddressSanitizer sees that).
static void rejects_what_is_left_open(void)
{
	static const char *const open[] = {
		"[", "a[", "[^", "[]", "[a", "[a-", "[[:", "[[:alpha:", "(", "a\\", "{"};

	for (size_t i = 0; i < sizeof(open) / sizeof(*open); i++) {
		char why[128];
		struct pattern p;

		check_row = open[i];
		CHECK_INT(pattern_compile(&p, open[i], 0, why, sizeof(why)), -EINVAL);
	}
}

static void answers_as_regexec_does_everywhere(void)
{
	const char *given = getenv("SEED");

	seed = given ? (uint32_t)strtoul(given, NULL, 10) : (uint32_t)time(NULL);
	printf("# seed %u\n", seed);
	in_locale("C");
	answers_as_regexec_does();
	if (in_locale("C.UTF-8"))
		answers_as_regexec_does();
	in_locale("C");
}

// The time of the processor, which other processes do not take from us.
static double seconds(const char *re, unsigned flags, const char *text, int want)
{
	char why[128];
	struct pattern p;
	clock_t began = clock();

	CHECK_INT(pattern_compile(&p, re, flags, why, sizeof(why)), 0);
	check_row = re;
	CHECK_INT(pattern_matches(&p, text, HUGE_TEXT), want);
	pattern_free(&p);
	return (double)(clock() - began) / CLOCKS_PER_SEC;
}

static void takes_one_pass(void)
{
	char *text = malloc(HUGE_TEXT + 1);

	memset(text, 'a', HUGE_TEXT);
	text[HUGE_TEXT] = 0;
	// an instrumented C library is not what is measured; quadratic is hours there
	double most = 2;
	CHECK(seconds("a.*z", 0, text, 0) < most);
	CHECK(seconds("a.*z", PATTERN_IGNORE_CASE, text, 0) < most);
	CHECK(seconds("a.*b.*z|a+z", 0, text, 0) < most);
	CHECK(seconds("a.*z", PATTERN_WHOLE, text, 0) < most);
	CHECK(seconds("a*", PATTERN_WHOLE, text, 1) < most);
	CHECK(seconds("a{3}.*z", 0, text, 0) < most);
	CHECK(seconds("[ab]{2,5}.*z", 0, text, 0) < most);
	CHECK(seconds("a{2,}z", 0, text, 0) < most);
	CHECK(seconds("^a.*z|(^aa.*y)", 0, text, 0) < most);
	// all of it is looked at
	text[HUGE_TEXT - 1] = 'z';
	CHECK(seconds("a.*z", 0, text, 1) < most);
	CHECK(seconds("a.*z", PATTERN_WHOLE, text, 1) < most);
	if (in_locale("C.UTF-8")) {
		memcpy(text + 10, "\xc3\xa9", 2);
		CHECK(seconds("a.*z", 0, text, 1) < most);
		CHECK(seconds("a.*y", 0, text, 0) < most);
		text[10] = 'a';
		CHECK(seconds("a.*y", 0, text, 0) < most);
	}
	in_locale("C");
	free(text);
}

int main(void)
{
	static const struct check_test tests[] = {
		{"a long text gets the answer that regexec gives",
			answers_as_regexec_does_everywhere},
		{"a pattern that is left open is rejected", rejects_what_is_left_open},
		{"a pattern without a match takes one pass over two megabytes", takes_one_pass},
	};

	return check_run(tests, sizeof(tests) / sizeof(*tests));
}
