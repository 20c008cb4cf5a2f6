// SPDX-License-Identifier: GPL-2.0-or-later
// keeper.h: the process that holds others for us, seen from inside. For hold*.c only.
#pragma once

#include "act/hold.h"
#include "base/buffer.h"
#include "base/clock.h"

#include <stdint.h>

#define KEEPER_NAME "pfd-keeper"

enum keeper_order {
	KEEPER_NOTHING,
	KEEPER_SETTLE,	// answer when no seat is pending
	KEEPER_RELEASE, // let all go, and end
};

// The status of a keeper that ended by itself.
enum keeper_end {
	KEEPER_DONE,
	KEEPER_FAILED,	// it could not begin
	KEEPER_TAINTED, // it was about to hold a process that was not meant
	KEEPER_YIELDED, // it heard nothing of us: we are stopped, perhaps by another keeper
};

struct seat {
	struct pidref ref;     // borrowed
	enum hold_state state; // written by the keeper
	pid_t tracer;	       // with HOLD_TRACED
	int64_t since;	       // when the keeper got to it
	bool root;	       // its parent is not held
	bool begun;	       // HOLD_STOP: SIGSTOP was sent; HOLD_PTRACE: it was attached
	int64_t again;	       // HOLD_PTRACE: when to look closely again
	bool stopped;	       // HOLD_STOP: it ran before, and is to go on
};

// In memory that we share with the keeper.
struct board {
	size_t room;	// how many seats there are
	size_t count;	// how many are taken, atomically: a seat is filled in before it counts
	size_t touched; // grows while we are alive, atomically
	int order;	// enum keeper_order, atomically
	int result;	// of the order: 0 or -errno
	int sig;	// of KEEPER_RELEASE
	int thaw;	// HOLD_FREEZER: the descriptor to write "0" to; 0: nothing is frozen
	struct seat seats[];
};

struct keeper {
	struct board *board;
	const struct procfs *proc;
	int wake, answer;	      // eventfd(2)
	pid_t parent;		      // us
	const struct pidref *program; // us, held
	int failed;		      // the system lacks something: -EMFILE, -ENFILE, -ENOMEM
	int64_t progress;	      // when a seat was decided last
	struct buffer text;	      // for what is read of /proc
	void *own;		      // the method's own
};

// How one method holds. The functions run in the keeper.
struct keeper_method {
	bool dies_with_us; // its end lets all go
	// Begin; 0 or -errno.
	int (*begin)(struct keeper *k);
	// Try to hold the process, or see how far that is. Any state but HOLD_PENDING and the
	// reasons is final; those are once the patience with them is over.
	enum hold_state (*look)(struct keeper *k, struct seat *s);
	// After all seats are decided: 0 or -errno. May be NULL.
	int (*settled)(struct keeper *k);
	// Let all go. The keeper ends after it.
	void (*release)(struct keeper *k, int sig);
};

extern const struct keeper_method keeper_ptrace, keeper_freezer, keeper_stop;

// Run as the keeper. The argument is a struct keeper_job; the result an enum keeper_end.
int keeper_run(void *job);

struct keeper_job {
	const struct keeper_method *method;
	struct keeper keeper;
};

// ---- for the methods ----

// Sleep as long as it takes a process to come to rest, about 0.1 ms.
void keeper_nap(void);

// End at once with this status: the parent starts another keeper.
_Noreturn void keeper_leave(enum keeper_end end);

struct status;

// The status of the thread `tid` in the folder `in` (/proc or PID/task). -ESRCH: it is not there.
int keeper_status(struct keeper *k, const struct procfs *in, pid_t tid, struct status *out);

// Whether a thread in state D comes to rest before it can fork: the parent in a vfork, whose child
// is born, or one that the freezer (v1) has stopped. (One that waits for memory in the middle of a
// fork is in state D, too.) False where the kernel does not say.
bool keeper_cannot_fork(struct keeper *k, const struct procfs *in, pid_t tid);

// How many threads the process `pid` has, dead ones that are not reaped included; -errno.
int keeper_threads(const struct keeper *k, pid_t pid);
