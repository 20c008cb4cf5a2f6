// SPDX-License-Identifier: GPL-2.0-or-later
// deliver.h: signal held processes, follow up and wait, with one shared deadline per step.
#pragma once

#include "act/hold.h"
#include "act/outcome.h"
#include "act/reclaim.h"
#include "handle/ending.h"
#include "handle/pidref.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A follow-up: `after` nanoseconds after the previous signal, send `sig` to those still there.
struct deliver_step {
	int64_t after; // 0: at once
	int sig;
};

struct deliver_crowd;
struct deliver_tree;
struct delivery_list;
struct holdoff;

struct deliver_plan {
	int sig;	  // the first signal; 0 only checks
	const int *value; // the sigqueue value of every signal, or NULL
	const struct deliver_step *steps;
	size_t step_count;
	bool wait;			 // return when all are gone (a zombie counts as gone) ...
	int64_t deadline;		 // ... or this long after the first signal; 0: no limit
	bool dry_run;			 // only find out which processes would get the first signal
	bool mrelease;			 // reclaim the memory of dying processes (process_mrelease)
	enum reclaim_how reclaim;	 // reclaim their memory after the first signal
	const struct procfs *memory;	 // /proc for that; not NULL with `reclaim`
	const struct procfs *proc;	 // for the status of zombies; NULL: /proc is not used
	const struct deliver_tree *tree; // include the descendants; NULL: only the named processes
	size_t at_most; // with a tree, that many processes may get the first signal; 0: no limit
	const struct deliver_crowd *crowd; // targets that processes join meanwhile, or NULL
	const struct holdoff *hold;	   // ended before the last wait, or NULL
	// send CONT after each signal to those that are stopped; the state is read there; or NULL
	const struct procfs *resume;
	// while waiting, call this at this interval, in nanoseconds; 0: never
	int64_t tick;
	void (*tick_call)(const struct delivery_list *all, void *data);
};

// One process (or thread, or process group) that is signalled and followed. The caller owns the
// list and its refs; deliver closes each ref as soon as its outcome is reported.
//
// If a process group is followed, its members come after it in the list, each with `group` set.
// They are waited for, they get signals through the group's handle, and the group is gone when they
// are gone. (A follow-up KILL is also sent to each of them, because a member may have left.)
struct delivery {
	struct pidref ref;
	const char *target; // the user's text, borrowed, or NULL
	char *name;	    // owned, or NULL
	size_t tag;	    // for the caller
	// private to batch: names it while its handle is closed; pid 0: it is held
	struct procid parked;
	enum pidref_scope scope;
	size_t group;	      // 1 + the index of the group that it is a member of; 0: none
	size_t members;	      // of a group: how many members are not gone yet
	bool empty;	      // private: the group no longer passes signals on
	pid_t root;	      // of a descendant (plan.tree): the PID of its root; else 0
	size_t member;	      // private: 1 + its index in the tree that is held now; 0: none
	enum hold_state held; // of a tree: whether it was held while the signal was sent
	pid_t tracer;	      // with HOLD_TRACED: the PID of its tracer, for display
	bool met;	      // private: passed to plan.tree's meet
	bool untold;	      // private: decided while the tree is held
	// private: it was dead before anything was sent, which is reported in its turn
	enum outcome found;
	// in its turn
	bool watched;	    // private: in the waiter
	bool killed;	    // SIGKILL was sent to all of its target through plan.crowd
	int sig;	    // the last signal that was sent
	bool resumed;	    // CONT was sent after it, because it was stopped
	const char *reason; // why it survived, set by the caller for the reports; or NULL
	enum outcome outcome;
	int error; // the reason for a failure
	uid_t owner;
	bool owner_known;
	struct ending ending;
	struct reclaimed reclaimed;
};

struct delivery_list {
	struct delivery *list; // owned, with its refs and names
	size_t count;
};

// Append one; it owns the ref and the name from then on. -ENOMEM.
int deliver_push(struct delivery_list *all, const struct delivery *d);

// Close its ref and free its name. May be called twice.
void deliver_free(struct delivery *d);

