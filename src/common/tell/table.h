// SPDX-License-Identifier: GPL-2.0-or-later
// table.h: held processes as a table for people: PID, USER, AGE, NAME, COMMAND.
#pragma once

#include "handle/pidref.h"
#include "handle/procfs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct table_row {
	pid_t pid, ppid; // ppid 0: it is not known
	// owned, safe to print; "?" if it is not known
	char *user, *name, *command;
	int64_t age;	   // nanoseconds; -1: not known
	bool below, drawn; // private
};

struct table {
	struct table_row *rows;
	size_t count, room;
};

// Add the held process *ref, with facts that are read and verified now. `name` is its name, or
// NULL: it is read. `proc` may be NULL, as in handle/pidread.h. A fact that cannot be read is "?".
void table_add(
	struct table *t, const struct pidref *ref, const struct procfs *proc, const char *name);

// Print a header and all rows. On a terminal each line is cut to its width, elsewhere nothing is
// cut. With `tree`, each process stands below its parent, if that is in the table. Write errors
// stay in ferror(out). Sets the locale, to know how many columns a text takes.
void table_print(struct table *t, FILE *out, bool tree);

// Free all rows.
void table_free(struct table *t);

// An age in one unit, as in "3d": buf is returned.
enum { TABLE_AGE = 16 };
char *table_age(char buf[static TABLE_AGE], int64_t age);

// The name of a user; its number if it has none. Returns buf.
enum { TABLE_USER = 64 };
char *table_user(char buf[static TABLE_USER], uid_t uid);
