// SPDX-License-Identifier: GPL-2.0-or-later
// cgroupdir.h: the folder of a cgroup v2.
#pragma once

// Open the cgroup `path`: a folder of a cgroup v2 file system, or a name as /proc/PID/cgroup
// shows it ("/user.slice"), looked for where cgroup v2 usually is mounted. Returns a close-on-exec
// descriptor (O_PATH). -ENOENT: no such cgroup; or another error of open(2).
int cgroupdir_open(const char *path);

// The sentence for an error of starting a process in a cgroup.
const char *cgroupdir_problem(int error);
