// SPDX-License-Identifier: GPL-2.0-or-later
// status.h: the texts of /proc/PID/status, stat and fdinfo as numbers.
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

// Read `text` (NUL-terminated) into *out. -ESRCH: of a process that was reaped while it was read;
// -ENODATA: not the text of a status file.
int status_parse(const char *text, struct status *out);

// The exit status, as wait(2) encodes it, in the text of a zombie's /proc/PID/stat. -EBUSY: that is
// no zombie; -ENODATA: the field is not there.
int status_of_zombie(const char *stat, int *wstatus);

// The number that the text of /proc/self/fdinfo/N gives for a pidfd; 0: it has none in the pid
// namespace of that /proc; -ESRCH: it is reaped; -EBADF: that is no pidfd.
pid_t status_of_fdinfo(const char *fdinfo);
