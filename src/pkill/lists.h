// SPDX-License-Identifier: GPL-2.0-or-later
// lists.h: the comma lists on the command lines of pgrep, pkill and pidwait.
//
// Each function adds the items of the list `text`, the value of the long option `option`, to what
// was given before. An item that is no such thing ends the program with EXIT_USAGE, before anybody
// is looked at. The texts are never freed.
#pragma once

#include "pkill/pkill.h"

// Numbers; of a group or a session 0 is our own.
void lists_add_pids(struct numbers *n, const char *option, const char *text);
void lists_add_groups(struct numbers *n, const char *option, const char *text);
void lists_add_sessions(struct numbers *n, const char *option, const char *text);

// Names or numbers.
void lists_add_users(struct numbers *n, const char *option, const char *text);
void lists_add_gids(struct numbers *n, const char *option, const char *text);

// Terminals, as struct proc has them.
void lists_add_terminals(struct texts *t, const char *option, const char *text);

// Paths of control groups; variables of an environment, in which "\," is a comma.
void lists_add_cgroups(struct texts *t, const char *option, const char *text);
void lists_add_environs(struct texts *t, const char *option, const char *text);

// The targets of --pid.
void lists_add_targets(struct options *o, const char *option, const char *text);

// Letters of states, separated by commas or not at all.
const char *lists_states(const char *option, const char *text);

// Bits of match_ns_names.
unsigned lists_namespaces(const char *option, const char *text);

// Numbers in ascending order, as the criteria want them.
void lists_sort(struct numbers *n);
