// SPDX-License-Identifier: GPL-2.0-or-later
// shellquote.h: write words so that a shell reads the same words back.
#pragma once

#include <stddef.h>
#include <stdio.h>

// Write `len` bytes as one word on one line: unchanged, in '...', or in $'...' if it has characters
// that escape_write changes. bash, zsh, ksh, busybox sh and POSIX 2024 read all three forms back. A
// shell without $'...' (dash) reads the last form as one word that contains the escapes. None of
// these shells runs any part of the word, whatever the bytes are.
void shellquote_word(FILE *out, const char *bytes, size_t len);

// Write words that are separated by NULs, with spaces between them.
void shellquote_words(FILE *out, const char *bytes, size_t len);
