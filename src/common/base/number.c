// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/number.h"

#include <errno.h>
#include <string.h>

int number_take(const char **text, uint64_t max, uint64_t *out)
{
	const char *p = *text;
	uint64_t value = 0;

	if (*p < '0' || *p > '9')
		return -EINVAL;
	for (; *p >= '0' && *p <= '9'; p++) {
		unsigned digit = (unsigned)(*p - '0');

		if (value > UINT64_MAX / 10 || value * 10 > UINT64_MAX - digit)
			return -ERANGE;
		value = value * 10 + digit;
	}
	if (value > max)
		return -ERANGE;
	*text = p;
	*out = value;
	return 0;
}

bool number_is_digits(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

int number_parse(const char *text, uint64_t max, uint64_t *out)
{
	uint64_t value;

	// text after the digits makes it an invalid number, even if the digits alone are out of
	// range
	if (!number_is_digits(text))
		return -EINVAL;
	int r = number_take(&text, max, &value);
	if (r < 0)
		return r;
	*out = value;
	return 0;
}

int number_parse_signed(const char *text, int64_t min, int64_t max, int64_t *out)
{
	uint64_t value;
	// the magnitude of INT64_MIN is one more than INT64_MAX
	int negative = *text == '-';

	int r = number_parse(text + negative, (uint64_t)INT64_MAX + (uint64_t)negative, &value);
	if (r < 0)
		return r;
	int64_t number = negative ? (int64_t)(0 - value) : (int64_t)value;
	if (number < min || number > max)
		return -ERANGE;
	*out = number;
	return 0;
}
