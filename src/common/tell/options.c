// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/duration.h"
#include "base/number.h"
#include "base/signame.h"
#include "tell/help.h"
#include "tell/memory.h"
#include "tell/message.h"
#include "tell/options.h"
#include "tell/version.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum {
	FIRST_KEY = 0x100, // getopt's value for row 0; below this are letters
	// Processes have no numbers below this, except those of the boot (RESERVED_PIDS of the
	// kernel) and in small containers.
	RESERVED_PIDS = 300,
};

static option_call print_help;

static const struct option_row common_rows[] = {
	{'h', "help", NULL, "print this help", ~0u, OPTION_CALL(print_help)},
	{'V', "version", NULL, "print the version and what this kernel offers", ~0u,
		OPTION_CALL(cli_version)},
};

enum { COMMON_ROWS = sizeof(common_rows) / sizeof(*common_rows) };

// The rows of this program, followed by those that every program has.
static void collect(struct cli_parser *parser)
{
	const struct cli *cli = parser->cli;

	for (size_t i = 0; i < cli->count + COMMON_ROWS; i++) {
		const struct option_row *row =
			i < cli->count ? &cli->rows[i] : &common_rows[i - cli->count];

		if (!(row->programs & cli->program))
			continue;
		assert(parser->count < OPTION_ROWS);
		parser->rows[parser->count++] = row;
	}
}

// The index of the row with this long name; parser->count if there is none.
static size_t row_named(const struct cli_parser *parser, const char *name)
{
	size_t i = 0;

	while (i < parser->count &&
		!(parser->rows[i]->name && !strcmp(parser->rows[i]->name, name)))
		i++;
	return i;
}

// The index of the row with this letter, or parser->count.
static size_t row_of_letter(const struct cli_parser *parser, int letter)
{
	size_t i = 0;

	while (i < parser->count && parser->rows[i]->letter != letter)
		i++;
	return i;
}

static int arg_kind(const struct option_row *row)
{
	if (!row->arg)
		return no_argument;
	return row->arg[0] == '[' ? optional_argument : required_argument;
}

static void begin(struct cli_parser *parser, const struct cli *cli, int argc, char **argv)
{
	struct option *longs = parser->longs;
	char *shorts = parser->shorts;

	*parser = (struct cli_parser){.cli = cli, .argc = argc, .argv = argv, .inside = -1};
	collect(parser);
	// '-': return operands in their place; ':': report a missing value as such
	*shorts++ = '-';
	*shorts++ = ':';
	for (size_t i = 0; i < parser->count; i++) {
		const struct option_row *row = parser->rows[i];

		if (row->name)
			*longs++ =
				(struct option){row->name, arg_kind(row), NULL, FIRST_KEY + (int)i};
		if (!row->letter)
			continue;
		*shorts++ = row->letter;
		for (int colons = arg_kind(row); colons > 0; colons--)
			*shorts++ = ':';
	}
	// the messages are ours; getopt would print its own
	opterr = 0;
	optind = 1;
}

// Whether each letter of `word` is an option of this program that takes no value, as in -io.
static bool is_cluster(const struct cli_parser *parser, const char *word)
{
	for (; *word; word++) {
		size_t i = row_of_letter(parser, *word);

		if (i == parser->count || arg_kind(parser->rows[i]) != no_argument)
			return false;
	}
	return true;
}

enum dash_word { DASH_OPTIONS, DASH_SIGNAL, DASH_OPERAND };

// Whether the word can only be meant as a signal's name: two capitals or more, then maybe a number,
// as in USR3 or RTMIN+99.
static bool is_like_signal(const char *word)
{
	size_t capitals = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	return capitals > 1 && word[2] && !word[capitals + strspn(word + capitals, "0123456789+-")];
}

// What the text after a single dash means.
static enum dash_word dash_word(const struct cli_parser *parser, const char *word)
{
	const struct cli *cli = parser->cli;
	int sig;

