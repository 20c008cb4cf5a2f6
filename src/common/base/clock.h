// SPDX-License-Identifier: GPL-2.0-or-later
// clock.h: the one clock of all deadlines.
#pragma once

#include <stdint.h>
#include <time.h>

// CLOCK_MONOTONIC: it stands still while the machine is suspended, as the processes do that are
// waited for, and nobody can set it.
#define CLOCK_OF_DEADLINES CLOCK_MONOTONIC

// The nanoseconds on that clock. Only differences mean something.
int64_t clock_now(void);
