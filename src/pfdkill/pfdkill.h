// SPDX-License-Identifier: GPL-2.0-or-later
// pfdkill.h: the parts of pfdkill and kill: command line, targets, outcomes, lists.
#pragma once

#include "act/batch.h"
#include "handle/pidns.h"
#include "handle/procfs.h"
#include "target/cgroup.h"
#include "target/target.h"
#include "tell/following.h"
#include "tell/overview.h"
#include "tell/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdnoreturn.h>

enum action { ACTION_SIGNAL, ACTION_LIST, ACTION_TABLE, ACTION_STATE };

struct options {
	enum action action;
	struct deliver_plan plan;
	bool signal_given, all, require_handler, thread, group, tree, print, json, verbose, if_any;
	bool resume, progress;
	int value;		    // plan.value points to it
	struct deliver_step *steps; // plan.steps points to it
	const char *action_word;    // the value of -l or -d
	const char **operands;
	size_t count;
	struct target *targets; // the operands, parsed; `count` is their number from then on
	size_t at_most;		// 0: no limit
	bool several;		// one operand may mean several processes
	bool stale_ok, trust_pidfile;
	const char *in; // the namespace that the PIDs belong to; NULL: ours
	struct target in_target;
};

// Read the command line into *o. Exits with EXIT_USAGE on any mistake. No process is opened yet.
void pfdkill_parse(struct options *o, int argc, char **argv);

// One operand, and if it names several processes, their results.
struct operand {
	const struct target *target;
	bool searched; // its processes were found by a search, not through a handle of its own
	bool settled;  // what is reported now is about all of them
	size_t matched;
	size_t added;	      // of these, how many no other operand had added
	size_t gone, denied;  // reported only if true of all; but see pfdkill_tell_denied
	bool refused;	      // a group without a member that may be signalled
	size_t others;	      // of a name that was not found: how many of other users have it
	struct cgroup cgroup; // of a TARGET_JOINED
	bool outside;	      // the cgroup has processes outside our pid namespace
	int error;	      // of a target that names many, if it names no process: why
};

struct job {
	const struct options *o;
	struct deliver_plan plan;
	struct deliver_tree tree;   // plan.tree points to it
	struct deliver_crowd crowd; // plan.crowd points to it
	bool joining;		    // the processes that are added now joined a target
	struct batch batch;
	struct procfs proc; // fd -1 until it is needed
	struct following following;
	struct pidns inside;	  // the namespace of o->in ...
	const struct pidns *in;	  // ... or NULL: ours
	struct operand *operands; // one for each target
	unsigned kinds;		  // of all targets together
	struct operand *own;	  // the operand of --group that is our own group, or NULL
	// the operand that includes us, in a group without a handle, or NULL
	struct operand *self;
	// denied members of groups with members that may be signalled; owned
	struct delivery *denied;
	size_t denied_count;
	struct report_tally tally;
	struct table table; // of a dry run
	struct bootid boot;
	FILE *talk; // where --verbose prints
};

// /proc, opened when it is first needed. Exits with EXIT_SYSTEM, and a message that names `why`, if
// it cannot be used.
struct procfs *pfdkill_need_proc(struct job *job, const char *why);

// Hold every target and add it to the batch, in the order of the command line.
void pfdkill_resolve(struct job *job);

// Hold the members of the cgroup of *o that are not in the batch yet, and add them; again and again
// until no new one is found. An error of cgroup_find; -FAULT_...: it has no member that is not left
// out.
int pfdkill_find_joined(struct job *job, struct operand *o);

// The deliver_crowd of pfdkill; NULL: no target can be joined while the plan is carried out.
const struct deliver_crowd *pfdkill_crowd(struct job *job);

// Read what is needed about a held process before it is added to the batch. False: it must not be
// signalled, and this is reported.
bool pfdkill_look_at(struct job *job, struct delivery *d);

// The callbacks of a deliver_tree; `data` is the job.
void pfdkill_meet(struct delivery *d, void *data);
void pfdkill_note(const struct deliver_note *note, void *data);

// Report the operands that name several processes but found none, or none that we may signal.
// Called after everything else.
void pfdkill_settle(struct job *job);

// Whether the first signal may be sent to the held process.
bool pfdkill_may_signal(const struct job *job, const struct pidref *ref);

// Keep the outcome of a denied member of a group. It is reported if other members of the group were
// signalled. The second function takes the handle over.
void pfdkill_keep_denied(struct job *job, const struct delivery *d);
void pfdkill_deny(struct job *job, struct operand *o, struct pidref *ref);

// Search for denied members of the group that the held *leader began. This is needed because the
// kernel reports success if it sent the signal to at least one member. If /proc cannot be read,
// none are found.
void pfdkill_find_denied(struct job *job, struct operand *o, const struct pidref *leader);

// Report the denied members that were kept. Called after everything else.
void pfdkill_tell_denied(struct job *job);
void pfdkill_free_denied(struct job *job);

// The deliver_tell of pfdkill; `data` is the job.
void pfdkill_tell(struct delivery *d, enum deliver_event event, void *data);

// The tick_call of --progress.
void pfdkill_tick(const struct delivery_list *all, void *data);

// -l, -L and -d. They return the exit status.
int pfdkill_list(const struct options *o);
int pfdkill_table(void);
int pfdkill_state(const struct options *o);
