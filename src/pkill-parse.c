// SPDX-License-Identifier: GPL-2.0-or-later
// pkill-parse.c: the command lines of pgrep, pkill and pidwait.
#include "config.h"

#include "duration.h"
#include "libproc.h"
#include "message.h"
#include "number.h"
#include "options.h"
#include "pkill.h"
#include "signame.h"

#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	OPT_ANCESTORS = OPTION_LONG,
	OPT_ANY,
	OPT_CGROUP,
	OPT_COUNT,
	OPT_DRY_RUN,
	OPT_ENV,
	OPT_EXPLAIN,
	OPT_FIXED,
	OPT_HANDLE,
	OPT_NS,
	OPT_NSLIST,
	OPT_NULL,
	OPT_PROGRESS,
	OPT_REAP_GRACE,
	OPT_SIGNAL,
	OPT_STALE_OK,
	OPT_STATUS,
	OPT_TIMEOUT,
	OPT_TRUST_PIDFILE,
	OPT_VERBOSE,
	OPT_WAIT,
	OPT_YOUNGER,
};

enum {
	G = MODE_PGREP,
	K = MODE_PKILL,
	W = MODE_PIDWAIT,
	ALL = G | K | W,
};

static const struct option_row rows[] = {
	{'a', "list-full", NULL, "print the command line behind each PID", G},
	{'A', "ignore-ancestors", NULL, "leave out our own ancestors (with -f they are anyway)",
		ALL},
	{OPT_ANCESTORS, "ancestors", NULL, "do not leave out our own ancestors with -f", ALL},
	{OPT_ANY, "any", NULL, "return when one of the processes is gone", W},
	{'c', NULL, NULL, "print how many processes match, instead of them", G},
	{'c', NULL, NULL, "print how many processes match", K | W},
	{OPT_COUNT, "count", NULL, "the same as -c", G | K},
	{OPT_COUNT, "count", "[=N]", "the same as -c; with N, return when N of them are gone", W},
	{OPT_CGROUP, "cgroup", "PATH,...",
		"in one of these control groups; PATH/** is the whole subtree,\n"
		"CONTROLLER:PATH of one cgroup v1 hierarchy, :PATH of v2",
		ALL},
	{'d', "delimiter", "TEXT", "print TEXT between the PIDs, instead of a newline", G},
	{OPT_DRY_RUN, "dry-run", NULL, "say who would be signalled, and signal nobody", K},
	{'e', "echo", NULL, "print the name and PID of each process that was signalled", K},
	{'e', "echo", NULL, "print the name and PID of each process that is waited for", W},
	{OPT_ENV, "env", "NAME[=VALUE],...",
		"has one of these in its environment; \\, is a comma in a VALUE", ALL},
	{OPT_EXPLAIN, "explain", NULL,
		"say of each process that fits the pattern which option leaves it out", G | W},
	{OPT_EXPLAIN, "explain", NULL,
		"say of each process that fits the pattern which option leaves it\n"
		"out, and why a signal would do nothing",
		K},
	{'f', "full", NULL, "match the patterns against the whole command line", ALL},
	{OPT_FIXED, "fixed", NULL, "the patterns are plain text, not regular expressions", ALL},
	{'F', "pidfile", "FILE", "the process that FILE names (-: standard input)", ALL},
	{'g', "pgroup", "PGID,...", "in one of these process groups (0: our own)", ALL},
	{'G', "group", "GROUP,...", "whose real group is one of these", ALL},
	{'H', "require-handler", NULL, "that has a handler for the signal", ALL},
	{OPT_HANDLE, "handle", NULL, "print PID:INODE, which names a process for this boot", G},
	{'i', "ignore-case", NULL, "match without regard to case", ALL},
	{'I', "interactive", NULL, "ask on the terminal before each signal", K},
	{'J', "json", NULL, "print one JSON object a line for each process", ALL},
	{'l', "list-name", NULL, "print the name behind each PID", G},
	{'L', "logpidfile", NULL, "only if the file of -F is locked", ALL},
	{'m', "mrelease", NULL, "give back the memory of the killed at once (Linux 5.15)", K},
	{'n', "newest", NULL, "only the one that started last", ALL},
	{OPT_NS, "ns", "PID", "in the same namespaces as PID", ALL},
	{OPT_NSLIST, "nslist", "NAME,...",
		"which namespaces --ns compares: ipc, mnt, net, pid, user, uts,\n"
		"cgroup, time (default: all)",
		ALL},
	{OPT_NULL, "null", NULL, "end each process with a NUL byte, for xargs -0", G},
	{'o', "oldest", NULL, "only the one that started first", ALL},
	{'O', "older", "DURATION", "that started at least so long ago (90, 1.5m, 2h, 1d)", ALL},
	{'p', "pid", "TARGET,...", "one of these: PID, PID:INODE, :INODE, fd:N, unix:PATH", ALL},
	{'P', "parent", "PPID,...", "whose parent is one of these", ALL},
	{OPT_PROGRESS, "progress", NULL, "show on the terminal who is still waited for", W},
	{'q', "quiet", NULL, "print nothing, only return the status", G},
	{'q', "queue", "VALUE", "send VALUE with the signal, as sigqueue(3) does", K},
	{'Q', "shell-quote", NULL, "quote names and command lines for the shell", ALL},
	{'r', "runstates", "LETTERS", "in one of these states, as ps shows them (D,R,S,T,Z...)",
		ALL},
	{OPT_REAP_GRACE, "reap-grace", "DURATION",
		"how long after a death to wait for the reap, where the status\n"
		"cannot be read before (default 1s)",
		W},
	{'s', "session", "SID,...", "in one of these sessions (0: our own)", ALL},
	{OPT_SIGNAL, "signal", "SIGNAL", "the signal that -H is about (default TERM)", G | W},
	{OPT_SIGNAL, "signal", "SIGNAL", "send SIGNAL (also -SIGNAL; default TERM)", K},
	{OPT_STALE_OK, "stale-ok", NULL, "take a file of -F that is older than its process", ALL},
	{OPT_STATUS, "status", NULL,
		"exit with the first status that is not 0 (128+N for signal N)", W},
	{'t', "terminal", "TTY,...", "on one of these terminals (3: pts/3; -: none)", ALL},
	{OPT_TIMEOUT, "timeout", "DURATION SIGNAL",
		"after DURATION (ms unless it has a unit), send SIGNAL to those\n"
		"still there; may be repeated",
		K},
	{OPT_TIMEOUT, "timeout", "DURATION", "wait at most so long (5, 1.5s, 250ms, 2m)", W},
	{OPT_TRUST_PIDFILE, "trust-pidfile", NULL,
		"as root, take a file of -F that others can write", ALL},
	{'u', "euid", "USER,...", "whose effective user is one of these", ALL},
	{'U', "uid", "USER,...", "whose real user is one of these", ALL},
	{'v', "inverse", NULL, "those for which not all of this holds", G | W},
	{OPT_VERBOSE, "verbose", NULL, "say on standard error who was spared, and more", G},
	{OPT_VERBOSE, "verbose", NULL, "tell what became of each process, and who was spared", K},
	{OPT_VERBOSE, "verbose", NULL, "tell how each process ended, and who was spared", W},
	{'w', "lightweight", NULL, "look at threads, and print their TIDs", G},
	{OPT_WAIT, "wait", "[=DURATION]", "return when they are gone, or with 124 after DURATION",
		K},
	{'x', "exact", NULL, "a pattern has to match the whole name or command line", ALL},
	{OPT_YOUNGER, "younger", "DURATION", "that started less than so long ago", ALL},
};

