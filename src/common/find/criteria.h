// SPDX-License-Identifier: GPL-2.0-or-later
// criteria.h: the criteria that need one fact each, as one table. Only for match.c.
#pragma once

#include "find/match.h"

struct criterion {
	const char *option; // NULL: it is the pattern
	unsigned fact;

	// the rest is private: a list of numbers, or any other one
	size_t numbers; // where the list is in struct match
	uint64_t (*number)(const struct proc *p);
	bool (*given)(const struct match *m);
	int (*holds)(const struct match *m, const struct proc *p); // 1, 0 or -ENOMEM
};

// The next criterion that is given, after *row (NULL: the first), in the order of enum fact; NULL:
// there is none.
const struct criterion *criterion_next(const struct match *m, const struct criterion *row);

// Whether the process, of which that fact is known, fulfils it. 1, 0 or -ENOMEM.
int criterion_holds(const struct criterion *row, const struct match *m, const struct proc *p);
