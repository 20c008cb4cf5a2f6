// SPDX-License-Identifier: GPL-2.0-or-later
// cgroupmount.h: where cgroup v2 is mounted, by the text of /proc/self/mountinfo.
#pragma once

struct cgroupmount {
	const char *root;  // the cgroup at the mount point, as /proc/PID/cgroup names it
	const char *point; // the folder where it is mounted
};

// Find the next mount of cgroup v2 in the text at *at, and move *at behind its line. The text is
// changed: *out points to parts of it. 1; 0: there is no more.
int cgroupmount_next(char **at, struct cgroupmount *out);

// The path of the cgroup `path` below the mount, without a slash at its start: "." for the cgroup
// at the mount point. NULL: it is not below it.
const char *cgroupmount_below(const struct cgroupmount *m, const char *path);
