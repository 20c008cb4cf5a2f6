// SPDX-License-Identifier: GPL-2.0-or-later
// message.h: what the programs say to people, the exit statuses, and the way out.
//
// Messages go to standard error as "PROGRAM: TARGET: reason", one line each; PROGRAM is the
// name the program was called by. Control bytes in them are escaped.
#pragma once

#include <stdnoreturn.h>

// One meaning per status, in every program.
enum exit_status {
	EXIT_DONE = 0,	   // everything asked for was done
	EXIT_NONE = 1,	   // nothing matched, all targets gone, or it could not be done to any
	EXIT_USAGE = 2,	   // the command line is wrong; nobody was signalled
	EXIT_SYSTEM = 3,   // the system cannot: kernel, permission to resolve, memory, lost output
	EXIT_PARTIAL = 64, // done to some of several targets
	EXIT_DEADLINE = 124,   // the deadline passed with survivors
	EXIT_CANNOT_RUN = 126, // the command was found but could not be run
	EXIT_NOT_FOUND = 127,  // the command was not found
};

// Say "PROGRAM: TEXT". A trailing ": %s" of strerror is the caller's to write.
__attribute__((format(printf, 1, 2))) void message(const char *format, ...);

// Say "PROGRAM: TARGET: TEXT" about the user's own word for a target.
__attribute__((format(printf, 2, 3))) void message_about(
	const char *target, const char *format, ...);

// Say it and leave with `status`.
__attribute__((format(printf, 2, 3))) noreturn void message_die(
	enum exit_status status, const char *format, ...);

// A mistake in the command line: say it, point to --help, leave with EXIT_USAGE.
__attribute__((format(printf, 1, 2))) noreturn void message_usage(const char *format, ...);

// Leave with `status`, or with EXIT_SYSTEM and a message when standard output was lost (full
// disk, closed descriptor). Every program's last step.
noreturn void message_exit(int status);

// The name the program was called by, without its folder.
const char *message_program(void);
