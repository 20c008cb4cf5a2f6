// SPDX-License-Identifier: GPL-2.0-or-later
// operands.h: the targets that a command line names, and its mistakes.
#pragma once

#include "target/targets.h"

// targets_add of the word `text`, an operand, or with `option` a value of that option; leaves with
// EXIT_USAGE and the reason where it is no target.
void operands_add(struct targets *all, const char *option, const char *text, unsigned kinds);

// targets_drop_repeats; leaves where there is no memory.
void operands_drop_repeats(struct targets *all);

// targets_demand; leaves with EXIT_USAGE where something is demanded and no target of `kinds` is a
// pidfile. `others`: what else could be one in this program, for the message; or NULL.
void operands_demand(struct targets *all, const struct pidfile_demands *demands,
	enum target_kind kinds, const char *others);
