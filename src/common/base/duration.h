// SPDX-License-Identifier: GPL-2.0-or-later
// duration.h: lengths of time as people write them ("1.5m"), in nanoseconds.
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
	DURATION_MS = 1000000,
};
#define DURATION_S INT64_C(1000000000)

// The longest duration that is accepted: 100 years. A longer one is an error; it is not shortened.
#define DURATION_MAX (INT64_C(36525) * 24 * 3600 * DURATION_S)

// Read a decimal number with an optional fraction and unit (w d h m s ms) into *ns, or several with
// ever smaller units ("1h30m"); rounded up to the nanosecond. A single number without a unit is in
// units of `unit` nanoseconds (DURATION_S, DURATION_MS). -EINVAL: not a duration (a sign, "nan", an
// unknown unit); -ERANGE: too long.
int duration_parse(const char *text, int64_t unit, int64_t *ns);

// Whether the text is a duration that names its unit, such as "5s" or "1h30m".
bool duration_has_unit(const char *text);
