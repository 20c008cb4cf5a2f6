// SPDX-License-Identifier: GPL-2.0-or-later
// hold.h: hold what the user named, with what there is to say of it.
#pragma once

#include "handle/pidref.h"
#include "target/target.h"

// target_open; what to warn of is said about the target.
int hold_target(const struct target *t, struct pidref *out);
