// SPDX-License-Identifier: GPL-2.0-or-later
// progress.h: show which processes are still waited for in one line: live on a terminal, or once.
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
	const struct procfs *proc; // for the names; NULL: PIDs only
	bool wanted;		   // a live line is wanted
	int64_t began, drawn;	   // in nanoseconds
	size_t first;		   // no process before this index is still running
	bool live;		   // a line is on the terminal now
};

enum {
	PROGRESS_TICK = 250 * 1000000, // nanoseconds between two calls of progress_draw
};

// Whether `out` is a terminal that a live line can be drawn on.
bool progress_possible(FILE *out);

// Start to measure the time. list and proc are borrowed. A live line is drawn if it is `wanted` and
// progress_possible; otherwise progress_draw does nothing.
struct progress progress_begin(FILE *out, const struct awaited *list, size_t count,
	const struct procfs *proc, bool wanted);

// Draw "7/12 gone 00:31 waiting for 4711 (postgres), ..." over the last line, cut at the current
// width of the terminal. Names are read again, verified and escaped. Nothing is drawn while another
// job has the terminal.
void progress_draw(struct progress *p, size_t gone);

// The same after progress_clear, unless the last drawing is so recent that the next tick is soon
// enough.
void progress_redraw(struct progress *p, size_t gone);

// Remove the live line, so that another line can be written. Does nothing if there is none.
void progress_clear(struct progress *p);

// Print the line once, with all processes that are left; it stays.
void progress_print(struct progress *p, size_t gone);
