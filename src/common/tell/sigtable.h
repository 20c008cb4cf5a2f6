// SPDX-License-Identifier: GPL-2.0-or-later
// sigtable.h: the lists of signals that kill prints, in util-linux's formats.
#pragma once

#include "handle/status.h"

#include <stdbool.h>
#include <stdio.h>

// kill -l: every name, on a terminal (`pretty`) in lines of 72 columns, else a line each.
void sigtable_names(FILE *out, bool pretty);

// kill -L: every number and name, on a terminal in columns as wide as `width` allows, else a
// line each.
void sigtable_numbers(FILE *out, bool pretty, size_t width);

// kill -l WORD: the name of a signal number or of the signal in an exit status (128 + number),
// the number of a name, the names in a mask (0xMASK), a line each. -EINVAL: none of these.
// `out` NULL: only look whether it is one.
int sigtable_convert(FILE *out, const char *word);

// kill -d: the signals that are pending, blocked, ignored and caught.
void sigtable_state(FILE *out, const struct status *status);
