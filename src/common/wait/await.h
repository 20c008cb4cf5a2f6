// SPDX-License-Identifier: GPL-2.0-or-later
// await.h: wait until enough of many held processes are gone, and tell how each one ended.
//
// One loop for pwait, waitpid and pidwait: one epoll, one timer, no polling. A process is gone
// when it died, or with plan.reaped when it was reaped. Where its status is wanted and cannot be
// read at its death (a zombie of another user), the reap is waited for, but not for ever.
#pragma once

#include "handle/ending.h"
#include "handle/pidref.h"
#include "handle/procfs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum await_state {
	AWAIT_RUNNING = 0,
	AWAIT_DEAD, // died; its reap, or its status, is still waited for
	AWAIT_GONE, // told
};

// One process. The list is the caller's and owns the refs; each is closed as soon as it is told to
// be gone. All fields but the first three begin as zero.
struct awaited {
	struct pidref ref;    // not held: it was gone before (.pid is for display)
	const char *target;   // the user's word, borrowed, or NULL
	struct ending ending; // valid once AWAIT_GONE; for one that was never held the caller
			      // sets .unknown to ENDING_BEFORE or ENDING_RECYCLED
	int16_t error; // of one that was never held: target_open's; else 0
	uint8_t state; // enum await_state
	uint32_t next; // await's own
	int64_t until; // await's own
};

struct await_plan {
	size_t enough;		   // return when so many are gone; 0: all
	int64_t limit;		   // nanoseconds of clock_now; 0: none
	bool look_once;		   // tell who is gone now and return (limit is not used)
	bool reaped;		   // gone means reaped; Linux 6.9
	bool status;		   // endings are wanted; else .unknown is ENDING_NOT_ASKED
	int64_t reap_grace;	   // how long after a death its reap is waited for, for the status
	int kill;		   // at the limit: send this to the rest; 0: nothing ...
	bool kill_wait;		   // ... and wait for them without limit; else for reap_grace
	const struct procfs *proc; // for the status of zombies; NULL: none that can be trusted
	int64_t tick;		   // call tick_call() every so many nanoseconds; 0: never
	int watch;		   // call ready() when this descriptor can be read; -1: none

	// Each may be NULL. They run between events and may read the list.
	void (*gone)(const struct awaited *a, void *data); // once for each, in the order of events
	void (*deadline)(void *data);			   // the limit passed with survivors
	void (*unsent)(const struct awaited *a, int error, void *data); // .kill could not be sent
	void (*tick_call)(void *data);
	void (*ready)(void *data);
	void *data;
};

struct await_tally {
	size_t gone;	// told, those that were gone before included
	size_t unknown; // of these: statuses that were wanted and could not be learned
	int status;	// the first status (in time) that is not 0, as a shell gives it; else 0
};

enum {
	AWAIT_DESCRIPTORS = 8, // that a wait needs besides one for each process
};

// Make every process of the list occur once: an entry that is the same process as an earlier one
// is closed and removed. Returns the new count. Needs no memory where the numbers ascend;
// -ENOMEM otherwise possible (negative; the list is then as it was).
ssize_t await_unique(struct awaited *list, size_t count);

// Wait. 0: enough are gone; -ETIMEDOUT: the limit passed with survivors (state is not
// AWAIT_GONE), after those that were dead by then were told; -EOPNOTSUPP: a handle that cannot be
// waited for, or .reaped before Linux 6.9; -EMFILE, -ENOMEM, -ENOSPC (fs.epoll.max_user_watches):
// nothing was waited for. *tally is filled in always.
int await_run(struct awaited *list, size_t count, const struct await_plan *plan,
	struct await_tally *tally);

// What to say of await_run's error.
const char *await_problem(int error);
