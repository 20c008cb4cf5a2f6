// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/signame.h"
#include "handle/support.h"
#include "tell/message.h"
#include "tell/options.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { HELP_COLUMN = 28, HELP_ROOM = 16384 };

static const struct option_row common_rows[] = {
	{'h', "help", NULL, "print this help", ~0u},
	{'V', "version", NULL, "print the version and what this kernel offers", ~0u},
};

enum { COMMON_ROWS = sizeof(common_rows) / sizeof(*common_rows) };

// The table and the two rows that every program has, as one list of this program's rows.
static const struct option_row *row_at(const struct cli *cli, size_t i)
{
	const struct option_row *row =
		i < cli->count ? &cli->rows[i] : &common_rows[i - cli->count];

	return row->programs & cli->program ? row : NULL;
}

static size_t row_count(const struct cli *cli)
{
	return cli->count + COMMON_ROWS;
}

static int arg_kind(const struct option_row *row)
{
	if (!row->arg)
		return no_argument;
	return row->arg[0] == '[' ? optional_argument : required_argument;
}

static bool has_letter(const struct option_row *row)
{
	return row->key < OPTION_SIGNAL;
}

void cli_begin(struct cli_parser *parser, const struct cli *cli, int argc, char **argv)
{
	struct option *longs = parser->longs;
	char *shorts = parser->shorts;

	assert(row_count(cli) <= OPTION_ROWS);
	*parser = (struct cli_parser){
		.cli = cli, .argc = argc, .argv = argv, .rest = argv + argc, .inside = -1};
	// operands in their place ('-'), a missing value told apart (':')
	*shorts++ = '-';
	*shorts++ = ':';
	for (size_t i = 0; i < row_count(cli); i++) {
		const struct option_row *row = row_at(cli, i);

		if (!row)
			continue;
		if (row->name)
			*longs++ = (struct option){row->name, arg_kind(row), NULL, row->key};
		if (!has_letter(row))
			continue;
		*shorts++ = (char)row->key;
		for (int colons = arg_kind(row); colons > 0; colons--)
			*shorts++ = ':';
	}
	opterr = 0;
	optind = 1;
}

// Whether all letters of `word` are options of this program that take no value, as in -io.
static bool is_cluster(const struct cli *cli, const char *word)
{
	for (; *word; word++) {
		bool known = false;

		for (size_t i = 0; i < row_count(cli) && !known; i++) {
			const struct option_row *row = row_at(cli, i);

			known = row && row->key == *word && arg_kind(row) == no_argument;
		}
		if (!known)
			return false;
	}
	return true;
}

// What the word behind a single dash is: a signal, an operand (-PGID), or options (0).
static int dash_word(const struct cli_parser *parser, const char *word)
{
	const struct cli *cli = parser->cli;
	int sig;

	if (cli->signals == OPTION_SIGNALS_NONE)
		return 0;
	if (isdigit((unsigned char)*word)) {
		if (cli->signals == OPTION_SIGNALS_GROUPS && parser->signal_seen)
			return OPTION_OPERAND;
		// -0 may be an option of the program
		return is_cluster(cli, word) ? 0 : OPTION_SIGNAL;
	}
	if (signame_parse_name(word, &sig) < 0)
		return 0;
	// small letters that are all options are options; a capital name is always a signal
	return islower((unsigned char)*word) && is_cluster(cli, word) ? 0 : OPTION_SIGNAL;
}

static void print_usage(const struct cli *cli)
{
	const char *line = cli->usage;
	const char *lead = "Usage:";

	while (*line) {
		size_t len = strcspn(line, "\n");

		printf("%s %s %.*s\n", lead, message_program(), (int)len, line);
		line += len + (line[len] == '\n');
		lead = "      ";
	}
}

