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

	if (!strcmp(parser->name, "-SIGNAL") && !number_parse(text, INT_MAX, &number) &&
		number > (uint64_t)signame_last())
		message_usage(
			"unknown signal '-%s' (a process group must follow a signal or --)", text);
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
		"send SIGNAL, a name or a number (default: TERM); -SIGNAL is the same", PROGRAMS,
		.group = OPTION_SIGNALS, OPTION_CALL(set_signal), .tags = OPTION_TAG_SIGNAL},
	{'n', NULL, "SIGNAL", "the same as -s", PROGRAMS, .group = OPTION_SIGNALS,
		OPTION_CALL(set_signal), .as = "signal", .tags = OPTION_TAG_SIGNAL},
	{'q', "queue", "INT", "send the number INT with every signal (sigqueue(3))", PROGRAMS,
		.group = OPTION_SIGNALS, OPTION_CALL(set_value), .tags = OPTION_TAG_ONCE},
	{0, "timeout", "DURATION SIGNAL",
		"after DURATION (500ms, 2s, 1h30m) send SIGNAL to the processes that are left; may be repeated",
		MODE_PFDKILL, .group = OPTION_SIGNALS, OPTION_CALL(add_step)},
	{0, "timeout", "DURATION SIGNAL",
		"after DURATION (2s; a bare number is milliseconds) send SIGNAL to the processes that are left; may be repeated",
		MODE_KILL, .group = OPTION_SIGNALS, OPTION_CALL(add_step)},
	{'w', "wait", NULL, "return when every target is gone", PROGRAMS, .group = OPTION_WAITING,
		FLAG(plan.wait), .instead = "deadline"},
	{0, "deadline", "DURATION",
		"the same as --wait, but give up with status 124 after DURATION from the first signal (500ms, 10s, 0: never)",
		PROGRAMS, .group = OPTION_WAITING,
		VALUE(int64_t, plan.deadline, optvalue_read_exact_duration)},
	{0, "at-most", "N", "if there are more than N processes, list them and signal none",
		PROGRAMS, .group = OPTION_TARGETS, VALUE(size_t, at_most, optvalue_read_count),
		.tags = OPTION_TAG_ONCE},
	{0, "if-any", NULL, "if there is no process, or no operand, exit with 0", PROGRAMS,
		.group = OPTION_TARGETS, FLAG(if_any)},
	{0, "continue", NULL, "after each signal, send CONT to the targets that are stopped",
		PROGRAMS, .group = OPTION_SIGNALS, FLAG(resume)},
	{0, "progress", NULL, "while waiting, show on a terminal the processes that are left",
		PROGRAMS, .group = OPTION_WAITING, FLAG(progress)},
	{'a', "all", NULL, "NAME: also select processes of other users", PROGRAMS,
		.group = OPTION_TARGETS, FLAG(all)},
	{0, "in", "TARGET", "PIDs are those of the PID namespace of TARGET", PROGRAMS,
		.group = OPTION_TARGETS, VALUE(const char *, in, optvalue_read_text),
		.tags = OPTION_TAG_ONCE},
	{'r', "require-handler", NULL, "signal only processes that have a handler for it", PROGRAMS,
		.group = OPTION_SIGNALS, FLAG(require_handler)},
	{0, "thread", NULL, "signal only the main thread of each target", PROGRAMS,
		.group = OPTION_TARGETS, FLAG(thread), .without = "group"},
	{0, "group", NULL, "signal the process group that each target leads", PROGRAMS,
		.group = OPTION_TARGETS, FLAG(group)},
	{0, "tree", NULL,
		"the targets and all their descendants, also those born meanwhile; all are held until each has its signal",
		PROGRAMS, .group = OPTION_TARGETS, FLAG(tree), .without = "thread group"},
	{0, "mrelease", NULL, "free the memory of killed processes at once", PROGRAMS,
		.group = OPTION_SIGNALS, FLAG(plan.mrelease)},
	{0, "stale-ok", NULL, "accept a pidfile that is older than its process", PROGRAMS,
		.group = OPTION_TARGETS, FLAG(stale_ok)},
	{0, "trust-pidfile", NULL, "as root, accept a pidfile that other users can change",
		PROGRAMS, .group = OPTION_TARGETS, FLAG(trust_pidfile)},
	{0, "reclaim", "cold|pageout",
		"reclaim the memory of the targets; sends no signal unless one is given", PROGRAMS,
		.group = OPTION_SIGNALS,
		VALUE(enum reclaim_how, plan.reclaim, optvalue_read_reclaim),
		.without = "thread group mrelease"},
	{'p', "pid", NULL, "print the PIDs of the targets, send nothing", PROGRAMS,
		.group = OPTION_OUTPUT, FLAG(print),
		.without = "signal queue timeout wait deadline continue progress mrelease dry-run "
			   "json reclaim"},
	{0, "dry-run", NULL, "print the processes that would be signalled, send nothing", PROGRAMS,
		.group = OPTION_OUTPUT, FLAG(plan.dry_run)},
	{'J', "json", NULL, "print one JSON object per line for each target", PROGRAMS,
		.group = OPTION_OUTPUT, FLAG(json)},
	{0, "verbose", NULL, "report every step, and why a signal may have no effect", PROGRAMS,
		.group = OPTION_OUTPUT, FLAG(verbose)},
	{'l', "list", "[=SIGNAL]",
		"list the signal names, or translate the operands: a number, an exit status or 0xMASK to names, a name to its number",
		PROGRAMS, .group = OPTION_OUTPUT, OPTION_CALL(set_list), .without = "*",
		.tags = OPTION_TAG_ONCE},
	{'L', "table", NULL, "list signal numbers and names", PROGRAMS, .group = OPTION_OUTPUT,
		OPTION_CALL(set_table), .without = "*"},
	{'d', "show-process-state", "TARGET",
		"print which signals TARGET blocks, ignores, catches and has pending", PROGRAMS,
		.group = OPTION_OUTPUT, OPTION_CALL(set_state), .without = "*",
		.tags = OPTION_TAG_ONCE},
	{'v', NULL, NULL, "the same as -V", PROGRAMS, OPTION_CALL(cli_version)},
};

