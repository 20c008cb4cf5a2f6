// SPDX-License-Identifier: GPL-2.0-or-later
// pattern.h: extended regular expressions for the raw bytes of other processes.
//
// Text that is valid in the locale's encoding is matched by characters, other text by bytes. So a
// process cannot avoid a match of "." with an invalid character, and no locale makes matching fail.
// The locale is that of the environment, not of setlocale(3). It is loaded when a text or a pattern
// needs it, which few do.
#pragma once

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>

enum pattern_flag {
	PATTERN_FIXED = 1,	 // the text is plain, no character is special
	PATTERN_IGNORE_CASE = 2, // according to the locale
	PATTERN_WHOLE = 4,	 // must match the whole text
};

// The last character of the bracket expression that begins at `text`, or of the text.
const char *pattern_bracket_end(const char *text);

struct pattern_pair;
struct pattern_locale;

struct pattern {
	char *exact;		   // the only text that matches; then the rest is not used; or NULL
	struct pattern_pair *main; // what was given
	struct pattern_pair *pass; // for long texts; NULL: there is none
	struct pattern_locale *own;
	locale_t plain; // the C locale, for matching by bytes
	bool same;	// ASCII texts are matched by bytes as in any locale
	unsigned flags;
};

// Compile `text` with enum pattern_flag bits. -EINVAL: not a regular expression, with the reason in
// `why` of `size` bytes; -ENOMEM.
int pattern_compile(struct pattern *out, const char *text, unsigned flags, char *why, size_t size);

// Whether a longer text that begins with these `len` bytes can match; true when in doubt.
bool pattern_may_match_longer(const struct pattern *p, const char *bytes, size_t len);

// Whether it matches the `len` bytes, which contain no NUL and are followed by one: 1, 0, or
// -ENOMEM.
int pattern_matches(const struct pattern *p, const char *bytes, size_t len);

void pattern_free(struct pattern *p);
