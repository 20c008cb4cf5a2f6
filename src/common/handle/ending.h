// SPDX-License-Identifier: GPL-2.0-or-later
// ending.h: how a process ended, as it was or not at all.
#pragma once

#include "handle/pidref.h"
#include "handle/procfs.h"

#include <signal.h>
#include <stdbool.h>

// Why nothing is known.
enum ending_unknown {
	ENDING_KNOWN = 0,
	ENDING_NOT_REAPED, // a zombie whose status we may not read; ask again once it is reaped
	ENDING_NO_PROC,	   // the same, for want of a /proc of our pid namespace to read it from
	ENDING_NO_RECORD, // reaped, and this kernel keeps no record (before Linux 6.15), or it will
			  // keep none
	ENDING_OUTSIDE,	  // it was outside our pid namespace, the kernel keeps its record from us
	ENDING_BEFORE,	  // gone before we looked
	ENDING_RECYCLED,  // the same, and its number is another process's now
	ENDING_NOT_ASKED, // it is gone; how was not asked
	ENDING_MANY,	  // of a control group: no process is left in it
};

struct ending {
	enum ending_unknown unknown;
	int wstatus; // wait(2) encoding, when known
};

enum {
	ENDING_STRMAX = 80, // room for ending_format
};

// How the dead process *ref ended: from its reap record (Linux 6.15), from waitid(2) when it is
// our own child (which reaps it), or for a zombie from /proc/PID/stat when the kernel shows us
// the real value there. `proc` may be NULL. Never guesses.
struct ending ending_learn(const struct pidref *ref, const struct procfs *proc);

// How a child ended of which waitid(2) said *info.
struct ending ending_of_child(const siginfo_t *info);

// The status a shell would give: 0..255, or 128 + signal. -1: unknown.
int ending_status(const struct ending *e);

// "exited with status 42", "killed by signal 11 (SEGV), core dumped", "gone, status unknown".
char *ending_format(char buf[static ENDING_STRMAX], const struct ending *e);

// Whether it is unknown only until the process is reaped.
bool ending_may_come(const struct ending *e);

// Why it is unknown, as a phrase; "" when it is known.
const char *ending_reason(const struct ending *e);
