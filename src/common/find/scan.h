// SPDX-License-Identifier: GPL-2.0-or-later
// scan.h: the only way from the process table to a handle.
//
// The first look at a PID is cheap and may discard it. Then the process is held; everything that
// the criteria need is read (again) while it is held; the criteria decide; and pidref_verify proves
// that the PID belonged to the process all the time.
#pragma once

#include "find/facts.h"
#include "find/lineage.h"
#include "find/match.h"
#include "handle/idset.h"
#include "handle/pidref.h"
#include "handle/procfs.h"
#include "handle/walk.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	// Limits a search that is repeated, for processes that never stop forking.
	SCAN_PASSES = 32,
	SCAN_DESCRIPTORS = 1 + FACTS_TERMINAL_DESCRIPTORS, // used besides the handles
};

enum scan_which { SCAN_ALL, SCAN_NEWEST, SCAN_OLDEST };

enum scan_reason {
	SCAN_FAILED,	// the criterion of the option is not fulfilled
	SCAN_DENIED,	// we may not see whether it is fulfilled
	SCAN_ANCESTOR,	// it is an ancestor, and these are skipped
	SCAN_FORK,	// it is a fork of one (see lineage.h)
	SCAN_QUOTES,	// its command line only quotes a search
	SCAN_OURS,	// the same, and it is an ancestor or a fork of one
	SCAN_NEAR_LINE, // its name does not match, but its command line does
	SCAN_NEAR_FILE, // its name does not match, but that of its program file does
	SCAN_NOT_BEST,	// all is fulfilled, but another one is newer, or older
};

// Why a process that matches the patterns is skipped.
struct scan_refusal {
	enum scan_reason reason;
	const char *option; // for SCAN_FAILED and SCAN_DENIED
};

struct scan_plan {
	const struct match *match;
	unsigned extra; // more facts to learn about matching processes; may stay unknown
	enum scan_which which;
	bool threads; // each thread of each process separately
	// walk again until a walk finds no new process, because processes are born meanwhile; not
	// with SCAN_NEWEST and SCAN_OLDEST
	bool repeat;
	// only PIDs above `after`, up to `last`, without a look at the rest of /proc; last 0: all
	pid_t after, last;
	// Skip our ancestors, and the forks of the nearest one that has called exec.
	bool ignore_ancestors;
	// Skip processes that match the patterns for the command line only because they quote a
	// search: (a) what is behind the first search word (see quote.h) matches as well; (b) there
	// is a search word in the command line, and it is that of an ancestor or of a fork of one.
	bool skip_quotes;
	facts_terminal *terminal; // needed for a criterion about terminals, or NULL
	void *terminal_data;
	// needed for match->under, see facts_source
	int (*under)(const void *data, const struct pidref *ref);
	const void *under_data;

	// called last for each matching process, while it is held: 1; 0 skips it; -errno ends the
	// search; or NULL
	int (*meant)(const struct proc *p, struct pidref *ref, void *data);
	void *meant_data;

	// called for each process that is skipped because of the two above; with `explain`, for
	// each that matches the patterns but is skipped, which needs all facts, so it is slower; or
	// NULL
	void (*refused)(const struct proc *p, const struct scan_refusal *why, const void *data);
	const void *refused_data;
	bool explain;
};

struct scan {
	// all of this is private
	const struct scan_plan *plan;
	const struct procfs *dir;
	struct walk processes, threads;
	struct procfs tasks; // of the process whose threads are walked, or -1
	struct pidref leader;
	struct lineage lineage; // of us
	struct facts now, best;
	struct pidref held; // the process of `best`
	size_t at;	    // index in the list of PIDs, if there is one
	size_t streak;	    // how many in a row matched
	struct idset seen;  // of a search that is repeated
	size_t passes;
	bool news;    // this walk found a new process
	pid_t number; // in the range of the plan
	pid_t self;
	bool over;
};

// Begin. *plan, everything it points to, and *dir are borrowed until scan_end. -errno of lseek(2);
// -EOPNOTSUPP: this kernel does not have what the criteria ask for.
int scan_begin(struct scan *s, const struct scan_plan *plan, const struct procfs *dir);

// 1: *ref, which the caller closes, holds a matching process, and *p (until the next call) are its
// facts, proved; 0: no more; -errno: the system failed, and nothing is known about the rest. We
// ourselves never match. The PIDs ascend.
int scan_next(struct scan *s, struct pidref *ref, const struct proc **p);

void scan_end(struct scan *s);
