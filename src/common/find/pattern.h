// SPDX-License-Identifier: GPL-2.0-or-later
// pattern.h: extended regular expressions for the raw bytes of other processes.
//
// Text that is valid in the locale's encoding is matched by characters, other text by bytes. So a
// process cannot avoid a match of "." with an invalid character, and no locale makes matching fail.
#pragma once

#include <locale.h>
#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

enum pattern_flag {
	PATTERN_FIXED = 1,	 // the text is plain, no character is special
	PATTERN_IGNORE_CASE = 2, // according to the locale
	PATTERN_WHOLE = 4,	 // must match the whole text
};

struct pattern_pass;

struct pattern {
	char *exact;	     // the only text that matches; then the rest is not used; or NULL
	regex_t text, bytes; // in the locale's encoding; by bytes
	bool has_text;	     // false if the pattern itself is not valid in the locale
	locale_t plain;	     // the C locale, used for `bytes`
	unsigned flags;
	struct pattern_pass *pass; // for long texts; NULL: there is none
};

// Compile `text` with enum pattern_flag bits, in the locale that setlocale(3) set. -EINVAL: not a
// regular expression, with the reason in `why` of `size` bytes; -ENOMEM.
int pattern_compile(struct pattern *out, const char *text, unsigned flags, char *why, size_t size);

// Whether a longer text that begins with these `len` bytes can match; true when in doubt.
bool pattern_may_match_longer(const struct pattern *p, const char *bytes, size_t len);

// Whether it matches the `len` bytes, which contain no NUL and are followed by one: 1, 0, or
// -ENOMEM.
int pattern_matches(const struct pattern *p, const char *bytes, size_t len);

void pattern_free(struct pattern *p);
