// SPDX-License-Identifier: GPL-2.0-or-later
// deliver.h: signal held processes, follow up, wait: one shared deadline per step.
#pragma once

#include "act/hold.h"
#include "act/outcome.h"
#include "act/reclaim.h"
#include "handle/ending.h"
#include "handle/pidref.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A follow-up: `after` nanoseconds after the previous signal, `sig` goes to those still there.
struct deliver_step {
	int64_t after; // 0: at once
	int sig;
};

struct deliver_tree;
struct holdoff;

struct deliver_plan {
	int sig;	  // the first signal; 0 only asks
	const int *value; // sigqueue value of every signal, or NULL
	const struct deliver_step *steps;
	size_t step_count;
	bool wait;			 // return when all are gone (a zombie is gone) ...
	int64_t wait_limit;		 // ... or this long after the last signal; 0: no limit
	bool dry_run;			 // only look who would get the first signal
	bool mrelease;			 // give back the memory of the dying (process_mrelease)
	enum reclaim_how reclaim;	 // have them give their memory back after the first signal
	const struct procfs *memory;	 // where to read of it; not NULL with `reclaim`
	const struct procfs *proc;	 // for the status of zombies; NULL: no /proc access at all
	const struct deliver_tree *tree; // the descendants as well; NULL: those named alone
	const struct holdoff *hold;	 // to be ended before the last wait, or NULL
};

// One process (or thread, or process group) to be signalled and followed. The list is the
// caller's and owns its refs; deliver closes each ref as soon as its outcome has been told.
//
// A process group that is followed has its members behind it in the list, each with `group`
// set: they are waited for, their signals come through the group's handle, and the group is
// gone when they are. (A KILL that follows up goes to each of them besides, who may have left.)
struct delivery {
	struct pidref ref;
	const char *target;   // the user's word, borrowed, or NULL
	const char *name;     // borrowed, or NULL
	size_t tag;	      // the caller's own
	struct procid parked; // batch's own: names it while its handle is closed; pid 0: it is held
	enum pidref_scope scope;
	size_t group;	      // 1 + the place in the list of the group it is a member of; 0: none
	size_t members;	      // of a group: how many are behind it and not gone yet
	bool empty;	      // deliver's own: of a group that passes no signal on any more
	pid_t root;	      // of a descendant (plan.tree): whose; else 0
	size_t member;	      // deliver's own: 1 + its place in the tree that is held now; 0: none
	enum hold_state held; // of a tree: whether it was held while the signal was sent
	pid_t tracer;	      // with HOLD_TRACED: which process traces it, for display
	bool met;	      // deliver's own: plan.tree has seen it
	bool untold;	      // deliver's own: decided while the tree stands still
	bool watched;	      // deliver's own: in the waiter
	int sig;	      // the last signal sent
	enum outcome outcome;
	int error; // why it failed
	uid_t owner;
	bool owner_known;
	struct ending ending;
	struct reclaimed reclaimed;
};

struct delivery_list {
	struct delivery *list; // owned, with its refs
	size_t count, room;
};

// Add one behind the others; -ENOMEM.
int deliver_push(struct delivery_list *all, const struct delivery *d);

enum deliver_event {
	DELIVER_STEP,	 // d->sig was sent and the delivery goes on
	DELIVER_OUTCOME, // the outcome is decided; d->ref is still open
};

// Called for each delivery in the order of events, once with DELIVER_OUTCOME.
typedef void deliver_tell(struct delivery *d, enum deliver_event event, void *data);

// What there is to say of a tree beside its outcomes; one of these.
struct deliver_note {
	int error;		       // a later look for descendants failed, those known went on
	const char *cgroup;	       // the control group that all of the tree are in ...
	size_t strangers;	       // ... with so many processes that are not in the tree
	const struct delivery *unheld; // it was signalled, but not held: see unheld->held
	size_t more;		       // beside that one so many, for which there is no note
	bool visible;		       // they were stopped by SIGSTOP, which their parents see
};

// A plan with a tree: all descendants get the signals too. They are found and held first, again
// and again until no new one is found; then all get the signal; then they go on. Those that cannot
// be held get it as well, and a note says why. Before each follow-up the descendants of those still
// there are looked for again; each process has one outcome. Nothing is printed, and no signal acts
// on us, while any is held. Signal 0 and dry runs hold none. The deliveries are of
// PIDREF_SCOPE_DEFAULT. We ourselves are left out; a delivery that names us fails with -EDEADLK.
struct deliver_tree {
	const struct procfs *proc;
	bool curious; // whether a note of the control group is wanted

	// Called once for each process of the tree; a descendant (`root` is set) has the words of
	// its root. `name` may be filled in; with an `outcome` (and `error`) it gets no signal. It
	// may be held: do not print.
	void (*meet)(struct delivery *d, void *data);
	void (*note)(const struct deliver_note *note, void *data);
};

// What the plan needs and this kernel lacks or a sandbox refuses, found by trying it without a
// process, as in "--mrelease needs Linux 5.15"; NULL: nothing. To be asked before anything is sent.
const char *deliver_problem(const struct deliver_plan *plan);

// Whether the plan follows processes after the first signal.
bool deliver_follows(const struct deliver_plan *plan);

// Whether all processes have to be held at the same time.
bool deliver_holds_all(const struct deliver_plan *plan);

// Carry out the plan on all deliveries whose outcome is OUTCOME_NONE. Everything is sent
// through the handles. 0, or -errno when the waiting or the tree could not be set up: then
// nobody was signalled and no outcome told (-EMFILE; -EOPNOTSUPP: waiting needs Linux 5.3).
int deliver(
	struct delivery_list *all, const struct deliver_plan *plan, deliver_tell *tell, void *data);

// Decide the outcome of one delivery that was never carried out (it is gone, skipped ...).
void deliver_decide(
	struct delivery *d, enum outcome outcome, int error, deliver_tell *tell, void *data);
