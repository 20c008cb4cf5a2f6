// SPDX-License-Identifier: GPL-2.0-or-later
// tree.h: processes and all their descendants, held so that none is born meanwhile.
//
// A parent link is believed only while both ends are held: the child's handle says its parent's
// number, and the handle on that number, older than the question, is unreaped after it. A process
// that left the tree before it was looked at (a daemon whose parent died) is not found.
#pragma once

#include "act/hold.h"
#include "base/holdoff.h"
#include "handle/pidref.h"
#include "handle/procfs.h"
#include "handle/walk.h"

#include <stdbool.h>
#include <stddef.h>

struct tree_member {
	struct pidref ref; // owned, until tree_give
	size_t root;	   // which of the given processes it descends from
	int seat;	   // tree.c's own: in the hold; -1: none
	bool given;	   // tree.c's own
};

struct tree {
	struct tree_member *list; // the given ones first, parents before their children
	size_t count;
	struct hold hold;

	// the rest is tree.c's own
	const struct procfs *proc;
	const struct holdoff *off;
	struct walk *walk;
	size_t roots;
	bool still; // the members are to be held
	bool late;  // it grew for so long that it was not waited for
	int passes; // how many may follow while a member is not held
	size_t room;
	size_t *slots; // open addressing by number: 1 + place in the list, 0 empty
	size_t slot_count;
};

// Empty: tree_release and tree_free do nothing.
#define TREE_NULL ((struct tree){.hold = HOLD_NULL})

// Find and hold the `count` processes of `roots` and every descendant. It looks again until a pass
// over /proc that began with all of them at rest finds no new one. On success the roots are moved
// into *out (PIDREF_NULL stays behind). A process that cannot be held is in the tree nevertheless
// (tree_state says why not), and so are we ourselves, never held. On failure all processes go on,
// the roots stay the caller's: -EMFILE, -ENOMEM, errors of reading /proc; -EINTR: `off` (may be
// NULL) was interrupted. `proc` and `off` are borrowed until tree_release.
int tree_hold(struct tree *out, const struct procfs *proc, struct pidref *roots, size_t count,
	const struct holdoff *off);

// The same, but no process is held: those that are born meanwhile may be missed.
int tree_look(struct tree *out, const struct procfs *proc, struct pidref *roots, size_t count);

// Look once more for children of members that are not held, and hold them. How many are new: they
// are the last ones of the list. 0 at once when every member is held; -errno.
int tree_more(struct tree *t);

// The handle of the member `i`, which is the caller's from now on, to be kept open until
// tree_release.
struct pidref tree_give(struct tree *t, size_t i);

// What became of the attempt to hold the member `i`: see hold_state. HOLD_DEAD where none was made.
enum hold_state tree_state(struct tree *t, size_t i, pid_t *tracer);

// To be called before `sig` is sent to the member `i`: see hold_sending.
void tree_sending(struct tree *t, size_t i, int sig);

// Let all go on: see hold_release.
void tree_release(struct tree *t, int sig);

// Close the handles that were not given and free the rest. Implies tree_release.
void tree_free(struct tree *t);
