// SPDX-License-Identifier: GPL-2.0-or-later
// parse.c: the command line of pfdkill and kill.
#include "config.h"

#include "base/duration.h"
#include "base/number.h"
#include "base/signame.h"
#include "mode/mode.h"
#include "pfdkill/pfdkill.h"
#include "target/inside.h"
#include "tell/followup.h"
#include "tell/memory.h"
#include "tell/message.h"
#include "tell/operands.h"
#include "tell/options.h"
#include "tell/optvalue.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>

enum { PROGRAMS = MODE_PFDKILL | MODE_KILL };

static void add_operand(void *options, struct cli_parser *parser, const char *text)
{
	struct options *o = options;

	(void)parser;
	o->operands[o->count++] = text;
}

static void set_signal(void *options, struct cli_parser *parser, const char *text)
{
	struct options *o = options;
	uint64_t number;

	if (o->signal_given)
		message_usage(
			"a second signal, '%s': there can be one, --timeout adds others", text);
	if (!strcmp(parser->name, "-SIGNAL") && !number_parse(text, INT_MAX, &number) &&
		number > (uint64_t)signame_last())
		message_usage("unknown signal '-%s' (a process group stands behind a signal or --)",
			text);
	o->plan.sig = optvalue_signal(parser->name, text);
	o->signal_given = true;
}

static void set_value(void *options, struct cli_parser *parser, const char *text)
{
	struct options *o = options;

	o->value = optvalue_int(parser->name, text);
	o->plan.value = &o->value;
}

static void add_step(void *options, struct cli_parser *parser, const char *text)
{
	struct options *o = options;

	// in util-linux a number is milliseconds; elsewhere it is mostly meant as seconds
	o->steps[o->plan.step_count++] =
		followup_step(parser, text, program_mode == MODE_KILL ? DURATION_MS : 0);
	o->plan.steps = o->steps;
}

static void set_action(void *options, enum action action, const char *word)
{
	struct options *o = options;

	o->action = action;
	// util-linux and procps also accept -l=N and -d=PID
	o->action_word = word && *word == '=' ? word + 1 : word;
}

static void set_list(void *options, struct cli_parser *parser, const char *text)
{
	(void)parser;
	set_action(options, ACTION_LIST, text);
}

static void set_table(void *options, struct cli_parser *parser, const char *text)
{
	(void)parser;
	set_action(options, ACTION_TABLE, text);
}

static void set_state(void *options, struct cli_parser *parser, const char *text)
{
	(void)parser;
	set_action(options, ACTION_STATE, text);
}

#define FLAG(field)		   OPTION_FLAG(struct options, field)
#define VALUE(type, field, reader) OPTION_VALUE(struct options, type, field, reader)

