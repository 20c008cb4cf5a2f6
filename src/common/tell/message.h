// SPDX-License-Identifier: GPL-2.0-or-later
// message.h: what the programs say to people, and the way out.
//
// Messages go to standard error as "PROGRAM: TARGET: reason", one line each; PROGRAM is the
// name the program was called by. Control bytes in them are escaped.
#pragma once

#include "base/exits.h"

#include <stdnoreturn.h>

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

enum {
	MESSAGE_PROGRAM = 256, // room for the name of the program
};

// Write the name the program was called by into buf, without its folder, escaped: whoever starts
// us chooses it. Returns buf.
const char *message_program(char buf[static MESSAGE_PROGRAM]);
