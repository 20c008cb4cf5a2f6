// SPDX-License-Identifier: GPL-2.0-or-later
// hold.h: hold many processes at rest, so that none of them forks, until all are released.
//
// A helper process, the keeper, does the work. Whatever happens to us, including SIGKILL and a
// crash, the processes continue. With HOLD_PTRACE the end of the keeper releases them, and the
// keeper dies with us. With the other two methods the keeper lives until it has released them.
#pragma once

#include "base/holdoff.h"
#include "handle/pidref.h"
#include "handle/procfs.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum hold_method {
	HOLD_PTRACE, // PTRACE_SEIZE and PTRACE_INTERRUPT: no process outside notices
	// cgroup.freeze of the control group (v2) that contains exactly these processes
	HOLD_FREEZER,
	HOLD_STOP, // SIGSTOP and SIGCONT: parents and handlers of SIGCONT notice
	HOLD_METHODS,
};

enum hold_state {
	HOLD_PENDING, // not decided yet
	HOLD_HELD,    // at rest: it cannot fork
	HOLD_DEAD,    // dead, or a kernel thread: there is nothing to hold
	// it runs, because:
	HOLD_STUCK,  // it waits in the kernel (state D), and may fork after that
	HOLD_TRACED, // another process traces it
	HOLD_DENIED, // not permitted
	HOLD_EXEC,   // it is in an exec that does not end
	HOLD_RUNS,   // it does not come to rest
	HOLD_LOST,   // another process ended the keeper
};

struct board;

// All members except `method` are private.
struct hold {
	enum hold_method method;
	const struct procfs *proc; // borrowed
	struct board *board;	   // shared with the keeper; NULL: nothing is held
	size_t size;		   // of the board, in bytes
	struct pidref keeper, us;
	int wake, answer; // eventfd(2): to the keeper, and from it
	int nice;	  // our nice value before
	int restarts;	  // how many more keepers may be started
};

// Holds nothing.
#define HOLD_NULL \
	((struct hold){.keeper = PIDREF_NULL, .us = PIDREF_NULL, .wake = -1, .answer = -1})

// Start a keeper. `proc` is borrowed until hold_release. -EMFILE, -ENOMEM, -EAGAIN; -ENOSYS: the
// kernel (before 5.3) or a sandbox does not permit clone with CLONE_PIDFD.
int hold_begin(struct hold *out, enum hold_method method, const struct procfs *proc);

// Let the keeper hold a process as soon as possible. The descriptor of *ref must stay open under
// the same number until hold_release. `root`: its parent is not held. Returns the seat of the
// process, >= 0; -ENFILE: the board is full.
int hold_take(struct hold *h, const struct pidref *ref, bool root);

// Wait until each process that was taken is at rest, or is known to be impossible to hold: at most
// 1 s after the last one was taken. 0; 1: HOLD_FREEZER also holds others, which must be taken too;
// -EXDEV: it cannot hold exactly these processes; -EINTR: `off` (may be NULL) was interrupted;
// -EMFILE, -ENOMEM.
int hold_settle(struct hold *h, const struct holdoff *off);

// The state of the process in this seat. With HOLD_TRACED *tracer (may be NULL) gets the PID of the
// tracer, for display.
enum hold_state hold_state(const struct hold *h, size_t seat, pid_t *tracer);

// Whether this is the PID of the keeper, which is our child and must never be held.
bool hold_is_keeper(const struct hold *h, pid_t pid);

// Show that we are alive: the keeper releases all if there is no sign for three seconds.
void hold_touch(struct hold *h);

// Call this before the signal `sig` is sent to the process in this seat: the SIGCONT at the end
// would undo a stop signal.
void hold_sending(struct hold *h, size_t seat, int sig);

// Whether all held processes are still held. False after another process ended the keeper.
bool hold_is_kept(struct hold *h);

// Release all, the last ones taken first, and end the keeper. `sig` was sent to them, or 0. A
// session leader that has the signal continues after the others have taken it, because its end
// sends SIGHUP. A process that was stopped before stays stopped. May be called twice.
void hold_release(struct hold *h, int sig);
