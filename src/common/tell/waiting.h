// SPDX-License-Identifier: GPL-2.0-or-later
// waiting.h: what a wait prints, as it happens and at the end: pwait, waitpid and pidwait.
#pragma once

#include "act/outcome.h"
#include "tell/progress.h"
#include "wait/await.h"

#include <stdbool.h>

// One wait. A program's own session begins with it, so that the callbacks below can be given the
// session as their `data`.
struct waiting {
	struct awaited *list;
	size_t count;
	char **names; // of each in the list, for JSON; an element or all may be NULL
	bool verbose, json;
	struct progress progress;
	size_t gone;
};

// Callbacks of an await_plan: print the end of one, "timeout", the live line.
void waiting_gone(const struct awaited *a, void *waiting);
void waiting_deadline(void *waiting);
void waiting_tick(void *waiting);

// Print one of the list as a JSON object; `left` is the outcome of one that is not gone.
void waiting_json(const struct waiting *w, const struct awaited *a, enum outcome left);
