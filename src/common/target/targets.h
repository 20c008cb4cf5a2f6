// SPDX-License-Identifier: GPL-2.0-or-later
// targets.h: the list of targets on a command line.
#pragma once

#include "target/target.h"

#include <stdbool.h>
#include <stddef.h>

// The list only grows. Its texts are never freed, because messages quote them until the end.
struct targets {
	struct target *list; // owned; each text is part of an argument, or of a copy of one
	size_t count;
	enum target_kind kinds; // the kinds of all of them together
};

// Add what the argument `text` names: a target of one of the `kinds`; or, if it contains several
// handles (PID:INODE and the like) separated by white space, each of them. -EINVAL, and *why gets
// the reason; nothing is added then. -ENOMEM.
int targets_add(struct targets *all, const char *text, unsigned kinds, const char **why);

// Add the pidfile `path` (target_of_pidfile). -ENOMEM.
int targets_add_pidfile(struct targets *all, const char *path);

// Whether the argument is empty or blank, such as the output of a search without a match.
bool targets_is_blank(const char *text);

// Drop each target whose text occurs earlier in the list, so that it is not held twice. The order
// of the others stays. -ENOMEM.
int targets_drop_repeats(struct targets *all);

// Set the demands of all pidfiles in the list.
void targets_demand(struct targets *all, const struct pidfile_demands *demands);

// Free the list, but not its texts, which messages still quote.
void targets_free(struct targets *all);
