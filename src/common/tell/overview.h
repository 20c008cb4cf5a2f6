// SPDX-License-Identifier: GPL-2.0-or-later
// overview.h: the table that --dry-run and pgrep --long print: PID, USER, AGE, NAME, COMMAND.
#pragma once

#include "handle/pidref.h"
#include "handle/procfs.h"
#include "tell/table.h"

enum {
	OVERVIEW_PID,
	OVERVIEW_USER, // the effective one
	OVERVIEW_AGE,  // in one unit, as in "3d"
	OVERVIEW_NAME,
	OVERVIEW_COMMAND, // as ps(1) prints it
	OVERVIEW_WIDTH,
};

// An empty table with these columns, to be freed by table_free.
struct table overview_begin(void);

// Add the held process *ref, with facts that are read and verified now; "?" is a fact that cannot
// be read. `name` is its name, or NULL: it is read. `proc` may be NULL, as in handle/pidread.h.
void overview_add(
	struct table *t, const struct pidref *ref, const struct procfs *proc, const char *name);
