// SPDX-License-Identifier: GPL-2.0-or-later
// progress.h: who is still waited for, in one line: live on a terminal, or printed once.
#pragma once

#include "wait/await.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct progress {
	FILE *out; // standard error, not closed
	const struct awaited *list;
	size_t count;
	const struct procfs *proc; // for the names; NULL: numbers only
	bool wanted;		   // a live line is
	int64_t began, drawn;	   // nanoseconds
	size_t first;		   // none before this one still runs
	bool live;		   // a line is on the terminal now
};

enum {
	PROGRESS_TICK = 250 * 1000000, // nanoseconds from one progress_draw to the next
};

// Whether `out` is a terminal that a live line can be drawn on.
bool progress_possible(FILE *out);

// Begin to count the time. list and proc are borrowed. `wanted`: a live line is, as
// progress_possible allows it; else progress_draw does nothing.
struct progress progress_begin(FILE *out, const struct awaited *list, size_t count,
	const struct procfs *proc, bool wanted);

// Draw "7/12 gone 00:31 waiting for 4711 (postgres), ..." over the last one, cut at the width
// the terminal has now. Names are read anew and verified; they are escaped. Nothing is drawn
// while another job has the terminal.
void progress_draw(struct progress *p, size_t gone);

// The same after progress_clear, unless the last drawing is so recent that the next tick will do.
void progress_redraw(struct progress *p, size_t gone);

// Take the live line away, so that another line can be written. Does nothing when there is none.
void progress_clear(struct progress *p);

// Print it once, as a line that stays, with everybody who is left.
void progress_print(struct progress *p, size_t gone);
