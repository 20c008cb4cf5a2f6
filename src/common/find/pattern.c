// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "find/pattern.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { DEPTH_MAX = 1000 }; // parentheses within parentheses

static const char special[] = ".[]\\()*+?{}|^$";

static bool is_text(const char *bytes, size_t len)
{
	mbstate_t state = {0};
	size_t at = 0;

	while (at < len && (unsigned char)bytes[at] < 0x80)
		at++;
	while (at < len) {
		size_t n = mbrlen(bytes + at, len - at, &state);

		if (n == 0 || n > len - at)
			return false;
		at += n;
	}
	return true;
}

// A regular expression that matches just `text`; to be freed.
static char *quoted(const char *text)
{
	char *out = malloc(2 * strlen(text) + 1);
	char *to = out;

	for (; out && *text; text++) {
		if (strchr(special, *text))
			*to++ = '\\';
		*to++ = *text;
	}
	if (out)
		*to = 0;
	return out;
}

// glibc's regcomp calls itself for every parenthesis, so some ten thousand of them end the
// program in a stack overflow. Those in brackets count too: nobody has a thousand there.
static bool is_too_deep(const char *text)
{
	size_t depth = 0;

	for (; *text && depth <= DEPTH_MAX; text++) {
		if (*text == '\\' && text[1])
			text++;
		else if (*text == '(')
			depth++;
		else if (*text == ')' && depth)
			depth--;
	}
	return depth > DEPTH_MAX;
}

static int compile(regex_t *out, const char *text, unsigned flags, char *why, size_t size)
{
	int r = regcomp(out, text,
		REG_EXTENDED | (flags & PATTERN_IGNORE_CASE ? REG_ICASE : 0) |
			(flags & PATTERN_WHOLE ? 0 : REG_NOSUB));

	if (!r)
		return 0;
	regerror(r, out, why, size);
	return r == REG_ESPACE ? -ENOMEM : -EINVAL;
}

static int compile_both(struct pattern *p, const char *text, char *why, size_t size)
{
	if (is_too_deep(text)) {
		snprintf(why, size, "more than %d parentheses within each other", DEPTH_MAX);
		return -EINVAL;
	}
	p->has_text = is_text(text, strlen(text));
	int r = p->has_text ? compile(&p->text, text, p->flags, why, size) : 0;
	if (r < 0)
		return r;
	locale_t before = uselocale(p->plain);
	r = compile(&p->bytes, text, p->flags, why, size);
	uselocale(before);
	if (r < 0 && p->has_text)
		regfree(&p->text);
	return r;
}

// Whether `text` is all that the pattern can match.
static bool is_exact(const char *text, unsigned flags)
{
	return flags & PATTERN_WHOLE && !(flags & PATTERN_IGNORE_CASE) &&
	       (flags & PATTERN_FIXED || !strpbrk(text, special));
}

int pattern_compile(struct pattern *out, const char *text, unsigned flags, char *why, size_t size)
{
	struct pattern p = {.flags = flags};
	char *literal = flags & PATTERN_FIXED ? quoted(text) : NULL;
	bool exact = is_exact(text, flags);

	p.exact = exact ? strdup(text) : NULL;
	p.plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	if (!p.plain || (flags & PATTERN_FIXED && !literal) || (exact && !p.exact)) {
		if (p.plain)
			freelocale(p.plain);
		free(literal);
		free(p.exact);
		snprintf(why, size, "%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	int r = compile_both(&p, literal ? literal : text, why, size);
	free(literal);
	if (r < 0) {
		freelocale(p.plain);
		free(p.exact);
		return r;
	}
	*out = p;
	return 0;
}

// Leftmost and longest: when any match spans the whole text, the one found does. Anchors
// around the pattern would not do, "a)|(b" breaks out of them.
static int execute(const regex_t *re, const char *bytes, size_t len, bool whole)
{
	regmatch_t at = {0};

	// glibc's answers REG_NOMATCH when memory runs out; only malloc's own word is left
	errno = 0;
	int r = regexec(re, bytes, whole, &at, 0);
	if (r)
		return r == REG_NOMATCH && errno != ENOMEM ? 0 : -ENOMEM;
	return !whole || (at.rm_so == 0 && (size_t)at.rm_eo == len);
}

int pattern_matches(const struct pattern *p, const char *bytes, size_t len)
{
	bool whole = p->flags & PATTERN_WHOLE;

	if (p->exact)
		return strlen(p->exact) == len && !memcmp(p->exact, bytes, len);
	if (p->has_text && is_text(bytes, len))
		return execute(&p->text, bytes, len, whole);
	locale_t before = uselocale(p->plain);
	int found = execute(&p->bytes, bytes, len, whole);
	uselocale(before);
	return found;
}

bool pattern_may_match_longer(const struct pattern *p, const char *bytes, size_t len)
{
	return !p->exact || (strlen(p->exact) > len && !memcmp(p->exact, bytes, len));
}

void pattern_free(struct pattern *p)
{
	free(p->exact);
	if (p->has_text)
		regfree(&p->text);
	regfree(&p->bytes);
	freelocale(p->plain);
}