static const struct cli clis[] = {
	{
		.usage = "[options] PATTERN...\n[options] CRITERION...",
		.purpose =
			"Print the PIDs of the processes that match a PATTERN (an extended regular\n"
			"expression, for the name or with -f for the command line) and all criteria.",
		.footer = "Exit status: 0 some matched; 1 none did; 2 the command line is wrong;\n"
			  "3 the system failed. See pgrep(1) and pidfd-target(7).",
		.program = G,
	},
	{
		.usage = "[-SIGNAL] [options] PATTERN...\n[-SIGNAL] [options] CRITERION...",
		.purpose =
			"Signal the processes that match a PATTERN (an extended regular expression,\n"
			"for the name or with -f for the command line) and all criteria: just those\n"
			"that matched, never another one that got the PID of one since.",
		.footer = "Exit status: 0 some were signalled; 1 none were; 2 the command line is\n"
			  "wrong; 3 the system failed; 124 some survived --wait or --timeout.\n"
			  "See pkill(1) and pidfd-target(7).",
		.program = K,
		.signals = OPTION_SIGNALS_TAKEN,
	},
	{
		.usage = "[options] PATTERN...\n[options] CRITERION...",
		.purpose =
			"Wait until the processes that match a PATTERN (an extended regular\n"
			"expression, for the name or with -f for the command line) and all criteria\n"
			"are gone.",
		.footer =
			"Exit status: 0 some matched and are gone; 1 none matched; 2 the command\n"
			"line is wrong; 3 the system failed; 124 the timeout passed.\n"
			"See pidwait(1) and pidfd-target(7).",
		.program = W,
	},
};

