// SPDX-License-Identifier: GPL-2.0-or-later
// act.h: the action on the processes that were found: print, signal or wait.
#pragma once

#include "handle/pidref.h"
#include "handle/procfs.h"
#include "pkill/pkill.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct act;

// Which processes a search looks at: all, or if `last` is set, those with a PID above `after`, up
// to `last`.
struct range {
	pid_t after, last;
};

// One action per program. begin creates the state (exits with a message if there is no memory);
// *c is complete when the search begins, and stays until end has returned.
// found takes *ref over; the facts are valid during the call; false: no more processes are needed.
// again is called after each search: true asks for another one of *range; NULL: one is enough. end
// does the rest and returns the exit status.
struct action {
	struct act *(*begin)(
		const struct options *o, const struct procfs *proc, struct criteria *c);
	bool (*found)(struct act *act, struct pidref *ref, const struct proc *p);
	bool (*again)(struct act *act, struct range *range);
	int (*end)(struct act *act);
};

extern const struct action pkill_print; // pgrep
extern const struct action pkill_send;	// pkill
extern const struct action pkill_wait;	// pidwait

// The name of a process in messages: the full name if it is known.
struct bytes pkill_name(const struct proc *p);

// A copy of it with a NUL, to be freed.
char *pkill_name_copy(const struct proc *p);

// Write it escaped, or quoted for the shell.
void pkill_write_name(FILE *out, const struct options *o, const char *name, size_t len);