static const struct option_row rows[] = {
	{'s', "signal", "SIGNAL",
		"send SIGNAL, a name or a number, instead of TERM;\n-SIGNAL is the same", PROGRAMS,
		OPTION_CALL(set_signal), .tags = OPTION_TAG_SIGNAL},
	{'n', NULL, "SIGNAL", "the same as -s", PROGRAMS, OPTION_CALL(set_signal), .as = "signal",
		.tags = OPTION_TAG_SIGNAL},
	{'q', "queue", "INT", "send the number INT along with every signal (sigqueue)", PROGRAMS,
		OPTION_CALL(set_value)},
	{0, "timeout", "DURATION SIGNAL",
		"after DURATION (500ms, 2s, 1h30m) send SIGNAL to those\n"
		"still there; can be given again",
		MODE_PFDKILL, OPTION_CALL(add_step)},
	{0, "timeout", "DURATION SIGNAL",
		"after DURATION (2s; a bare number is milliseconds) send\n"
		"SIGNAL to those still there; can be given again",
		MODE_KILL, OPTION_CALL(add_step)},
	{'w', "wait", NULL, "return when every target is gone", PROGRAMS, FLAG(plan.wait),
		.instead = "deadline"},
	{0, "deadline", "DURATION",
		"the same, but give up with 124 so long after the first\n"
		"signal (500ms, 10s, 0: never)",
		PROGRAMS, VALUE(int64_t, plan.deadline, optvalue_read_exact_duration)},
	{0, "at-most", "N", "if more than N processes are meant, signal none and list them",
		PROGRAMS, VALUE(size_t, at_most, optvalue_read_count)},
	{0, "if-any", NULL, "that there is no process, or no operand, is a success", PROGRAMS,
		FLAG(if_any)},
	{'a', "all", NULL, "names: take processes of other users too", PROGRAMS, FLAG(all)},
	{0, "in", "TARGET", "the numbers are those of TARGET's pid namespace", PROGRAMS,
		VALUE(const char *, in, optvalue_read_text)},
	{'r', "require-handler", NULL, "signal only those that have a handler for it", PROGRAMS,
		FLAG(require_handler)},
	{0, "thread", NULL, "signal the main thread of each target alone", PROGRAMS, FLAG(thread),
		.without = "group"},
	{0, "group", NULL, "signal the process group that each target leads", PROGRAMS,
		FLAG(group)},
	{0, "tree", NULL,
		"the targets and all their descendants, also those that are\n"
		"born meanwhile: all stand still until each has its signal",
		PROGRAMS, FLAG(tree), .without = "thread group"},
	{0, "mrelease", NULL, "give back the memory of those that die at once", PROGRAMS,
		FLAG(plan.mrelease)},
	{0, "stale-ok", NULL, "take a pidfile that is older than its process", PROGRAMS,
		FLAG(stale_ok)},
	{0, "trust-pidfile", NULL, "as root, take a pidfile that others could choose", PROGRAMS,
		FLAG(trust_pidfile)},
	{0, "reclaim", "cold|pageout",
		"have the targets give their memory back; no signal is\n"
		"sent then, unless one is named",
		PROGRAMS, VALUE(enum reclaim_how, plan.reclaim, optvalue_read_reclaim),
		.without = "thread group mrelease"},
	{'p', "pid", NULL, "print the numbers of the targets, send nothing", PROGRAMS, FLAG(print),
		.without = "signal queue timeout wait deadline mrelease dry-run json reclaim"},
	{0, "dry-run", NULL, "print the processes that would get the signal, send nothing",
		PROGRAMS, FLAG(plan.dry_run)},
	{'J', "json", NULL, "print an object for each target's outcome, one a line", PROGRAMS,
		FLAG(json)},
	{0, "verbose", NULL, "tell every step, and why a signal may do nothing", PROGRAMS,
		FLAG(verbose)},
	{'l', "list", "[=SIGNAL]",
		"list signal names, or name the signals that follow:\n"
		"a number, an exit status, 0xMASK; the number of a name",
		PROGRAMS, OPTION_CALL(set_list), .without = "*"},
	{'L', "table", NULL, "list signal numbers and names", PROGRAMS, OPTION_CALL(set_table),
		.without = "*"},
	{'d', "show-process-state", "TARGET",
		"show what TARGET blocks, ignores, catches and has pending", PROGRAMS,
		OPTION_CALL(set_state), .without = "*"},
	{'v', NULL, NULL, "the same as -V", PROGRAMS, OPTION_CALL(cli_version)},
};

static const char usage[] = "[-s SIGNAL | -SIGNAL] [OPTION]... TARGET...\n"
			    "-l [SIGNAL | STATUS | 0xMASK]...\n"
			    "-L\n"
			    "-d TARGET";

static const char purpose[] =
	"Send a signal to every target, none of which is mistaken for a process that has its\n"
	"number now. A TARGET is PID, PID:INODE, :INODE, fd:N, unix:PATH, pidfile:PATH, tid:N;\n"
	"tcp:PORT, udp:PORT (all that listen there), lock:PATH (all that hold the lock),\n"
	"cgroup:PATH, unit:NAME (all processes in it);\n"
	"or -PGID, 0 (our group), -1 (all), NAME, name:NAME; see pidfd-target(7).";

