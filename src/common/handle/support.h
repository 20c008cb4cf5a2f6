// SPDX-License-Identifier: GPL-2.0-or-later
// support.h: what the running kernel offers around pidfds, found by trying.
#pragma once

#include <stdbool.h>

enum { SUPPORT_ROWS = 8 };

struct support_row {
	const char *what;  // in words
	const char *key;   // in JSON
	const char *since; // the version of Linux that introduced it
	bool found;
};

// Try everything on our own process and on one child made for it; nothing else is touched. One row
// for each answer, in the order of their versions.
void support_table(struct support_row rows[static SUPPORT_ROWS]);
