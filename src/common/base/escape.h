// SPDX-License-Identifier: GPL-2.0-or-later
// escape.h: make the text of other processes safe to print: one line, no control bytes.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

// Write `len` bytes to `out`. Control characters (C0, DEL, C1, line separators, changes of
// direction) and bytes that are not UTF-8 become \n, \t, \x1b ... ASCII stays as it is, the
// backslash too, so that scripts see ordinary text unchanged. Other UTF-8 stays as it is if the
// locale has UTF-8. Errors stay in ferror(out).
void escape_write(FILE *out, const char *bytes, size_t len);

// The same into `buf` of `size` bytes: cut if it does not fit, and always NUL-terminated. Returns
// buf.
const char *escape_format(char *buf, size_t size, const char *bytes, size_t len);

// The length of the valid UTF-8 sequence at `bytes` (1 to 4), or 0 if there is none within `len`
// bytes; *rune gets the code point. Overlong forms, surrogates and code points above U+10FFFF are
// not valid.
size_t escape_utf8(const char *bytes, size_t len, unsigned *rune);

// Whether the character `rune` can end a line, control a terminal or not be seen.
bool escape_is_unsafe(unsigned rune);

// Whether the locale in the environment (LC_ALL, LC_CTYPE, LANG) names UTF-8 as its encoding.
bool escape_locale_is_utf8(void);
