// SPDX-License-Identifier: GPL-2.0-or-later
// cgroupset.h: the control group (v2) that all of several processes are in.
#pragma once

#include "handle/pidref.h"
#include "handle/procfs.h"

#include <stdbool.h>
#include <stddef.h>

struct cgroupset {
	int fd;		  // the folder of the group, opened once; owned
	char *path;	  // as /proc/PID/cgroup shows it; owned
	bool whole;	  // no other processes are in it, and there are no groups below it
	size_t strangers; // how many other processes are in it
};

// Find the group that all living processes of `refs` are in (those without a descriptor do not
// count). 0; -ENOENT: there is none, or it is the root group or our own; -ENOMEM; errors of
// reading. The processes should be held at rest meanwhile.
int cgroupset_find(
	struct cgroupset *out, const struct procfs *proc, const struct pidref *refs, size_t count);

void cgroupset_free(struct cgroupset *set);
