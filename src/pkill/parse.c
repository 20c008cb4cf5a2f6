// SPDX-License-Identifier: GPL-2.0-or-later
// parse.c: the command lines of pgrep, pkill and pidwait.
#include "config.h"

#include "base/duration.h"
#include "pkill/lists.h"
#include "pkill/options.h"
#include "pkill/pkill.h"
#include "tell/message.h"
#include "tell/optvalue.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

// What is collected while parsing.
struct parse {
	struct options o;
	const char **patterns;
	size_t pattern_count;
	unsigned flags; // of the patterns
	const char *nslist, *queue;
	bool criterion;
};

// ---- values ----

static void add_step(struct options *o, struct cli_parser *parser)
{
	struct deliver_step step = {
		.after = optvalue_duration("--timeout", parser->arg, DURATION_MS)};

	if (o->plan.step_count == PKILL_STEPS)
		message_usage("--timeout can be given at most %d times", PKILL_STEPS);
	step.sig = optvalue_signal(
		"--timeout", cli_second_value(parser, "--timeout", "a signal (like KILL)"));
	o->steps[o->plan.step_count++] = step;
}

static void set_count(struct options *o, const char *text)
{
	if (text)
		o->enough = optvalue_count("--count", text);
	else
		o->count = true;
}

static void set_which(struct options *o, enum scan_which which)
{
	if (o->which != SCAN_ALL && o->which != which)
		message_usage("--newest and --oldest exclude each other");
	o->which = which;
}

static void add_pattern(struct parse *p, const char *text)
{
	if (!*text && program_mode == MODE_PKILL)
		message_usage("an empty pattern matches every process; say '.' if that is meant");
	p->patterns = pkill_grow((void *)p->patterns, p->pattern_count, sizeof(*p->patterns));
	p->patterns[p->pattern_count++] = text;
}

// ---- the options, one by one ----

// Those that select. 0: `key` is none of them.
static int take_criterion(struct parse *p, int key, const char *arg)
{
	struct options *o = &p->o;
	struct match *m = &o->match;

	switch (key) {
	case 'F':
		o->pidfile = arg;
		return 1;
	case 'g':
		lists_add_groups(&m->groups, "--pgroup", arg);
		return 1;
	case 'G':
		lists_add_gids(&m->rgids, "--group", arg);
		return 1;
	case 'H':
		m->handler = -1;
		return 1;
	case 'n':
		set_which(o, SCAN_NEWEST);
		return 1;
	case 'o':
		set_which(o, SCAN_OLDEST);
		return 1;
	case 'O':
		o->older = optvalue_duration("--older", arg, DURATION_S);
		m->older = true;
		return 1;
	case OPT_YOUNGER:
		o->younger = optvalue_duration("--younger", arg, DURATION_S);
		m->younger = true;
		return 1;
	case 'p':
		lists_add_targets(o, "--pid", arg);
		return 1;
	case 'P':
		lists_add_pids(&m->parents, "--parent", arg);
		return 1;
	case 'r':
		m->states = lists_states("--runstates", arg);
		return 1;
	case 's':
		lists_add_sessions(&m->sessions, "--session", arg);
		return 1;
	case 't':
		lists_add_terminals(&m->ttys, "--terminal", arg);
		return 1;
	case 'u':
		lists_add_users(&m->euids, "--euid", arg);
		return 1;
	case 'U':
		lists_add_users(&m->ruids, "--uid", arg);
		return 1;
	case OPT_CGROUP:
		lists_add_cgroups(&m->cgroups, "--cgroup", arg);
		return 1;
	case OPT_ENV:
		lists_add_environs(&m->environs, "--env", arg);
		return 1;
	case OPT_NS:
		o->ns = optvalue_target("--ns", arg);
		o->ns_given = true;
		return 1;
	default:
		return 0;
	}
}

