// SPDX-License-Identifier: GPL-2.0-or-later
// group.h: the processes of a process group, of a name, or all of them, each one held.
//
// A process is found by facts that were read while it was held, and its number was still its
// own after the reading. /proc is walked again until a pass finds nobody new, for processes
// are born meanwhile.
#pragma once

#include "find/anchor.h"
#include "handle/pidns.h"
#include "handle/pidref.h"
#include "handle/procfs.h"
#include "handle/status.h"

#include <stdbool.h>

enum group_kind {
	GROUP_PGRP,  // members of the process group `pgrp`
	GROUP_NAME,  // called `name`; with a slash in it: running that file
	GROUP_EVERY, // everybody but PID 1 and kernel threads
};

struct group_query {
	enum group_kind kind;
	pid_t pgrp;		// as *in numbers it
	const struct pidns *in; // only processes of this pid namespace and below, but its PID 1 not
				// for GROUP_EVERY; NULL: ours
	const struct pidref *leader; // GROUP_PGRP: held, it began the group; or NULL: none is
				     // there. `pgrp` is its number here
	const char *name;
	bool any_user; // GROUP_NAME: not only those whose real user is ours
};

enum {
	// A group that never stops forking would be looked for for ever.
	GROUP_PASSES = 32,
	GROUP_DESCRIPTORS =
		PIDNS_DESCRIPTORS + ANCHOR_DESCRIPTORS, // that looking takes beside the handles
};

// Called for each process found, once; takes *ref over. A result below 0 ends the search.
typedef int group_found(struct pidref *ref, const struct status *status, void *data);

// Find all processes of the query but ourselves. A member of a process group counts only while the
// leader, or a member that was found before, proves that the number is still that group's. The
// result is 0, the callback's, or -errno of reading /proc, of pidns_number or of pidref_open
// (-EMFILE, -ENOSYS ...). Those that vanish are passed over.
int group_find(
	const struct procfs *proc, const struct group_query *query, group_found *found, void *data);
