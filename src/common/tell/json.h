// SPDX-License-Identifier: GPL-2.0-or-later
// json.h: JSON Lines: one flat object per line, always valid JSON.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *out;
	bool first; // no member written yet
};

// Begin an object on `out`, which the caller keeps. Write errors stay in ferror(out).
struct json json_begin(FILE *out);

// Add a member. Exactly `len` bytes are written; bytes that are not UTF-8 become U+FFFD.
void json_string(struct json *j, const char *key, const char *bytes, size_t len);
void json_text(struct json *j, const char *key, const char *text); // NUL-terminated; NULL: null
void json_number(struct json *j, const char *key, int64_t value);
void json_unsigned(struct json *j, const char *key, uint64_t value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);

// Add an array of strings: the words in `bytes`, which are separated by NULs; an empty array if len
// is 0.
void json_words(struct json *j, const char *key, const char *bytes, size_t len);

// End the object and the line, and flush it, so that a reader sees each process at once.
void json_end(struct json *j);