// What is collected while parsing.
struct parse {
	struct options o;
	const char **patterns;
	size_t pattern_count;
	unsigned flags; // of the patterns
	const char *nslist, *queue;
	bool criterion;
};

// ---- lists ----

// The next item of the comma list at *rest, as a text of its own (to be freed); NULL: no more.
// With `escapes`, "\," is a comma inside an item.
static char *next_item(const char *option, const char **rest, bool escapes)
{
	const char *p = *rest;

	if (!p)
		return NULL;
	char *item = pkill_memory(malloc(strlen(p) + 1));
	char *to = item;
	for (; *p && *p != ','; p++) {
		if (escapes && *p == '\\' && p[1] == ',')
			p++;
		*to++ = *p;
	}
	*to = 0;
	if (to == item)
		message_usage("option '%s': the list '%s' has an empty item", option, *rest);
	*rest = *p ? p + 1 : NULL;
	return item;
}

typedef uint64_t convert_item(const char *option, const char *item);

static void add_numbers(
	struct numbers *n, const char *option, const char *text, convert_item *convert)
{
	for (char *item; (item = next_item(option, &text, false)); free(item)) {
		n->list = pkill_grow(n->list, n->count, sizeof(*n->list));
		n->list[n->count++] = convert(option, item);
	}
}

static uint64_t convert_pid(const char *option, const char *item)
{
	uint64_t number;

	if (number_parse(item, INT_MAX, &number) < 0)
		message_usage("option '%s': '%s' is not the number of a process", option, item);
	return number;
}

static uint64_t convert_group_id(const char *option, const char *item)
{
	uint64_t number;

	if (number_parse(item, INT_MAX, &number) < 0)
		message_usage(
			"option '%s': '%s' is not the number of a process group", option, item);
	return number ? number : (uint64_t)getpgrp();
}

static uint64_t convert_session(const char *option, const char *item)
{
	uint64_t number;

	if (number_parse(item, INT_MAX, &number) < 0)
		message_usage("option '%s': '%s' is not the number of a session", option, item);
	return number ? number : (uint64_t)getsid(0);
}

static uint64_t convert_user(const char *option, const char *item)
{
	const struct passwd *user;
	uint64_t number;

	int r = number_parse(item, UINT32_MAX - 1, &number);
	if (!r)
		return number;
	user = getpwnam(item);
	if (user)
		return user->pw_uid;
	message_usage("option '%s': '%s' is not a user", option, item);
}

static uint64_t convert_group(const char *option, const char *item)
{
	const struct group *group;
	uint64_t number;

	int r = number_parse(item, UINT32_MAX - 1, &number);
	if (!r)
		return number;
	group = getgrnam(item);
	if (group)
		return group->gr_gid;
	message_usage("option '%s': '%s' is not a group", option, item);
}

static void add_text(struct texts *t, const char *text)
{
	t->list = pkill_grow((void *)t->list, t->count, sizeof(*t->list));
	t->list[t->count++] = text;
}

// "pts/3" and "/dev/pts/3" as they are, "3" for pts/3, "-" for none, which is "?" to ps.
static char *terminal_name(char *item)
{
	size_t len = strlen(item);

	if (!strcmp(item, "-"))
		*item = '?';
	else if (!strncmp(item, "/dev/", 5))
		memmove(item, item + 5, len - 4);
	else if (strspn(item, "0123456789") == len) {
		item = pkill_memory(realloc(item, len + sizeof("pts/")));
		memmove(item + 4, item, len + 1);
		memcpy(item, "pts/", 4);
	}
	return item;
}

static void add_terminals(struct texts *t, const char *text)
{
	for (char *item; (item = next_item("--terminal", &text, false));)
		add_text(t, terminal_name(item));
}

static void add_cgroups(struct texts *t, const char *text)
{
	for (char *item; (item = next_item("--cgroup", &text, false));) {
		const char *slash = strchr(item, '/');

		if (!slash || (slash != item && slash[-1] != ':'))
			message_usage(
				"option '--cgroup': '%s' is not PATH, CONTROLLER:PATH or :PATH "
				"with a PATH that begins with '/'",
				item);
		add_text(t, item);
	}
}

