// SPDX-License-Identifier: GPL-2.0-or-later
// enter.h: the numbers of another pid namespace, made handles by a helper that is inside of it.
//
// The helper shares our descriptor table: what it opens there is held by us. Nothing of ours
// changes its namespace. The handles have the numbers that our own namespace sees.
#pragma once

#include "find/group.h"
#include "handle/pidref.h"
#include "target/target.h"

struct enter {
	int sockets[2]; // ours and the helper's, in the one table that both have
	struct pidref helper;
};

#define ENTER_NULL ((struct enter){.sockets = {-1, -1}, .helper = PIDREF_NULL})

enum {
	ENTER_DESCRIPTORS = 8, // that it takes beside the handles
};

// Put a helper into the pid namespace of the held process *target (and, where we may not else,
// into its user namespace). 1: that namespace is our own, and there is nothing to enter: *out is
// not filled in. -ESRCH: *target has ended; -EPERM: we may not; -EXDEV: the namespace is not
// below ours; -EOPNOTSUPP: before Linux 5.8. What is in memory now is what the helper knows:
// targets and names are to be read before this.
int enter_begin(struct enter *out, const struct pidref *target);

// The same with a target that names the process; *why gets what to say of an error, among which
// now are those of target_open.
int enter_target(struct enter *out, const struct target *target, const char **why);

// What messages call the target *t inside of `in`: "7 in 4711", to be freed; or, where it has no
// number, as it was. NULL: no memory.
char *enter_label(const struct target *t, const char *in);

// target_open with the numbers of that namespace, and its errors; also -ECONNRESET: the
// namespace, or the helper, came to an end.
int enter_open(struct enter *e, const struct target *t, struct pidref *out);

// group_find inside: everybody but its PID 1 there. `status` is NULL for *found. Also
// -ECONNRESET, and -EACCES: a /proc of that namespace cannot be mounted (seen by the helper alone).
int enter_find(struct enter *e, const struct group_query *query, group_found *found, void *data);

// What to say of an error of enter_begin or enter_find.
const char *enter_problem(int error);

// End the helper, and reap it; idempotent.
void enter_end(struct enter *e);
