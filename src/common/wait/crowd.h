// SPDX-License-Identifier: GPL-2.0-or-later
// crowd.h: a signal to all processes of a control group that is waited for.
#pragma once

#include "target/cgroup.h"

#include <stdbool.h>

// Send SIGKILL to all processes in the cgroup at once. False: that is not possible, or this program
// or a service manager is in it.
bool crowd_kill(const struct cgroup *c);

// Send `sig` to each process in the cgroup, without this program and a service manager, until no
// new one is found; SIGKILL to all at once where that is possible. `unsent` is called for each
// process that could not be signalled, and with a *ref that is not held if the search failed;
// -FAULT_FORKS: each look found new ones.
void crowd_signal(const struct cgroup *c, int sig,
	void (*unsent)(struct pidref *ref, int error, void *data), void *data);