// Free all but the first `count` of the list.
void deliver_cut(struct delivery_list *all, size_t count);

enum deliver_event {
	DELIVER_STEP,	 // d->sig was sent and the delivery continues
	DELIVER_OUTCOME, // the outcome is decided; d->ref and d->name are still there
};

// Called for each delivery in the order of events; once with DELIVER_OUTCOME.
typedef void deliver_tell(struct delivery *d, enum deliver_event event, void *data);

// A note about a tree besides its outcomes. Each note has one of these:
struct deliver_note {
	// a later search for descendants failed; the known ones were still signalled
	int error;
	const char *cgroup;	       // the control group that the whole tree is in ...
	size_t strangers;	       // ... and how many processes in it are not in the tree
	const struct delivery *unheld; // this process was signalled, but not held: see unheld->held
	size_t more;		       // how many more there are, which get no note of their own
	bool visible;		       // they were stopped by SIGSTOP, which their parents can see
};

// With a tree, all descendants get the signals too. First they are found and held, again and again
// until no new one is found; then all get the signal; then they continue. Those that cannot be held
// also get the signal, and a note gives the reason. Before each follow-up, the descendants of the
// remaining processes are searched for again. Each process has one outcome. While any process is
// held, nothing is printed and signals to us are delayed. Signal 0 and dry runs hold no process.
// The deliveries must be of PIDREF_SCOPE_DEFAULT. We are left out ourselves; a delivery that names
// us fails with -EDEADLK.
struct deliver_tree {
	const struct procfs *proc;
	bool curious; // whether a note about the control group is wanted

	// Which processes stay out, and what descends from a root only through them: see struct
	// tree_spares; or NULL.
	int (*spares)(struct pidref *ref, void *data);

	// Called once for each process of the tree; a descendant (`root` is set) has the text of
	// its root. It may fill in `name`; if it sets an `outcome` (and `error`), the process gets
	// no signal. The process may be held, so do not print.
	void (*meet)(struct delivery *d, void *data);
	void (*note)(const struct deliver_note *note, void *data);
};

// Targets that processes can join while the plan is carried out, such as a control group. After
// each signal, the processes that joined get it too, until a look finds no new one; a SIGKILL goes
// to the whole target at once, after those that are found are held. The targets are gone when a
// look after the last end finds no process. `data` is that of deliver.
struct deliver_crowd {
	// Hold the processes that joined, and append them to the list of deliver. Returns how many,
	// or -errno, which it has reported.
	int (*look)(void *data);

	// Send SIGKILL to all processes of the targets, where that is possible at once, and set
	// `killed` of their deliveries. They get it through their handles as well, because a
	// process may have left its target.
	void (*kill)(void *data);

	// New processes appeared for so long that the last signal was not sent to all.
	void (*late)(void *data);
};

// What the plan needs but this kernel does not have, or a sandbox refuses, as in "--mrelease needs
// Linux 5.15"; NULL: nothing. It is found by trial calls without a process. Call this before
// anything is sent.
const char *deliver_problem(const struct deliver_plan *plan);

// Whether the plan follows processes after the first signal.
bool deliver_follows(const struct deliver_plan *plan);

// Whether it only asks whether the processes are alive and may be signalled: signal 0 without a
// wait.
bool deliver_only_asks(const struct deliver_plan *plan);

// Whether all processes must be held at the same time.
bool deliver_holds_all(const struct deliver_plan *plan);

// Carry out the plan for all deliveries whose outcome is OUTCOME_NONE. Everything is sent through
// the handles. 0, or -errno if the wait or the tree could not be set up: then no signal was sent
// and no outcome reported (-EMFILE; -EOPNOTSUPP: waiting needs Linux 5.3). -E2BIG, in the same way:
// there are more than plan->at_most, and with the tree all of them are in the list.
int deliver(
	struct delivery_list *all, const struct deliver_plan *plan, deliver_tell *tell, void *data);

// Decide the outcome of a delivery that is not carried out (it is gone, skipped ...), and free it.
void deliver_decide(
	struct delivery *d, enum outcome outcome, int error, deliver_tell *tell, void *data);
