// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/duration.h"
#include "base/number.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

static const struct unit {
	const char *name;
	int64_t ns;
} units[] = {
	{"d", 24 * 3600 * DURATION_S},
	{"h", 3600 * DURATION_S},
	{"m", 60 * DURATION_S},
	{"s", DURATION_S},
	{"ms", DURATION_MS},
};

static int64_t unit_length(const char *name)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (!strcmp(units[i].name, name))
			return units[i].ns;
	return -EINVAL;
}

int duration_parse(const char *text, int64_t unit, int64_t *ns)
{
	uint64_t whole = 0;
	const char *fraction = NULL;
	size_t digits = 0;

	int r = *text == '.' ? 0 : number_take(&text, UINT64_MAX, &whole);
	if (r < 0)
		return r;
	if (*text == '.') {
		fraction = ++text;
		digits = strspn(fraction, "0123456789");
		text += digits;
		if (!digits)
			return -EINVAL;
	}
	if (*text)
		unit = unit_length(text);
	if (unit < 0)
		return (int)unit;
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
	int64_t total = (int64_t)whole * unit + part + lost;
	if (total > DURATION_MAX)
		return -ERANGE;
	*ns = total;
	return 0;
}
// the largest unit that divides it evenly
