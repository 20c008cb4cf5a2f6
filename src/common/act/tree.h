// SPDX-License-Identifier: GPL-2.0-or-later
// tree.h: processes and all their descendants, stopped so that none is born meanwhile.
//
// A parent link is believed only while both ends are held: the child's handle says its parent's
// number, and the handle on that number, older than the question, is unreaped after it. What
// left the tree before it was looked at (a daemon whose parent died) is out of reach.
#pragma once

#include "base/holdoff.h"
#include "handle/pidref.h"
#include "handle/procfs.h"

#include <stdbool.h>
#include <stddef.h>

struct tree_member {
	struct pidref ref; // owned; may be moved out with pidref_take
	size_t root;	   // which of the given processes it descends from
	bool stopped;	   // by us: it ran before
};

struct tree {
	struct tree_member *list; // the given ones first, parents before their children
	size_t count;

	// the rest is tree.c's own
	bool look;
	const struct holdoff *hold;
	size_t room;
	size_t *slots; // open addressing by number: 1 + place in the list, 0 empty
	size_t slot_count;
};

// Hold and stop (SIGSTOP, through the handles) the `count` processes of `roots` and every
// descendant, looking again until a pass over /proc that began with all of them at rest finds no
// new one. On success the roots are moved into *out (PIDREF_NULL stays behind). What we may not
// signal stays in the tree unstopped, and so do we ourselves. On failure whoever was stopped goes
// on, the roots stay the caller's: -EMFILE, -ENOMEM, errors of reading /proc, -EINTR: `hold` (may
// be NULL) was interrupted.
int tree_stop(struct tree *out, const struct procfs *proc, struct pidref *roots, size_t count,
	const struct holdoff *hold);

// The same, but nobody is stopped: who is born meanwhile may be missed.
int tree_look(struct tree *out, const struct procfs *proc, struct pidref *roots, size_t count);

// Let those go on that tree_stop stopped and whose handle was not moved out.
void tree_continue(const struct tree *t);

// Close the handles that were not moved out and free the rest.
void tree_free(struct tree *t);
