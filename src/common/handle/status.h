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

enum { STATLINE_IMAGE = 5 };

// What a line of /proc/PID/stat, or of a thread's, says.
struct statline {
	char state;	// as in struct status; of the leader thread alone
	int tty;	// device number of the controlling terminal; 0: it has none
	int threads;	// how many of it are not reaped; a zombie has one, a leader that waits more
	uint64_t start; // clock ticks since boot
	bool forked;	// it has not called exec since it was forked (PF_FORKNOEXEC)
	// It is in execve(2): it has left its old program, and the new one has no arguments yet.
	// Never true if that is hidden from us.
	bool in_exec;
	// Where its program has its stack, arguments and environment. execve(2) chooses these
	// addresses at random, and a fork has the same. All 0 if they are hidden from us, or if it
	// has no memory.
	uint64_t image[STATLINE_IMAGE];
	int wstatus; // of a zombie: its exit status as wait(2) encodes it, 0 if it is hidden from
		     // us
};

// Read the text of a stat file (NUL-terminated) into *out. -ESRCH: it is empty, of a process that
// was reaped; -ENODATA: not the text of a stat file.
int statline_parse(const char *text, struct statline *out);

// The line `key` ("NSpid", "NSpgid", "NSsid") of the text of a status file has one number for each
// pid namespace from that of this /proc down to the process's own. Returns how many; *out gets the
// number at `level` (0: this /proc's), and is untouched where there is none.
unsigned status_numbers(const char *text, const char *key, unsigned level, pid_t *out);

// The number that the text of /proc/self/fdinfo/N gives for a pidfd; 0: it has none in the pid
// namespace of that /proc; -ESRCH: it is reaped; -EBADF: that is no pidfd.
pid_t status_of_fdinfo(const char *fdinfo);
