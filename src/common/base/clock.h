// SPDX-License-Identifier: GPL-2.0-or-later
// clock.h: the clock of all deadlines, and the times of /proc.
#pragma once

#include <stdint.h>
#include <time.h>

// CLOCK_MONOTONIC: no user can set it, and it stops while the machine is suspended, as the
// processes do that we wait for.
#define CLOCK_OF_DEADLINES CLOCK_MONOTONIC

// The time in nanoseconds.
int64_t clock_nanoseconds(const struct timespec *t);

// The time of that clock in nanoseconds. Only differences have a meaning.
int64_t clock_now(void);

// The time since the boot in nanoseconds, suspended time included. /proc counts start times from
// the boot, in ticks.
int64_t clock_since_boot(void);

// The length of a tick in nanoseconds.
int64_t clock_tick(void);

// The time since the boot, in nanoseconds, of a number of such ticks. In a time namespace the
// kernel wraps what lies before the 0 of its clock: that is negative here.
int64_t clock_of_ticks(uint64_t ticks);

// When the boot was by the present time of day: nanoseconds since 1970.
int64_t clock_of_boot(void);
