// SPDX-License-Identifier: GPL-2.0-or-later
// clock.h: the clock of all deadlines.
#pragma once

#include <stdint.h>
#include <time.h>

// CLOCK_MONOTONIC: no user can set it, and it stops while the machine is suspended, as the
// processes do that we wait for.
#define CLOCK_OF_DEADLINES CLOCK_MONOTONIC

// The time of that clock in nanoseconds. Only differences have a meaning.
int64_t clock_now(void);
