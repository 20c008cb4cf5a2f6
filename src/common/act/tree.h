// SPDX-License-Identifier: GPL-2.0-or-later
// tree.h: processes and all their descendants, held so that none is born meanwhile.
//
// A parent link counts only if both ends are held while it is read: the child's handle gives the
// PID of its parent, and the handle of that PID, which is older than the question, is not reaped
// after it. A process that left the tree before it was looked at (a daemon whose parent died) is
// not found.
#pragma once

#include "act/hold.h"
#include "base/holdoff.h"
#include "handle/pidref.h"
#include "handle/procfs.h"
#include "handle/walk.h"

#include <stdbool.h>
#include <stddef.h>

// Which processes stay out of a tree, with those that descend from a root only through them: they
// are neither found nor held. `call` gets each held process that would be added: 1: it stays out;
// 0; -errno. NULL: none.
struct tree_spares {
	int (*call)(struct pidref *ref, void *data);
	void *data;
};

struct tree_member {
	struct pidref ref; // owned, until tree_give
	size_t root;	   // the root that it descends from
	int seat;	   // private: its seat in the hold; -1: none
	bool given;	   // private
};

struct tree {
	struct tree_member *list; // the roots first, parents before their children
	size_t count;
	struct hold hold;

	// the rest is private
	const struct procfs *proc;
	const struct holdoff *off;
	struct tree_spares spares;
	struct walk walk;
	size_t roots;
	bool still;    // the members are to be held
	bool late;     // it grew for so long that the search ended
	bool some;     // a part of them is enough where descriptors run out
	int passes;    // how many passes may follow while a member is not held
	size_t *slots; // hash table by PID, open addressing: 1 + index in the list, 0: empty
	size_t slot_count;
};

// Empty: tree_release and tree_free do nothing.
#define TREE_NULL ((struct tree){.hold = HOLD_NULL})

// Find and hold the `count` processes of `roots` and every descendant. It searches again until a
// pass over /proc that began with all of them at rest finds no new one. On success the roots are
// moved into *out (PIDREF_NULL stays behind). A process that cannot be held is still in the tree
// (tree_state gives the reason), and so are we ourselves, never held. On failure all processes
// continue and the roots stay with the caller: -EMFILE, -ENOMEM, errors of reading /proc; -EINTR:
// `off` (may be NULL) was interrupted; an error of `spares` (may be NULL), which is copied. `proc`
// and `off` are borrowed until tree_release.
int tree_hold(struct tree *out, const struct procfs *proc, struct pidref *roots, size_t count,
	const struct tree_spares *spares, const struct holdoff *off);

// The same, but no process is held: processes that are born meanwhile may be missed.
int tree_look(struct tree *out, const struct procfs *proc, struct pidref *roots, size_t count,
	const struct tree_spares *spares);

// The same, but where the descriptors run out, a part of them is enough: 1, and at least one
// descendant is in it, else -EMFILE or -ENFILE. A few descriptors are left free then.
int tree_look_some(struct tree *out, const struct procfs *proc, struct pidref *roots, size_t count);

// Search once more for children of members that are not held, and hold them. Returns how many are
// new: they are the last ones of the list. 0 at once if every member is held; -errno.
int tree_more(struct tree *t);

// The handle of member `i`. It belongs to the caller from now on, and must be kept open until
// tree_release.
struct pidref tree_give(struct tree *t, size_t i);

// The state of member `i`: see hold_state. HOLD_DEAD if it was not to be held.
enum hold_state tree_state(struct tree *t, size_t i, pid_t *tracer);

// Call this before `sig` is sent to member `i`: see hold_sending.
void tree_sending(struct tree *t, size_t i, int sig);

// Release all: see hold_release.
void tree_release(struct tree *t, int sig);

// Close the handles that were not given away and free the rest. Implies tree_release.
void tree_free(struct tree *t);
