// SPDX-License-Identifier: GPL-2.0-or-later
// writers.h: open a file, and learn which users could choose what is read from it.
#pragma once

#include <stdbool.h>
#include <sys/types.h>

// Users other than root: none, one, or too many to be one.
struct users {
	enum { USERS_NONE, USERS_ONE, USERS_SEVERAL } how;
	uid_t uid; // of USERS_ONE
};

struct writers {
	struct users file; // own the file or may write it
	struct users way;  // ... a folder or a symbolic link on the way to it
};

// Open `path` as open(2) does with `flags`, component by component, and collect in *out the users
// that could choose what it leads to: each object on the way is held before its owner and its
// rights (access control lists included) are asked. In a sticky folder only its owner and that of
// what is in it count. The descriptor, or -errno of open(2).
int writers_open(const char *path, int flags, struct writers *out);

// The same for the file of the descriptor `fd`, to which no way leads. 0 or -errno.
int writers_of(int fd, struct users *out);

// Whether all of them are the user `uid`.
bool users_are(const struct users *users, uid_t uid);
