// SPDX-License-Identifier: GPL-2.0-or-later
// cgroup.h: a control group (version 2) and all groups below it: their processes, and their end.
#pragma once

#include "target/found.h"
#include "target/target.h"

struct cgroup {
	int fd;	     // its folder; owned, close-on-exec; -1: none
	int events;  // cgroup.events, from cgroup_watch on; owned; -1: none
	uint64_t id; // the inode of its folder
};

#define CGROUP_NULL ((struct cgroup){.fd = -1, .events = -1})

// Open the cgroup of a TARGET_CGROUP or TARGET_UNIT. -FAULT_NO_CGROUP, -FAULT_NO_UNIT: it does not
// exist; -FAULT_SEVERAL_UNITS: see cgroup_units; -FAULT_NO_HIERARCHY; or an error of open(2).
int cgroup_open(struct cgroup *out, const struct target *t);

// Call `found` with the path of each cgroup whose last component is `name`, as /proc/PID/cgroup
// would show it. A negative result ends the search. Returns how many there are; errors as above.
int cgroup_units(const char *name, int (*found)(const char *path, void *data), void *data);

// Pass on each process that is in the cgroup or below it: it is held, and was a member while it was
// held. One pass; processes that join during it may be missed. -FAULT_THREADED; -FAULT_OUTSIDE: all
// others were passed on; -ENOSYS: a sandbox refuses pidfds; errors of pidref_open and of reading,
// and the result of the call.
int cgroup_find(const struct cgroup *c, struct found *f);

// Whether the process that has this PID now is in the cgroup or below it. 1, 0, -errno.
int cgroup_has(const struct cgroup *c, pid_t pid);

// Send SIGKILL to all processes in it and below, also to those being born (cgroup.kill, Linux
// 5.14). -ENOENT: before, or the cgroup is removed; -EACCES: we may not.
int cgroup_kill(const struct cgroup *c);

// Open c->events, which epoll reports (EPOLLPRI) when the last process is gone. Needs no right over
// the processes. -FAULT_ROOT_CGROUP: the root has no such file.
int cgroup_watch(struct cgroup *c);

// Whether a process is in it or below it, by c->events; zombies do not count. 1, 0, -errno.
int cgroup_is_populated(const struct cgroup *c);

// May be called twice.
void cgroup_close(struct cgroup *c);
