// SPDX-License-Identifier: GPL-2.0-or-later
// exact.h: hold the process of a PID, or exactly the one of PID:INODE or PID:INODE:BOOT.
#pragma once

#include "handle/pidref.h"
#include "target/target.h"

// Hold the process of a TARGET_PID or TARGET_EXACT. The errors of pidref_open and
// pidref_open_exact; -FAULT_OTHER_BOOT: it was a process of another boot; -FAULT_NO_BOOT.
int exact_open(const struct target *t, struct pidref *out);
