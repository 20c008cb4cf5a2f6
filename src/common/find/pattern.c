// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "find/pattern.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { DEPTH_MAX = 1000 }; // nested parentheses

static const char special[] = ".[]\\()*+?{}|^$";

// Whether the bytes are valid in the locale's encoding. ASCII always is, so it is skipped first.
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

// A regular expression that matches exactly `text`; to be freed.
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

// regcomp of glibc calls itself for every parenthesis, so about ten thousand of them end the
// program by a stack overflow. Parentheses in brackets count as well; a real pattern never has a
// thousand of them.
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

// ---- the same pattern in one pass ----

// glibc tries a pattern at every character in turn, so the time for a.*z grows with the square of
// the text: 20 seconds for two megabytes, which any process can have as its command line. One pass
// is enough for other patterns with the same meaning: P matches anywhere exactly if ^.*(P) matches,
// and matches the whole text exactly if ^(P)$ matches.
enum {
	SHORT = 256,   // for a text up to this length the second regular expression does not pay
	OPEN_MAX = 10, // see struct shape
};

struct shape {
	bool closed; // it has the same meaning in parentheses
	bool anchored;
	bool endless; // a part of it repeats without a limit
	// The positions that several characters can fill. One pass remembers which of them can be
	// reached, so there are up to 2 to the power of this number of states.
	size_t open;
};

// The last character of the bracket expression at `text`.
static const char *end_of_bracket(const char *text)
{
	text += text[1] == '^' ? 2 : 1;
	for (const char *first = text; *text && (*text != ']' || text == first); text++) {
		char kind = text[0] == '[' ? text[1] : 0;

		// a class such as "[:alpha:]"
		if (kind == ':' || kind == '.' || kind == '=')
			for (text += 2; *text && !(text[0] == kind && text[1] == ']');)
				text++;
		if (!*text)
			break;
	}
	return *text ? text : text - 1;
}

static struct shape shape_of(const char *text)
{
	struct shape shape = {.closed = true};
	size_t depth = 0;

	for (; *text; text++) {
		if (*text == '\\') {
			// a back-reference, or an operator of GNU
			shape.closed &= text[1] && strchr(special, text[1]);
			text += text[1] != 0;
		} else if (*text == '(') {
			depth++;
		} else if (*text == ')') {
			shape.closed &= depth > 0;
			depth -= depth > 0;
		} else if (*text == '^') {
			// after .* glibc also finds (^a) where no line begins
			shape.anchored = true;
		} else if (*text == '*' || *text == '+') {
			shape.endless = true;
		} else if (*text == '{') {
			// a repetition counts as N positions
			shape.open += OPEN_MAX + 1;
		} else if (strchr(".[|?", *text)) {
			text = *text == '[' ? end_of_bracket(text) : text;
			shape.open += text[1] != '*' && text[1] != '+';
		}
	}
	shape.closed &= !depth;
	return shape;
}

// The text of the one-pass pattern, to be freed; NULL: there is none, or no memory.
static char *one_pass(const char *text, unsigned flags)
{
	struct shape shape = shape_of(text);
	size_t room = strlen(text) + sizeof("^.*()");

	if (!shape.closed || (!(flags & PATTERN_WHOLE) &&
				     (shape.anchored || !shape.endless || shape.open > OPEN_MAX)))
		return NULL;
	char *out = malloc(room);
	if (out)
		snprintf(out, room, flags & PATTERN_WHOLE ? "^(%s)$" : "^.*(%s)", text);
	return out;
}

struct pattern_pass {
	char *source;
	bool tried, ready; // compiled when the first long text is matched
	bool has_text;
	regex_t text, bytes;
};

static void pass_free(struct pattern_pass *pass)
{
	if (!pass)
		return;
	if (pass->ready && pass->has_text)
		regfree(&pass->text);
	if (pass->ready)
		regfree(&pass->bytes);
	free(pass->source);
	free(pass);
}

// NULL also if there is no memory, because it only saves time.
static struct pattern_pass *pass_new(const char *text, unsigned flags)
{
	struct pattern_pass *pass = calloc(1, sizeof(*pass));

