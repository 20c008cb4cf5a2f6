// SPDX-License-Identifier: GPL-2.0-or-later
// descend.h: the descendants of those to be signalled, held while a signal is sent.
#pragma once

#include "act/deliver.h"
#include "act/tree.h"
#include "base/holdoff.h"
#include "handle/idset.h"

#include <stdbool.h>

struct descend {
	bool still; // some may be held
	struct tree tree;
	size_t *places;	  // owned: where in the list the roots of the tree are
	struct idset met; // all that were in a tree before; kept from one to the next
	struct holdoff hold;
};

#define DESCEND_NULL ((struct descend){.tree = TREE_NULL})

// Find, and unless `look` hold, every undecided delivery of *all and its descendants, which are
// added behind the others (plan->tree, never NULL, says more). A process that was in an earlier
// tree of *d is not added again. 0: descend_end has to follow; -errno: all processes go on and
// *all is as it was (see tree_hold).
int descend_begin(struct descend *d, struct delivery_list *all, const struct deliver_tree *tree,
	bool look, void *data);

// After the signal was sent: what was born of processes that could not be held is held and added.
// How many are new, which are to be sent the signal; it may be called again until none is. -errno.
int descend_more(
	struct descend *d, struct delivery_list *all, const struct deliver_tree *tree, void *data);

// To be called before `sig` is sent to one of the list.
void descend_sending(struct descend *d, const struct delivery *to, int sig);

// Let all go on that are held; `sig` was sent to them, or 0. In each delivery it is noted whether
// it was held. Signals to ourselves act again.
void descend_end(struct descend *d, struct delivery_list *all, int sig);

// Free what is kept from one tree to the next.
void descend_free(struct descend *d);
