// SPDX-License-Identifier: GPL-2.0-or-later
// spawn.h: start a command that is held by a pidfd from its birth, and runs only when we allow it.
//
// Between its birth and its exec, the handle can be written to a file; a process that reads it can
// act on the command from its first instruction on. posix_spawn's pidfd_spawn (glibc 2.39) is not
// used, because it cannot hold the command back and cannot set its descriptor limit.
#pragma once

#include "handle/pidref.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>

struct spawn_setup {
	char *const *argv;	     // of the command, ends with NULL; searched in PATH
	int cgroup;		     // the cgroup v2 folder to start it in, borrowed; -1: our own
	const sigset_t *mask;	     // its signal mask
	bool ignore_chld;	     // whether it gets SIGCHLD ignored
	const struct rlimit *nofile; // its descriptor limit
	int parent_death;	     // the signal that it gets if we die; 0: none
};

struct spawned {
	struct pidref ref; // the caller closes it
	int gate;	   // private
};

// Create the process; nothing of the command runs yet. It is our child, and is reaped only through
// its handle. We must not ignore SIGCHLD. -EAGAIN, -ENOMEM, -EMFILE; -ENOSYS: no pidfds; with a
// cgroup also -EACCES, -EPERM, -EBUSY, -EOPNOTSUPP, -ENODEV and the other errors of joining one.
int spawn_held(struct spawned *out, const struct spawn_setup *setup);

// Let it run. Returns when the exec has succeeded or failed; on failure it is dead and the result
// is the -errno of execvp(3). That may take a while, and the command may be stopped before its
// exec: whenever the descriptor `watch` is readable in the meantime, ready(data) is called.
int spawn_let_go(struct spawned *s, int watch, void (*ready)(void *data), void *data);

// Do not let it run: it dies and has run nothing.
void spawn_drop(struct spawned *s);
