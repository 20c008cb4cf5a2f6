// SPDX-License-Identifier: GPL-2.0-or-later
// exits.h: the exit statuses of every program.
#pragma once

// A status means the same in every program.
enum exit_status {
	EXIT_DONE = 0, // everything that was asked for was done
	// nothing matched, all targets are gone, or nothing could be done to any of them
	EXIT_NONE = 1,
	EXIT_USAGE = 2,	   // the command line is wrong; no process was signalled
	EXIT_SYSTEM = 3,   // the system failed: kernel, permission to resolve, memory, lost output
	EXIT_PARTIAL = 64, // done to some of the targets only
	EXIT_DEADLINE = 124,   // the deadline passed and processes remain
	EXIT_CANNOT_RUN = 126, // the command was found but could not be run
	EXIT_NOT_FOUND = 127,  // the command was not found
};
