// SPDX-License-Identifier: GPL-2.0-or-later
// walk.h: the numbers that /proc lists, in ascending order.
//
// A number is only a suspicion: its owner may be another process before the next line of code.
// Processes born during the walk can be missed; walk again until nothing new is found.
#pragma once

#include "handle/procfs.h"

#include <stddef.h>
#include <sys/types.h>

// {0}: not begun yet.
struct walk {
	int fd; // /proc, borrowed
	size_t at, filled;
	char *room; // owned; a stack may be too small for it
};

// Begin (or begin again) at the first process. `proc` is borrowed until the walk is over; only
// one walk at a time can use it. walk_end must follow, also after an error. -ENOMEM, -errno of
// lseek(2).
int walk_begin(struct walk *w, const struct procfs *proc);

// 1: the next number is in *pid; 0: no more; -errno of getdents64(2).
int walk_next(struct walk *w, pid_t *pid);

// Free its memory; may be called twice, and without a beginning.
void walk_end(struct walk *w);
