// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/clock.h"
#include "base/duration.h"

#include <unistd.h>

int64_t clock_nanoseconds(const struct timespec *t)
{
	return (int64_t)t->tv_sec * DURATION_S + t->tv_nsec;
}

static int64_t read_clock(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return clock_nanoseconds(&t);
}

int64_t clock_now(void)
{
	return read_clock(CLOCK_OF_DEADLINES);
}

int64_t clock_since_boot(void)
{
	return read_clock(CLOCK_BOOTTIME);
}

int64_t clock_tick(void)
{
	return DURATION_S / sysconf(_SC_CLK_TCK);
}

int64_t clock_of_ticks(uint64_t ticks)
{
	return (int64_t)(ticks * (uint64_t)clock_tick());
}

int64_t clock_of_boot(void)
{
	return read_clock(CLOCK_REALTIME) - clock_since_boot();
}
