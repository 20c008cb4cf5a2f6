// SPDX-License-Identifier: GPL-2.0-or-later
// following.h: what pfdkill and pkill show while they wait for the processes that they signalled.
#pragma once

#include "act/deliver.h"
#include "tell/progress.h"

struct following {
	struct progress progress;
	// private: the list of progress
	struct awaited *list;
	size_t room;
};

// Add the live line to *plan. `proc` is borrowed, for the names; NULL: PIDs only.
void following_begin(struct following *f, struct deliver_plan *plan, const struct procfs *proc);

// Draw the line: for the tick_call of the plan.
void following_draw(struct following *f, const struct delivery_list *all);

void following_free(struct following *f);

// Why a process survived the signal d->sig, if that can be known: it ignores it, it is stopped, its
// control group is frozen, and so on. A constant text, or NULL. The process is held. `proc` NULL:
// /proc is opened.
const char *following_reason(const struct delivery *d, const struct procfs *proc);
