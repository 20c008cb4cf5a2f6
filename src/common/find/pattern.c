// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "find/pattern.h"

#include <errno.h>
#include <regex.h>
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

const char *pattern_bracket_end(const char *text)
{
	text += text[1] == '^' ? 2 : 1;
	for (const char *first = text; *text && (*text != ']' || text == first); text++) {
		char kind = text[0] == '[' ? text[1] : 0;

		if (kind != ':' && kind != '.' && kind != '=')
			continue;
		// a class such as "[:alpha:]"
		for (text += 2; *text && !(text[0] == kind && text[1] == ']');)
			text++;
		if (!*text)
			break;
		text++;
	}
	return *text ? text : text - 1;
}

// Read "{2}", "{2,}" or "{2,5}": what is repeated, at most all that is before, is that often in the
// pattern. Returns the last character.
static const char *repeat(const char *text, struct shape *shape)
{
	size_t times = 0;
	size_t most = 0;

	for (text++; *text && *text != '}'; text++) {
		shape->endless |= text[0] == ',' && text[1] == '}';
		times = *text == ',' ? 0 : 10 * times + (size_t)(*text - '0');
		shape->closed &= *text == ',' || (*text >= '0' && *text <= '9' && times < 1000);
		most = times > most ? times : most;
	}
	shape->closed &= *text == '}';
	shape->open *= most > 1 ? most : 1;
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
			text = repeat(text, &shape);
		} else if (strchr(".[|?", *text)) {
			text = *text == '[' ? pattern_bracket_end(text) : text;
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

// ---- regular expressions that are compiled when they are first needed ----

enum lazy { LAZY_NEW, LAZY_READY, LAZY_FAILED };

struct lazy_regex {
	enum lazy state;
	regex_t re;
};

// The same pattern by bytes, and by the characters of the locale.
struct pattern_pair {
	char *source;
	struct lazy_regex bytes, text;
};

// The locale of the environment. Loading it takes longer than all else that a search does on a
// small machine, so it is loaded for the first text that is not ASCII.
struct pattern_locale {
	bool tried;
	locale_t locale; // 0: it cannot be loaded, or the pattern is not valid in it
};

static void pair_free(struct pattern_pair *pair)
{
	if (!pair)
		return;
	if (pair->bytes.state == LAZY_READY)
		regfree(&pair->bytes.re);
	if (pair->text.state == LAZY_READY)
		regfree(&pair->text.re);
	free(pair->source);
	free(pair);
}

// Takes `source`, which may be NULL if there was no memory for it, or none is needed. NULL: no
// memory.
static struct pattern_pair *pair_new(char *source)
{
	struct pattern_pair *pair = source ? calloc(1, sizeof(*pair)) : NULL;

	if (pair)
		pair->source = source;
	else
		free(source);
	return pair;
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

// The regular expression of this half in `locale`; NULL: it cannot be compiled.
static const regex_t *lazily(
	struct lazy_regex *half, const char *source, unsigned flags, locale_t locale)
{
	char why[2];

	if (half->state == LAZY_NEW) {
		locale_t before = uselocale(locale);
		int r = compile(&half->re, source, flags, why, sizeof(why));
		uselocale(before);
		half->state = r < 0 ? LAZY_FAILED : LAZY_READY;
	}
	return half->state == LAZY_READY ? &half->re : NULL;
}

// The locale of the environment if the pattern is valid in it, otherwise 0.
static locale_t text_locale(const struct pattern *p)
{
	struct pattern_locale *own = p->own;

	if (own->tried)
		return own->locale;
	own->tried = true;
	own->locale = newlocale(LC_CTYPE_MASK | LC_COLLATE_MASK, "", (locale_t)0);
	if (!own->locale)
		return own->locale;
	locale_t before = uselocale(own->locale);
	bool valid = is_text(p->main->source, strlen(p->main->source));
	uselocale(before);
	if (!valid) {
		freelocale(own->locale);
		own->locale = (locale_t)0;
	}
	return own->locale;
}

// Whether in every locale the pattern matches the same ASCII texts as by bytes. Case and the order
// in which letters stand between two others differ; digits do not.
static bool is_same_everywhere(const char *text, unsigned flags)
{
	if (flags & PATTERN_IGNORE_CASE)
		return false;
	for (; *text; text++) {
		if ((unsigned char)*text >= 0x80)
			return false;
		if (*text == '\\' && text[1] && (unsigned char)text[1] < 0x80) {
			text++;
		} else if (*text == '[') {
			const char *end = pattern_bracket_end(text);

			// of a '[' at the end of the pattern, `end` is that character
			for (const char *in = text + 1; in < end; in++)
				if ((unsigned char)*in >= 0x80 ||
					(*in == '[' && strchr(".=", in[1])) ||
					(*in == '-' && in + 1 < end &&
						strncmp(in - 1, "0-9", 3) != 0))
					return false;
			text = end;
		}
	}
	return true;
}

static int compile_half(
	struct lazy_regex *half, const struct pattern *p, locale_t locale, char *why, size_t size)
{
	locale_t before = uselocale(locale);
	int r = compile(&half->re, p->main->source, p->flags, why, size);

	uselocale(before);
	if (!r)
		half->state = LAZY_READY;
	return r;
}

// Compile what is needed to know that the pattern is valid: if it is the same everywhere, it is
// valid in the locale as well.
static int compile_first(struct pattern *p, char *why, size_t size)
{
	const char *text = p->main->source;

	if (is_too_deep(text)) {
		snprintf(why, size, "more than %d parentheses within each other", DEPTH_MAX);
		return -EINVAL;
	}
	p->same = is_same_everywhere(text, p->flags);
	locale_t locale = p->same ? (locale_t)0 : text_locale(p);
	int r = locale ? compile_half(&p->main->text, p, locale, why, size) : 0;
	return r < 0 ? r : compile_half(&p->main->bytes, p, p->plain, why, size);
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
	p.plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	p.own = calloc(1, sizeof(*p.own));
	p.main = pair_new(flags & PATTERN_FIXED ? quoted(text) : strdup(text));
	if (!p.plain || !p.own || !p.main) {
		pattern_free(&p);
		return out_of_memory(why, size);
	}
	int r = compile_first(&p, why, size);
	if (r < 0) {
		pattern_free(&p);
		return r;
	}
	// without memory for it, long texts only take longer
	p.pass = pair_new(one_pass(p.main->source, flags));
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

static bool is_text_in(locale_t locale, const char *bytes, size_t len)
{
	locale_t before = uselocale(locale);
	bool text = is_text(bytes, len);

	uselocale(before);
	return text;
}

static bool is_ascii(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)bytes[i] >= 0x80)
			return false;
	return true;
}

int pattern_matches(const struct pattern *p, const char *bytes, size_t len)
{
	if (p->exact)
		return strlen(p->exact) == len && !memcmp(p->exact, bytes, len);
	locale_t locale = p->same && is_ascii(bytes, len) ? (locale_t)0 : text_locale(p);
	if (locale && !is_text_in(locale, bytes, len))
		locale = (locale_t)0;
	locale_t used = locale ? locale : p->plain;
	struct pattern_pair *pair = len > SHORT ? p->pass : NULL;
	const regex_t *re = NULL;
	if (pair)
		re = lazily(locale ? &pair->text : &pair->bytes, pair->source,
			p->flags & PATTERN_IGNORE_CASE, used);
	bool whole = p->flags & PATTERN_WHOLE && !re;
	pair = p->main;
	if (!re)
		re = lazily(locale ? &pair->text : &pair->bytes, pair->source, p->flags, used);
	if (!re)
		return -ENOMEM;
	locale_t before = uselocale(used);
	int found = execute(re, bytes, len, whole);
	uselocale(before);
	return found;
}

bool pattern_may_match_longer(const struct pattern *p, const char *bytes, size_t len)
{
	return !p->exact || (strlen(p->exact) > len && !memcmp(p->exact, bytes, len));
}

void pattern_free(struct pattern *p)
{
	pair_free(p->main);
	pair_free(p->pass);
	if (p->plain)
		freelocale(p->plain);
	if (p->own && p->own->locale)
		freelocale(p->own->locale);
	free(p->own);
	free(p->exact);
}
