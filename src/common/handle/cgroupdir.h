// SPDX-License-Identifier: GPL-2.0-or-later
// cgroupdir.h: the folder of a cgroup v2.
#pragma once

#include "base/buffer.h"

// Open the cgroup `path`: a folder of a cgroup v2 file system, or a name as /proc/PID/cgroup
// shows it ("/user.slice"), looked for below every mount of cgroup v2. Returns a close-on-exec
// descriptor (O_PATH). -ENOENT: no such cgroup; -ENODEV: cgroup v2 is not mounted; or another error
// of open(2).
int cgroupdir_open(const char *path);

// Open the highest cgroup that is mounted. *path gets its name without a slash at the end: "" for
// the root. Errors as above.
int cgroupdir_open_top(struct buffer *path);

// The sentence for an error of starting a process in a cgroup.
const char *cgroupdir_problem(int error);
