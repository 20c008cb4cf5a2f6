// SPDX-License-Identifier: GPL-2.0-or-later
// number.c: unit tests of number.h.
#include "config.h"

#include "base/number.h"
#include "check.h"

#include <errno.h>

enum { UNTOUCHED = 77 };

static void reads_whole_numbers(void)
{
	static const struct {
		const char *text;
		uint64_t max, want;
		int r;
	} rows[] = {
		{"0", 9, 0, 0},
		{"7", 9, 7, 0},
		{"0009", 9, 9, 0},
		{"18446744073709551615", UINT64_MAX, UINT64_MAX, 0},
		{"10", 9, UNTOUCHED, -ERANGE},
		{"18446744073709551616", UINT64_MAX, UNTOUCHED, -ERANGE},
		{"99999999999999999999999", UINT64_MAX, UNTOUCHED, -ERANGE},
		{"", 9, UNTOUCHED, -EINVAL},
		{"-1", 9, UNTOUCHED, -EINVAL},
		{"+1", 9, UNTOUCHED, -EINVAL},
		{" 1", 9, UNTOUCHED, -EINVAL},
		{"1 ", 9, UNTOUCHED, -EINVAL},
		{"0x1", 9, UNTOUCHED, -EINVAL},
		{"1e1", 99, UNTOUCHED, -EINVAL},
		{"99999999999999999999999x", 9, UNTOUCHED, -EINVAL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint64_t got = UNTOUCHED;

		check_row = rows[i].text;
		CHECK_INT(number_parse(rows[i].text, rows[i].max, &got), rows[i].r);
		CHECK(got == rows[i].want);
	}
}

static void reads_signed_numbers(void)
{
	static const struct {
		const char *text;
		int64_t min, max, want;
		int r;
	} rows[] = {
		{"-5", -9, 9, -5, 0},
		{"5", -9, 9, 5, 0},
		{"-9223372036854775808", INT64_MIN, INT64_MAX, INT64_MIN, 0},
		{"9223372036854775807", INT64_MIN, INT64_MAX, INT64_MAX, 0},
		{"9223372036854775808", INT64_MIN, INT64_MAX, UNTOUCHED, -ERANGE},
		{"-9223372036854775809", INT64_MIN, INT64_MAX, UNTOUCHED, -ERANGE},
		{"-10", -9, 9, UNTOUCHED, -ERANGE},
		{"10", -9, 9, UNTOUCHED, -ERANGE},
		{"--5", -9, 9, UNTOUCHED, -EINVAL},
		{"-", -9, 9, UNTOUCHED, -EINVAL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t got = UNTOUCHED;

		check_row = rows[i].text;
		CHECK_INT(number_parse_signed(rows[i].text, rows[i].min, rows[i].max, &got),
			rows[i].r);
		CHECK_INT(got, rows[i].want);
	}
}

static void takes_digits_and_moves_on(void)
{
	const char *text = "12:34";
	uint64_t got = 0;

	CHECK_INT(number_take(&text, 100, &got), 0);
	CHECK_INT(got, 12);
	CHECK_STR(text, ":34");
	CHECK_INT(number_take(&text, 100, &got), -EINVAL);
	CHECK_STR(text, ":34");
}

int main(void)
{
	static const struct check_test tests[] = {
		{"numbers are read whole or refused", reads_whole_numbers},
		{"signed numbers keep within their range", reads_signed_numbers},
		{"taking digits stops at the first other byte", takes_digits_and_moves_on},
	};

	return check_run(tests, sizeof(tests) / sizeof(*tests));
}
