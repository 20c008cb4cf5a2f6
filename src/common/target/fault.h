// SPDX-License-Identifier: GPL-2.0-or-later
// fault.h: what can be wrong with a target: one table of classes and sentences.
//
// A function that opens targets returns 0, -errno with the kernel's meaning (and HACKING's of
// -ESRCH and -ESTALE), or one of these below, negated: they lie beyond every errno.
#pragma once

#include "base/exits.h"

#include <stdbool.h>

enum fault {
	FAULT_OTHER_BOOT = 4096, // the handle is of another boot
	FAULT_NO_BOOT,		 // what this boot is called cannot be read
	FAULT_NO_THREADS,	 // threads cannot be held before Linux 6.9
	FAULT_NO_SOCKET,	 // of unix: there is none at that path
	// of a pidfile
	FAULT_NO_FILE,
	FAULT_SOCKET,	 // it is a socket
	FAULT_EMPTY,	 // there is no word in it
	FAULT_NO_PID,	 // its first word names no process
	FAULT_UNTRUSTED, // a user other than root and the process's own may write it
	FAULT_WAY,	 // ... or may put another file in its place
	FAULT_UNLOCKED,	 // its process holds no lock on it
	FAULT_UNSEEN,	 // whether it does is hidden from us
	FAULT_STALE,	 // its process started after it was written
	FAULT_OLD_BOOT,	 // it was written before this boot
	FAULT_KTHREAD,	 // its process is a thread of the kernel
	FAULT_NO_PROC,	 // its age cannot be judged: there is no /proc of our pid namespace
};

// What to say of it, without the target itself: "no such process".
const char *target_problem(int error);

// Whether it means that the process is gone, which is an outcome: to wait for it is a success.
bool target_is_gone(int error);

// The exit status that it means where there is no other target: EXIT_NONE where the process is
// gone, or where the word, rightly spelt, names no process (a descriptor that is not open, a
// pidfile that is not there); EXIT_SYSTEM where the system cannot say which process it is.
enum exit_status target_status(int error);