static void print_row(const struct option_row *row)
{
	char left[80];
	int used = snprintf(left, sizeof(left), has_letter(row) ? "  -%c" : "    ", row->key);
	size_t at = (size_t)used;

	if (row->name)
		at += (size_t)snprintf(left + at, sizeof(left) - at, "%s--%s",
			has_letter(row) ? ", " : "  ", row->name);
	if (row->arg)
		at += (size_t)snprintf(left + at, sizeof(left) - at, "%s%s",
			row->arg[0] == '[' ? "" : " ", row->arg);
	printf("%s", left);
	if (at + 2 > HELP_COLUMN) {
		printf("\n");
		at = 0;
	}
	for (const char *help = row->help; *help;) {
		size_t len = strcspn(help, "\n");

		printf("%*s%.*s\n", HELP_COLUMN - (int)at, "", (int)len, help);
		help += len + (help[len] == '\n');
		at = 0;
	}
}

static noreturn void print_help(const struct cli *cli)
{
	char room[HELP_ROOM];

	// in one piece, so that when it is lost the reason is known
	setvbuf(stdout, room, _IOFBF, sizeof(room));
	print_usage(cli);
	printf("\n%s\n\nOptions:\n", cli->purpose);
	for (size_t i = 0; i < row_count(cli); i++)
		if (row_at(cli, i))
			print_row(row_at(cli, i));
	if (cli->footer)
		printf("\n%s\n", cli->footer);
	message_exit(EXIT_DONE);
}

void cli_version(const struct cli *cli)
{
	printf("%s (%s) %s\n", message_program(), PACKAGE_NAME, PACKAGE_VERSION);
	if (cli->versions)
		printf("with %s\n", cli->versions);
	printf("License GPL-2.0-or-later; there is no warranty, to the extent permitted by law.\n");
	support_print(stdout);
	message_exit(EXIT_DONE);
}

// Say what is wrong with the option that getopt stopped at, in the word `word`.
static noreturn void refuse(const struct cli *cli, const char *word, bool lacks_value)
{
	bool is_long = !strncmp(word, "--", 2);

	if (lacks_value && is_long)
		message_usage("%s needs a value", word);
	if (lacks_value)
		message_usage("-%c needs a value", optopt);
	// for a long option that was known, getopt leaves its key
	for (size_t i = 0; is_long && optopt && i < row_count(cli); i++)
		if (row_at(cli, i) && row_at(cli, i)->key == optopt)
			message_usage("--%s takes no value", row_at(cli, i)->name);
	if (is_long)
		message_usage("unknown or ambiguous option '%s'", word);
	if (word[1] && !word[2])
		message_usage("unknown option '%s'", word);
	if (cli->signals != OPTION_SIGNALS_NONE)
		message_usage("unknown option or signal '%s'", word);
	message_usage("unknown option '-%c' in '%s'", optopt, word);
}

int cli_next(struct cli_parser *parser)
{
	const struct cli *cli = parser->cli;
	int at = optind;

	parser->arg = NULL;
	if (at < parser->argc && at != parser->inside && parser->argv[at][0] == '-' &&
		parser->argv[at][1] && parser->argv[at][1] != '-') {
		int key = dash_word(parser, parser->argv[at] + 1);

		if (key) {
			optind++;
			parser->arg = parser->argv[at] + (key == OPTION_SIGNAL);
			parser->signal_seen = true;
			return key;
		}
	}

	int key = getopt_long(parser->argc, parser->argv, parser->shorts, parser->longs, NULL);
	parser->inside = optind == at ? at : -1;
	switch (key) {
	case -1:
		parser->rest = parser->argv + optind;
		parser->rest_count = parser->argc - optind;
		parser->dashes = optind > 1 && !strcmp(parser->argv[optind - 1], "--");
		return OPTION_END;
	case ':':
	case '?':
		refuse(cli, parser->argv[at], key == ':');
	case 'h':
		print_help(cli);
	case 'V':
		cli_version(cli);
	default:
		parser->arg = optarg;
		return key;
	}
}

const char *cli_second_value(struct cli_parser *parser, const char *option, const char *what)
{
	if (optind >= parser->argc)
		message_usage("%s needs %s as its second value", option, what);
	parser->inside = -1;
	return parser->argv[optind++];
}
