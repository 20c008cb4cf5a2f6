// SPDX-License-Identifier: GPL-2.0-or-later
// message.h: the messages of the programs, and their exit.
//
// Messages go to standard error as "PROGRAM: TARGET: reason", one line each. PROGRAM is the name by
// which the program was called. Control bytes are escaped.
#pragma once

#include "base/exits.h"

#include <stdnoreturn.h>

// Print "PROGRAM: TEXT". The caller adds ": %s" with strerror if it needs that.
__attribute__((format(printf, 1, 2))) void message(const char *format, ...);

// Print "PROGRAM: TARGET: TEXT", where TARGET is the user's text for a target.
__attribute__((format(printf, 2, 3))) void message_about(
	const char *target, const char *format, ...);

// The same about something that is no error, but needs attention: yellow, if colours are possible
// there (tell/colour.h).
__attribute__((format(printf, 2, 3))) void message_alert(
	const char *target, const char *format, ...);

// Print a message and exit with message_status(status).
__attribute__((format(printf, 2, 3))) noreturn void message_die(
	enum exit_status status, const char *format, ...);

// The number of a status in this program: kill and waitpid have those of util-linux, where a
// mistake in the command line is 1, and in waitpid a failure of the system 2 and the deadline 3.
// (Lost output is 1 in waitpid.)
int message_status(enum exit_status status);

// A mistake in the command line: print a message that points to --help, and exit with EXIT_USAGE.
__attribute__((format(printf, 1, 2))) noreturn void message_usage(const char *format, ...);

// Exit with `status`, or with EXIT_SYSTEM and a message if output was lost (full disk, closed
// descriptor). This is the last step of every program.
noreturn void message_exit(int status);

enum {
	MESSAGE_PROGRAM = 256, // room for the name of the program
};

// Write the name by which the program was called into buf, without its folder, and escaped, because
// the process that starts us chooses it. Returns buf.
const char *message_program(char buf[static MESSAGE_PROGRAM]);
