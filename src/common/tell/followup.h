// SPDX-License-Identifier: GPL-2.0-or-later
// followup.h: the options --timeout DURATION SIGNAL, --wait and --deadline of the programs that
// signal.
#pragma once

#include "act/deliver.h"
#include "tell/options.h"

// The step of --timeout: `text` is its duration, the next argument its signal. A number without a
// unit is in units of `unit` nanoseconds; 0: it needs one. Exits with EXIT_USAGE on a mistake.
struct deliver_step followup_step(struct cli_parser *parser, const char *text, int64_t unit);

// After all options are read: --deadline implies --wait, and must be later than the last step.
// Exits with EXIT_USAGE if it is not.
void followup_complete(const struct cli_parser *parser, struct deliver_plan *plan);
