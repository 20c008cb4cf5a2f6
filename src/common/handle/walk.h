// SPDX-License-Identifier: GPL-2.0-or-later
// walk.h: the numbers that /proc lists, in ascending order.
//
// A number is only a suspicion: its owner may be another process before the next line of code.
// Processes born during the walk can be missed; walk again until nothing new is found.
#pragma once

#include "handle/procfs.h"

#include <stddef.h>
#include <sys/types.h>

enum { WALK_ROOM = 32768 };

struct walk {
	int fd; // /proc, borrowed
	size_t at, filled;
	_Alignas(8) char room[WALK_ROOM];
};

// Begin (or begin again) at the first process. `proc` is borrowed until the walk is over; only
// one walk at a time can use it. -errno of lseek(2).
int walk_begin(struct walk *w, const struct procfs *proc);

// 1: the next number is in *pid; 0: no more; -errno of getdents64(2).
int walk_next(struct walk *w, pid_t *pid);
