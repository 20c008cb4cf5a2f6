// SPDX-License-Identifier: GPL-2.0-or-later
// hint.h: the reason why a signal may have no effect on a process.
#pragma once

#include "handle/status.h"

#include <stdbool.h>

// A phrase about a process with this status and the PID `pid` in our pid namespace, which will get
// `sig`: it ignores the signal, it blocks it, it is the init of its pid namespace ... NULL: no such
// reason is known.
const char *hint_signal(const struct status *status, pid_t pid, int sig);

// Whether `sig` is one that programs use to talk to a process that has a handler, and that ends one
// that has none: HUP, USR1, a real-time signal ...
bool hint_needs_handler(int sig);

// Whether such a signal would end a process with this status, in which nothing handles, ignores or
// blocks it.
bool hint_ends(const struct status *status, int sig);

// If such a signal would end the process `who`, whose status this is, warn of that and return true.
bool hint_warn(const char *who, const struct status *status, int sig);
