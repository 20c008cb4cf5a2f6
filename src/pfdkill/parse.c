// SPDX-License-Identifier: GPL-2.0-or-later
// parse.c: the command line of pfdkill and kill.
#include "config.h"

#include "base/duration.h"
#include "base/number.h"
#include "base/signame.h"
#include "mode/mode.h"
#include "pfdkill/pfdkill.h"
#include "tell/message.h"
#include "tell/options.h"
#include "tell/optvalue.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>

enum {
	OPT_DRY_RUN = OPTION_LONG,
	OPT_GROUP,
	OPT_IN,
	OPT_MRELEASE,
	OPT_RECLAIM,
	OPT_STALE_OK,
	OPT_THREAD,
	OPT_TIMEOUT,
	OPT_TREE,
	OPT_TRUST_PIDFILE,
	OPT_VERBOSE,
};

enum { PROGRAMS = MODE_PFDKILL | MODE_KILL };

static const struct option_row rows[] = {
	{'s', "signal", "SIGNAL",
		"send SIGNAL, a name or a number, instead of TERM;\n-SIGNAL is the same", PROGRAMS},
	{'n', NULL, "SIGNAL", "the same as -s", PROGRAMS},
	{'q', "queue", "INT", "send the number INT along with every signal (sigqueue)", PROGRAMS},
	{OPT_TIMEOUT, "timeout", "DURATION SIGNAL",
		"after DURATION (2s; a bare number is milliseconds) send\n"
		"SIGNAL to those still there; can be given again",
		PROGRAMS},
	{'w', "wait", "[=DURATION]",
		"return when every target is gone; DURATION after the\n"
		"last signal (a bare number is seconds) give up with 124",
		PROGRAMS},
	{'a', "all", NULL, "names: take processes of other users too", PROGRAMS},
	{OPT_IN, "in", "TARGET", "the numbers are those of TARGET's pid namespace", PROGRAMS},
	{'r', "require-handler", NULL, "signal only those that have a handler for it", PROGRAMS},
	{OPT_THREAD, "thread", NULL, "signal the main thread of each target alone", PROGRAMS},
	{OPT_GROUP, "group", NULL, "signal the process group that each target leads", PROGRAMS},
	{OPT_TREE, "tree", NULL,
		"the targets and all their descendants, also those that are\n"
		"born meanwhile: all stand still until each has its signal",
		PROGRAMS},
	{OPT_MRELEASE, "mrelease", NULL, "give back the memory of those that die at once",
		PROGRAMS},
	{OPT_STALE_OK, "stale-ok", NULL, "take a pidfile that is older than its process", PROGRAMS},
	{OPT_TRUST_PIDFILE, "trust-pidfile", NULL, "as root, take a pidfile that others can write",
		PROGRAMS},
	{OPT_RECLAIM, "reclaim", "cold|pageout",
		"have the targets give their memory back; no signal is\n"
		"sent then, unless one is named",
		PROGRAMS},
	{'p', "pid", NULL, "print the numbers of the targets, send nothing", PROGRAMS},
	{OPT_DRY_RUN, "dry-run", NULL, "say who would get the signal, send nothing", PROGRAMS},
	{'J', "json", NULL, "print an object for each target's outcome, one a line", PROGRAMS},
	{OPT_VERBOSE, "verbose", NULL, "tell every step, and why a signal may do nothing",
		PROGRAMS},
	{'l', "list", "[=SIGNAL]",
		"list signal names, or name the signals that follow:\n"
		"a number, an exit status, 0xMASK; the number of a name",
		PROGRAMS},
	{'L', "table", NULL, "list signal numbers and names", PROGRAMS},
	{'d', "show-process-state", "TARGET",
		"show what TARGET blocks, ignores, catches and has pending", PROGRAMS},
	{'v', NULL, NULL, "the same as -V", PROGRAMS},
};

static const char usage[] = "[-s SIGNAL | -SIGNAL] [OPTION]... TARGET...\n"
			    "-l [SIGNAL | STATUS | 0xMASK]...\n"
			    "-L\n"
			    "-d TARGET";

static const char purpose[] =
	"Send a signal to every target, none of which is mistaken for a process that has its\n"
	"number now. A TARGET is PID, PID:INODE, :INODE, fd:N, unix:PATH, pidfile:PATH, tid:N;\n"
	"or -PGID, 0 (our group), -1 (all), NAME, name:NAME; see pidfd-target(7).";

