// SPDX-License-Identifier: GPL-2.0-or-later
// descend.h: the descendants of those to be signalled, standing still while a signal is sent.
#pragma once

#include "act/deliver.h"
#include "base/holdoff.h"

#include <stdbool.h>

struct descend {
	bool still; // somebody may stand still
	struct holdoff hold;
};

// Hold, and unless `look` stop, every undecided delivery of *all and its descendants, which are
// added behind the others (plan->tree, never NULL, says more). 0: descend_end has to follow;
// -errno: everybody goes on and *all is as it was (see tree_stop).
int descend_begin(struct descend *out, struct delivery_list *all, const struct deliver_tree *tree,
	bool look, void *data);

// Those go on that are marked as stopped, and signals to ourselves act again.
void descend_end(struct descend *d, struct delivery_list *all);
