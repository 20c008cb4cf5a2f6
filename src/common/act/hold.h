// SPDX-License-Identifier: GPL-2.0-or-later
// hold.h: many processes held at rest, so that none of them forks, until all are let go.
//
// A helper process, the keeper, does it. Whatever becomes of us, SIGKILL and a crash included, the
// processes go on: with HOLD_PTRACE the end of the keeper lets them go, and the keeper dies with
// us; with the other two methods the keeper lives on until it has let them go.
#pragma once

#include "base/holdoff.h"
#include "handle/pidref.h"
#include "handle/procfs.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum hold_method {
	HOLD_PTRACE,  // PTRACE_SEIZE and PTRACE_INTERRUPT: no process outside notices
	HOLD_FREEZER, // cgroup.freeze of the one control group (v2) that they are all that is in
	HOLD_STOP,    // SIGSTOP and SIGCONT: their parents and handlers of SIGCONT notice
	HOLD_METHODS,
};

enum hold_state {
	HOLD_PENDING, // not decided yet
	HOLD_HELD,    // at rest: it cannot fork
	HOLD_DEAD,    // dead, or a thread of the kernel: there is nothing to hold
	// it runs, and the reason:
	HOLD_STUCK,  // it waits in the kernel (state D), and can go on with a fork when that ends
	HOLD_TRACED, // another process traces it
	HOLD_DENIED, // not permitted
	HOLD_EXEC,   // it is in an exec that does not end
	HOLD_RUNS,   // it does not come to rest
	HOLD_LOST,   // the keeper was ended by another process
};

struct board;

// All members are hold.c's own but for `method`.
struct hold {
	enum hold_method method;
	const struct procfs *proc; // borrowed
	struct board *board;	   // shared with the keeper; NULL: nothing is held
	size_t size;		   // of the board, in bytes
	struct pidref keeper, us;
	int wake, answer; // eventfd(2): to the keeper, and from it
	int nice;	  // ours, before
	int restarts;	  // how many more keepers may follow this one
};

// Holds nothing.
#define HOLD_NULL \
	((struct hold){.keeper = PIDREF_NULL, .us = PIDREF_NULL, .wake = -1, .answer = -1})

// Start a keeper. `proc` is borrowed until hold_release. -EMFILE, -ENOMEM, -EAGAIN; -ENOSYS: the
// kernel (before 5.3) or a sandbox has no clone with CLONE_PIDFD.
int hold_begin(struct hold *out, enum hold_method method, const struct procfs *proc);

// Have the keeper hold a process as soon as it gets to it. The descriptor of *ref stays open until
// hold_release, at the same number. `root`: its parent is not held. Returns the seat of the
// process, >= 0; -ENFILE: the board is full.
int hold_take(struct hold *h, const struct pidref *ref, bool root);

// Wait until each process that was taken is at rest or known not to be held: it takes 1 s at most
// after the last one was taken. 0; 1: HOLD_FREEZER holds others as well, which have to be taken
// too; -EXDEV: it cannot hold exactly these processes; -EINTR: `off` (may be NULL) was interrupted;
// -EMFILE, -ENOMEM.
int hold_settle(struct hold *h, const struct holdoff *off);

// What became of the process in that seat. With HOLD_TRACED *tracer (may be NULL) is the number of
// the tracer, for display.
enum hold_state hold_state(const struct hold *h, size_t seat, pid_t *tracer);

// Whether the number is that of the keeper, which is a child of ours and never to be held.
bool hold_is_keeper(const struct hold *h, pid_t pid);

// Say that we are alive: the keeper lets all go when it hears nothing for three seconds.
void hold_touch(struct hold *h);

// To be called before the signal `sig` is sent to the process in that seat: a SIGCONT at the end
// would take back a stop.
void hold_sending(struct hold *h, size_t seat, int sig);

// Whether all that is held is still held. False after the keeper was ended by another process.
bool hold_is_kept(struct hold *h);

// Let all go on, the last ones taken first, and end the keeper. `sig` was sent to them, or 0: a
// session leader that has the signal goes on after the others have taken it, because its end
// sends SIGHUP. A process that was stopped before stays so. May be called twice.
void hold_release(struct hold *h, int sig);
