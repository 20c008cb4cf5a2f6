// SPDX-License-Identifier: GPL-2.0-or-later
// number.h: read whole decimal numbers strictly.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// Does `text` consist of digits only, at least one?
bool number_is_digits(const char *text);

// Read `text`, which must consist of digits only (no sign, space, base prefix or further text),
// into *out. -EINVAL: not a number; -ERANGE: above `max`.
int number_parse(const char *text, uint64_t max, uint64_t *out);

// The same with an optional leading '-', between `min` and `max`.
int number_parse_signed(const char *text, int64_t min, int64_t max, int64_t *out);

// Read the digits at the start of *text and move *text past them. Errors as above; *text then does
// not move.
int number_take(const char **text, uint64_t max, uint64_t *out);
