// SPDX-License-Identifier: GPL-2.0-or-later
// options.h: the options that pgrep, pkill and pidwait have, and what --help says.
#pragma once

#include "tell/options.h"

// Keys of those without a letter, or whose letter means something else to another program.
enum {
	OPT_ANCESTORS = OPTION_LONG,
	OPT_ANY,
	OPT_CGROUP,
	OPT_COUNT,
	OPT_DRY_RUN,
	OPT_ENV,
	OPT_EXPLAIN,
	OPT_FIXED,
	OPT_HANDLE,
	OPT_NS,
	OPT_NSLIST,
	OPT_NULL,
	OPT_PROGRESS,
	OPT_REAP_GRACE,
	OPT_RECLAIM,
	OPT_SIGNAL,
	OPT_STALE_OK,
	OPT_STATUS,
	OPT_TIMEOUT,
	OPT_TREE,
	OPT_TRUST_PIDFILE,
	OPT_VERBOSE,
	OPT_WAIT,
	OPT_YOUNGER,
};

// The table of this program, for cli_begin.
struct cli pkill_cli(void);
