// SPDX-License-Identifier: GPL-2.0-or-later
// scan.h: the only door from the process table to a handle.
//
// A number is looked at once, cheaply, which may discard it. Then it is pinned by a handle,
// everything the criteria need is read (again) with the handle held, the criteria decide, and
// pidref_verify proves that the number was this process's all the time.
#pragma once

#include "find/ancestors.h"
#include "find/facts.h"
#include "find/match.h"
#include "handle/pidref.h"
#include "handle/procfs.h"
#include "handle/walk.h"

#include <stdbool.h>
#include <stddef.h>

enum scan_which { SCAN_ALL, SCAN_NEWEST, SCAN_OLDEST };

enum scan_reason {
	SCAN_FAILED,   // the criterion of the option does not hold
	SCAN_DENIED,   // we may not see whether it holds
	SCAN_ANCESTOR, // it is one of those that are spared
	SCAN_NOT_BEST, // all holds, but another one is newer, or older
};

// Of a process that the patterns fit: why it is left out.
struct scan_refusal {
	enum scan_reason reason;
	const char *option; // of SCAN_FAILED and SCAN_DENIED
};

struct scan_plan {
	const struct match *match;
	unsigned extra; // facts wanted besides, of those that match; may stay unknown
	enum scan_which which;
	bool threads;			// of each process every thread by itself
	const struct ancestors *spared; // these are skipped; NULL: none is

	// asked last about each process that fits, while it is held: false skips it; or NULL
	bool (*meant)(const struct proc *p, struct pidref *ref, void *data);
	void *meant_data;

	// called for each process that fits the patterns but is skipped, which takes all the
	// readings; or NULL
	void (*refused)(const struct proc *p, const struct scan_refusal *why, void *data);
	void *data;
};

struct scan {
	size_t spared; // how many ancestors fitted and were left out

	// the rest is scan_*'s own
	const struct scan_plan *plan;
	const struct procfs *dir;
	struct walk processes, threads;
	struct procfs tasks; // of the process whose threads are walked, or -1
	struct pidref leader;
	struct libproc *lib;
	struct facts now, best;
	struct pidref held; // what `best` is about
	size_t at;	    // in the list of pids, when there is one
	size_t streak;	    // how many in a row fitted
	pid_t self;
	bool over;
};

// Begin. *plan, what it points to, and *dir are borrowed until scan_end. -ENOMEM, or an error of
// the library.
int scan_begin(struct scan *s, const struct scan_plan *plan, const struct procfs *dir);

// 1: *ref, the caller's to close, holds a process that fits, and *p (until the next call) are
// its facts, proved; 0: no more; -errno: the system failed, nothing can be said about the rest.
// We ourselves never fit. The numbers ascend.
int scan_next(struct scan *s, struct pidref *ref, const struct proc **p);

void scan_end(struct scan *s);
