// SPDX-License-Identifier: GPL-2.0-or-later
// deliver-run.h: one delivery under way: what deliver's own files share.
#pragma once

#include "act/deliver.h"
#include "act/descend.h"
#include "wait/waiter.h"

enum deliver_phase {
	DELIVER_LOOKING,   // nothing is sent yet
	DELIVER_FIRST,	   // the first signal is sent, or has been
	DELIVER_FOLLOWING, // a follow-up is being sent, the first one
	DELIVER_FORCED,	   // a follow-up has been sent to all that were still there
};

struct run {
	struct delivery_list *all;
	size_t watched; // in the waiter, not gone yet
	const struct deliver_plan *plan;
	struct descend descend; // of plan->tree
	struct waiter *waiter;	// NULL: nothing is followed
	enum deliver_phase phase;
	deliver_tell *tell;
	void *data;
};

// Decide the outcome of one: report it, or note it while a tree is held; close its handle. The last
// member of a process group decides the group.
void run_decide(struct run *run, struct delivery *d, enum outcome outcome, int error);

// The outcome of one that has ended since the first signal.
enum outcome run_outcome_of_end(const struct run *run);

// Decide all that are dead before anything is sent: the kernel accepts signals for a zombie. After
// the first signal one that our own signals ended would be taken for dead.
void run_decide_dead(struct run *run);

// Send `sig` to each undecided one from place `from` on; a dry run asks for permission only.
void run_send(struct run *run, int sig, size_t from);

// The same to the whole tree, with the processes that are born in between; then let go of it.
void run_send_to_tree(struct run *run, int sig);

// Watch the undecided ones from place `from` on. An error of waiter_add.
int run_watch(struct run *run, size_t from);
