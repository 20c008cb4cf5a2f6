// SPDX-License-Identifier: GPL-2.0-or-later
// escape.h: text of other processes made safe to print: one line, no control bytes.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

// Write `len` bytes to `out` with control characters (C0, DEL, C1, line separators, direction
// changes) and bytes that are not UTF-8 as \n, \t, \x1b ...; all other UTF-8 stays as it is where
// the locale has UTF-8, and ASCII anywhere, a backslash too, so that scripts see ordinary text
// unchanged. Errors stay in ferror(out).
void escape_write(FILE *out, const char *bytes, size_t len);

// The same into `buf` of `size` bytes, cut where it does not fit, always NUL-terminated;
// returns buf.
const char *escape_format(char *buf, size_t size, const char *bytes, size_t len);

// The length of the valid UTF-8 sequence at `bytes` (1 to 4), 0 when there is none within
// `len`; *rune gets the code point. Overlong forms, surrogates and what is above U+10FFFF are
// not valid.
size_t escape_utf8(const char *bytes, size_t len, unsigned *rune);

// Whether the character `rune` could end a line or drive a terminal (all of those are below
// U+10000).
bool escape_is_unsafe(unsigned rune);

// Whether the locale of the environment (LC_ALL, LC_CTYPE, LANG) names UTF-8 as its encoding.
bool escape_locale_is_utf8(void);
