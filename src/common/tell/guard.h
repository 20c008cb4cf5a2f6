// SPDX-License-Identifier: GPL-2.0-or-later
// guard.h: carry out a batch, unless it has more processes than --at-most, or than can be held.
#pragma once

#include "act/batch.h"

#include <stddef.h>
#include <stdnoreturn.h>
#include <sys/types.h>

// As batch_flush. If there are more than plan->at_most, print each of them and exit with
// EXIT_USAGE; on other errors exit with EXIT_SYSTEM. No process was signalled then.
void guard_flush(struct batch *b);

// Exit with the message that not all can be held.
noreturn void guard_full(const struct batch *b);

// The line of one process in that list; `name` may be NULL.
void guard_name(pid_t pid, const char *name);

// The message of that: `count` processes match. `consequence` says what did not happen.
void guard_message(size_t count, size_t at_most, const char *consequence);