static const char footer[] =
	"Exit status: 0 done, 1 no target left or none could be signalled, 2 wrong usage (nobody\n"
	"was signalled), 3 the system cannot, 64 some of several targets, 124 survivors at the\n"
	"deadline. -0 only asks: 0 when every target is alive and may be signalled, else 1.";

static void parse_in(struct options *o)
{
	o->in_target = optvalue_target("--in", o->in);
	for (size_t i = 0; i < o->count; i++) {
		struct target *t = &o->targets[i];

		if (t->kind == TARGET_OWN_GROUP)
			message_usage(
				"'%s': our own process group is in no namespace but ours", t->text);
		t->text = memory_checked(inside_label(t, o->in));
	}
}

static void check_target(const struct options *o, const struct target *t)
{
	if (o->in && t->kind == TARGET_PIDFILE)
		message_usage("'%s': --in takes no pidfiles, which are ours", t->text);
	if (o->group && (t->kind & (TARGET_SEVERAL | TARGET_MANY | TARGET_THREAD)))
		message_usage("'%s': --group takes single processes", t->text);
	if (o->thread && (t->kind & (TARGET_GROUP | TARGET_OWN_GROUP)))
		message_usage("'%s': --thread takes no process groups", t->text);
	if (o->thread && (t->kind & TARGET_MANY))
		message_usage("'%s': --thread takes single processes", t->text);
	if ((o->tree || o->plan.reclaim) && t->kind == TARGET_THREAD)
		message_usage("'%s': --%s takes processes, no threads", t->text,
			o->tree ? "tree" : "reclaim");
}

static void parse_targets(struct options *o)
{
	const struct pidfile_demands demands = {
		.stale_ok = o->stale_ok, .trusted = o->trust_pidfile};
	struct targets all = {.list = NULL};

	unsigned kinds = TARGET_ONE | TARGET_MANY | TARGET_SEVERAL | TARGET_THREAD;

	// util-linux reports these and goes on with the others
	if (program_mode == MODE_KILL)
		kinds |= TARGET_NONE | TARGET_PADDED;
	for (size_t i = 0; i < o->count; i++)
		if (!(o->if_any && targets_is_blank(o->operands[i])))
			operands_add(&all, NULL, o->operands[i], kinds);
	operands_drop_repeats(&all);
	operands_demand(&all, &demands, all.kinds, NULL);
	for (size_t i = 0; i < all.count; i++)
		check_target(o, &all.list[i]);
	o->targets = all.list;
	o->count = all.count;
	o->several =
		all.kinds & (TARGET_SEVERAL | TARGET_MANY | TARGET_BEHIND) || o->group || o->tree;
	if (o->in)
		parse_in(o);
}

void pfdkill_parse(struct options *o, int argc, char **argv)
{
	const struct cli cli = {
		.usage = usage,
		.purpose = purpose,
		.footer = footer,
		.rows = rows,
		.count = sizeof(rows) / sizeof(*rows),
		.program = (unsigned)program_mode,
		.signals = OPTION_SIGNALS_GROUPS,
		.operand = add_operand,
	};
	struct cli_parser parser;

	*o = (struct options){.plan = {.sig = SIGTERM}};
	o->operands = memory_array((size_t)argc, sizeof(*o->operands));
	o->steps = memory_array((size_t)argc, sizeof(*o->steps));
	cli_parse(&parser, &cli, argc, argv, o);
	if (o->action != ACTION_SIGNAL) {
		if (o->action != ACTION_LIST && o->count)
			message_usage("%s takes no further operand, '%s'",
				o->action == ACTION_TABLE ? "--table" : "--show-process-state",
				o->operands[0]);
		return;
	}
	followup_complete(&parser, &o->plan);
	if (!o->count && !o->if_any)
		message_usage("no target was named");
	parse_targets(o);
	if (o->plan.reclaim && !o->signal_given)
		o->plan.sig = 0;
	// a print is a dry run with less output
	o->plan.dry_run |= o->print;
}
