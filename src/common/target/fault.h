// SPDX-License-Identifier: GPL-2.0-or-later
// fault.h: what can be wrong with a target: one table of classes and sentences.
//
// A function that opens targets returns 0, -errno in the kernel's meaning (with -ESRCH and -ESTALE
// as in HACKING.md), or one of these, negated. They are greater than every errno.
#pragma once

#include "base/exits.h"

#include <stdbool.h>

enum fault {
	FAULT_OTHER_BOOT = 4096, // the handle is of another boot
	FAULT_NO_BOOT,		 // the id of this boot cannot be read
	FAULT_NO_THREADS,	 // threads cannot be held before Linux 6.9
	FAULT_NO_SOCKET,	 // of unix: there is no socket at that path
	// of a target that names many:
	FAULT_ONLY_SELF,    // it names only this program itself
	FAULT_SEVERAL,	    // it names several processes, and one is needed
	FAULT_ONLY_MANAGER, // it names only a service manager
	// of a cgroup:
	FAULT_NO_CGROUP,     // it does not exist
	FAULT_NO_UNIT,	     // no cgroup has the name of the unit
	FAULT_SEVERAL_UNITS, // several have it
	FAULT_EMPTY_CGROUP,  // no process is in it
	FAULT_OUTSIDE,	     // processes of it are outside our pid namespace
	FAULT_THREADED,	     // it has threads of processes, and no processes
	FAULT_ROOT_CGROUP,   // it is the root, which is never empty
	FAULT_IN_CGROUP,     // this program is in it, so it cannot wait for its end
	FAULT_NO_HIERARCHY,  // version 2 is not mounted
	FAULT_FORKS,	     // new processes appeared in it at each look
	// of a target that is found by what it holds:
	FAULT_NO_SEARCH,   // there is no /proc of our pid namespace
	FAULT_NO_LISTENER, // no such socket waits for peers
	FAULT_HELD,	   // by a process that we may not look into
	FAULT_UNHELD,	   // ... that has no PID here, or by the kernel
	FAULT_UNLISTED,	   // the kernel does not list the socket to us
	FAULT_NO_DIAG,	   // sockets cannot be listed
	FAULT_NO_LOCK,	   // no process holds a lock on the file
	FAULT_HIDDEN_LOCK, // no process that we may look into does
	FAULT_UNHELD_LOCK, // it is locked, but no descriptor of a process shows it
	// of a pidfile:
	FAULT_NO_FILE,
	FAULT_SOCKET,	 // it is a socket
	FAULT_EMPTY,	 // it contains no word
	FAULT_NO_PID,	 // its first word names no process
	FAULT_UNTRUSTED, // a user other than root and the user of the process may write it
	FAULT_WAY,	 // ... or may put another file in its place
	FAULT_UNLOCKED,	 // its process holds no lock on it
	FAULT_UNSEEN,	 // we may not see whether its process holds a lock
	FAULT_STALE,	 // its process started after it was written
	FAULT_OLD_BOOT,	 // it was written before this boot
	FAULT_KTHREAD,	 // its process is a kernel thread
	FAULT_NO_PROC,	 // its age cannot be judged without the /proc of our pid namespace
	FAULT_HIDDEN,	 // /proc hides its process from us
	// plus an errno: see fault_of_file
	FAULT_FILE = 8192,
};

// The error of a system call on a file that the user named, apart from the same error about a
// process: a stale file (ESTALE) does not mean that a process is gone. The errno itself if it means
// the same about both; other results stay as they are.
int fault_of_file(int result);

// The text for the error, without the target: "no such process".
const char *target_problem(int error);

// Whether the error means that the process is gone. That is an outcome, not a failure: a wait for
// it succeeds.
bool target_is_gone(int error);

// Whether the error means that there is no process: it is gone, or there is no such file or socket.
bool target_is_absent(int error);

// The exit status for the error if there is no other target. EXIT_NONE: the process is gone, or a
// correctly written target names no process (a descriptor that is not open, a pidfile that does not
// exist). EXIT_USAGE: it can be understood in several ways, and nothing must be done. EXIT_SYSTEM:
// the system cannot find out which process it is.
enum exit_status target_status(int error);
