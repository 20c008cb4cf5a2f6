// SPDX-License-Identifier: GPL-2.0-or-later
// waiting.h: what pwait, waitpid and pidwait print during a wait and at its end.
#pragma once

#include "act/outcome.h"
#include "target/bootid.h"
#include "tell/progress.h"
#include "wait/await.h"

#include <stdbool.h>

// One wait. It is the first member of a program's own session, so that the callbacks below can get
// the session as their `data`.
struct waiting {
	struct awaited *list;
	size_t count;
	char **names; // of each process in the list, for JSON; any element, or all, may be NULL
	bool verbose, json;
	bool waitpid; // with the texts of util-linux's waitpid
	struct progress progress;
	size_t gone;
	struct bootid boot;
};

// Callbacks of an await_plan: print the ending of a process, "timeout", and the live line.
void waiting_gone(const struct awaited *a, void *waiting);
void waiting_deadline(void *waiting);
void waiting_tick(void *waiting);

// Print one process of the list as a JSON object; `left` is its outcome if it is not gone.
void waiting_json(struct waiting *w, const struct awaited *a, enum outcome left);
