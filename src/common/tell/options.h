// SPDX-License-Identifier: GPL-2.0-or-later
// options.h: one table per program is the whole of its options.
//
// A row has the letter and the name of an option, its line of --help, where its value goes and
// what it cannot be combined with. The command line is read in its own order, operands between
// options, so that -SIGNAL is seen only where an option can stand: never inside an option's
// value, never behind "--".
#pragma once

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	OPTION_ROWS = 96, // the most rows a table can have
	OPTION_NAME = 32, // room for a name with its dashes
};

struct cli_parser;

// Reads `text`, the value of the option called `name` in messages, into a field of the program's
// options; leaves by message_usage when it is wrong (optvalue.h has those of several programs).
typedef void option_read(void *field, const char *name, const char *text);

// Does what an option means beyond one field. `options` is what cli_parse was given,
// parser->name how the option is called in messages.
typedef void option_call(void *options, struct cli_parser *parser, const char *text);

struct option_row {
	char letter;	   // 0: none
	const char *name;  // the long name, or NULL
	const char *arg;   // what its value is called; NULL: takes none; "[=X]": may have one
	const char *help;  // one sentence; '\n' continues in the column
	unsigned programs; // bits of the programs that have it

	// where it goes: OPTION_FLAG, OPTION_VALUE or OPTION_CALL
	size_t at;
	option_read *read;
	option_call *call;

	const char *without; // long names, blanks between, of what it cannot be combined with;
			     // "*": no other option
	const char *needs;   // the long name of an option that it makes no sense without
	unsigned tags;	     // OPTION_TAG_SIGNAL and the program's own
};

enum {
	OPTION_TAG_SIGNAL = 1 << 0, // names the signal: a number behind it is no second one
	OPTION_TAG_OWN = 1 << 1,    // the first of the program's own
};

// The offset of `field` in `host`; does not compile when the field is not a `type`.
#define OPTION_AT(host, type, field) \
	(offsetof(host, field) + 0 * sizeof((type *)NULL == &((host *)NULL)->field))

// Where an option goes: true into a bool; its value into a field of this type, by `reader`; or
// whatever `function` does.
#define OPTION_FLAG(host, field)		.at = OPTION_AT(host, bool, field)
#define OPTION_VALUE(host, type, field, reader) .at = OPTION_AT(host, type, field), .read = (reader)
#define OPTION_CALL(function)			.call = (function)

// How a word of a dash and a number or signal name is read.
enum option_signals {
	OPTION_SIGNALS_NONE,   // as letters, like any other
	OPTION_SIGNALS_TAKEN,  // as the value of --signal
	OPTION_SIGNALS_GROUPS, // the same, once; numbers after that are operands (-PGID)
};

struct cli {
	const char *usage;    // the synopsis, a line a form, without the program's name
	const char *purpose;  // one or two sentences
	const char *footer;   // below the options, e.g. the exit statuses
	const char *versions; // of libraries, for --version; or NULL
	const struct option_row *rows;
	size_t count;
	unsigned program; // the bit of this program
	enum option_signals signals;
	option_call *operand; // called for each operand, in the order of the command line
	bool command;	      // what stands behind "--" is a command, not operands
};

struct cli_parser {
	char name[OPTION_NAME]; // what messages call the option being read
	unsigned tags;		// of all options that were given
	char **command;		// with cli.command: what stands behind "--", or NULL

	// the rest is the parser's own
	const struct cli *cli;
	int argc;
	char **argv;
	bool signal_seen;
	int inside; // index of the word that getopt is in the middle of, or -1
	const struct option_row *rows[OPTION_ROWS]; // of this program
	size_t count;
	bool given[OPTION_ROWS]; // whether the option of this row was there
	struct option longs[OPTION_ROWS + 1];
	char shorts[3 * OPTION_ROWS + 3];
};

// Read the command line: every option into `options`, every operand to cli->operand, then check
// what cannot be combined. --help and --version print and leave; a mistake is reported by
// message_usage, which leaves. `parser` borrows cli and argv and stays valid for cli_given.
void cli_parse(
	struct cli_parser *parser, const struct cli *cli, int argc, char **argv, void *options);

// Whether the option of this long name was given.
bool cli_given(const struct cli_parser *parser, const char *name);

// What --version does, for a program that has another option for it; leaves.
option_call cli_version;

// The next word of the command line as a further value of the option being read (what a
// two-value option needs); leaves with a usage message naming it when there is none.
const char *cli_second_value(struct cli_parser *parser, const char *what);
