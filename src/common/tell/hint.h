// SPDX-License-Identifier: GPL-2.0-or-later
// hint.h: why a signal may do nothing to a process.
#pragma once

#include "handle/status.h"

// A phrase about a process of this status, number `pid` here, that will get `sig`: it ignores
// it, it blocks it, it is the init of its pid namespace ... NULL: no reason is known why the
// signal should not do what it does.
const char *hint_signal(const struct status *status, pid_t pid, int sig);
