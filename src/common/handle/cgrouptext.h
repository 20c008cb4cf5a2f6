// SPDX-License-Identifier: GPL-2.0-or-later
// cgrouptext.h: what the kernel writes about cgroups of version 2: mounts, processes, events.
#pragma once

#include <stddef.h>
#include <sys/types.h>

// A mount of cgroup v2, in /proc/self/mountinfo.
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

// Read the next PID in the text of cgroup.procs, and move *at behind it. 0: there is no more.
// Processes without a PID in our pid namespace stand there as 0: they are skipped, and counted in
// *hidden unless that is NULL.
pid_t cgrouptext_pid(const char **at, size_t *hidden);

// Whether the text of cgroup.events says that processes are in the cgroup or below. 1, 0; -ENODATA:
// it does not say.
int cgrouptext_populated(const char *text);
