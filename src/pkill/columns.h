// SPDX-License-Identifier: GPL-2.0-or-later
// columns.h: pgrep --columns: a table of what libproc2 knows about the processes.
#pragma once

#include "handle/pidref.h"
#include "pkill/pkill.h"
#include "tell/table.h"

#include <stdbool.h>
#include <stdio.h>

struct columns_table;

// An empty table with these columns, freed by columns_end; *proc is borrowed until then. Exits if
// libproc2 cannot be loaded.
struct columns_table *columns_begin(const struct columns *wanted, const struct procfs *proc);

// Add the held process *ref, which matched as *p. If the values cannot be verified, they are "?";
// one that we may not read is "-".
void columns_add(struct columns_table *t, struct pidref *ref, const struct proc *p);

// Print the table, if it has rows and `out` is not NULL, and free it.
void columns_end(struct columns_table *t, FILE *out, bool tree);
