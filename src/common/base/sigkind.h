// SPDX-License-Identifier: GPL-2.0-or-later
// sigkind.h: what the kernel does with a signal that has no handler.
#pragma once

#include <stdbool.h>

// Whether it stops the process: STOP, TSTP, TTIN and TTOU.
bool sigkind_stops(int sig);

// Whether a stopped process needs no CONT after it: it acts at once, or a CONT would undo it. 0 is
// such a signal too.
bool sigkind_needs_no_cont(int sig);

// Whether it comes from a fault in the program itself, such as SEGV.
bool sigkind_is_fault(int sig);
