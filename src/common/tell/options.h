// SPDX-License-Identifier: GPL-2.0-or-later
// options.h: one table per program defines all its options.
//
// A row contains the letter and the name of an option, its line in --help, where its value is
// stored and which options it cannot be combined with. Arguments are read in their order, and
// operands may stand between options. So -SIGNAL is recognised only where an option can stand,
// never inside the value of an option and never after "--".
#pragma once

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	OPTION_ROWS = 96, // the maximum number of rows in a table
	OPTION_NAME = 32, // room for a name with its dashes
	OPTION_LINE = 80, // room for a name and a short value
};

struct cli_parser;

// Reads `text`, the value of the option called `name` in messages, into a field of the program's
// options. Exits through message_usage if it is wrong (optvalue.h has the readers that programs
// share).
typedef void option_read(void *field, const char *name, const char *text);

// Does what an option needs beyond setting one field. `options` is the argument of cli_parse,
// parser->name the name of the option in messages.
typedef void option_call(void *options, struct cli_parser *parser, const char *text);

// The groups of options in --help, in their order there.
enum option_group {
	OPTION_OTHER,
	OPTION_PATTERN,
	OPTION_CRITERIA,
	OPTION_SIGNALS,
	OPTION_WAITING,
	OPTION_TARGETS,
	OPTION_COMMAND,
	OPTION_OUTPUT,
	OPTION_GROUPS, // how many there are
};

struct option_row {
	char letter;	   // 0: none
	const char *name;  // the long name, or NULL
	const char *arg;   // the name of its value; NULL: takes none; "[=X]": optional
	const char *help;  // one sentence; --help wraps it
	unsigned programs; // bits of the programs that have this option
	// where --help lists it; one of OPTION_COMMAND needs a COMMAND
	enum option_group group;

	// how it is stored: OPTION_FLAG, OPTION_VALUE or OPTION_CALL
	size_t at;
	option_read *read;
	option_call *call;

	// long names, separated by spaces, of options that it cannot be combined with; "*": no
	// other option
	const char *without;
	const char *clash; // the message then, instead of the usual one
	const char *needs; // the long name of an option that it requires
	const char *as;	   // the long name of an option of which it is another name
	// of an option without a value: the long name of the one that takes what may be meant as
	// its value
	const char *instead;
	unsigned tags; // OPTION_TAG_SIGNAL and the program's own
};

enum {
	// it names the signal: there can be one, and a number with a dash after it is not another
	OPTION_TAG_SIGNAL = 1 << 0,
	// it is a mistake to give it twice: the first process, file or number would be dropped in
	// silence
	OPTION_TAG_ONCE = 1 << 1,
	OPTION_TAG_OWN = 1 << 2, // the first tag that programs may use
};

// The offset of `field` in `host`. Does not compile if the field is not of type `type`.
#define OPTION_AT(host, type, field) \
	(offsetof(host, field) + 0 * sizeof((type *)NULL == &((host *)NULL)->field))

// How an option is stored: true in a bool; its value in a field of this type, read by `reader`; or
// by a call of `function`.
#define OPTION_FLAG(host, field)		.at = OPTION_AT(host, bool, field)
#define OPTION_VALUE(host, type, field, reader) .at = OPTION_AT(host, type, field), .read = (reader)
#define OPTION_CALL(function)			.call = (function)

// How an argument is read that is a dash and a number or signal name.
enum option_signals {
	OPTION_SIGNALS_NONE,   // as option letters, like any other
	OPTION_SIGNALS_TAKEN,  // as the value of --signal
	OPTION_SIGNALS_GROUPS, // the same, but only once; numbers after that are operands (-PGID)
};

struct cli {
	const char *usage;	// the synopsis, one line per form, without the program's name
	const char *purpose;	// one or two sentences
	const char *footer;	// text below the options, e.g. the exit statuses
	const char *compatible; // the release of the program that it can stand for, or NULL
	// the long options, separated by spaces, of the program that it replaces: a beginning that
	// fits exactly one of them means that one, whatever other options there are; or NULL
	const char *peer;
	const char *versions; // of the libraries, for --version; or NULL
	const struct option_row *rows;
	size_t count;
	unsigned program; // the bit of this program
	enum option_signals signals;
	option_call *operand; // called for each operand, in the order of the command line
	bool command;	      // the arguments after "--" are a command, not operands
};

struct cli_parser {
	char name[OPTION_NAME]; // the name, in messages, of the option being read
	unsigned tags;		// of all options that were given
	char **command;		// with cli.command: the arguments after "--", or NULL

	// the rest is private to the parser
	const struct cli *cli;
	int argc;
	char **argv;
	bool signal_seen;
	size_t operands; // how many were read
	// a number directly behind an option with `instead`, and the index of that option; or NULL
	const char *doubtful;
	size_t doubted;
	bool doubting; // the argument before was such an option
	int inside;    // index of the argument that getopt is inside of, or -1
	const struct option_row *rows[OPTION_ROWS]; // of this program
	size_t count;
	bool given[OPTION_ROWS]; // whether the option of this row was given
	struct option longs[OPTION_ROWS + 1];
	char shorts[3 * OPTION_ROWS + 3];
};

// Read the command line: store every option in `options`, pass every operand to cli->operand, then
// check for options that cannot be combined. --help and --version print and exit; a mistake is
// reported by message_usage, which exits. `parser` borrows cli and argv, and stays valid for
// cli_given.
void cli_parse(
	struct cli_parser *parser, const struct cli *cli, int argc, char **argv, void *options);

// Whether the option with this long name was given.
bool cli_given(const struct cli_parser *parser, const char *name);

// What --version does, for a program that has a second option for it. Exits.
option_call cli_version;

// Take the next argument as a further value of the option being read, for an option with two
// values. If there is none, exits with a usage message that names it.
const char *cli_second_value(struct cli_parser *parser, const char *what);
