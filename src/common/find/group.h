// SPDX-License-Identifier: GPL-2.0-or-later
// group.h: find and hold the processes of a process group, with a name, or all.
//
// A process is found by facts that were read while it was held, and after the reading the PID still
// belonged to it. /proc is walked again until a pass finds no new process, because processes are
// born meanwhile.
#pragma once

#include "find/anchor.h"
#include "handle/pidns.h"
#include "handle/pidref.h"
#include "handle/procfs.h"
#include "handle/status.h"

#include <stdbool.h>

enum group_kind {
	GROUP_PGRP,  // members of the process group `pgrp`
	GROUP_NAME,  // named `name`; or if it contains a slash, that run this file
	GROUP_EVERY, // all except PID 1 and kernel threads
};

struct group_query {
	enum group_kind kind;
	pid_t pgrp; // in the numbers of *in
	// only processes of this pid namespace and those below it; GROUP_EVERY leaves out its PID
	// 1; NULL: ours
	const struct pidns *in;
	// GROUP_PGRP: the held process that began the group, or NULL: it does not exist. `pgrp` is
	// its PID here
	const struct pidref *leader;
	const char *name;
	bool any_user; // GROUP_NAME: also processes whose real user is not ours
};

enum {
	// Limits the search for a group that never stops forking.
	GROUP_PASSES = 32,
	GROUP_DESCRIPTORS =
		PIDNS_DESCRIPTORS + ANCHOR_DESCRIPTORS, // used by a search besides the handles
};

// Called once for each process that is found; takes *ref over. A negative result ends the search.
typedef int group_found(struct pidref *ref, const struct status *status, void *data);

// Find all processes of the query except ourselves. A member of a process group counts only if the
// leader, or a previously found member, proves that the number still belongs to that group. Returns
// 0, the result of the callback, or -errno of reading /proc, of pidns_number or of pidref_open
// (-EMFILE, -ENOSYS ...). Processes that disappear are skipped.
int group_find(
	const struct procfs *proc, const struct group_query *query, group_found *found, void *data);
