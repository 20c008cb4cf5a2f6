// SPDX-License-Identifier: GPL-2.0-or-later
// enter.h: the namespaces and the root folder of a held process, for a command that runs there.
#pragma once

#include "handle/pidref.h"
#include "handle/procfs.h"

#include <stdbool.h>

struct entry {
	const struct pidref *ref; // borrowed
	int kinds;		  // its namespaces that are not ours, CLONE_NEW*
	int root;		  // owned; its root folder; -1: it is ours
};

#define ENTRY_NULL ((struct entry){.root = -1})

// Find out where *ref is. It is borrowed until entry_close. -ESRCH: it is gone; -ENODATA: it is
// dead, so it has no namespaces; -EACCES: we may not look; or an error of reading /proc.
int entry_open(struct entry *out, const struct pidref *ref, const struct procfs *proc);

// Whether its processes have other PIDs than here.
bool entry_has_pids(const struct entry *e);

// Go there: one setns(2) through the handle, then the root. After another user namespace, as its
// root. For a process that will run a command or end: a part of it may be done on failure. The PIDs
// are those of its next child. -ESRCH: it is gone; -EPERM; -EINVAL: before Linux 5.8.
int entry_enter(const struct entry *e);

// The text for an error of entry_open and entry_enter.
const char *entry_problem(int error);

// Close; may be called twice.
void entry_close(struct entry *e);
