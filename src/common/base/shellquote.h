// SPDX-License-Identifier: GPL-2.0-or-later
// shellquote.h: words written so that a shell reads them back.
#pragma once

#include <stddef.h>
#include <stdio.h>

// Write `len` bytes as one word: as it is, in '...', or, where it has control characters or bytes
// that are not UTF-8, in $'...' (POSIX 2024, bash, zsh, ksh), so that it stays on its line.
void shellquote_word(FILE *out, const char *bytes, size_t len);

// Write words that have a NUL between each two, with spaces between them.
void shellquote_words(FILE *out, const char *bytes, size_t len);