// Those that change how the others are understood. 0: `key` is none of them.
static int take_manner(struct parse *p, int key, const char *arg)
{
	struct options *o = &p->o;

	switch (key) {
	case 'A':
		o->ignore_ancestors = true;
		return 1;
	case OPT_ANCESTORS:
		o->ancestors = true;
		return 1;
	case 'f':
		o->match.full = true;
		return 1;
	case OPT_FIXED:
		p->flags |= PATTERN_FIXED;
		return 1;
	case 'i':
		p->flags |= PATTERN_IGNORE_CASE;
		return 1;
	case 'L':
		o->locked = true;
		return 1;
	case OPT_NSLIST:
		p->nslist = arg;
		return 1;
	case OPT_SIGNAL:
	case OPTION_SIGNAL:
		o->signal_given = true;
		o->sig = optvalue_signal(key == OPT_SIGNAL ? "--signal" : "-SIGNAL", arg);
		return 1;
	case OPT_STALE_OK:
		o->stale_ok = true;
		return 1;
	case OPT_TRUST_PIDFILE:
		o->trust_pidfile = true;
		return 1;
	case 'v':
		o->match.inverse = true;
		return 1;
	case 'w':
		o->threads = true;
		return 1;
	case 'x':
		p->flags |= PATTERN_WHOLE;
		return 1;
	default:
		return 0;
	}
}

// Those that say what is printed.
static int take_output(struct options *o, int key, const char *arg)
{
	switch (key) {
	case 'a':
		o->list_full = true;
		return 1;
	case 'c':
	case OPT_COUNT:
		set_count(o, arg);
		return 1;
	case 'd':
		o->delimiter = arg;
		return 1;
	case 'e':
		o->echo = true;
		return 1;
	case OPT_EXPLAIN:
		o->explain = true;
		return 1;
	case OPT_HANDLE:
		o->handle = true;
		return 1;
	case 'J':
		o->json = true;
		return 1;
	case 'l':
		o->list_name = true;
		return 1;
	case OPT_NULL:
		o->null = true;
		return 1;
	case OPT_PROGRESS:
		o->progress = true;
		return 1;
	case 'Q':
		o->shell_quote = true;
		return 1;
	case OPT_VERBOSE:
		o->verbose = true;
		return 1;
	default:
		return 0;
	}
}

// Those that say what is done to the processes.
static void take_action(struct parse *p, int key, struct cli_parser *parser)
{
	struct options *o = &p->o;
	const char *arg = parser->arg;

	switch (key) {
	case OPT_ANY:
		o->enough = 1;
		break;
	case OPT_DRY_RUN:
		o->dry_run = o->plan.dry_run = true;
		break;
	case 'I':
		o->interactive = true;
		break;
	case 'm':
		o->plan.mrelease = true;
		break;
	case 'q':
		if (program_mode == MODE_PGREP)
			o->quiet = true;
		else
			p->queue = arg;
		break;
	case OPT_REAP_GRACE:
		o->reap_grace = optvalue_duration("--reap-grace", arg, DURATION_S);
		break;
	case OPT_STATUS:
		o->status = true;
		break;
	case OPT_TIMEOUT:
		if (program_mode == MODE_PKILL)
			add_step(o, parser);
		else
			o->limit = optvalue_duration("--timeout", arg, DURATION_S);
		break;
	case OPT_RECLAIM:
		o->plan.reclaim = optvalue_reclaim("--reclaim", arg);
		break;
	case OPT_TREE:
		o->tree = true;
		break;
	case OPT_WAIT:
		o->plan.wait = true;
		o->plan.wait_limit = arg ? optvalue_duration("--wait", arg, DURATION_S) : 0;
		break;
	}
}

static void take(struct parse *p, int key, struct cli_parser *parser)
{
	if (key == OPTION_OPERAND)
		add_pattern(p, parser->arg);
	else if (take_criterion(p, key, parser->arg))
		p->criterion = true;
	else if (!take_manner(p, key, parser->arg) && !take_output(&p->o, key, parser->arg))
		take_action(p, key, parser);
}

// ---- what the options say together ----

