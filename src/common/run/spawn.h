// SPDX-License-Identifier: GPL-2.0-or-later
// spawn.h: start a command that is held by its pidfd from birth, and runs at a word of ours.
//
// Between its birth and its exec the handle can be written down, so that whoever reads it can
// act on the command from its first instruction. This is why posix_spawn's pidfd_spawn (glibc
// 2.39) is not used: it cannot hold the command back, nor give it its descriptor limit.
#pragma once

#include "handle/pidref.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>

struct spawn_setup {
	char *const *argv;	     // of the command, NULL at its end; looked for in PATH
	int cgroup;		     // a cgroup v2 folder to start it in, borrowed; -1: ours
	const sigset_t *mask;	     // the signal mask to give it
	bool ignore_chld;	     // whether SIGCHLD is to be ignored in it
	const struct rlimit *nofile; // the descriptor limit to give it
};

struct spawned {
	struct pidref ref; // the caller's to close
	int gate;	   // spawn's own
};

// Make the process; nothing of the command runs yet. It is our child, reaped through its handle
// only. SIGCHLD must not be ignored by us. -EAGAIN, -ENOMEM, -EMFILE; -ENOSYS: no pidfds; with
// a cgroup also -EACCES, -EPERM, -EBUSY, -EOPNOTSUPP, -ENODEV and what else joining one gives.
int spawn_held(struct spawned *out, const struct spawn_setup *setup);

// Let it run; returns when the exec has happened or failed. -errno of execvp(3): it is dead then.
// That may take a while, and the command may be stopped before it: whenever the descriptor
// `watch` can be read meanwhile, ready(data) is called.
int spawn_let_go(struct spawned *s, int watch, void (*ready)(void *data), void *data);

// Never let it run: it dies without having run anything.
void spawn_drop(struct spawned *s);
