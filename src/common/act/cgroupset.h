// SPDX-License-Identifier: GPL-2.0-or-later
// cgroupset.h: the control group (v2) that all of a set of processes are in.
#pragma once

#include "handle/pidref.h"
#include "handle/procfs.h"

#include <stdbool.h>
#include <stddef.h>

struct cgroupset {
	int fd;		  // the folder, opened once; owned
	char *path;	  // as /proc/PID/cgroup shows it; owned
	bool whole;	  // the processes are all there is in it, and there are no groups below
	size_t strangers; // how many in it are none of them
};

// Find the group that all living processes of `refs` are in (those without a descriptor are left
// out). 0; -ENOENT: there is none, or it is the root or our own; -ENOMEM; errors of reading. The
// processes should be held meanwhile.
int cgroupset_find(
	struct cgroupset *out, const struct procfs *proc, const struct pidref *refs, size_t count);

void cgroupset_free(struct cgroupset *set);
