// SPDX-License-Identifier: GPL-2.0-or-later
// scan-prove.h: whether a process that is held is to be found by a search. Only for scan.c.
#pragma once

#include "find/scan.h"

// Learn about the held process, to which the search has turned, what the criteria need. 1: it
// matches and is not to be skipped, and the facts in s->now belong to it; 0: otherwise, which is
// reported to the plan; -errno.
int scan_prove(struct scan *s, struct pidref *ref);

// Report to the plan that the process is skipped.
void scan_refuse(const struct scan *s, const struct proc *p, enum scan_reason reason);
