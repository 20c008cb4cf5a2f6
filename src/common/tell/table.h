// SPDX-License-Identifier: GPL-2.0-or-later
// table.h: processes as a table for people: a row for each, fitted to the terminal, or as a tree.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

struct table_column {
	const char *title;
	bool right; // aligned at the right, as numbers are
};

struct table_row {
	pid_t pid, ppid;   // for the tree; ppid 0: it is not known
	char **cells;	   // owned, one for each column, safe to print
	bool faint;	   // it matters less, as a zombie does
	bool below, drawn; // private
};

struct table {
	const struct table_column *columns; // borrowed
	size_t width;			    // how many
	struct table_row *rows;
	size_t count;
};

// A cell: a copy of the bytes that is safe to print.
char *table_cell(const char *bytes, size_t len);

// Add a row. The texts of `cells`, one for each column, become property of the table.
void table_add(struct table *t, pid_t pid, pid_t ppid, char *const *cells, bool faint);

// Print the titles and all rows. On a terminal each line is cut to its width, and the titles are
// bold if colours are possible there (tell/colour.h); elsewhere nothing is cut. With `tree`, each
// process stands below its parent, if that is in the table. Write errors stay in ferror(out). Sets
// the locale, to know how many columns a text takes.
void table_print(struct table *t, FILE *out, bool tree);

// Free all rows.
void table_free(struct table *t);
