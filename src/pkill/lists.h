// SPDX-License-Identifier: GPL-2.0-or-later
// lists.h: the comma lists on the command lines of pgrep, pkill and pidwait.
//
// Each function adds the items of the list `text`, the value of the long option `option`, to what
// was given before. An item that is no such thing ends the program with EXIT_USAGE, before anybody
// is looked at. The texts are never freed.
#pragma once

#include "pkill/pkill.h"
#include "tell/options.h"

// Targets, for a struct targets; 0 is TARGET_OWN_GROUP.
option_read lists_add_parents;
option_read lists_add_groups;
option_read lists_add_sessions;

// Names or numbers, for a struct numbers.
option_read lists_add_users;
option_read lists_add_gids;

// Terminals, as struct proc has them, for a struct texts.
option_read lists_add_terminals;

// For a struct texts: paths of control groups; variables of an environment, in which "\," is a
// comma.
option_read lists_add_cgroups;
option_read lists_add_environs;

// Targets of one process each, for a struct targets.
option_read lists_add_targets;

// Letters of states, separated by commas or not at all.
const char *lists_states(const char *option, const char *text);

// Bits of match_ns_names.
unsigned lists_namespaces(const char *option, const char *text);

// Numbers in ascending order, as the criteria want them.
void lists_sort(struct numbers *n);
