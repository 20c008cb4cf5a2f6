// SPDX-License-Identifier: GPL-2.0-or-later
// cgroupset.h: the control group (v2) that all of a set of held processes are in, and its end.
#pragma once

#include "act/deliver.h"
#include "handle/procfs.h"

#include <stdbool.h>
#include <stddef.h>

struct cgroupset {
	int fd;		  // the folder, opened once; owned
	char *path;	  // as /proc/PID/cgroup shows it; owned
	bool whole;	  // the processes are all there is in it, and there are no groups below
	size_t strangers; // how many in it are none of them
};

// Find the group that all held and living processes of the deliveries are in. 0; -ENOENT: there is
// none, or it is the root or our own; -ENOMEM; errors of reading. The processes should stand still
// meanwhile.
int cgroupset_find(
	struct cgroupset *out, const struct procfs *proc, const struct delivery_list *all);

// Kill everybody in it at one stroke (cgroup.kill). -ENOENT: before Linux 5.14.
int cgroupset_kill(const struct cgroupset *set);

void cgroupset_free(struct cgroupset *set);
