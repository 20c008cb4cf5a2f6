// SPDX-License-Identifier: GPL-2.0-or-later
// each.h: hold every process that a target names, of any kind of TARGET_ONE and TARGET_MANY.
#pragma once

#include "target/found.h"
#include "target/target.h"

// Hold the processes that a target names and pass each of them on with *f, whose `call` and `data`
// are set. Of a kind in TARGET_MANY: those
// that it names now, each at least once; without this program and PID 1, see found.h. 0: at least
// one was passed on; or an error: that of target_open_noting or of the search, or the result of the
// call. If there is none: the FAULT_... of this kind, FAULT_ONLY_SELF or FAULT_ONLY_MANAGER.
int target_open_each(const struct target *t, struct found *f, unsigned *notes);
