// SPDX-License-Identifier: GPL-2.0-or-later
// anchor.h: the number of a parent, a process group or a session, kept from changing hands.
//
// The number of a group or session is that of the process that began it, and stays its own while
// that process is unreaped or a member is left. So a process that is found by such a number is a
// member if, after the reading, the leader or a member that was known before is still there.
#pragma once

#include "handle/pidref.h"
#include "handle/procfs.h"

#include <stdbool.h>
#include <stddef.h>

enum anchor_kind { ANCHOR_PARENT, ANCHOR_GROUP, ANCHOR_SESSION, ANCHOR_KINDS };

enum {
	ANCHOR_MEMBERS = 4,			 // that are held at most
	ANCHOR_DESCRIPTORS = ANCHOR_MEMBERS + 1, // that an anchor takes at most
};

struct anchor {
	enum anchor_kind kind;
	pid_t number;
	bool begun;			       // something is, or was, held
	struct pidref leader;		       // owned; or empty: there was none
	struct pidref members[ANCHOR_MEMBERS]; // owned; of a group or session
};

#define ANCHOR_NULL                                                              \
	((struct anchor){                                                        \
		.leader = PIDREF_NULL,                                           \
		.members = {PIDREF_NULL, PIDREF_NULL, PIDREF_NULL, PIDREF_NULL}, \
	})

// What goes by the number of the held process *leader, of which a second handle is taken.
int anchor_lead(struct anchor *out, enum anchor_kind kind, const struct pidref *leader);

// The group or session `number`, which has no leader: members are looked for in /proc and held.
// -ESRCH: there are none; else an error of reading /proc or of pidref_open.
int anchor_search(
	struct anchor *out, enum anchor_kind kind, pid_t number, const struct procfs *proc);

// Hold one more member, which was found while anchor_holds, or, unless a->begun, the first one.
int anchor_add(struct anchor *a, const struct pidref *member);

// Whether the number still is that of the same parent, group or session. 1; 0: that is over, or
// cannot be proved any more; -errno. Handles of members that left are closed.
int anchor_holds(struct anchor *a);

// Idempotent.
void anchor_close(struct anchor *a);