static const char footer[] =
	"Exit status: 0 done, 1 no target left or none could be signalled, 2 wrong usage (nobody\n"
	"was signalled), 3 the system cannot, 64 some of several targets, 124 survivors at the\n"
	"deadline. -0 only asks: 0 when every target is alive and may be signalled, else 1.";

static void set_signal(struct options *o, const char *text, const char *option)
{
	uint64_t number;

	if (o->signal_given)
		message_usage(
			"a second signal, '%s': there can be one, --timeout adds others", text);
	if (!strcmp(option, "-SIGNAL") && !number_parse(text, INT_MAX, &number) &&
		number > (uint64_t)signame_last())
		message_usage("unknown signal '-%s' (a process group stands behind a signal or --)",
			text);
	o->plan.sig = optvalue_signal(option, text);
	o->signal_given = true;
}

static void add_step(struct options *o, struct cli_parser *parser)
{
	size_t n = o->plan.step_count++;
	const char *duration = parser->arg;
	const char *sig = cli_second_value(parser, "--timeout", "the signal that follows");

	o->steps[n].after = optvalue_duration("--timeout", duration, DURATION_MS);
	o->steps[n].sig = optvalue_signal("--timeout", sig);
	o->plan.steps = o->steps;
}

static void set_wait(struct options *o, const char *text)
{
	o->plan.wait = true;
	if (text)
		o->plan.wait_limit = optvalue_duration("--wait", text, DURATION_S);
}

static void set_action(struct options *o, enum action action, const char *option, const char *word)
{
	if (o->action != ACTION_SIGNAL)
		message_usage("%s and %s exclude each other", o->action_option, option);
	o->action = action;
	o->action_option = option;
	// util-linux and procps take -l=N and -d=PID too
	o->action_word = word && *word == '=' ? word + 1 : word;
}

static void take_option(
	struct options *o, struct cli_parser *parser, const struct cli *cli, int key)
{
	const char *arg = parser->arg;

	switch (key) {
	case OPTION_OPERAND:
		o->operands[o->count++] = arg;
		break;
	case OPTION_SIGNAL:
		set_signal(o, arg, "-SIGNAL");
		break;
	case 's':
	case 'n':
		parser->signal_seen = true;
		set_signal(o, arg, key == 's' ? "--signal" : "-n");
		break;
	case 'q':
		o->value = optvalue_int("--queue", arg);
		o->plan.value = &o->value;
		break;
	case OPT_TIMEOUT:
		add_step(o, parser);
		break;
	case 'w':
		set_wait(o, arg);
		break;
	case 'a':
		o->all = true;
		break;
	case 'r':
		o->require_handler = true;
		break;
	case OPT_THREAD:
		o->thread = true;
		break;
	case OPT_GROUP:
		o->group = true;
		break;
	case OPT_IN:
		o->in = arg;
		break;
	case OPT_RECLAIM:
		o->plan.reclaim = optvalue_reclaim("--reclaim", arg);
		o->reclaim = true;
		break;
	case OPT_STALE_OK:
		o->stale_ok = true;
		break;
	case OPT_TRUST_PIDFILE:
		o->trust_pidfile = true;
		break;
	case OPT_TREE:
		o->tree = true;
		break;
	case OPT_MRELEASE:
		o->plan.mrelease = true;
		break;
	case 'p':
		o->print = true;
		break;
	case OPT_DRY_RUN:
		o->plan.dry_run = true;
		break;
	case 'J':
		o->json = true;
		break;
	case OPT_VERBOSE:
		o->verbose = true;
		break;
	case 'l':
		set_action(o, ACTION_LIST, "--list", arg);
		break;
	case 'L':
		set_action(o, ACTION_TABLE, "--table", NULL);
		break;
	case 'd':
		set_action(o, ACTION_STATE, "--show-process-state", arg);
		break;
	case 'v':
		cli_version(cli);
	}
}

static void parse_in(struct options *o)
{
	o->in_target = optvalue_target("--in", o->in);
	for (size_t i = 0; i < o->count; i++) {
		struct target *t = &o->targets[i];

		if (t->kind == TARGET_OWN_GROUP)
			message_usage(
				"'%s': our own process group is in no namespace but ours", t->text);
		t->text = enter_label(t, o->in);
		if (!t->text)
			message_die(EXIT_SYSTEM, "%s", strerror(ENOMEM));
	}
}

