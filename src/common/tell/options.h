// SPDX-License-Identifier: GPL-2.0-or-later
// options.h: one table per program feeds getopt_long and --help.
//
// The command line is read in its own order, operands between options, so that -SIGNAL is
// seen only where an option can stand: never inside an option's value, never behind "--".
#pragma once

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdnoreturn.h>

enum {
	OPTION_END = -1,       // no more; what stands behind "--" is in rest
	OPTION_OPERAND = 1,    // arg is an operand
	OPTION_SIGNAL = 0x100, // arg is the word behind the dash of -SIGNAL
	OPTION_LONG = 0x200,   // the first key for options without a letter
};

struct option_row {
	int key;	   // the letter, or OPTION_LONG and up
	const char *name;  // the long name, or NULL
	const char *arg;   // what its value is called; NULL: takes none; "[=X]": may have one
	const char *help;  // one sentence; '\n' continues in the column
	unsigned programs; // bits of the programs that have it
};

// How a word of a dash and a number or signal name is read.
enum option_signals {
	OPTION_SIGNALS_NONE,   // as letters, like any other
	OPTION_SIGNALS_TAKEN,  // as a signal
	OPTION_SIGNALS_GROUPS, // as a signal first; numbers after that are operands (-PGID)
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
};

enum {
	OPTION_ROWS = 96, // the most rows a table can have
};

struct cli_parser {
	const char *arg; // the value, operand or signal of the last key, or NULL
	char **rest;	 // behind "--", or at the end
	int rest_count;
	bool dashes;	  // "--" was there
	bool signal_seen; // set by the program when a signal was given by another option

	// the rest is cli_next's own
	const struct cli *cli;
	int argc;
	char **argv;
	int inside; // index of the word that getopt is in the middle of, or -1
	struct option longs[OPTION_ROWS + 1];
	char shorts[3 * OPTION_ROWS + 3];
};

// Start over at argv[1]. `parser` borrows cli and argv.
void cli_begin(struct cli_parser *parser, const struct cli *cli, int argc, char **argv);

// The next key: the row's, or one of the constants above. --help and --version print and
// leave; a mistake is told by message_usage, which leaves.
int cli_next(struct cli_parser *parser);

// What --version does, for a program that has another option for it; leaves.
noreturn void cli_version(const struct cli *cli);

// The next word of the command line as a further value of the option just read (what a
// two-value option needs); leaves with a usage message naming `option` when there is none.
const char *cli_second_value(struct cli_parser *parser, const char *option, const char *what);