static void compile_patterns(struct parse *p)
{
	struct pattern *list = pkill_memory(calloc(p->pattern_count + 1, sizeof(*list)));
	char why[128];

	for (size_t i = 0; i < p->pattern_count; i++) {
		int r = pattern_compile(&list[i], p->patterns[i], p->flags, why, sizeof(why));

		if (r == -ENOMEM)
			pkill_memory(NULL);
		if (r < 0)
			// a message has an end; one that has the reason
			message_usage("the pattern '%.1000s' is not a regular expression: %s",
				p->patterns[i], why);
	}
	p->o.match.patterns = list;
	p->o.match.pattern_count = p->pattern_count;
	free(p->patterns);
}

static void check_selection(struct parse *p)
{
	struct options *o = &p->o;

	if (!p->pattern_count && !p->criterion)
		message_usage("no pattern and no criterion was given");
	if (o->match.inverse && o->which != SCAN_ALL)
		message_usage("--inverse goes neither with --newest nor with --oldest");
	if (o->ancestors && o->ignore_ancestors)
		message_usage("--ancestors and --ignore-ancestors exclude each other");
	if (o->pidfile && o->pids_given)
		message_usage("--pidfile and --pid exclude each other");
	if (!o->pidfile && o->locked)
		message_usage("--logpidfile needs --pidfile");
	bool files = o->pidfile || (o->ns_given && o->ns.kind == TARGET_PIDFILE);
	o->ns.stale_ok = o->stale_ok;
	o->ns.trust_pidfile = o->trust_pidfile;
	for (size_t i = 0; i < o->pid_count; i++) {
		files |= o->pids[i].kind == TARGET_PIDFILE;
		o->pids[i].stale_ok = o->stale_ok;
		o->pids[i].trust_pidfile = o->trust_pidfile;
	}
	if (!files && o->stale_ok)
		message_usage("--stale-ok needs --pidfile or a target pidfile:PATH");
	if (!files && o->trust_pidfile)
		message_usage("--trust-pidfile needs --pidfile or a target pidfile:PATH");
	if (p->nslist && !o->ns_given)
		message_usage("--nslist needs --ns");
	if (o->match.handler && !o->sig)
		message_usage("--require-handler needs a signal, 0 is none");
}

static void check_output(const struct options *o)
{
	if (o->null && o->delimiter)
		message_usage("--null and --delimiter exclude each other");
	if (o->threads && (o->handle || o->json))
		message_usage("--lightweight goes neither with --handle nor with --json: "
			      "they are about processes");
	if (o->json &&
		(o->count || o->null || o->delimiter || o->handle || o->list_name || o->list_full))
		message_usage("--json goes with no other form of output");
	if (o->dry_run && o->interactive)
		message_usage("--dry-run and --interactive exclude each other");
	if (o->plan.reclaim && o->plan.mrelease)
		message_usage("--reclaim and --mrelease exclude each other");
	// who answers may be in the tree
	if (o->tree && o->interactive)
		message_usage("--tree and --interactive exclude each other: a tree is "
			      "signalled as a whole");
}

static void complete(struct parse *p)
{
	struct options *o = &p->o;
	struct match *m = &o->match;
	struct numbers *numbers[] = {
		&m->parents, &m->groups, &m->sessions, &m->euids, &m->ruids, &m->rgids};

	if (o->plan.reclaim && !o->signal_given)
		o->sig = 0;
	check_selection(p);
	check_output(o);
	compile_patterns(p);
	if (o->match.handler)
		o->match.handler = o->sig;
	if (o->ns_given)
		o->match.ns_kinds =
			p->nslist ? lists_namespaces("--nslist", p->nslist) : (1u << MATCH_NS) - 1;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		lists_sort(numbers[i]);
	o->plan.sig = o->sig;
	if (p->queue) {
		o->queue = true;
		o->value = optvalue_int("--queue", p->queue);
	}
}

struct options pkill_parse(int argc, char **argv)
{
	struct parse p = {.o = {.sig = SIGTERM, .reap_grace = DURATION_S}};
	const struct cli cli = pkill_cli();
	struct cli_parser parser;
	int key;

	cli_begin(&parser, &cli, argc, argv);
	while ((key = cli_next(&parser)) != OPTION_END)
		take(&p, key, &parser);
	for (int i = 0; i < parser.rest_count; i++)
		add_pattern(&p, parser.rest[i]);
	complete(&p);
	return p.o;
}
