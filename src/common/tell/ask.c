// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/escape.h"
#include "tell/ask.h"
#include "tell/message.h"

#include <langinfo.h>
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The same as rpmatch(3), which not every C library has.
static bool is_yes(const char *answer)
{
	regex_t yes;

	if (regcomp(&yes, nl_langinfo(YESEXPR), REG_EXTENDED | REG_NOSUB) != 0)
		return *answer == 'y' || *answer == 'Y';
	bool fits = !regexec(&yes, answer, 0, NULL, 0);
	regfree(&yes);
	return fits;
}

enum answer ask(const char *format, ...)
{
	FILE *terminal = fopen("/dev/tty", "r+e");
	FILE *in = terminal ? terminal : stdin;
	FILE *out = terminal ? terminal : stderr;
	char text[1024];
	char program[MESSAGE_PROGRAM];
	char *answer = NULL;
	size_t room = 0;
	va_list args;

	fflush(stdout);
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fprintf(out, "%s: %s ", message_program(program), text);
	fflush(out);
	// C requires a seek between writing and reading on the same stream
	if (terminal)
		fseek(terminal, 0, SEEK_CUR);
	bool read = getline(&answer, &room, in) > 0;
	enum answer said = !read ? ANSWER_END : is_yes(answer) ? ANSWER_YES : ANSWER_NO;
	free(answer);
	// the cursor is still behind the question
	if (!read)
		fputc('\n', out);
	if (terminal)
		fclose(terminal);
	return said;
}
