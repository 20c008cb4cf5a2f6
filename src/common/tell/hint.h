// SPDX-License-Identifier: GPL-2.0-or-later
// hint.h: the reason why a signal may have no effect on a process.
#pragma once

#include "handle/status.h"

// A phrase about a process with this status and the PID `pid` in our pid namespace, which will get
// `sig`: it ignores the signal, it blocks it, it is the init of its pid namespace ... NULL: no such
// reason is known.
const char *hint_signal(const struct status *status, pid_t pid, int sig);
