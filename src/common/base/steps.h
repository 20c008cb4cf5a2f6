// SPDX-License-Identifier: GPL-2.0-or-later
// steps.h: signals that follow each other, as in TERM/5s/KILL.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
	STEPS_MOST = 16, // the maximum number of signals
};

#define STEPS_NO_LIMIT INT64_C(-1)

struct steps {
	size_t count; // 0: no signal is sent
	struct {
		int sig;
		int64_t wait; // in nanoseconds, until the next step; STEPS_NO_LIMIT: no time given
	} list[STEPS_MOST];
};
