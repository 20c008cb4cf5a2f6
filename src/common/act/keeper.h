// SPDX-License-Identifier: GPL-2.0-or-later
// keeper.h: the process that holds others for us, from the inside. Only for hold*.c.
#pragma once

#include "act/hold.h"
#include "base/buffer.h"
#include "base/clock.h"

#include <stdint.h>

#define KEEPER_NAME "pfd-keeper"

enum keeper_order {
	KEEPER_NOTHING,
	KEEPER_SETTLE,	// answer when no seat is pending
	KEEPER_RELEASE, // release all and end
};

// The exit status of a keeper that ended by itself.
enum keeper_end {
	KEEPER_DONE,
	KEEPER_FAILED,	// it could not begin
	KEEPER_TAINTED, // it was about to hold the wrong process
	KEEPER_YIELDED, // it heard nothing from us: we are stopped, perhaps by another keeper
};

struct seat {
	struct pidref ref;     // borrowed
	enum hold_state state; // written by the keeper
	pid_t tracer;	       // with HOLD_TRACED
	int64_t since;	       // when the keeper first looked at it
	bool root;	       // its parent is not held
	bool begun;	       // HOLD_STOP: SIGSTOP was sent; HOLD_PTRACE: it was attached
	int64_t again;	       // HOLD_PTRACE: when to look closely again
	bool stopped;	       // HOLD_STOP: it ran before, and must be continued
};

// In memory that is shared with the keeper.
struct board {
	size_t room;	// how many seats there are
	size_t count;	// how many are taken, atomic: a seat is complete before it counts
	size_t touched; // increases while we are alive, atomic
	size_t looks;	// increases while the keeper is at work, atomic
	int order;	// enum keeper_order, atomic
	int result;	// of the order: 0 or -errno
	int sig;	// of KEEPER_RELEASE
	// HOLD_FREEZER: the descriptor to which "0" is written; 0: nothing is frozen
	int thaw;
	struct seat seats[];
};

struct keeper {
	struct board *board;
	const struct procfs *proc;
	int wake, answer;	      // eventfd(2)
	pid_t parent;		      // our PID
	const struct pidref *program; // our own handle
	int failed;		      // the system lacks something: -EMFILE, -ENFILE, -ENOMEM
	int64_t progress;	      // when a process last came to rest
	struct buffer text;	      // for files of /proc
	void *own;		      // for the method
	timer_t timer;		      // ends the keeper, if `timed`
	bool timed;
};

// How one method holds. These functions run in the keeper.
struct keeper_method {
	bool dies_with_us; // the end of the keeper releases all
	// Begin; 0 or -errno.
	int (*begin)(struct keeper *k);
	// Try to hold the process, or see how far this is. HOLD_PENDING and the reasons for failure
	// become final only after some time; all other states are final at once.
	enum hold_state (*look)(struct keeper *k, struct seat *s);
	// Called after all seats are decided: 0 or -errno. May be NULL.
	int (*settled)(struct keeper *k);
	// Release all. The keeper ends after this.
	void (*release)(struct keeper *k, int sig);
};

extern const struct keeper_method keeper_ptrace, keeper_freezer, keeper_stop;

// Run as the keeper. `data` is a struct keeper_job, the result an enum keeper_end.
int keeper_run(void *data);

struct keeper_job {
	const struct keeper_method *method;
	struct keeper keeper;
};

// ---- for the methods ----

// Sleep about as long as a process needs to come to rest, 0.1 ms.
void keeper_nap(void);

// Show the program and the timer that ends a keeper that the keeper does not hang. False: the timer
// failed.
bool keeper_at_work(const struct keeper *k);

// End at once with this status; the parent starts another keeper.
_Noreturn void keeper_leave(enum keeper_end end);

struct status;

// The status of the thread `tid` in the folder `in` (/proc or PID/task). -ESRCH: it does not exist.
int keeper_status(struct keeper *k, const struct procfs *in, pid_t tid, struct status *out);

// Whether a thread in state D comes to rest before it can fork: the parent in a vfork, whose child
// is born, or a thread that the freezer (v1) has stopped. (A thread that waits for memory in the
// middle of a fork is also in state D.) False if the kernel does not show this.
bool keeper_cannot_fork(struct keeper *k, const struct procfs *in, pid_t tid);

// How many threads the process `pid` has, including dead ones that are not reaped; -errno.
int keeper_threads(const struct keeper *k, pid_t pid);
