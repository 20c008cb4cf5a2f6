// SPDX-License-Identifier: GPL-2.0-or-later
// anchor.h: hold a parent, a process group or a session, so that its number cannot change owner.
//
// The number of a group or session is the PID of the process that began it. The kernel does not
// reuse it while that process is unreaped or a member is left. So a process found by such a number
// is a member if, after the reading, the leader or a previously known member still exists; in a
// session also if it was born before the leader ended.
#pragma once

#include "handle/pidref.h"
#include "handle/procfs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum anchor_kind { ANCHOR_PARENT, ANCHOR_GROUP, ANCHOR_SESSION, ANCHOR_KINDS };

enum {
	ANCHOR_MEMBERS = 4,			 // how many are held at most
	ANCHOR_DESCRIPTORS = ANCHOR_MEMBERS + 1, // how many an anchor uses at most
};

struct anchor {
	enum anchor_kind kind;
	pid_t number;
	bool begun;   // something is held, or was
	bool follows; // see anchor_takes
	int64_t led;  // of a session: a time since the boot at which its leader existed; 0: none
	struct pidref leader;		       // owned; empty if there was none
	struct pidref members[ANCHOR_MEMBERS]; // owned; of a group or session
};

#define ANCHOR_NULL                                                              \
	((struct anchor){                                                        \
		.leader = PIDREF_NULL,                                           \
		.members = {PIDREF_NULL, PIDREF_NULL, PIDREF_NULL, PIDREF_NULL}, \
	})

// The children, group or session with the number of the held process *leader. Opens a second handle
// of it.
int anchor_lead(struct anchor *out, enum anchor_kind kind, const struct pidref *leader);

// A group or session whose leader is gone.
struct anchor_query {
	enum anchor_kind kind;
	pid_t number; // 0: only is_member knows it
	// Whether the held process is a member: 1, with its number here in *number; 0; -errno.
	// NULL: those are that have `number`.
	int (*is_member)(void *data, struct pidref *ref, pid_t *number);
	void *data;
};

// Search /proc for members, and hold the oldest. -ESRCH: there are none; otherwise an error of
// reading /proc or of pidref_open; -ENOMEM.
int anchor_search(struct anchor *out, const struct anchor_query *q, const struct procfs *proc);

// Whether the held process, whose number (of its parent, group or session) was read while it was
// held, belongs to *a. It is held too, because it may outlive the members that are. If nothing was
// held before (a->begun is false), its number is that of *a from now on, unless a process has that
// number: then the leader came after it was looked for, and the group or session with it. With
// a->follows the same applies when nothing that was held is left: its members can have started
// others meanwhile. 1, 0 or -errno.
int anchor_takes(struct anchor *a, pid_t number, const struct pidref *ref);

// Whether the number still belongs to the same parent, group or session. 1; 0: it does not, or this
// cannot be proved any more; -errno. Handles of members that left are closed.
int anchor_holds(struct anchor *a);

// May be called twice.
void anchor_close(struct anchor *a);