static void add_environs(struct texts *t, const char *text)
{
	for (char *item; (item = next_item("--env", &text, true));) {
		if (*item == '=')
			message_usage("option '--env': '%s' is not NAME or NAME=VALUE", item);
		add_text(t, item);
	}
}

static void add_targets(struct options *o, const char *text)
{
	for (char *item; (item = next_item("--pid", &text, false));) {
		const char *why;
		struct target t;

		if (target_parse(&t, item, TARGET_ONE, &why) < 0)
			message_usage("option '--pid': '%s': %s", item, why);
		o->pids = pkill_grow(o->pids, o->pid_count, sizeof(*o->pids));
		o->pids[o->pid_count++] = t;
	}
	o->pids_given = true;
}

static const char *parse_states(const char *text)
{
	char *letters = pkill_memory(strdup(text));
	char *to = letters;

	for (; *text; text++) {
		if (*text == ',')
			continue;
		if (!strchr("DIKNPRSTWXZtx", *text))
			message_usage("option '--runstates': '%c' is not the letter of a state "
				      "(D, I, R, S, T, t, X, Z)",
				*text);
		*to++ = *text;
	}
	*to = 0;
	if (to == letters)
		message_usage("option '--runstates' needs the letter of a state");
	return letters;
}

static unsigned parse_namespaces(const char *text)
{
	unsigned kinds = 0;

	for (char *item; (item = next_item("--nslist", &text, false)); free(item)) {
		unsigned i = 0;

		while (i < MATCH_NS && strcmp(item, match_ns_names[i]) != 0)
			i++;
		if (i == MATCH_NS)
			message_usage(
				"option '--nslist': '%s' is none of ipc, mnt, net, pid, user, "
				"uts, cgroup, time",
				item);
		kinds |= 1u << i;
	}
	return kinds;
}

// ---- single values ----

static int64_t parse_duration(const char *option, const char *text, int64_t unit)
{
	int64_t ns;

	int r = duration_parse(text, unit, &ns);
	if (r == -ERANGE)
		message_usage("option '%s': '%s' is longer than 100 years", option, text);
	if (r < 0)
		message_usage("option '%s': '%s' is not a duration (like 5, 1.5s, 250ms, 2m or 1h)",
			option, text);
	return ns;
}

static int parse_signal(const char *option, const char *text)
{
	int sig;

	if (signame_parse(text, &sig) < 0)
		message_usage(
			"option '%s': '%s' is not a signal (like TERM, KILL or 15)", option, text);
	return sig;
}

static int parse_value(const char *text)
{
	int64_t value;

	if (number_parse_signed(text, INT_MIN, INT_MAX, &value) < 0)
		message_usage("option '--queue': '%s' is not a number between %d and %d", text,
			INT_MIN, INT_MAX);
	return (int)value;
}

static void add_step(struct options *o, struct cli_parser *parser)
{
	struct deliver_step step = {.after = parse_duration("--timeout", parser->arg, DURATION_MS)};

	if (o->plan.step_count == PKILL_STEPS)
		message_usage("option '--timeout' can be given at most %d times", PKILL_STEPS);
	step.sig = parse_signal(
		"--timeout", cli_second_value(parser, "--timeout", "a signal (like KILL)"));
	o->steps[o->plan.step_count++] = step;
}

static void parse_count(struct options *o, const char *text)
{
	uint64_t enough;

	if (!text) {
		o->count = true;
		return;
	}
	if (number_parse(text, SIZE_MAX, &enough) < 0 || !enough)
		message_usage("option '--count': '%s' is not a number above 0", text);
	o->enough = (size_t)enough;
}

static void parse_ns(struct options *o, const char *text)
{
	const char *why;

	if (target_parse(&o->ns, text, TARGET_ONE, &why) < 0)
		message_usage("option '--ns': '%s': %s", text, why);
	o->ns_given = true;
}

