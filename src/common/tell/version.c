// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/support.h"
#include "tell/json.h"
#include "tell/message.h"
#include "tell/version.h"

void version_print(FILE *out, const char *libraries, const char *compatible)
{
	struct support_row rows[SUPPORT_ROWS];
	char program[MESSAGE_PROGRAM];

	fprintf(out, "%s (%s) %s\n", message_program(program), PACKAGE_NAME, PACKAGE_VERSION);
	if (libraries)
		fprintf(out, "with %s\n", libraries);
	// scripts look for "pkill from procps-ng"
	if (compatible)
		fprintf(out, "compatible with %s: for scripts it is %s from %s\n", compatible,
			message_program(program), compatible);
	fprintf(out, "License GPL-2.0-or-later; there is no warranty, to the extent permitted by "
		     "law.\nThis kernel:\n");
	support_table(rows);
	for (size_t i = 0; i < SUPPORT_ROWS; i++)
		fprintf(out, "  %-33s %-4s (Linux %s)\n", rows[i].what,
			rows[i].found ? "yes" : "no", rows[i].since);
}

void version_json(FILE *out, const char *libraries)
{
	struct support_row rows[SUPPORT_ROWS];
	char program[MESSAGE_PROGRAM];
	struct json j = json_begin(out);

	json_text(&j, "program", message_program(program));
	json_text(&j, "version", PACKAGE_VERSION);
	json_text(&j, "libraries", libraries);
	support_table(rows);
	for (size_t i = 0; i < SUPPORT_ROWS; i++)
		json_bool(&j, rows[i].key, rows[i].found);
	json_end(&j);
}
