// SPDX-License-Identifier: GPL-2.0-or-later
// inside.h: --in TARGET: the pid namespace whose numbers the other targets are.
#pragma once

#include "handle/pidns.h"
#include "target/target.h"

// pidns_open for the process that *target names. On an error *why gets what to say: the errors of
// target_open count, too.
int inside_begin(struct pidns *out, const struct target *target, const char **why);

// What messages call the target *t of `in`: "7 in 4711", to be freed; or, where it has no number,
// its own text. NULL: no memory.
char *inside_label(const struct target *t, const char *in);

// What to say of an error of the functions of pidns.h.
const char *inside_problem(int error);
