// SPDX-License-Identifier: GPL-2.0-or-later
// deliver-run.h: one delivery in progress: shared by the files of deliver.
#pragma once

#include "act/deliver.h"
#include "act/descend.h"
#include "wait/waiter.h"

enum deliver_phase {
	DELIVER_LOOKING,   // nothing is sent yet
	DELIVER_FIRST,	   // the first signal is being sent, or was sent
	DELIVER_FOLLOWING, // the first follow-up is being sent
	DELIVER_FORCED,	   // a follow-up was sent to all that were still there
};

struct run {
	struct delivery_list *all;
	size_t watched; // in the waiter and not gone yet
	const struct deliver_plan *plan;
	struct descend descend; // for plan->tree
	struct waiter *waiter;	// NULL: the processes are not followed
	enum deliver_phase phase;
	int64_t tick; // when plan->tick_call is due
	bool late;    // plan->crowd: the last signal was not sent to all
	bool sending; // outcomes are only noted
	deliver_tell *tell;
	void *data;
};

// Decide the outcome of one delivery: report it (or note it while a tree is held, or while others
// are left to signal) and close its handle. When the last member of a process group is decided, the
// group is decided too.
void run_decide(struct run *run, struct delivery *d, enum outcome outcome, int error);

// The outcome of a process that ended after the first signal.
enum outcome run_outcome_of_end(const struct run *run);

// Note the processes that are dead before anything is sent, because the kernel accepts signals for
// a zombie. After the first signal, a process that the signal ended would look the same. They are
// reported by run_send, in the order of the list.
void run_note_dead(struct run *run);

// With plan->resume: after `sig` was sent to it, send CONT if it is stopped.
void run_resume(const struct run *run, struct delivery *d, int sig);

// Send `sig` to each undecided delivery from index `from` on, then report. A dry run only asks for
// permission. Meanwhile signals to us are delayed: a target can be our parent, and pass the signal
// on to us.
void run_send(struct run *run, int sig, size_t from);

// The same for the whole tree, including processes that are born meanwhile; then release the tree.
void run_send_to_tree(struct run *run, int sig);

// The processes that joined plan->crowd: append and watch them; `sig` is what they are about to
// get, or 0. Returns how many are new; -errno.
int run_join(struct run *run, int sig);

// Send `sig` to all that have joined by now: SIGKILL to the whole crowd, before run_send; any other
// signal to each of them, until none is new, after run_send.
void run_kill_crowd(struct run *run);
void run_send_to_joined(struct run *run, int sig);

// Watch the undecided deliveries from index `from` on. An error of waiter_add.
int run_watch(struct run *run, size_t from);
