// SPDX-License-Identifier: GPL-2.0-or-later
// found.h: the processes of a target that names many, passed on one by one.
//
// A target that does not name a process by its number never includes this program itself, nor PID 1
// where that is a service manager: it is in every hierarchy and holds the sockets of its services.
// So does the manager of a user (systemd --user), which no target that is a socket includes.
#pragma once

#include "handle/pidref.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

// Called once for each process; takes *ref over. A negative result ends the search.
typedef int target_found(struct pidref *ref, void *data);

// One search: the function that gets the processes, and what was found.
struct found {
	target_found *call;
	void *data;
	bool socket;  // the target is a socket
	size_t count; // how many were passed on
	bool self;    // this program was found, and left out
	bool manager; // a service manager was found, and left out
	bool shared;  // a process that we may not look into may hold it too
	uid_t owner;  // of -FAULT_HELD: the user of the socket; (uid_t)-1: not known
};

// Pass on the held process *ref, which is taken over, unless it is left out. The result of the
// call, or 0.
int found_pass(struct found *f, struct pidref *ref);

// Whether the process with this PID is left out of every target: ourselves, or PID 1 where it is a
// service manager (/run/systemd/system exists).
bool found_is_left_out(pid_t pid);

// Whether the held process *ref is left out of this target.
bool found_leaves_out(const struct found *f, const struct pidref *ref);

// The error for a search that passed no process on: `none`, or if one was left out, the reason.
int found_none(const struct found *f, int none);
