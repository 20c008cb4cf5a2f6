// SPDX-License-Identifier: GPL-2.0-or-later
// libproc-columns.h: what a column of ps(1) is made of. Only for libproc.c.
#pragma once

#include <libproc2/pids.h>
#include <stddef.h>
#include <stdio.h>

enum { LIBPROC_COLUMN_ITEMS = 8 }; // the maximum number for one column

// Write the items of the library that `column` needs to items[]. Returns how many they are.
size_t libproc_column_items(int column, enum pids_item items[static LIBPROC_COLUMN_ITEMS]);

// Write the value of `column` to `out` as ps prints it; `values` are those of its items. Returns
// how many they are.
size_t libproc_column_write(int column, const struct pids_result *values, FILE *out);
