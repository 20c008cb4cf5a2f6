// SPDX-License-Identifier: GPL-2.0-or-later
// descend.h: the descendants of the processes that are signalled, held while a signal is sent.
#pragma once

#include "act/deliver.h"
#include "act/tree.h"
#include "base/holdoff.h"
#include "handle/idset.h"

#include <stdbool.h>

struct descend {
	bool still; // some may be held
	struct tree tree;
	size_t *places;	  // owned: the indexes of the tree's roots in the list
	struct idset met; // all that were in an earlier tree; kept from one tree to the next
	struct holdoff hold;
};

#define DESCEND_NULL ((struct descend){.tree = TREE_NULL})

// Find every undecided delivery of *all and its descendants, and unless `look` hold them. The
// descendants are appended to the list (see plan->tree, never NULL here). A process that was in an
// earlier tree of *d is not added again. 0: descend_end must follow; -errno: all processes continue
// (see tree_hold), and those that were found until then are in the list.
int descend_begin(struct descend *d, struct delivery_list *all, const struct deliver_tree *tree,
	bool look, void *data);

// After the signal was sent: hold and add the children of processes that could not be held. Returns
// how many are new; they must get the signal too. Call it again until none is new. -errno.
int descend_more(
	struct descend *d, struct delivery_list *all, const struct deliver_tree *tree, void *data);

// Whether the process was in a tree of *d; if not, it counts from now on. 1, 0, -errno. Learns the
// inode; without inodes (before Linux 6.9) the result is 0.
int descend_knows(struct descend *d, struct pidref *ref);

// Call this before `sig` is sent to one of the list.
void descend_sending(struct descend *d, const struct delivery *to, int sig);

// Release all that are held; `sig` was sent to them, or 0. Each delivery gets whether it was held.
// Signals to us act again.
void descend_end(struct descend *d, struct delivery_list *all, int sig);

// Free what is kept from one tree to the next.
void descend_free(struct descend *d);
