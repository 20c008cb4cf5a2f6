// SPDX-License-Identifier: GPL-2.0-or-later
// pattern.h: extended regular expressions on the raw bytes of other processes.
//
// Text that is valid in the locale's encoding is matched by characters, any other byte by byte:
// a process cannot hide from "." by a broken character, and no locale makes matching fail.
#pragma once

#include <locale.h>
#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

enum pattern_flag {
	PATTERN_FIXED = 1,	 // the text means itself, no character is special
	PATTERN_IGNORE_CASE = 2, // by the locale
	PATTERN_WHOLE = 4,	 // has to match the whole text
};

struct pattern_pass;

struct pattern {
	char *exact;	     // the only text that matches; NULL: there may be others
	regex_t text, bytes; // in the locale's encoding; byte by byte
	bool has_text;	     // false where the pattern itself is not valid in the locale
	locale_t plain;	     // the C locale, in which `bytes` works
	unsigned flags;
	struct pattern_pass *pass; // for long texts; NULL: there is none
};

// Make a pattern of `text` and enum pattern_flag bits; the locale is the one setlocale(3) set.
// -EINVAL: not a regular expression, the reason is in `why` of `size` bytes; -ENOMEM.
int pattern_compile(struct pattern *out, const char *text, unsigned flags, char *why, size_t size);

// Whether any longer text that begins with the `len` bytes can match; true when in doubt.
bool pattern_may_match_longer(const struct pattern *p, const char *bytes, size_t len);

// Whether it matches the `len` bytes, which hold no NUL and are followed by one: 1, 0, or -ENOMEM.
int pattern_matches(const struct pattern *p, const char *bytes, size_t len);

void pattern_free(struct pattern *p);
