// SPDX-License-Identifier: GPL-2.0-or-later
// exits.h: the exit statuses of every program.
#pragma once

// One meaning per status, in every program.
enum exit_status {
	EXIT_DONE = 0,	   // everything asked for was done
	EXIT_NONE = 1,	   // nothing matched, all targets gone, or it could not be done to any
	EXIT_USAGE = 2,	   // the command line is wrong; no process was signalled
	EXIT_SYSTEM = 3,   // the system cannot: kernel, permission to resolve, memory, lost output
	EXIT_PARTIAL = 64, // done to some of several targets
	EXIT_DEADLINE = 124,   // the deadline passed with survivors
	EXIT_CANNOT_RUN = 126, // the command was found but could not be run
	EXIT_NOT_FOUND = 127,  // the command was not found
};