	if (cli->signals == OPTION_SIGNALS_NONE)
		return DASH_OPTIONS;
	if (isdigit((unsigned char)*word)) {
		// after the signal, a number with a dash is a process group, as in kill(1)
		if (cli->signals == OPTION_SIGNALS_GROUPS && parser->signal_seen)
			return DASH_OPERAND;
		// -0 may be an option of the program
		return is_cluster(parser, word) ? DASH_OPTIONS : DASH_SIGNAL;
	}
	if (signame_parse_name(word, &sig) < 0 && is_like_signal(word) && !is_cluster(parser, word))
		message_usage("no signal %s", word);
	if (signame_parse_name(word, &sig) < 0)
		return DASH_OPTIONS;
	// lower-case letters that are all options are read as options; a name in capitals is always
	// a signal
	return islower((unsigned char)*word) && is_cluster(parser, word) ? DASH_OPTIONS
									 : DASH_SIGNAL;
}

static void print_help(void *options, struct cli_parser *parser, const char *text)
{
	(void)options;
	(void)text;
	help_print(parser);
	message_exit(EXIT_DONE);
}

// Whether an argument, before or after --version, is --json.
static bool wants_json(const struct cli_parser *parser)
{
	for (int i = 1; i < parser->argc && strcmp(parser->argv[i], "--") != 0; i++)
		if (!strcmp(parser->argv[i], "--json") || !strcmp(parser->argv[i], "-J"))
			return row_named(parser, "json") < parser->count;
	return false;
}

void cli_version(void *options, struct cli_parser *parser, const char *text)
{
	(void)options;
	(void)text;
	if (wants_json(parser))
		version_json(stdout, parser->cli->versions);
	else
		version_print(stdout, parser->cli->versions, parser->cli->compatible);
	message_exit(EXIT_DONE);
}

// The name of the option of this row in messages.
static const char *name_row(char room[static OPTION_NAME], const struct option_row *row)
{
	if (row->name)
		snprintf(room, OPTION_NAME, "--%s", row->name);
	else
		snprintf(room, OPTION_NAME, "-%c", row->letter);
	return room;
}

// Write into `room` the option that takes the value `value`, which row `i` does not take.
static const char *name_instead(
	char room[static OPTION_LINE], const struct cli_parser *parser, size_t i, const char *value)
{
	const char *name = parser->rows[i]->instead;
	size_t other = row_named(parser, name);
	bool duration = other < parser->count && !strncmp(parser->rows[other]->arg, "DURATION", 8);
	// such an option needs a unit
	bool bare = *value && !value[strspn(value, "0123456789.")];

	snprintf(room, OPTION_LINE, "--%s %.32s%s", name, *value ? value : "DURATION",
		duration && bare ? "s" : "");
	return room;
}

static noreturn void refuse_value(const struct cli_parser *parser, size_t i, const char *value)
{
	char name[OPTION_NAME];
	char instead[OPTION_LINE];

	name_row(name, parser->rows[i]);
	if (parser->rows[i]->instead && value)
		message_usage("%s takes no value: write %s", name,
			name_instead(instead, parser, i, value));
	message_usage("%s takes no value", name);
}

// Report a long option that getopt does not know, or of which it knows several.
static noreturn void refuse_long(const struct cli_parser *parser, const char *word)
{
	size_t len = strcspn(word + 2, "=");
	const char *first = NULL;

	for (size_t i = 0; len && i < parser->count; i++) {
		const char *name = parser->rows[i]->name;

		if (!name || strncmp(name, word + 2, len) != 0)
			continue;
		if (first)
			message_usage("ambiguous option '%s': --%s or --%s", word, first, name);
		first = name;
	}
	message_usage("unknown option '%s'", word);
}

