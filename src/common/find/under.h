// SPDX-License-Identifier: GPL-2.0-or-later
// under.h: the descendants of held processes, found from below.
#pragma once

#include "handle/pidref.h"

#include <stddef.h>

struct under {
	struct pidref *list; // the processes in question; owned
	size_t count;
};

// Whether the held process descends from one in *u (a struct under): 1, 0, -ENOSYS, -EACCES: one of
// its ancestors is hidden from us, or the system failed (-ENOMEM, -EMFILE ...). The links are
// followed from child to parent, and each counts only if both were held while it was read. So a
// child of a process that has ended is a descendant of none of its former ancestors.
int under_has(const void *u, const struct pidref *ref);

// Whether the held process is one in *u. 1, 0, -ENOSYS.
int under_is(const struct under *u, struct pidref *ref);

// Close them all.
void under_free(struct under *u);
