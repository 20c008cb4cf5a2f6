// SPDX-License-Identifier: GPL-2.0-or-later
// find.h: targets that name several processes, as searches (find/scan.h).
#pragma once

#include "find/anchor.h"
#include "find/scan.h"
#include "handle/pidns.h"
#include "handle/pidref.h"
#include "handle/procfs.h"

#include <stdbool.h>

enum find_kind {
	FIND_GROUP, // members of the process group `pgrp`
	FIND_NAME,  // named `name`; or if it contains a slash, that run this file
	FIND_EVERY, // all except PID 1 and kernel threads
};

struct query {
	enum find_kind kind;
	pid_t pgrp; // in the numbers of *in
	// only processes of this pid namespace and those below it; FIND_EVERY leaves out its PID 1;
	// NULL: ours
	const struct pidns *in;
	// FIND_GROUP: the held process that began the group, or NULL: it does not exist. `pgrp` is
	// its PID here
	const struct pidref *leader;
	const char *name;
	bool any_user; // FIND_NAME: also processes whose real user is not ours
};

enum {
	// used by a search besides the handles
	FIND_DESCRIPTORS = SCAN_DESCRIPTORS + PIDNS_DESCRIPTORS + ANCHOR_DESCRIPTORS,
};

// Called once for each process that is found; takes *ref over. A negative result ends the search.
typedef int found_process(struct pidref *ref, void *data);

// Find all processes of the query except ourselves; walk /proc until a walk finds no new one. A
// member of a process group counts only if the leader, or a previously found member, proves that
// the number still belongs to that group. Returns 0, the result of the callback, or -errno of
// reading /proc, of pidns_number or of pidref_open (-EMFILE, -ENOSYS ...); -ENOMEM. Processes that
// disappear are skipped.
int pfdkill_find(
	const struct procfs *proc, const struct query *query, found_process *found, void *data);
