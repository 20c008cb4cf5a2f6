// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "find/libproc.h"
#include "mode/mode.h"
#include "pkill/lists.h"
#include "pkill/options.h"
#include "tell/optvalue.h"

enum {
	G = MODE_PGREP,
	K = MODE_PKILL,
	W = MODE_PIDWAIT,
	ALL = G | K | W,
};

// the options of pgrep that print something else than a table
#define PLAIN \
	"boot-handle count null delimiter handle list-name list-full json shell-quote lightweight"

enum { CRITERION = PKILL_CRITERION };

// An option for what pgrep prints.
#define UNUSED "accepted without effect, the same as in procps"

#define FLAG(field)		   OPTION_FLAG(struct parse, field)
#define VALUE(type, field, reader) OPTION_VALUE(struct parse, type, field, reader)

static const struct option_row rows[] = {
	{'a', "list-full", NULL, "print the command line behind each PID", G, FLAG(o.list_full)},
	{'A', "ignore-ancestors", NULL, "leave out the ancestors of this program, and their forks",
		ALL, FLAG(o.ignore_ancestors)},
	{0, "alive", NULL, "leave out zombies, with --inverse too", ALL, FLAG(o.match.alive)},
	{0, "any", NULL, "return when one of the processes is gone", W, OPTION_CALL(parse_any),
		.without = "first"},
	{0, "appear", NULL, "return when a process matches, and print its PID:INODE", W,
		FLAG(o.appear),
		.without = "any first count echo newest oldest progress status until-none"},
	{0, "args", "PATTERN",
		"whose command line matches PATTERN as well; may be\n"
		"repeated",
		ALL, VALUE(struct texts, args, lists_add_text), .tags = CRITERION},
	{0, "at-most", "N", "if more than N processes match, say so with status 2", G,
		VALUE(size_t, o.at_most, optvalue_read_count)},
	{0, "at-most", "N", "if more than N processes match, signal none and list them", K,
		VALUE(size_t, o.at_most, optvalue_read_count)},
	{0, "boot-handle", NULL, "print PID:INODE:BOOT, which names no process after a reboot", G,
		FLAG(o.boot_handle), .without = "handle"},
	{'c', "count", NULL, "print how many processes match, instead of them", G, FLAG(o.count)},
	{'c', "count", NULL, "print how many processes match", K, FLAG(o.count)},
	{'c', "count", NULL, "print how many processes match", W, FLAG(o.count),
		.instead = "first"},
	{0, "cgroup", "PATH,...",
		"in one of these control groups; PATH/** is the whole subtree,\n"
		"**/NAME any group of that name, CONTROLLER:PATH one of a\n"
		"cgroup v1 hierarchy, :PATH one of v2",
		ALL, VALUE(struct texts, o.match.cgroups, lists_add_cgroups), .tags = CRITERION},
	{0, "cwd", "DIR",
		"whose working folder is DIR; DIR/** is DIR and all below\n"
		"it; may be repeated for either",
		ALL, VALUE(struct texts, o.cwds, lists_add_text), .tags = CRITERION},
	{0, "columns", "COLUMN,...",
		"print a table of these columns of ps -o (pid,rss,pcpu,args ...)", G,
		VALUE(struct columns, o.columns, lists_add_columns), .without = PLAIN " long"},
	{'d', "delimiter", "TEXT", "print TEXT between the PIDs, instead of a newline", G,
		VALUE(const char *, o.delimiter, optvalue_read_text)},
	{0, "delimiter", "TEXT", UNUSED, K | W,
		VALUE(const char *, o.delimiter, optvalue_read_text)},
	{0, "dry-run", NULL, "print the processes that match, signal none", K, FLAG(o.plan.dry_run),
		.without = "interactive"},
	{0, "deadline", "DURATION",
		"the same as --wait, but give up with 124 so long after the\n"
		"first signal (500ms, 10s, 0: never)",
		K, VALUE(int64_t, o.plan.deadline, optvalue_read_exact_duration)},
	{0, "deadline", "DURATION", "the same as --timeout", W,
		VALUE(int64_t, o.limit, optvalue_read_duration), .as = "timeout"},
	{'e', "echo", NULL, "print the name and PID of each process that was signalled", K,
		FLAG(o.echo)},
	{'e', "echo", NULL, "print the name and PID of each process that is waited for", W,
		FLAG(o.echo)},
	{0, "env", "NAME[=VALUE],...",
		"has one of these in its environment; \\, is a comma in a VALUE", ALL,
		VALUE(struct texts, o.match.environs, lists_add_environs), .tags = CRITERION},
	{0, "exe", "FILE", "that run this program file; may be repeated for either", ALL,
		VALUE(struct texts, o.exes, lists_add_text), .tags = CRITERION},
	{0, "explain", NULL, "say of each process that fits the pattern which option leaves it out",
		G | W, FLAG(o.explain)},
	{0, "explain", NULL,
		"say of each process that fits the pattern which option leaves it\n"
		"out, and why a signal would do nothing",
		K, FLAG(o.explain)},
	{'f', "full", NULL, "match the pattern against the whole command line", ALL,
		FLAG(o.match.full)},
	{0, "first", "N", "return when N of the processes are gone", W,
		VALUE(size_t, o.enough, optvalue_read_count)},
	{0, "fixed", NULL, "the pattern is plain text, not a regular expression", ALL, FLAG(fixed)},
	{'F', "pidfile", "FILE", "the process that FILE names (-: standard input)", ALL,
		VALUE(const char *, pidfile, optvalue_read_text), .without = "pid",
		.clash = "Cannot use pidfile and pid option together", .tags = CRITERION},
	{'g', "pgroup", "TARGET,...", "in one of these process groups (0: our own)", ALL,
		VALUE(struct targets, o.named[ANCHOR_GROUP], lists_add_groups), .tags = CRITERION},
	{'G', "group", "GROUP,...", "whose real group is one of these", ALL,
		VALUE(struct numbers, o.match.rgids, lists_add_gids), .tags = CRITERION},
	{'H', "require-handler", NULL, "that has a handler for the signal", ALL, FLAG(handler),
		.tags = CRITERION},
	{0, "handle", NULL, "print PID:INODE, which names a process for this boot", G,
		FLAG(o.handle)},
	{'i', "ignore-case", NULL, "match without regard to case", ALL, FLAG(ignore_case)},
	{0, "if-any", NULL, "that no process matches is a success", ALL, FLAG(o.if_any)},
	{'I', "interactive", NULL, "ask on the terminal before each signal", K,
		FLAG(o.interactive)},
	{'J', "json", NULL, "print one JSON object a line for each process", ALL, FLAG(o.json),
		.without = "boot-handle count null delimiter handle list-name list-full"},
	{'l', "list-name", NULL, "print the name behind each PID", G, FLAG(o.list_name)},
	{0, "list-full", NULL, UNUSED, K | W, FLAG(unused)},
	{0, "list-name", NULL, UNUSED, K | W, FLAG(unused)},
	{0, "long", NULL, "print a table: PID, user, age, name, command line", G, FLAG(o.table),
		.without = PLAIN},
	{'L', "logpidfile", NULL, "only if the process holds a lock on the file of -F", ALL,
		FLAG(demands.locked), .needs = "pidfile"},
	{0, "mentions", NULL,
		"with -f or --args, also those whose command line only quotes a search\n"
		"(as that of sh -c 'pkill -f NAME' does)",
		ALL, FLAG(o.mentions)},
	{'m', "mrelease", NULL, "give back the memory of the killed at once (Linux 5.15)", K,
		FLAG(o.plan.mrelease)},
	{'n', "newest", NULL, "only the one that started last", ALL, FLAG(newest),
		.without = "oldest", .tags = CRITERION},
	{0, "not-pid", "TARGET,...", "leave out these, with --inverse too", ALL,
		VALUE(struct targets, o.spared, lists_add_targets)},
	{0, "ns", "PID", "in the same namespaces as PID", ALL, OPTION_CALL(parse_ns),
		.tags = CRITERION},
	{0, "nslist", "NAME,...",
		"which namespaces --ns compares: ipc, mnt, net, pid, user, uts,\n"
		"cgroup, time (default: all)",
		ALL, VALUE(const char *, nslist, optvalue_read_text), .needs = "ns"},
	{0, "null", NULL, "end each process with a NUL byte, for xargs -0", G, FLAG(o.null),
		.without = "delimiter"},
	{'o', "oldest", NULL, "only the one that started first", ALL, FLAG(oldest),
		.tags = CRITERION},
	{'O', "older", "DURATION", "that started at least so long ago (90, 1.5m, 2h, 1d)", ALL,
		OPTION_CALL(parse_older), .tags = CRITERION},
	{'p', "pid", "TARGET,...",
		"one of these: PID, PID:INODE, :INODE, fd:N, unix:PATH,\n"
		"pidfile:PATH, tcp:PORT, udp:PORT, lock:PATH,\n"
		"cgroup:PATH, unit:NAME",
		ALL, VALUE(struct targets, o.pids, lists_add_targets), .tags = CRITERION},
	{'P', "parent", "TARGET,...", "whose parent is one of these", ALL,
		VALUE(struct targets, o.named[ANCHOR_PARENT], lists_add_parents),
		.tags = CRITERION},
	{0, "progress", NULL, "show on the terminal who is still waited for", W, FLAG(o.progress)},
	{'q', "quiet", NULL, "print nothing, only return the status", G, FLAG(o.quiet)},
	{0, "quiet", NULL, UNUSED, K | W, FLAG(unused)},
	{'q', "queue", "VALUE", "send VALUE with the signal, as sigqueue(3) does", K,
		OPTION_CALL(parse_queue)},
	{'Q', "shell-quote", NULL, "quote names and command lines for the shell", ALL,
		FLAG(o.shell_quote)},
	{'r', "runstates", "LETTERS", "in one of these states, as ps shows them (D,R,S,T,Z...)",
		ALL, OPTION_CALL(parse_states), .tags = CRITERION},
	{0, "reap-grace", "DURATION",
		"how long after a death to wait for the reap, where the status\n"
		"cannot be read before (default 1s)",
		W, VALUE(int64_t, o.reap_grace, optvalue_read_duration)},
	{0, "reclaim", "cold|pageout",
		"have them give their memory back; no signal is sent then,\n"
		"unless one is named",
		K, VALUE(enum reclaim_how, o.plan.reclaim, optvalue_read_reclaim),
		.without = "mrelease"},
	{'s', "session", "TARGET,...", "in one of these sessions (0: our own)", ALL,
		VALUE(struct targets, o.named[ANCHOR_SESSION], lists_add_sessions),
		.tags = CRITERION},
	{0, "settle", "DURATION", "with --until-none: return when none matches for that long", W,
		VALUE(int64_t, o.settle, optvalue_read_duration), .needs = "until-none"},
	{0, "signal", "SIGNAL", "the signal that -H is about (default TERM)", G | W,
		OPTION_CALL(parse_signal), .tags = OPTION_TAG_SIGNAL},
	{0, "signal", "SIGNAL", "send SIGNAL (also -SIGNAL; default TERM)", K,
		OPTION_CALL(parse_signal), .tags = OPTION_TAG_SIGNAL},
	{0, "stale-ok", NULL, "take a pidfile that is older than its process", ALL,
		FLAG(demands.stale_ok)},
	{0, "status", NULL, "exit with the first status that is not 0 (128+N for signal N)", W,
		FLAG(o.status)},
	{'t', "terminal", "TTY,...", "on one of these terminals (3: pts/3; -: none)", ALL,
		VALUE(struct texts, o.match.ttys, lists_add_terminals), .tags = CRITERION},
	{0, "timeout", "DURATION SIGNAL",
		"after DURATION (500ms, 2s, 1h30m) send SIGNAL to those still\n"
		"there; can be given again",
		K, OPTION_CALL(parse_step)},
	{0, "timeout", "DURATION", "wait at most so long (5, 1.5s, 250ms, 2m, 1h30m)", W,
		VALUE(int64_t, o.limit, optvalue_read_duration)},
	{0, "tree", NULL, "print the table of --long as a tree: each below its parent", G,
		FLAG(o.tree), .without = PLAIN},
	{0, "tree", NULL,
		"those that match and all their descendants, also those that are\n"
		"born meanwhile: all stand still until each has its signal",
		K, FLAG(o.tree), .without = "interactive"},
	{0, "trust-pidfile", NULL, "as root, take a pidfile that others could choose", ALL,
		FLAG(demands.trusted)},
	{0, "under", "TARGET,...", "descendants of one of these", ALL,
		VALUE(struct targets, o.under, lists_add_targets), .tags = CRITERION},
	{'u', "euid", "USER,...", "whose effective user is one of these", ALL,
		VALUE(struct numbers, o.match.euids, lists_add_users), .tags = CRITERION},
	{'U', "uid", "USER,...", "whose real user is one of these", ALL,
		VALUE(struct numbers, o.match.ruids, lists_add_users), .tags = CRITERION},
	{0, "until-none", NULL,
		"when they are gone, search again; return when none matches\n"
		"(also if none does at first)",
		W, FLAG(o.until_none), .without = "any first count newest oldest"},
	{'v', "inverse", NULL, "those for which not all of this holds", G | W,
		FLAG(o.match.inverse), .without = "newest oldest"},
	{0, "inverse", NULL, "those for which not all of this holds", K, FLAG(o.match.inverse),
		.without = "newest oldest"},
	{0, "verbose", NULL, "name the processes that are skipped, on standard error", G,
		FLAG(o.verbose)},
	{0, "verbose", NULL, "report the result for each process, and those that are skipped", K,
		FLAG(o.verbose)},
	{0, "verbose", NULL, "report how each process ended, and those that are skipped", W,
		FLAG(o.verbose)},
	{'w', "lightweight", NULL, "look at threads, and print their TIDs", G, FLAG(o.threads),
		.without = "boot-handle handle json"},
	{0, "wait", NULL, "return when they are gone", K, FLAG(o.plan.wait), .instead = "deadline"},
	{'x', "exact", NULL, "the pattern has to match the whole name or command line", ALL,
		FLAG(exact)},
	{0, "younger", "DURATION", "that started less than so long ago", ALL,
		OPTION_CALL(parse_younger), .tags = CRITERION},
};

