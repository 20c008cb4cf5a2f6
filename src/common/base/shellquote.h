// SPDX-License-Identifier: GPL-2.0-or-later
// shellquote.h: words written so that a shell reads them back.
#pragma once

#include <stddef.h>
#include <stdio.h>

// Write `len` bytes as one word on one line: as it is, in '...', or, where it has characters that
// escape_write changes, in $'...'. bash, zsh, ksh, busybox sh and POSIX 2024 read all three back. A
// shell without $'...' (dash) reads the last one as one word with the escapes in it. Whatever the
// bytes are, no shell of these runs any part of the word.
void shellquote_word(FILE *out, const char *bytes, size_t len);

// Write words that have a NUL between each two, with spaces between them.
void shellquote_words(FILE *out, const char *bytes, size_t len);
