// SPDX-License-Identifier: GPL-2.0-or-later
// help.h: what --help prints: the options of a table, in their groups. Only for options.c.
#pragma once

#include "tell/options.h"

// Print it on standard output.
void help_print(const struct cli_parser *parser);
