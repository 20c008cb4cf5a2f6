// SPDX-License-Identifier: GPL-2.0-or-later
// sigtable.h: the lists of signals that kill prints, in the formats of util-linux.
#pragma once

#include "handle/status.h"

#include <stdbool.h>
#include <stdio.h>

// kill -l: all names; on a terminal (`pretty`) in lines of 72 columns, otherwise one per line.
void sigtable_names(FILE *out, bool pretty);

// kill -L: all numbers and names; on a terminal in as many columns as `width` permits, otherwise
// one per line.
void sigtable_numbers(FILE *out, bool pretty, size_t width);

// kill -l WORD: the name of a signal number, or of the signal in an exit status (128 + number); the
// number of a name; or the names in a mask (0xMASK), one per line. -EINVAL: none of these. `out`
// NULL: only check whether it is one.
int sigtable_convert(FILE *out, const char *word);

// kill -d: the pending, blocked, ignored and caught signals.
void sigtable_state(FILE *out, const struct status *status);
