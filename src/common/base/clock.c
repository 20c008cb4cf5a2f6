// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/clock.h"

int64_t clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_OF_DEADLINES, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}
