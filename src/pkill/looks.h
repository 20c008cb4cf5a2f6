// SPDX-License-Identifier: GPL-2.0-or-later
// looks.h: when pidwait searches again: until it is certain that no process matches, or at
// intervals.
#pragma once

#include "handle/procfs.h"
#include "pkill/act.h"

#include <stdbool.h>
#include <stdint.h>

struct looks {
	int64_t since; // when the first of the last searches began that found none

	// the rest is private
	const struct procfs *proc; // borrowed
	unsigned none;		   // how many searches in a row found none
	unsigned unproved;	   // after how many of these too many PIDs had been given out
	pid_t before, last;  // the last PID at the start of the search before the last; of the last
	int64_t began, used; // time and processor time at the start of the last search
};

// Note that a search begins. Before the first one, everything but `proc` is 0.
void looks_next(struct looks *l);

// The last search found a process.
void looks_found(struct looks *l);

// The last search found none. True: then no process matched at its end; or three could not prove
// it, where PIDs are given out too fast or the last one is not known. One search is no proof: a
// process can end before it is looked at, and the one that it started can be too late for the list
// of PIDs. False: search again at once, among *range.
bool looks_prove_none(struct looks *l, struct range *range);

// Sleep until the next search may begin, so that the searches use at most 5 % of a processor; not
// later than `until`. 0, or -errno if it cannot sleep.
int looks_pause(const struct looks *l, int64_t until);