// Report the mistake in the option at which getopt stopped, in the argument `word`.
static noreturn void refuse(const struct cli_parser *parser, const char *word, bool lacks_value)
{
	bool is_long = !strncmp(word, "--", 2);

	if (lacks_value && is_long)
		message_usage("%s needs a value", word);
	if (lacks_value)
		message_usage("-%c needs a value", optopt);
	// if a long option is known, getopt leaves its key in optopt
	if (is_long && optopt >= FIRST_KEY)
		refuse_value(parser, (size_t)(optopt - FIRST_KEY),
			strchr(word, '=') ? strchr(word, '=') + 1 : NULL);
	if (is_long)
		refuse_long(parser, word);
	if (word[1] && !word[2])
		message_usage("unknown option '%s'", word);
	size_t i = row_of_letter(parser, word[1]);
	if (i < parser->count && parser->rows[i]->instead && isdigit((unsigned char)word[2]))
		refuse_value(parser, i, word + 2);
	if (parser->cli->signals != OPTION_SIGNALS_NONE)
		message_usage("unknown option or signal '%s'", word);
	message_usage("unknown option '-%c' in '%s'", optopt, word);
}

// Whether it looks like the value of an option such as --wait that takes none.
static bool is_doubtful(const char *text)
{
	uint64_t number;

	// no process of the system has such a low PID
	return !number_parse(text, RESERVED_PIDS - 1, &number) || duration_has_unit(text);
}

// "--wait 5 4711": whether 5 is a duration or a process is not clear.
static void check_doubt(const struct cli_parser *parser)
{
	const char *word = parser->doubtful;
	char instead[OPTION_LINE];
	char name[OPTION_NAME];

	if (!word || parser->operands < 2)
		return;
	name_row(name, parser->rows[parser->doubted]);
	message_usage("'%s' after %s: write %s, or %s -- %s if it is an operand", word, name,
		name_instead(instead, parser, parser->doubted, word), name, word);
}

static void take_operand(struct cli_parser *parser, void *options, const char *text)
{
	parser->operands++;
	if (parser->doubting && is_doubtful(text))
		parser->doubtful = text;
	parser->doubting = false;
	check_doubt(parser);
	parser->cli->operand(options, parser, text);
}

// Apply row `i` with this value.
static void take(struct cli_parser *parser, void *options, size_t i, const char *text)
{
	const struct option_row *row = parser->rows[i];
	void *field = (char *)options + row->at;

	if (parser->given[i] && row->tags & OPTION_TAG_ONCE)
		message_usage("%s is given twice", parser->name);
	// a signal that replaced another one in silence could be the wrong one
	if (row->tags & parser->tags & OPTION_TAG_SIGNAL)
		message_usage("a second signal, '%s': there can be one%s", text,
			parser->cli->signals == OPTION_SIGNALS_NONE ? ""
								    : ", --timeout adds others");
	parser->given[i] = true;
	parser->tags |= row->tags;
	parser->doubting = row->instead;
	if (row->instead)
		parser->doubted = i;
	if (row->call)
		row->call(options, parser, text);
	else if (row->read)
		row->read(field, parser->name, text);
	else
		*(bool *)field = true;
}

// Handle the next argument if it is -SIGNAL or an operand with a dash (-PGID).
static bool take_dash_word(struct cli_parser *parser, void *options)
{
	const char *word = parser->argv[optind];

	if (!word || optind == parser->inside || word[0] != '-' || !word[1] || word[1] == '-')
		return false;
	switch (dash_word(parser, word + 1)) {
	case DASH_OPTIONS:
		return false;
	case DASH_SIGNAL:
		optind++;
		parser->signal_seen = true;
		strcpy(parser->name, "-SIGNAL");
		take(parser, options, row_named(parser, "signal"), word + 1);
		return true;
	case DASH_OPERAND:
		optind++;
		take_operand(parser, options, word);
		return true;
	}
	return false;
}

// The only option of cli->peer that begins with the `len` bytes of `name`; NULL: none, or several.
static const char *peer_option(const struct cli *cli, const char *name, size_t len)
{
	const char *found = NULL;

	for (const char *at = cli->peer; at && *at; at += strcspn(at, " "), at += *at == ' ') {
		if (strncmp(at, name, len) != 0)
			continue;
		if (found)
			return NULL;
		found = at;
	}
	return found;
}

