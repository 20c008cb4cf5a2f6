// SPDX-License-Identifier: GPL-2.0-or-later
// guard.h: --at-most: refuse to act on more processes than expected.
#pragma once

#include "act/batch.h"

#include <stddef.h>
#include <sys/types.h>

// If the batch has more than `at_most` processes (0: no limit), print each of them and exit with
// EXIT_USAGE; none has been signalled. Call this before batch_flush, and if that returns -E2BIG.
void guard_batch(const struct batch *b, size_t at_most);

// The line of one process in that list; `name` may be NULL.
void guard_name(pid_t pid, const char *name);

// The message of that: `count` processes match. `consequence` says what did not happen.
void guard_message(size_t count, size_t at_most, const char *consequence);
