// SPDX-License-Identifier: GPL-2.0-or-later
// ancestors.h: our parent, its parent, and so on.
#pragma once

#include "handle/pidref.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ancestors {
	struct procid *list; // owned
	size_t count;
};

// Walk up from ourselves. A link counts if both ends were held while it was read. Ends at the first
// process of our pid namespace, or where we cannot see further. -ENOMEM, -EMFILE, -EIO: then the
// ancestors are not known.
int ancestors_find(struct ancestors *out);

// The index of the held process among them, nearest first; a->count: it is none. Learns its inode.
size_t ancestors_index(const struct ancestors *a, struct pidref *ref);

// The same, starting with the parent of the held process *ref. No ancestor is found if *ref is
// reaped.
int ancestors_of(struct ancestors *out, const struct pidref *ref);

void ancestors_free(struct ancestors *a);
