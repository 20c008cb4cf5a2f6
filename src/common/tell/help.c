// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "tell/colour.h"
#include "tell/help.h"
#include "tell/message.h"

#include <stdio.h>
#include <string.h>

enum {
	COLUMN = 28,
	WIDTH = 80,
};

static void print_usage(const struct cli *cli)
{
	const char *line = cli->usage;
	const char *lead = "Usage:";
	bool colour = colour_possible(stdout);
	char program[MESSAGE_PROGRAM];

	while (*line) {
		size_t len = strcspn(line, "\n");

		printf("%s%s%s %s %.*s\n", colour_begin(colour, COLOUR_TITLE), lead,
			colour_end(colour), message_program(program), (int)len, line);
		line += len + (line[len] == '\n');
		lead = "      ";
		colour = false;
	}
}

// How much of `text` fits in a line of this width: all, or up to a space.
static size_t line_of(const char *text, size_t width)
{
	size_t len = strlen(text);

	if (len <= width)
		return len;
	for (len = width; len > 0 && text[len] != ' '; len--)
		;
	return len > 0 ? len : strcspn(text, " ");
}

static void print_row(const struct option_row *row)
{
	char left[80];
	int used = snprintf(left, sizeof(left), row->letter ? "  -%c" : "    ", row->letter);
	size_t at = (size_t)used;

	if (row->name)
		at += (size_t)snprintf(left + at, sizeof(left) - at, "%s--%s",
			row->letter ? ", " : "  ", row->name);
	if (row->arg)
		at += (size_t)snprintf(left + at, sizeof(left) - at, "%s%s",
			row->arg[0] == '[' ? "" : " ", row->arg);
	printf("%s", left);
	if (at + 2 > COLUMN) {
		printf("\n");
		at = 0;
	}
	for (const char *help = row->help; *help; at = 0) {
		size_t len = line_of(help, WIDTH - COLUMN);

		printf("%*s%.*s\n", COLUMN - (int)at, "", (int)len, help);
		help += len + (help[len] == ' ');
	}
}

static void print_group(const struct cli_parser *parser, enum option_group group)
{
	static const char *const headings[OPTION_GROUPS] = {
		[OPTION_OTHER] = "Other options",
		[OPTION_PATTERN] = "Pattern",
		[OPTION_CRITERIA] = "Criteria",
		[OPTION_SIGNALS] = "Signals",
		[OPTION_WAITING] = "Waiting",
		[OPTION_TARGETS] = "Targets",
		[OPTION_COMMAND] = "Command",
		[OPTION_OUTPUT] = "Output",
	};
	const char *heading = headings[group];
	bool colour = colour_possible(stdout);

	for (size_t i = 0; i < parser->count; i++)
		if (parser->rows[i]->group == group) {
			if (heading)
				printf("\n%s%s:%s\n", colour_begin(colour, COLOUR_TITLE), heading,
					colour_end(colour));
			heading = NULL;
			print_row(parser->rows[i]);
		}
}

void help_print(const struct cli_parser *parser)
{
	const struct cli *cli = parser->cli;

	print_usage(cli);
	printf("\n%s\n", cli->purpose);
	for (enum option_group group = OPTION_OTHER + 1; group < OPTION_GROUPS; group++)
		print_group(parser, group);
	print_group(parser, OPTION_OTHER);
	if (cli->footer)
		printf("\n%s\n", cli->footer);
}
