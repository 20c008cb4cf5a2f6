// SPDX-License-Identifier: GPL-2.0-or-later
// spawn.h: start a command that is held by a pidfd from its birth, and can be kept from running.
//
// Between its birth and its exec, the handle can be written to a file; a process that reads it can
// act on the command from its first instruction on. posix_spawn's pidfd_spawn (glibc 2.39) is not
// used, because it cannot hold the command back and cannot set its descriptor limit.
#pragma once

#include "handle/pidref.h"
#include "run/enter.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>

struct spawn_setup {
	char *const *argv;	     // of the command, ends with NULL; searched in PATH
	int cgroup;		     // the cgroup v2 folder to start it in, borrowed; -1: our own
	const sigset_t *mask;	     // its signal mask
	bool ignore_chld;	     // whether it gets SIGCHLD ignored
	const struct rlimit *nofile; // its descriptor limit
	int parent_death;	     // the signal that it gets if we die; 0: none. With `hold`
	bool hold;		     // it does not run before spawn_let_go
	// where it runs; NULL: where we do. Then it has no descriptors but 0, 1 and 2
	const struct entry *entry;
	bool subreaper; // orphans of it become its children
};

struct spawned {
	struct pidref ref; // the caller closes it
	int gate;	   // private
};

// Create the process. It is our child, and is reaped only through its handle. We must not ignore
// SIGCHLD. -EAGAIN, -ENOMEM, -EMFILE; -ENOSYS: no pidfds; with a cgroup also -EACCES, -EPERM,
// -EBUSY, -EOPNOTSUPP, -ENODEV and the other errors of joining one; with an entry the errors of
// entry_enter. *entering: whether the process was there, and an error is about the entry.
int spawn_held(struct spawned *out, const struct spawn_setup *setup, bool *entering);

// As fork(2), but the child runs only if it is held: then the parent gets its number, and its
// handle in *out. -EAGAIN, -ENOMEM, -EMFILE, -ENFILE; -ENOSYS: no pidfds.
pid_t spawn_fork(struct pidref *out);

// With `hold`: let it run. -EPIPE: it is dead; any other -errno: it does not run, and dies at
// spawn_drop.
int spawn_let_go(struct spawned *s);

// For a process that is dead: the -errno of execvp(3) if it ran nothing, else 0. Implies
// spawn_drop.
int spawn_failure(struct spawned *s);

// Close what belongs to it but the handle. A process that is held back dies and has run nothing.
void spawn_drop(struct spawned *s);
