// SPDX-License-Identifier: GPL-2.0-or-later
// handler.h: whether a process may get a signal that only processes with a handler are to get.
#pragma once

#include "act/outcome.h"
#include "handle/status.h"

// OUTCOME_NONE: it has a handler for `sig`, or is a zombie, which is reported as dead; signal 0
// needs none. OUTCOME_SKIPPED: it has none. `*error` is that of reading *status, and becomes that
// of the outcome if the handlers are not known.
enum outcome handler_judge(const struct status *status, int sig, int *error);
