// SPDX-License-Identifier: GPL-2.0-or-later
// pfdkill.h: the parts of pfdkill and kill: the command line, targets, outcomes, lists.
#pragma once

#include "act/batch.h"
#include "handle/pidns.h"
#include "handle/procfs.h"
#include "target/target.h"
#include "tell/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdnoreturn.h>

enum action { ACTION_SIGNAL, ACTION_LIST, ACTION_TABLE, ACTION_STATE };

struct options {
	enum action action;
	struct deliver_plan plan;
	bool signal_given, all, require_handler, thread, group, tree, print, json, verbose;
	int value;		    // what plan.value points to
	struct deliver_step *steps; // what plan.steps points to
	const char *action_word;    // the value of -l or -d
	const char **operands;
	size_t count;
	struct target *targets; // the operands, parsed: `count` of them from then on
	bool several;		// one of them names several processes
	bool stale_ok, trust_pidfile;
	const char *in; // whose pid namespace the numbers are of, or NULL: ours
	struct target in_target;
};

// Read the command line into *o; leaves with EXIT_USAGE on any mistake. Nobody is opened yet.
void pfdkill_parse(struct options *o, int argc, char **argv);

// One operand, and, where it names several processes, what it came to.
struct operand {
	const struct target *target;
	bool searched; // by looking at processes, not through a handle of its own
	bool settled;  // what is told now is about all of them
	size_t matched;
	size_t gone, denied; // told only when it was all of them; but see pfdkill_tell_denied
	bool refused;	     // a group of which no member may be signalled
};

struct name {
	struct name *next;
	char text[];
};

struct job {
	const struct options *o;
	struct deliver_plan plan;
	struct deliver_tree tree; // what plan.tree points to
	struct batch batch;
	struct procfs proc;	  // fd -1 until needed
	struct pidns inside;	  // the namespace of o->in ...
	const struct pidns *in;	  // ... or NULL: ours
	struct operand *operands; // one for each target
	struct operand *own;	  // that of --group which is our own group, or NULL
	struct operand *self;	  // that which means us too, in a group without a handle, or NULL
	struct delivery *denied;  // members of groups, of which others may be signalled; owned
	size_t denied_count;
	struct buffer text;
	struct name *names;
	struct report_tally tally;
	FILE *talk; // where --verbose speaks
};

// /proc, opened when first needed; leaves with EXIT_SYSTEM, naming `why`, where it is not ours.
struct procfs *pfdkill_need_proc(struct job *job, const char *why);

// Leave, saying that not all can be held.
noreturn void pfdkill_die_full(const struct job *job);

// Hold every target and add it to the batch, in the order of the command line.
void pfdkill_resolve(struct job *job);

// Look at a held process before it is added to the batch. False: it is not to be signalled, which
// is told.
bool pfdkill_look_at(struct job *job, struct delivery *d);

// The callbacks of a deliver_tree; `data` is the job.
void pfdkill_meet(struct delivery *d, void *data);
void pfdkill_note(const struct deliver_note *note, void *data);

// Tell what came of the operands that name several processes and came to nobody, or to nobody
// whom we may signal. After everything else.
void pfdkill_settle(struct job *job);

// Whether the first signal may be sent to the held process.
bool pfdkill_may_signal(const struct job *job, const struct pidref *ref);

// Keep what there is to report of a member of a group that was denied: its outcome, if others of
// the group were signalled. The second takes the handle over.
void pfdkill_keep_denied(struct job *job, const struct delivery *d);
void pfdkill_deny(struct job *job, struct operand *o, struct pidref *ref);

// Look for such members of the group that the held *leader began. The kernel reports a signal to a
// group as sent when one member got it. Where /proc cannot be read there are none.
void pfdkill_find_denied(struct job *job, struct operand *o, const struct pidref *leader);

// Report those that were kept, after everything else.
void pfdkill_tell_denied(struct job *job);
void pfdkill_free_denied(struct job *job);

// Read the name of the held process into d->name, if it can be had.
void pfdkill_learn_name(struct job *job, struct delivery *d);

// Signal 0 without waiting is a question, the exit status is the answer.
bool pfdkill_is_question(const struct options *o);

// The deliver_tell of pfdkill; `data` is the job.
void pfdkill_tell(struct delivery *d, enum deliver_event event, void *data);

// -l, -L and -d; they return the exit status.
int pfdkill_list(const struct options *o);
int pfdkill_table(void);
int pfdkill_state(const struct options *o);