static void parse_targets(struct options *o)
{
	bool files = false;

	o->targets = pfdkill_allocate(o->count, sizeof(*o->targets));
	for (size_t i = 0; i < o->count; i++) {
		struct target *t = &o->targets[i];
		const char *why;

		if (target_parse(
			    t, o->operands[i], TARGET_ONE | TARGET_SEVERAL | TARGET_THREAD, &why))
			message_usage("'%s': %s", o->operands[i], why);
		t->stale_ok = o->stale_ok;
		t->trust_pidfile = o->trust_pidfile;
		files |= t->kind == TARGET_PIDFILE;
		if (o->in && t->kind == TARGET_PIDFILE)
			message_usage("'%s': --in takes no pidfiles, which are ours", t->text);
		if (t->kind & TARGET_SEVERAL)
			o->several = true;
		if (o->group && (t->kind & (TARGET_SEVERAL | TARGET_THREAD)))
			message_usage("'%s': --group takes single processes", t->text);
		if (o->thread && (t->kind & (TARGET_GROUP | TARGET_OWN_GROUP)))
			message_usage("'%s': --thread takes no process groups", t->text);
		if ((o->tree || o->reclaim) && t->kind == TARGET_THREAD)
			message_usage("'%s': --%s takes processes, no threads", t->text,
				o->tree ? "tree" : "reclaim");
	}
	if (!files && (o->stale_ok || o->trust_pidfile))
		message_usage("%s needs a target pidfile:PATH",
			o->stale_ok ? "--stale-ok" : "--trust-pidfile");
	o->several |= o->group || o->tree;
	if (o->in)
		parse_in(o);
}

// What does not go together, the first of each pair that is there.
static void check_conflicts(const struct options *o)
{
	const struct {
		bool given;
		const char *one, *other;
	} pairs[] = {
		{o->print && o->signal_given, "--pid", "a signal"},
		{o->print && o->plan.value, "--pid", "--queue"},
		{o->print && o->plan.step_count, "--pid", "--timeout"},
		{o->print && o->plan.wait, "--pid", "--wait"},
		{o->print && o->plan.mrelease, "--pid", "--mrelease"},
		{o->print && o->plan.dry_run, "--pid", "--dry-run"},
		{o->print && o->json, "--pid", "--json"},
		{o->thread && o->group, "--thread", "--group"},
		{o->print && o->reclaim, "--pid", "--reclaim"},
		{o->reclaim && o->thread, "--reclaim", "--thread"},
		{o->reclaim && o->group, "--reclaim", "--group"},
		{o->reclaim && o->plan.mrelease, "--reclaim", "--mrelease"},
		{o->tree && o->thread, "--tree", "--thread"},
		{o->tree && o->group, "--tree", "--group"},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		if (pairs[i].given)
			message_usage("%s and %s exclude each other", pairs[i].one, pairs[i].other);
}

// -l, -L and -d are commands of their own.
static void check_action(const struct options *o)
{
	if (o->signal_given || o->plan.value || o->plan.step_count || o->plan.wait || o->all ||
		o->require_handler || o->thread || o->group || o->tree || o->plan.mrelease ||
		o->print || o->plan.dry_run || o->json || o->in || o->reclaim || o->stale_ok ||
		o->trust_pidfile)
		message_usage("%s goes with no other option", o->action_option);
	if (o->action != ACTION_LIST && o->count)
		message_usage(
			"%s takes no further operand, '%s'", o->action_option, o->operands[0]);
}

void pfdkill_parse(struct options *o, int argc, char **argv)
{
	static const struct cli cli = {
		.usage = usage,
		.purpose = purpose,
		.footer = footer,
		.rows = rows,
		.count = sizeof(rows) / sizeof(*rows),
		.program = PROGRAMS,
		.signals = OPTION_SIGNALS_GROUPS,
	};
	struct cli_parser parser;
	int key;

	*o = (struct options){.plan = {.sig = SIGTERM}};
	o->operands = pfdkill_allocate((size_t)argc, sizeof(*o->operands));
	o->steps = pfdkill_allocate((size_t)argc, sizeof(*o->steps));
	cli_begin(&parser, &cli, argc, argv);
	while ((key = cli_next(&parser)) != OPTION_END)
		take_option(o, &parser, &cli, key);
	for (int i = 0; i < parser.rest_count; i++)
		o->operands[o->count++] = parser.rest[i];
	if (o->action != ACTION_SIGNAL) {
		check_action(o);
		return;
	}
	check_conflicts(o);
	if (!o->count)
		message_usage("no target was named");
	parse_targets(o);
	if (o->reclaim && !o->signal_given)
		o->plan.sig = 0;
	// a print is a dry run that says less
	o->plan.dry_run |= o->print;
}
