// SPDX-License-Identifier: GPL-2.0-or-later
// status.h: the text of /proc/PID/status as numbers.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { STATUS_REAL, STATUS_EFFECTIVE, STATUS_SAVED, STATUS_FS };

struct status {
	char state; // R S D T t Z X I ...
	pid_t tgid, ppid, tracer;
	pid_t pgrp, session; // 0: this kernel does not say (no pid namespaces)
	uid_t uid[4];	     // by STATUS_*
	gid_t gid[4];
	unsigned namespaces;		   // how many numbers NSpid has; 0: no such line
	uint64_t blocked, ignored, caught; // signal n is bit n - 1, real-time ones included
	uint64_t pending;		   // for the thread or the process
	uint64_t pending_thread, pending_process;
	pid_t innermost; // its number in its own pid namespace; 0: no NSpid line
	bool kthread;	 // a thread of the kernel, which no signal reaches
};

// Read `text` (NUL-terminated) into *out. -ENODATA: not the text of a status file.
int status_parse(const char *text, struct status *out);
