// SPDX-License-Identifier: GPL-2.0-or-later
// operands.h: the targets on a command line, and messages about mistakes in them.
#pragma once

#include "target/targets.h"

#include <stdnoreturn.h>

// targets_add of the text `text`, an operand, or with `option` a value of that option. If it is not
// a target, prints the reason and exits with EXIT_USAGE.
void operands_add(struct targets *all, const char *option, const char *text, unsigned kinds);

// Reject `text` for the reason `why` of target_parse: exits with EXIT_USAGE.
noreturn void operands_refuse(const char *option, const char *text, const char *why);

// targets_drop_repeats; exits if there is no memory.
void operands_drop_repeats(struct targets *all);

// targets_demand; exits with EXIT_USAGE if something is demanded and no target of `kinds` is a
// pidfile. `others`: other options of this program that take a pidfile, for the message; or NULL.
void operands_demand(struct targets *all, const struct pidfile_demands *demands,
	enum target_kind kinds, const char *others);
