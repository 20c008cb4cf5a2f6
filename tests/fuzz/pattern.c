// SPDX-License-Identifier: GPL-2.0-or-later
// pattern.c: a pattern is compiled or refused with a reason, and what it matches is what regexec(3)
// matches, also in a long text.
#include "config.h"

#include "find/pattern.h"
#include "text.h"

#include <errno.h>
#include <regex.h>

enum {
	LONG = 300, // what is matched in one pass
	MOST = 64,  // characters of a pattern: the C library takes very long for others
};

// The C library takes for ever, and all memory, for repeated repetitions (see argv-pkill.c), and
// for back-references.
static bool is_dear(const char *pattern)
{
	size_t repeats = 0;

	for (const char *c = pattern; *c; c++) {
		repeats += *c == '+' || *c == '*';
		if (*c == '{' || (*c == '\\' && c[1] >= '1' && c[1] <= '9'))
			return true;
	}
	return repeats > 6 || strlen(pattern) > MOST;
}

static int plainly(const char *pattern, unsigned flags, const char *text)
{
	regmatch_t at = {0};
	regex_t re;

	if (regcomp(&re, pattern, REG_EXTENDED | (flags & PATTERN_IGNORE_CASE ? REG_ICASE : 0)) !=
		0)
		return -EINVAL;
	int found = !regexec(&re, text, 1, &at, 0);
	regfree(&re);
	if (flags & PATTERN_WHOLE)
		found = found && at.rm_so == 0 && (size_t)at.rm_eo == strlen(text);
	return found;
}

static int fixedly(const char *pattern, unsigned flags, const char *text)
{
	return flags & PATTERN_WHOLE ? !strcmp(text, pattern) : strstr(text, pattern) != NULL;
}

static void compare(const struct pattern *p, const char *pattern, unsigned flags, const char *text)
{
	int want = flags & PATTERN_FIXED ? fixedly(pattern, flags, text)
					 : plainly(pattern, flags, text);

	PROMISE(pattern_matches(p, text, strlen(text)) == want);
	for (size_t len = 0; want && len < strlen(text); len++)
		PROMISE(pattern_may_match_longer(p, text, len));
}

// The text, over and over, until it is long.
static char *lengthened(const char *text)
{
	char *out = strdup("");

	if (out == NULL)
		abort();
	while (*text && strlen(out) < LONG) {
		out = realloc(out, strlen(out) + strlen(text) + 1);
		if (out == NULL)
			abort();
		strcat(out, text);
	}
	return out;
}

// A byte with the flags, the pattern up to a newline, and the text.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pattern p;
	char why[128] = "";

	if (size < 2 || size > 512 || memchr(data, 0, size) != NULL)
		return -1;
	setenv("LC_ALL", "C", 1);
	unsigned flags = data[0] & (PATTERN_FIXED | PATTERN_IGNORE_CASE | PATTERN_WHOLE);
	// without regard to case there is nothing simple to compare with
	if (flags & PATTERN_FIXED)
		flags &= ~(unsigned)PATTERN_IGNORE_CASE;
	char *pattern = text_of(data + 1, size - 1);
	char *text = strchrnul(pattern, '\n');
	if (*text)
		*text++ = '\0';
	char *longer = lengthened(text);
	int r = 0;
	if (!is_dear(pattern)) {
		r = pattern_compile(&p, pattern, flags, why, sizeof(why));
		PROMISE(r == 0 || (r == -EINVAL && *why != '\0' && !(flags & PATTERN_FIXED)));
		PROMISE(r == 0 || plainly(pattern, flags, "") == -EINVAL);
		if (r == 0) {
			compare(&p, pattern, flags, text);
			compare(&p, pattern, flags, longer);
			pattern_free(&p);
		}
	}
	free(longer);
	free(pattern);
	return 0;
}
