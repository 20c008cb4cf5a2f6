// SPDX-License-Identifier: GPL-2.0-or-later
// duration.c: unit tests of duration.h.
#include "config.h"

#include "base/duration.h"
#include "check.h"

#include <errno.h>
#include <sys/timerfd.h>

enum { UNTOUCHED = -77 };

static void reads_durations(void)
{
	static const struct {
		const char *text;
		int64_t want;
		int r;
	} rows[] = {
		{"0", 0, 0},
		{"5", 5 * DURATION_S, 0},
		{"5s", 5 * DURATION_S, 0},
		{"250ms", 250 * DURATION_MS, 0},
		{"1.5m", 90 * DURATION_S, 0},
		{"2h", 7200 * DURATION_S, 0},
		{"1d", 86400 * DURATION_S, 0},
		{".5", DURATION_S / 2, 0},
		{"0.000000001", 1, 0},
		{"0.0000000001", 1, 0}, // rounded up, never to "at once"
		{"0.00000000000000000000000000001", 1, 0},
		{"0.1d", 8640 * DURATION_S, 0},
		{"0.333333333h", 1199999998800, 0},
		{"36525d", DURATION_MAX, 0},
		{"36525.0001d", UNTOUCHED, -ERANGE},
		{"36526d", UNTOUCHED, -ERANGE},
		{"99999999999999999999", UNTOUCHED, -ERANGE},
		{"", UNTOUCHED, -EINVAL},
		{".", UNTOUCHED, -EINVAL},
		{"1.", UNTOUCHED, -EINVAL},
		{"-1", UNTOUCHED, -EINVAL},
		{"+1", UNTOUCHED, -EINVAL},
		{" 1", UNTOUCHED, -EINVAL},
		{"1 s", UNTOUCHED, -EINVAL},
		{"1S", UNTOUCHED, -EINVAL},
		{"1w", 7 * 86400 * DURATION_S, 0},
		{"1h30m", 5400 * DURATION_S, 0},
		{"1w1d1h1m1s1ms", 694861 * DURATION_S + DURATION_MS, 0},
		{"1.5h.5m", 5430 * DURATION_S, 0},
		{"36524d24h", DURATION_MAX, 0},
		{"36525d1ms", UNTOUCHED, -ERANGE},
		{"5217w99d", UNTOUCHED, -ERANGE},
		{"1h30", UNTOUCHED, -EINVAL},
		{"30m1h", UNTOUCHED, -EINVAL},
		{"1m1m", UNTOUCHED, -EINVAL},
		{"1h 30m", UNTOUCHED, -EINVAL},
		{"1h30m ", UNTOUCHED, -EINVAL},
		{"1hm", UNTOUCHED, -EINVAL},
		{"h", UNTOUCHED, -EINVAL},
		{"1hs", UNTOUCHED, -EINVAL},
		{"1y", UNTOUCHED, -EINVAL},
		{"1e3", UNTOUCHED, -EINVAL},
		{"nan", UNTOUCHED, -EINVAL},
		{"inf", UNTOUCHED, -EINVAL},
		{"0x10", UNTOUCHED, -EINVAL},
		{"1,5", UNTOUCHED, -EINVAL},
		{"1.5.5", UNTOUCHED, -EINVAL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t got = UNTOUCHED;

		check_row = rows[i].text;
		CHECK_INT(duration_parse(rows[i].text, DURATION_S, &got), rows[i].r);
		CHECK_INT(got, rows[i].want);
	}
}

static void takes_the_default_unit(void)
{
	int64_t got = 0;

	CHECK_INT(duration_parse("1000", DURATION_MS, &got), 0);
	CHECK_INT(got, DURATION_S);
	CHECK_INT(duration_parse("2s", DURATION_MS, &got), 0);
	CHECK_INT(got, 2 * DURATION_S);
}

// Where time_t has 32 bits, 68 years fit.
static void the_longest_fits_into_the_timers(void)
{
	const struct itimerspec when = {.it_value.tv_sec = (time_t)(DURATION_MAX / DURATION_S)};

	int fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC);
	CHECK(fd >= 0);
	CHECK_INT(when.it_value.tv_sec, DURATION_MAX / DURATION_S);
	CHECK_INT(timerfd_settime(fd, 0, &when, NULL), 0);
	close(fd);
}

int main(void)
{
	static const struct check_test tests[] = {
		{"durations are read whole or refused", reads_durations},
		{"a number without a unit counts in the option's unit", takes_the_default_unit},
		{"the longest duration fits into the timers", the_longest_fits_into_the_timers},
	};

	return check_run(tests, sizeof(tests) / sizeof(*tests));
}
