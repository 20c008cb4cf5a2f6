// SPDX-License-Identifier: GPL-2.0-or-later
// targets.h: the list of targets of a command line.
#pragma once

#include "target/target.h"

#include <stdbool.h>
#include <stddef.h>

// Grows only; what it has is never freed, for messages quote it to the end.
struct targets {
	struct target *list; // owned; each text is a part of a word that was given, or of a copy
	size_t count;
	enum target_kind kinds; // of all of them together
};

// Add what the word `text` names: a target of one of the `kinds`; or, where it holds several
// handles (PID:INODE and its kin) with white space between them, each of those. -EINVAL, and *why
// gets the reason as a phrase; nothing is added then. -ENOMEM.
int targets_add(struct targets *all, const char *text, unsigned kinds, const char **why);

// Add the pidfile `path` (target_of_pidfile). -ENOMEM.
int targets_add_pidfile(struct targets *all, const char *path);

// Whether the word names nothing at all, as what a search printed that found nothing.
bool targets_is_blank(const char *text);

// Drop each target whose text stands earlier in the list: it would be held twice for nothing. The
// order of the others stays. -ENOMEM.
int targets_drop_repeats(struct targets *all);

// What is asked of those among them that are pidfiles.
void targets_demand(struct targets *all, const struct pidfile_demands *demands);
