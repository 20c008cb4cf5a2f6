// SPDX-License-Identifier: GPL-2.0-or-later
// scan.h: the only way from the process table to a handle.
//
// The first look at a PID is cheap and may discard it. Then the process is held; everything that
// the criteria need is read (again) while it is held; the criteria decide; and pidref_verify proves
// that the PID belonged to the process all the time.
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
	SCAN_FAILED,   // the criterion of the option is not fulfilled
	SCAN_DENIED,   // we may not see whether it is fulfilled
	SCAN_ANCESTOR, // it is one of the spared ancestors
	SCAN_NOT_BEST, // all is fulfilled, but another one is newer, or older
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
	bool threads;			// each thread of each process separately
	const struct ancestors *spared; // skip these; NULL: none

	// called last for each matching process, while it is held; false skips it; or NULL
	bool (*meant)(const struct proc *p, struct pidref *ref, void *data);
	void *meant_data;

	// called for each process that matches the patterns but is skipped; needs all facts, so it
	// is slower; or NULL
	void (*refused)(const struct proc *p, const struct scan_refusal *why, void *data);
	void *data;
};

struct scan {
	size_t spared; // how many matching ancestors were skipped

	// the rest is private
	const struct scan_plan *plan;
	const struct procfs *dir;
	struct walk processes, threads;
	struct procfs tasks; // of the process whose threads are walked, or -1
	struct pidref leader;
	struct libproc *lib;
	struct facts now, best;
	struct pidref held; // the process of `best`
	size_t at;	    // index in the list of PIDs, if there is one
	size_t streak;	    // how many in a row matched
	pid_t self;
	bool over;
};

// Begin. *plan, everything it points to, and *dir are borrowed until scan_end. -ENOMEM, or an error
// of the library.
int scan_begin(struct scan *s, const struct scan_plan *plan, const struct procfs *dir);

// 1: *ref, which the caller closes, holds a matching process, and *p (until the next call) are its
// facts, proved; 0: no more; -errno: the system failed, and nothing is known about the rest. We
// ourselves never match. The PIDs ascend.
int scan_next(struct scan *s, struct pidref *ref, const struct proc **p);

void scan_end(struct scan *s);
