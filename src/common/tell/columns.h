// SPDX-License-Identifier: GPL-2.0-or-later
// columns.h: how much room a text takes on a terminal, and how much a terminal has.
#pragma once

#include <stddef.h>
#include <stdio.h>

// How many columns `text` takes, in the locale that is set. A byte that is not valid there takes
// one.
size_t columns_of(const char *text);

// How many bytes of `text` fit into `most` columns: whole characters.
size_t columns_fit(const char *text, size_t most);

// The width of the terminal that `out` is; 80 if it is not known, or no terminal.
size_t columns_terminal(FILE *out);
