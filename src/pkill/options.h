// SPDX-License-Identifier: GPL-2.0-or-later
// options.h: the options of pgrep, pkill and pidwait, and their help.
#pragma once

#include "pkill/pkill.h"
#include "tell/options.h"

// The command line as far as it is read.
struct parse {
	struct options o;
	struct texts args;		// of --args
	bool fixed, ignore_case, exact; // how the pattern is meant
	bool newest, oldest, handler;
	bool unused; // options without effect
	const char *nslist;
	const char *pidfile;
	struct pidfile_demands demands; // for every pidfile
};

enum { PKILL_CRITERION = OPTION_TAG_OWN }; // the tag of options that select

// The table of this program. Its options are stored in a struct parse.
struct cli pkill_cli(void);

// Options that do more than set one field (values.c).
option_call parse_any, parse_ns, parse_older, parse_pattern, parse_queue, parse_signal,
	parse_states, parse_step, parse_younger;
