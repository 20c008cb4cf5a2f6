// SPDX-License-Identifier: GPL-2.0-or-later
// parse.c: the command lines of pgrep, pkill and pidwait.
#include "config.h"

#include "base/duration.h"
#include "pkill/lists.h"
#include "pkill/options.h"
#include "pkill/pkill.h"
#include "tell/followup.h"
#include "tell/memory.h"
#include "tell/message.h"
#include "tell/operands.h"
#include "tell/optvalue.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

// Whether the regular expression has "++" outside of brackets, as in g++.
static bool has_double_plus(const char *text)
{
	for (; *text; text++) {
		if (!strncmp(text, "++", 2))
			return true;
		if (*text == '\\' && text[1])
			text++;
		else if (*text == '[')
			text = pattern_bracket_end(text);
	}
	return false;
}

static void compile(struct pattern *out, const char *text, unsigned flags, const char *option)
{
	char why[128];

	// as a regular expression it would match every name with that letter
	if (!(flags & PATTERN_FIXED) && has_double_plus(text))
		message_usage(
			"the %s '%.1000s' has '++', which matches no plus sign: write --fixed "
			"to take it as plain text, '\\+' for a plus sign, or one '+'",
			option, text);
	int r = pattern_compile(out, text, flags, why, sizeof(why));
	if (r == -ENOMEM)
		memory_checked(NULL);
	if (r < 0)
		// the length of a message is limited, so cut the pattern to keep the reason
		message_usage("the %s '%.1000s' is not a regular expression: %s (--fixed takes it "
			      "as plain text)",
			option, text, why);
}

static void compile_patterns(struct parse *p)
{
	struct pattern *args = memory_array(p->args.count + 1, sizeof(*args));
	unsigned flags =
		(p->fixed ? PATTERN_FIXED : 0) | (p->ignore_case ? PATTERN_IGNORE_CASE : 0);

	if (p->o.pattern) {
		struct pattern *name = memory_array(1, sizeof(*name));

		compile(name, p->o.pattern, flags | (p->exact ? PATTERN_WHOLE : 0), "pattern");
		p->o.match.pattern = name;
	}
	for (size_t i = 0; i < p->args.count; i++)
		compile(&args[i], p->args.list[i], flags, "pattern of --args");
	p->o.match.args = args;
	p->o.match.arg_count = p->args.count;
	free(p->args.list);
}

static void check_selection(struct parse *p, bool criterion)
{
	struct options *o = &p->o;

	if (!p->o.pattern && !criterion)
		message_usage("no matching criteria specified");
	enum target_kind kinds =
		o->pids.kinds | o->under.kinds | o->spared.kinds | (o->ns_given ? o->ns.kind : 0);

	// as in pgrep --handle "$NAME" with a NAME that is not set
	if (p->o.pattern && !*p->o.pattern &&
		(program_mode != MODE_PGREP || o->handle || o->boot_handle))
		message_usage("an empty pattern matches every process; use '.' to select all");
	o->match.pids.option = p->pidfile ? "--pidfile" : "--pid";
	if (p->pidfile && targets_add_pidfile(&o->pids, p->pidfile) < 0)
		memory_checked(NULL);
	for (size_t i = 0; i < ANCHOR_KINDS; i++) {
		kinds |= o->named[i].kinds;
		targets_demand(&o->named[i], &p->demands);
	}
	operands_demand(&o->pids, &p->demands, kinds | o->pids.kinds, "--pidfile");
	targets_demand(&o->under, &p->demands);
	targets_demand(&o->spared, &p->demands);
	o->ns.demands = p->demands;
	if (p->pidfile && !*p->pidfile)
		message_usage("--pidfile: '' is not a file");
	if (o->match.older && o->match.younger && o->older >= o->younger)
		message_usage("--older and --younger: no process can be older than the one and "
			      "younger than the other");
	if (p->handler && !o->sig)
		message_usage("--require-handler needs a signal, 0 is none");
}

static void complete(struct parse *p, bool criterion)
{
	struct options *o = &p->o;
	struct match *m = &o->match;
	struct numbers *numbers[] = {&m->euids, &m->ruids, &m->rgids};

	// --reclaim alone only reclaims memory
	if (o->plan.reclaim && !o->signal_given)
		o->sig = 0;
	if (program_mode == MODE_PGREP)
		o->table |= o->tree || o->columns.count;
	o->which = p->newest ? SCAN_NEWEST : p->oldest ? SCAN_OLDEST : SCAN_ALL;
	check_selection(p, criterion);
	compile_patterns(p);
	if (p->handler)
		m->handler = o->sig;
	if (o->ns_given)
		o->match.ns_kinds =
			p->nslist ? lists_namespaces("--nslist", p->nslist) : (1u << MATCH_NS) - 1;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		lists_sort(numbers[i]);
	o->plan.sig = o->sig;
}

void pkill_parse(struct options *o, int argc, char **argv)
{
	struct parse p = {.o = {.sig = SIGTERM, .reap_grace = DURATION_S}};
	const struct cli cli = pkill_cli();
	struct cli_parser parser;

	cli_parse(&parser, &cli, argc, argv, &p);
	followup_complete(&parser, &p.o.plan);
	complete(&p, parser.tags & PKILL_CRITERION);
	*o = p.o;
	o->plan.value = o->queue ? &o->value : NULL;
	o->plan.steps = o->steps;
}
