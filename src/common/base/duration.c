// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/duration.h"
#include "base/number.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

// from the longest to the shortest
static const struct unit {
	const char *name;
	int64_t ns;
} units[] = {
	{"w", 7 * 24 * 3600 * DURATION_S},
	{"d", 24 * 3600 * DURATION_S},
	{"h", 3600 * DURATION_S},
	{"m", 60 * DURATION_S},
	{"s", DURATION_S},
	{"ms", DURATION_MS},
};

// Read the unit at *text and move *text past it.
static int64_t take_unit(const char **text)
{
	size_t len = strspn(*text, "abcdefghijklmnopqrstuvwxyz");

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (strlen(units[i].name) == len && !strncmp(units[i].name, *text, len)) {
			*text += len;
			return units[i].ns;
		}
	}
	return -EINVAL;
}

// A number of units, rounded up to the nanosecond; -ERANGE.
static int64_t multiply(uint64_t whole, const char *fraction, size_t digits, int64_t unit)
{
	if (whole > (uint64_t)(DURATION_MAX / unit))
		return -ERANGE;

	// add the fraction from its last digit to its first; each step divides by ten, and a
	// remainder rounds up
	int64_t part = 0;
	bool lost = false;
	for (size_t i = digits; i-- > 0;) {
		int64_t sum = (fraction[i] - '0') * unit + part;

		lost |= sum % 10 != 0;
		part = sum / 10;
	}
	return (int64_t)whole * unit + part + lost;
}

// Read a number and its unit at *text, and move *text past both. Without a unit it is *unit, which
// gets the unit. The nanoseconds, or an error of duration_parse.
static int64_t take_part(const char **text, int64_t *unit)
{
	uint64_t whole = 0;
	const char *fraction = NULL;
	size_t digits = 0;

	int r = **text == '.' ? 0 : number_take(text, UINT64_MAX, &whole);
	if (r < 0)
		return r;
	if (**text == '.') {
		fraction = ++*text;
		digits = strspn(fraction, "0123456789");
		*text += digits;
		if (!digits)
			return -EINVAL;
	}
	if (**text)
		*unit = take_unit(text);
	return *unit < 0 ? *unit : multiply(whole, fraction, digits, *unit);
}

int duration_parse(const char *text, int64_t unit, int64_t *ns)
{
	int64_t total = take_part(&text, &unit);

	while (total >= 0 && *text) {
		int64_t larger = unit;

		// a number without a unit can only stand alone
		unit = -EINVAL;
		int64_t part = take_part(&text, &unit);
		if (part < 0)
			return (int)part;
		if (unit >= larger)
			return -EINVAL;
		total += part;
		if (total > DURATION_MAX)
			return -ERANGE;
	}
	if (total > DURATION_MAX)
		return -ERANGE;
	if (total < 0)
		return (int)total;
	*ns = total;
	return 0;
}

bool duration_has_unit(const char *text)
{
	int64_t ns;

	return text[strspn(text, "0123456789.")] && !duration_parse(text, DURATION_S, &ns);
}
