// SPDX-License-Identifier: GPL-2.0-or-later
// await.h: wait until enough of many held processes are gone, and report how each one ended.
//
// pwait, waitpid and pidwait use the same loop: one epoll, one timer, no polling. A process is gone
// when it died, or with plan.reaped when it was reaped. If its status is wanted and cannot be read
// at its death (a zombie of another user), the loop also waits for its reap, but only for
// plan.reap_grace.
#pragma once

#include "base/steps.h"
#include "handle/ending.h"
#include "handle/pidref.h"
#include "handle/procfs.h"
#include "target/cgroup.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum await_state {
	AWAIT_RUNNING = 0,
	AWAIT_DEAD, // died; still waiting for its reap or its status
	AWAIT_GONE, // reported
};

// One process. The caller owns the list and the refs; each ref is closed as soon as its process is
// reported as gone. All other fields start as zero.
struct awaited {
	struct pidref ref;  // not held: it was gone before (.pid is for display)
	const char *target; // the user's text, borrowed, or NULL
	// instead of a process: gone when no process is in it; watched (cgroup_watch); owned
	struct cgroup *cgroup;
	// valid once AWAIT_GONE; if it was never held, the caller sets .unknown to ENDING_BEFORE or
	// ENDING_RECYCLED
	struct ending ending;
	int16_t error; // target_open's error if it was never held; else 0
	uint8_t state; // enum await_state
	uint32_t next; // private
	int64_t until; // private
};

struct await_plan {
	size_t enough;	    // return when this many are gone; 0: all
	int64_t limit;	    // in nanoseconds of clock_now; 0: none
	bool look_once;	    // report which are gone now and return (limit is not used)
	bool reaped;	    // gone means reaped; Linux 6.9
	bool status;	    // the endings are wanted; else .unknown is ENDING_NOT_ASKED
	int64_t reap_grace; // how long to wait for a reap after a death, for the status
	// signals to send to the rest, the first one at the limit; NULL: none. reap_grace follows
	// the last one if no other time is given
	const struct steps *kill;
	const struct procfs *proc; // for the status of zombies; NULL: no /proc that can be trusted
	int64_t tick;		   // call tick_call() at this interval, in nanoseconds; 0: never
	int watch;		   // call ready() when this descriptor is readable; -1: none

	// Each may be NULL. They are called between events and may read the list.
	// once for each process, in the order of events
	void (*gone)(const struct awaited *a, void *data);
	void (*deadline)(void *data); // the limit passed and processes remain
	void (*unsent)(
		const struct awaited *a, int error, void *data); // a signal could not be sent
	void (*tick_call)(void *data);
	void (*ready)(void *data);
	void *data;
};

struct await_tally {
	size_t gone;	// reported as gone, including those that were gone before
	size_t unknown; // of these: statuses that were wanted but not available
	int status;	// the first status in time that is not 0, in the shell's form; else 0
};

enum {
	AWAIT_DESCRIPTORS = 8, // that a wait uses besides one for each process
};

// Make every process occur once in the list: if an entry is the same process as an earlier one, it
// is closed and removed. A cgroup is never the same as a process in it. Returns the new count, or
// -ENOMEM (the list is then unchanged). Needs no memory if the PIDs ascend.
ssize_t await_unique(struct awaited *list, size_t count);

// Wait. 0: enough are gone; -ETIMEDOUT: the limit passed and processes remain (their state is not
// AWAIT_GONE); those that were dead by then were reported before. -EOPNOTSUPP: a handle does not
// support waiting, or .reaped before Linux 6.9; -EMFILE, -ENOMEM, -ENOSPC
// (fs.epoll.max_user_watches): it did not wait at all. *tally is always filled in.
int await_run(struct awaited *list, size_t count, const struct await_plan *plan,
	struct await_tally *tally);

// The text for an error of await_run.
const char *await_problem(int error);