static const struct cli clis[] = {
	{
		.usage = "[options] PATTERN\n[options] CRITERION...",
		.purpose =
			"Print the PIDs of the processes that match a PATTERN (an extended regular\n"
			"expression, for the name or with -f for the command line) and all criteria.",
		.footer = "Exit status: 0 some matched; 1 none did; 2 the command line is wrong;\n"
			  "3 the system failed. See pgrep(1) and pidfd-target(7).",
		.program = G,
	},
	{
		.usage = "[-SIGNAL] [options] PATTERN\n[-SIGNAL] [options] CRITERION...",
		.purpose =
			"Signal the processes that match a PATTERN (an extended regular expression,\n"
			"for the name or with -f for the command line) and all criteria: just those\n"
			"that matched, never another one that got the PID of one since.",
		.footer = "Exit status: 0 some were signalled; 1 none were; 2 the command line is\n"
			  "wrong; 3 the system failed; 124 some survived the --deadline.\n"
			  "See pkill(1) and pidfd-target(7).",
		.program = K,
		.signals = OPTION_SIGNALS_TAKEN,
	},
	{
		.usage = "[options] PATTERN\n[options] CRITERION...",
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

struct cli pkill_cli(void)
{
	struct cli cli = {0};

	for (size_t i = 0; i < sizeof(clis) / sizeof(*clis); i++)
		if (clis[i].program == (unsigned)program_mode)
			cli = clis[i];
	cli.rows = rows;
	cli.count = sizeof(rows) / sizeof(*rows);
	cli.versions = libproc_version();
	cli.compatible = "procps-ng 4.0.6";
	cli.operand = parse_pattern;
	return cli;
}