// If the next argument is the beginning of an option of the program that this one replaces, write
// it in full. getopt would find it ambiguous where options of ours begin like it.
static void complete_name(struct cli_parser *parser)
{
	const char *word = parser->argv[optind];
	char name[OPTION_NAME];
	char *full;

	if (!word || optind == parser->inside || strncmp(word, "--", 2) != 0 || !word[2])
		return;
	size_t len = strcspn(word + 2, "=");
	snprintf(name, sizeof(name), "%.*s", len < sizeof(name) ? (int)len : 0, word + 2);
	const char *found = *name ? peer_option(parser->cli, name, len) : NULL;
	if (!found || row_named(parser, name) < parser->count)
		return;
	if (asprintf(&full, "--%.*s%s", (int)strcspn(found, " "), found, word + 2 + len) < 0)
		memory_checked(NULL);
	parser->argv[optind] = full;
}

// Handle the next argument or letter with getopt. False at the end of the options.
static bool take_next(struct cli_parser *parser, void *options)
{
	int at = optind;

	complete_name(parser);
	int key = getopt_long(parser->argc, parser->argv, parser->shorts, parser->longs, NULL);

	// if optind did not move, getopt is inside a group of letters
	parser->inside = optind == at ? at : -1;
	switch (key) {
	case -1:
		return false;
	case 1:
		take_operand(parser, options, optarg);
		return true;
	case ':':
	case '?':
		refuse(parser, parser->argv[at], key == ':');
	}
	size_t i = key < FIRST_KEY ? row_of_letter(parser, key) : (size_t)(key - FIRST_KEY);
	name_row(parser->name, parser->rows[i]);
	parser->signal_seen |= parser->rows[i]->tags & OPTION_TAG_SIGNAL;
	take(parser, options, i, optarg);
	return true;
}

// Whether the name `name` from a list of option names means this row.
static bool is_listed(const struct option_row *row, const char *name, size_t len)
{
	if (*name == '*')
		return true;
	const char *own = row->as ? row->as : row->name;
	return own && !strncmp(own, name, len) && !own[len];
}

// Report options that cannot be combined, or that need another one that is missing.
static void check_row(const struct cli_parser *parser, const struct option_row *row)
{
	char one[OPTION_NAME];
	char other[OPTION_NAME];

	name_row(one, row);
	for (const char *name = row->without; name && *name;) {
		size_t len = strcspn(name, " ");

		for (size_t i = 0; i < parser->count; i++)
			if (parser->given[i] && parser->rows[i] != row &&
				is_listed(parser->rows[i], name, len)) {
				if (row->clash)
					message_usage("%s", row->clash);
				message_usage("%s and %s cannot be combined", one,
					name_row(other, parser->rows[i]));
			}
		name += len + (name[len] == ' ');
	}
	if (row->needs && !cli_given(parser, row->needs))
		message_usage("%s needs --%s", one, row->needs);
	if (row->group == OPTION_COMMAND && !parser->command)
		message_usage("%s needs a COMMAND after --", one);
}

void cli_parse(
	struct cli_parser *parser, const struct cli *cli, int argc, char **argv, void *options)
{
	begin(parser, cli, argc, argv);
	while (take_dash_word(parser, options) || take_next(parser, options))
		;
	bool dashes = optind > 1 && !strcmp(argv[optind - 1], "--");
	parser->doubting &= !dashes;
	if (dashes && cli->command)
		parser->command = argv + optind;
	else
		for (int i = optind; i < argc; i++)
			take_operand(parser, options, argv[i]);
	for (size_t i = 0; i < parser->count; i++)
		if (parser->given[i])
			check_row(parser, parser->rows[i]);
}

bool cli_given(const struct cli_parser *parser, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < parser->count; i++)
		if (parser->given[i] && is_listed(parser->rows[i], name, len))
			return true;
	return false;
}

const char *cli_second_value(struct cli_parser *parser, const char *what)
{
	if (optind >= parser->argc)
		message_usage("%s needs %s as its second value", parser->name, what);
	parser->inside = -1;
	return parser->argv[optind++];
}
