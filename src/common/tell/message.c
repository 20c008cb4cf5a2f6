// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/escape.h"
#include "base/holdoff.h"
#include "mode/mode.h"
#include "run/relay.h"
#include "tell/colour.h"
#include "tell/message.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	TEXT_ROOM = 2048,
	// the name of the program twice, a target, and the text, which grows where it is escaped
	LINE_ROOM = 5120,
};

const char *message_program(char buf[static MESSAGE_PROGRAM])
{
	const char *name = program_invocation_short_name;

	return escape_format(buf, MESSAGE_PROGRAM, name, strlen(name));
}

// Each message is one write, so that messages of several processes never mix within a line.
__attribute__((format(printf, 3, 0))) static void say(
	bool alert, const char *target, const char *format, va_list args, const char *tail)
{
	bool colour = alert && colour_possible(stderr);
	const char *end = colour_end(colour);
	char program[MESSAGE_PROGRAM];
	char text[TEXT_ROOM];
	char line[LINE_ROOM];

	// earlier output must appear before the message
	fflush(stdout);
	vsnprintf(text, sizeof(text), format, args);
	char *at = stpcpy(stpcpy(line, message_program(program)), ": ");
	if (target) {
		escape_format(at, TEXT_ROOM, target, strlen(target));
		at = stpcpy(at + strlen(at), ": ");
	}
	at = stpcpy(at, colour_begin(colour, COLOUR_ALERT));
	size_t room = (size_t)(line + sizeof(line) - at) - strlen(tail) - strlen(end) - 1;
	escape_format(at, room, text, strlen(text));
	stpcpy(stpcpy(stpcpy(at + strlen(at), tail), end), "\n");
	fputs(line, stderr);
	fflush(stderr);
}

void message(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(false, NULL, format, args, "");
	va_end(args);
}

void message_about(const char *target, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(false, target, format, args, "");
	va_end(args);
}

void message_alert(const char *target, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(true, target, format, args, "");
	va_end(args);
}

int message_status(enum exit_status status)
{
	bool waitpid = program_mode == MODE_WAITPID;

	if (status == EXIT_USAGE && (waitpid || program_mode == MODE_KILL))
		return 1;
	if (status == EXIT_SYSTEM && waitpid)
		return 2;
	if (status == EXIT_DEADLINE && waitpid)
		return 3;
	return (int)status;
}

void message_die(enum exit_status status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(false, NULL, format, args, "");
	va_end(args);
	message_exit(message_status(status));
}

void message_usage(const char *format, ...)
{
	va_list args;
	char program[MESSAGE_PROGRAM];
	char tail[MESSAGE_PROGRAM + 32];

	snprintf(tail, sizeof(tail), " (see '%s --help')", message_program(program));
	va_start(args, format);
	say(false, NULL, format, args, tail);
	va_end(args);
	message_exit(message_status(EXIT_USAGE));
}

static noreturn void lost_output(int error)
{
	const char *why = error ? strerror(error) : "a write failed before";
	char program[MESSAGE_PROGRAM];

	// the work is done, so end as any program does whose reader is gone
	if (error == EPIPE && holdoff_survived_pipe())
		relay_die_of(SIGPIPE);

	fprintf(stderr, "%s: write error: %s\n", message_program(program), why);
	// util-linux's waitpid: 2 is a kernel that lacks something
	_exit(program_mode == MODE_WAITPID ? EXIT_NONE : EXIT_SYSTEM);
}

void message_exit(int status)
{
	bool failed = ferror(stdout) != 0;

	// a stream does not keep the reason why a write failed; what stopped that write stops
	// another one, too (not a newline, at which a terminal's stream would write at once)
	if (failed && !__fpending(stdout))
		putchar(' ');
	bool pending = __fpending(stdout) != 0;
	int error = fclose(stdout) ? errno : 0;
	// a program that printed nothing may run with standard output closed
	if (failed || (error && (error != EBADF || pending)))
		lost_output(error);
	exit(status);
}