static void set_which(struct options *o, enum scan_which which)
{
	if (o->which != SCAN_ALL && o->which != which)
		message_usage("options '--newest' and '--oldest' exclude each other");
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
		add_numbers(&m->groups, "--pgroup", arg, convert_group_id);
		return 1;
	case 'G':
		add_numbers(&m->rgids, "--group", arg, convert_group);
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
		o->older = parse_duration("--older", arg, DURATION_S);
		m->older = true;
		return 1;
	case OPT_YOUNGER:
		o->younger = parse_duration("--younger", arg, DURATION_S);
		m->younger = true;
		return 1;
	case 'p':
		add_targets(o, arg);
		return 1;
	case 'P':
		add_numbers(&m->parents, "--parent", arg, convert_pid);
		return 1;
	case 'r':
		m->states = parse_states(arg);
		return 1;
	case 's':
		add_numbers(&m->sessions, "--session", arg, convert_session);
		return 1;
	case 't':
		add_terminals(&m->ttys, arg);
		return 1;
	case 'u':
		add_numbers(&m->euids, "--euid", arg, convert_user);
		return 1;
	case 'U':
		add_numbers(&m->ruids, "--uid", arg, convert_user);
		return 1;
	case OPT_CGROUP:
		add_cgroups(&m->cgroups, arg);
		return 1;
	case OPT_ENV:
		add_environs(&m->environs, arg);
		return 1;
	case OPT_NS:
		parse_ns(o, arg);
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
		o->sig = parse_signal(key == OPT_SIGNAL ? "--signal" : "-SIGNAL", arg);
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
		parse_count(o, arg);
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
		o->reap_grace = parse_duration("--reap-grace", arg, DURATION_S);
		break;
	case OPT_STATUS:
		o->status = true;
		break;
	case OPT_TIMEOUT:
		if (program_mode == MODE_PKILL)
			add_step(o, parser);
		else
			o->limit = parse_duration("--timeout", arg, DURATION_S);
		break;
	case OPT_WAIT:
		o->plan.wait = true;
		o->plan.wait_limit = arg ? parse_duration("--wait", arg, DURATION_S) : 0;
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
			message_usage("the pattern '%s' is not a regular expression: %s",
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
		message_usage(
			"option '--inverse' goes neither with '--newest' nor with '--oldest'");
	if (o->ancestors && o->ignore_ancestors)
		message_usage("options '--ancestors' and '--ignore-ancestors' exclude each other");
	if (o->pidfile && o->pids_given)
		message_usage("options '--pidfile' and '--pid' exclude each other");
	if (!o->pidfile && o->locked)
		message_usage("option '--logpidfile' needs '--pidfile'");
	if (!o->pidfile && o->stale_ok)
		message_usage("option '--stale-ok' needs '--pidfile'");
	if (!o->pidfile && o->trust_pidfile)
		message_usage("option '--trust-pidfile' needs '--pidfile'");
	if (p->nslist && !o->ns_given)
		message_usage("option '--nslist' needs '--ns'");
	if (o->match.handler && !o->sig)
		message_usage("option '--require-handler' needs a signal, 0 is none");
}

static void check_output(const struct options *o)
{
	if (o->null && o->delimiter)
		message_usage("options '--null' and '--delimiter' exclude each other");
	if (o->threads && (o->handle || o->json))
		message_usage(
			"option '--lightweight' goes neither with '--handle' nor with '--json': "
			"they are about processes");
	if (o->json &&
		(o->count || o->null || o->delimiter || o->handle || o->list_name || o->list_full))
		message_usage("option '--json' goes with no other form of output");
	if (o->dry_run && o->interactive)
		message_usage("options '--dry-run' and '--interactive' exclude each other");
}

static void complete(struct parse *p)
{
	struct options *o = &p->o;

	check_selection(p);
	check_output(o);
	compile_patterns(p);
	if (o->match.handler)
		o->match.handler = o->sig;
	if (o->ns_given)
		o->match.ns_kinds = p->nslist ? parse_namespaces(p->nslist) : (1u << MATCH_NS) - 1;
	o->plan.sig = o->sig;
	if (p->queue) {
		o->queue = true;
		o->value = parse_value(p->queue);
	}
}

struct options pkill_parse(int argc, char **argv)
{
	struct parse p = {.o = {.sig = SIGTERM, .reap_grace = DURATION_S}};
	struct cli_parser parser;
	struct cli cli = {0};
	int key;

	for (size_t i = 0; i < sizeof(clis) / sizeof(*clis); i++)
		if (clis[i].program == (unsigned)program_mode)
			cli = clis[i];
	cli.rows = rows;
	cli.count = sizeof(rows) / sizeof(*rows);
	cli.versions = libproc_version();
	cli_begin(&parser, &cli, argc, argv);
	while ((key = cli_next(&parser)) != OPTION_END)
		take(&p, key, &parser);
	for (int i = 0; i < parser.rest_count; i++)
		add_pattern(&p, parser.rest[i]);
	complete(&p);
	return p.o;
}
