// SPDX-License-Identifier: GPL-2.0-or-later
// holdoff.h: signals to ourselves put off while others depend on us.
#pragma once

#include <signal.h>
#include <stdbool.h>

struct holdoff {
	sigset_t before; // holdoff_*'s own
};

// From here on nothing but SIGKILL and SIGSTOP ends or stops this (single-threaded) program.
void holdoff_begin(struct holdoff *out);

// Whether a signal has come that will end this program at holdoff_end.
bool holdoff_interrupted(const struct holdoff *h);

// What has come meanwhile takes effect now.
void holdoff_end(const struct holdoff *h);
