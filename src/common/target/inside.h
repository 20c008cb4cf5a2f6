// SPDX-License-Identifier: GPL-2.0-or-later
// inside.h: --in TARGET: the pid namespace to which the PIDs of the other targets belong.
#pragma once

#include "handle/pidns.h"
#include "target/target.h"

// pidns_open for the process that *target names. *notes as in target_open_noting. On an error *why
// gets the text for it. Also returns the errors of target_open.
int inside_begin(struct pidns *out, const struct target *target, unsigned *notes, const char **why);

// The name of the target *t of `in` in messages: "7 in 4711", to be freed; or its own text if it
// has no PID. NULL: no memory.
char *inside_label(const struct target *t, const char *in);
