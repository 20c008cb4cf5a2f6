// SPDX-License-Identifier: GPL-2.0-or-later
// hold.h: hold the process that a target names, and print the warnings about it.
#pragma once

#include "handle/pidref.h"
#include "target/target.h"

// target_open; its warnings are printed with the target.
int hold_target(const struct target *t, struct pidref *out);
