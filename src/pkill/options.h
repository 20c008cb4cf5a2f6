// SPDX-License-Identifier: GPL-2.0-or-later
// options.h: the options that pgrep, pkill and pidwait have, and what --help says.
#pragma once

#include "pkill/pkill.h"
#include "tell/options.h"

// What the command line says, before it is complete.
struct parse {
	struct options o;
	const char **patterns;
	size_t pattern_count;
	bool fixed, ignore_case, exact; // how they are meant
	bool newest, oldest, handler;
	const char *nslist;
	const char *pidfile;
	struct pidfile_demands demands; // on every pidfile
};

enum { PKILL_CRITERION = OPTION_TAG_OWN }; // the tag of options that select

// The table of this program; its options go into a struct parse.
struct cli pkill_cli(void);

// What options mean beyond one field (values.c).
option_call parse_any, parse_count, parse_ns, parse_older, parse_pattern, parse_queue, parse_signal,
	parse_states, parse_step, parse_wait, parse_younger;
