// SPDX-License-Identifier: GPL-2.0-or-later
// writers.h: open a file and find out which users could choose its contents.
#pragma once

#include <stdbool.h>
#include <sys/types.h>

// Users other than root: none, one, or several.
struct users {
	enum { USERS_NONE, USERS_ONE, USERS_SEVERAL } how;
	uid_t uid; // of USERS_ONE
};

struct writers {
	struct users file; // own the file or may write it
	struct users way;  // ... the same for a folder or symbolic link on the path
};

// Open `path` as open(2) does with `flags`, one component at a time, and collect in *out the users
// that could choose what it leads to. Each object on the path is held open before its owner and
// rights (including access control lists) are read. In a sticky folder only its owner and the owner
// of the entry count. In a FUSE file system the user of its server counts. Returns the descriptor,
// or -errno of open(2).
int writers_open(const char *path, int flags, struct writers *out);

// The same for the file of descriptor `fd`, without a path. 0 or -errno.
int writers_of(int fd, struct users *out);

// Whether all of them are the user `uid`.
bool users_are(const struct users *users, uid_t uid);