	if (pass)
		pass->source = one_pass(text, flags);
	if (pass && !pass->source) {
		free(pass);
		return NULL;
	}
	return pass;
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

static bool pass_ready(const struct pattern *p)
{
	struct pattern_pass *pass = p->pass;
	unsigned flags = p->flags & PATTERN_IGNORE_CASE;
	char why[2];

	if (!pass || pass->tried)
		return pass && pass->ready;
	pass->tried = true;
	pass->has_text = p->has_text;
	if (p->has_text && compile(&pass->text, pass->source, flags, why, sizeof(why)) < 0)
		return false;
	locale_t before = uselocale(p->plain);
	pass->ready = !compile(&pass->bytes, pass->source, flags, why, sizeof(why));
	uselocale(before);
	if (!pass->ready && p->has_text)
		regfree(&pass->text);
	return pass->ready;
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

// Whether the pattern can match only `text`.
static bool is_exact(const char *text, unsigned flags)
{
	return flags & PATTERN_WHOLE && !(flags & PATTERN_IGNORE_CASE) &&
	       (flags & PATTERN_FIXED || !strpbrk(text, special));
}

static int out_of_memory(char *why, size_t size)
{
	snprintf(why, size, "%s", strerror(ENOMEM));
	return -ENOMEM;
}

int pattern_compile(struct pattern *out, const char *text, unsigned flags, char *why, size_t size)
{
	struct pattern p = {.flags = flags};

	// without special characters it is a regular expression in any case
	if (is_exact(text, flags)) {
		p.exact = strdup(text);
		if (!p.exact)
			return out_of_memory(why, size);
		*out = p;
		return 0;
	}
	char *literal = flags & PATTERN_FIXED ? quoted(text) : NULL;
	p.plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	if (!p.plain || (flags & PATTERN_FIXED && !literal)) {
		if (p.plain)
			freelocale(p.plain);
		free(literal);
		return out_of_memory(why, size);
	}
	int r = compile_both(&p, literal ? literal : text, why, size);
	p.pass = r < 0 ? NULL : pass_new(literal ? literal : text, flags);
	free(literal);
	if (r < 0) {
		freelocale(p.plain);
		return r;
	}
	*out = p;
	return 0;
}

// The match is the leftmost and longest one, so if any match covers the whole text, it is found. To
// put anchors around the pattern would not be enough: "a)|(b" escapes from them.
static int execute(const regex_t *re, const char *bytes, size_t len, bool whole)
{
	regmatch_t at = {0};

	// when memory runs out, glibc returns REG_NOMATCH; only errno, set by malloc, shows it
	errno = 0;
	int r = regexec(re, bytes, whole, &at, 0);
	if (r)
		return r == REG_NOMATCH && errno != ENOMEM ? 0 : -ENOMEM;
	return !whole || (at.rm_so == 0 && (size_t)at.rm_eo == len);
}

int pattern_matches(const struct pattern *p, const char *bytes, size_t len)
{
	if (p->exact)
		return strlen(p->exact) == len && !memcmp(p->exact, bytes, len);
	bool pass = len > SHORT && pass_ready(p);
	bool whole = p->flags & PATTERN_WHOLE && !pass;
	if (p->has_text && is_text(bytes, len))
		return execute(pass ? &p->pass->text : &p->text, bytes, len, whole);
	locale_t before = uselocale(p->plain);
	int found = execute(pass ? &p->pass->bytes : &p->bytes, bytes, len, whole);
	uselocale(before);
	return found;
}

bool pattern_may_match_longer(const struct pattern *p, const char *bytes, size_t len)
{
	return !p->exact || (strlen(p->exact) > len && !memcmp(p->exact, bytes, len));
}

void pattern_free(struct pattern *p)
{
	if (p->exact) {
		free(p->exact);
		return;
	}
	pass_free(p->pass);
	if (p->has_text)
		regfree(&p->text);
	regfree(&p->bytes);
	freelocale(p->plain);
}
