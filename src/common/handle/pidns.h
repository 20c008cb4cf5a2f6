// SPDX-License-Identifier: GPL-2.0-or-later
// pidns.h: the numbers of another pid namespace, translated from here.
//
// No process enters the namespace: a process inside could stop, kill or trace it. The kernel
// translates numbers (Linux 6.11); before that the NSpid lines of our own /proc are read. Either
// way a translation is believed only if the process was held before it and is unreaped after it.
#pragma once

#include "handle/pidref.h"
#include "handle/procfs.h"

struct pidns {
	int fd;		    // the namespace, which stays this one while it is open; owned
	unsigned level;	    // how many namespaces it is below ours
	struct procfs proc; // ours, owned; fd -1: not available
};

#define PIDNS_NULL ((struct pidns){.fd = -1, .proc = {.fd = -1}})

enum {
	PIDNS_DESCRIPTORS = 5, // that a look-up takes beside the handles
};

// Open the pid namespace of the held process *target. 1: it is our own, *out is not filled in.
// -ESRCH: *target has ended; -EACCES: this needs the right to trace it; -EXDEV: the
// namespace is not below ours; -ENOENT: before Linux 6.11 this needs /proc.
int pidns_open(struct pidns *out, const struct pidref *target);

// The number that the held process has in the namespace: 0 if it is not in there; -ESRCH: it is
// gone; before Linux 6.11 -EACCES: this needs the right to trace it. Descendant namespaces count.
int pidns_number(const struct pidns *ns, const struct pidref *ref);

// Hold the process, or the thread, that has the number `number` in the namespace. Errors as
// pidref_open and pidref_open_thread, and of pidns_number. Threads need Linux 6.11 (-ESRCH before).
int pidns_hold(const struct pidns *ns, pid_t number, struct pidref *out);
int pidns_hold_thread(const struct pidns *ns, pid_t number, struct pidref *out);

// Idempotent.
void pidns_close(struct pidns *ns);
