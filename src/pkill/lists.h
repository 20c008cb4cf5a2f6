// SPDX-License-Identifier: GPL-2.0-or-later
// lists.h: the comma lists on the command lines of pgrep, pkill and pidwait.
//
// Each function adds the items of the list `text`, the value of the long option `option`, to those
// given before. An invalid item, or a list of nothing but empty items, ends the program with
// EXIT_USAGE before any process is looked at.
// The strings are never freed.
#pragma once

#include "pkill/pkill.h"
#include "tell/options.h"

// The targets of --parent, --pgroup and --session, for a struct targets; 0 is TARGET_OWN_GROUP.
option_read lists_add_named;

// Names or numbers, for a struct numbers.
option_read lists_add_users;
option_read lists_add_gids;

// Terminals in the form of struct proc, for a struct texts.
option_read lists_add_terminals;

// No list: the whole text is one item, for a struct texts.
option_read lists_add_text;

// For a struct texts: paths of control groups; and environment variables; in both "\," is a comma.
option_read lists_add_cgroups;
option_read lists_add_environs;

// Targets of one process each, for a struct targets.
option_read lists_add_targets;

// One control group, in the form that the criteria compare: "/a", ":/a" or "cpu:/a" (cgroups.c).
// Takes `item` over; the result is the caller's. Exits with EXIT_USAGE if it is none.
char *cgroups_item(const char *option, char *item);

// Names of columns, for a struct columns.
option_read lists_add_columns;

// Letters of states, with or without commas between them.
const char *lists_states(const char *option, const char *text);

// Bits of match_ns_names.
unsigned lists_namespaces(const char *option, const char *text);

// Sort the numbers in ascending order, as the criteria need them.
void lists_sort(struct numbers *n);