static const char usage[] = "[-s SIGNAL | -SIGNAL] [OPTION]... TARGET...\n"
			    "-l [SIGNAL | STATUS | 0xMASK]...\n"
			    "-L\n"
			    "-d TARGET";

static const char purpose[] =
	"Send a signal to every target, and never to a process that has since reused the\n"
	"PID. A TARGET is one process: PID, PID:INODE, :INODE, fd:N, unix:PATH,\n"
	"pidfile:PATH, tid:N; or all that listen on tcp:PORT or udp:PORT, hold\n"
	"lock:PATH, or are in cgroup:PATH, unit:NAME or process group -PGID; or 0 (our\n"
	"process group), -1 (all), NAME, name:NAME. See pidfd-target(7).";

#define MORE_STATUSES                                                                     \
	"3 the system failed; 64 some of\n"                                               \
	"several targets; 124 some survived the deadline. -0 sends nothing: 0 if every\n" \
	"target is alive and may be signalled, else 1."

static const char footer[] =
	"Exit status: 0 done; 1 every target is gone, or none could be signalled;\n"
	"2 invalid usage, no process was signalled; " MORE_STATUSES;

static const char kill_footer[] =
	"Exit status: 0 done; 1 every target is gone, none could be signalled, or the\n"
	"usage is invalid (no process was signalled then); " MORE_STATUSES;

static void name_inside(struct options *o)
{
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
		message_usage("'%s': --in takes no pidfiles: PATH is a file of our own namespace",
			t->text);
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
	if (o->in)
		o->in_target = optvalue_target("--in", o->in);
	o->in_target.demands = demands;
	operands_demand(&all, &demands, all.kinds | o->in_target.kind, NULL);
	for (size_t i = 0; i < all.count; i++)
		check_target(o, &all.list[i]);
	o->targets = all.list;
	o->count = all.count;
	o->several =
		all.kinds & (TARGET_SEVERAL | TARGET_MANY | TARGET_BEHIND) || o->group || o->tree;
	if (o->in)
		name_inside(o);
}

void pfdkill_parse(struct options *o, int argc, char **argv)
{
	const struct cli cli = {
		.usage = usage,
		.purpose = purpose,
		.footer = program_mode == MODE_KILL ? kill_footer : footer,
		.rows = rows,
		.count = sizeof(rows) / sizeof(*rows),
		.program = (unsigned)program_mode,
		.signals = OPTION_SIGNALS_GROUPS,
		// util-linux
		.peer = "all help list pid queue require-handler show-process-state signal table "
			"timeout verbose version",
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
	if (!o->count && !o->if_any && o->plan.step_count)
		message_usage("no target was named: --timeout takes DURATION SIGNAL, and then "
			      "targets follow");
	if (!o->count && !o->if_any)
		message_usage("no target was named");
	parse_targets(o);
	if (o->plan.reclaim && !o->signal_given)
		o->plan.sig = 0;
	// a print is a dry run with less output
	o->plan.dry_run |= o->print;
}
