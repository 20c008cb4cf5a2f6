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
	{'a', "list-full", NULL, "also print the command line", G, .group = OPTION_OUTPUT,
		FLAG(o.list_full)},
	{'A', "ignore-ancestors", NULL, "skip the ancestors of this program, and their forks", ALL,
		.group = OPTION_CRITERIA, FLAG(o.ignore_ancestors)},
	{0, "alive", NULL, "skip zombies, with --inverse too", ALL, .group = OPTION_CRITERIA,
		FLAG(o.match.alive)},
	{0, "any", NULL, "return when one of the processes is gone", W, .group = OPTION_WAITING,
		OPTION_CALL(parse_any), .without = "first"},
	{0, "appear", NULL, "wait until a process matches, and print its PID:INODE", W,
		.group = OPTION_WAITING, FLAG(o.appear),
		.without =
			"any first count echo explain newest oldest progress reap-grace status until-none "
			"if-any"},
	{0, "args", "PATTERN", "the command line must match PATTERN too; may be repeated", ALL,
		.group = OPTION_PATTERN, VALUE(struct texts, args, lists_add_text),
		.tags = CRITERION},
	{0, "at-most", "N", "if more than N processes match, print none and exit with 2", G,
		.group = OPTION_OUTPUT, VALUE(size_t, o.at_most, optvalue_read_count),
		.tags = OPTION_TAG_ONCE},
	{0, "at-most", "N", "if more than N processes match, list them and signal none", K,
		.group = OPTION_SIGNALS, VALUE(size_t, o.at_most, optvalue_read_count),
		.tags = OPTION_TAG_ONCE},
	{0, "boot-handle", NULL, "print PID:INODE:BOOT, which names no process after a reboot", G,
		.group = OPTION_OUTPUT, FLAG(o.boot_handle), .without = "handle"},
	{0, "continue", NULL, "after each signal, send CONT to the processes that are stopped", K,
		.group = OPTION_SIGNALS, FLAG(o.resume)},
	{'c', "count", NULL, "print only how many processes match", G, .group = OPTION_OUTPUT,
		FLAG(o.count)},
	{'c', "count", NULL, "print how many processes match", K, .group = OPTION_OUTPUT,
		FLAG(o.count)},
	{'c', "count", NULL, "print how many processes match", W, .group = OPTION_OUTPUT,
		FLAG(o.count), .instead = "first"},
	{0, "cgroup", "PATH,...",
		"in one of these cgroups; PATH/**: and below, **/NAME: any of that name, CONTROLLER:PATH: of a v1 hierarchy, :PATH: of v2",
		ALL, .group = OPTION_CRITERIA,
		VALUE(struct texts, o.match.cgroups, lists_add_cgroups), .tags = CRITERION},
	{0, "cwd", "DIR",
		"with this working directory; DIR/**: DIR and below; may be repeated (any of them)",
		ALL, .group = OPTION_CRITERIA, VALUE(struct texts, o.cwds, lists_add_text),
		.tags = CRITERION},
	{0, "columns", "COLUMN,...",
		"print a table of these columns of ps -o (pid,rss,pcpu,args ...)", G,
		.group = OPTION_OUTPUT, VALUE(struct columns, o.columns, lists_add_columns),
		.without = PLAIN " long"},
	{'d', "delimiter", "TEXT", "print TEXT between the PIDs (default: a newline)", G,
		.group = OPTION_OUTPUT, VALUE(const char *, o.delimiter, optvalue_read_text)},
	{0, "delimiter", "TEXT", UNUSED, K | W,
		VALUE(const char *, o.delimiter, optvalue_read_text)},
	{0, "dry-run", NULL, "print the processes that match, signal none", K,
		.group = OPTION_OUTPUT, FLAG(o.plan.dry_run), .without = "interactive"},
	{0, "deadline", "DURATION",
		"the same as --wait, but give up with status 124 after DURATION from the first signal (500ms, 10s, 0: never)",
		K, .group = OPTION_WAITING,
		VALUE(int64_t, o.plan.deadline, optvalue_read_exact_duration)},
	{0, "deadline", "DURATION", "the same as --timeout", W, .group = OPTION_WAITING,
		VALUE(int64_t, o.limit, optvalue_read_duration), .as = "timeout"},
	{'e', "echo", NULL, "print the name and PID of each signalled process", K,
		.group = OPTION_OUTPUT, FLAG(o.echo)},
	{'e', "echo", NULL, "print the name and PID of each process that is waited for", W,
		.group = OPTION_OUTPUT, FLAG(o.echo)},
	{0, "env", "NAME[=VALUE],...",
		"with one of these in the environment; \\, is a comma in a VALUE", ALL,
		.group = OPTION_CRITERIA, VALUE(struct texts, o.match.environs, lists_add_environs),
		.tags = CRITERION},
	{0, "exe", "FILE", "running this program file; may be repeated (any of them)", ALL,
		.group = OPTION_CRITERIA, VALUE(struct texts, o.exes, lists_add_text),
		.tags = CRITERION},
	{0, "explain", NULL,
		"for each process that matches the pattern, print the option that excluded it",
		G | W, .group = OPTION_OUTPUT, FLAG(o.explain)},
	{0, "explain", NULL,
		"for each process that matches the pattern, print the option that excluded it, and why a signal would have no effect",
		K, .group = OPTION_OUTPUT, FLAG(o.explain)},
	{'f', "full", NULL, "match the pattern against the command line", ALL,
		.group = OPTION_PATTERN, FLAG(o.match.full)},
	{0, "first", "N", "return when N of the processes are gone", W, .group = OPTION_WAITING,
		VALUE(size_t, o.enough, optvalue_read_count)},
	{0, "fixed", NULL, "the pattern is plain text, not a regular expression", ALL,
		.group = OPTION_PATTERN, FLAG(fixed)},
	{'F', "pidfile", "FILE", "the process that FILE names (-: standard input)", ALL,
		.group = OPTION_CRITERIA, VALUE(const char *, pidfile, optvalue_read_text),
		.without = "pid", .clash = "Cannot use pidfile and pid option together",
		.tags = CRITERION | OPTION_TAG_ONCE},
	{'g', "pgroup", "TARGET,...", "in one of these process groups (0: our own)", ALL,
		.group = OPTION_CRITERIA,
		VALUE(struct targets, o.named[ANCHOR_GROUP], lists_add_named), .tags = CRITERION},
	{'G', "group", "GROUP,...", "with one of these real groups", ALL, .group = OPTION_CRITERIA,
		VALUE(struct numbers, o.match.rgids, lists_add_gids), .tags = CRITERION},
	{'H', "require-handler", NULL, "with a handler for the signal", ALL,
		.group = OPTION_CRITERIA, FLAG(handler), .tags = CRITERION},
	{0, "handle", NULL, "print PID:INODE, which names one process until the next boot", G,
		.group = OPTION_OUTPUT, FLAG(o.handle)},
	{'i', "ignore-case", NULL, "ignore case", ALL, .group = OPTION_PATTERN, FLAG(ignore_case)},
	{0, "if-any", NULL, "exit with 0 if no process matches", ALL, FLAG(o.if_any)},
	{'I', "interactive", NULL, "ask before each signal", K, .group = OPTION_SIGNALS,
		FLAG(o.interactive)},
	{'J', "json", NULL, "print one JSON object per line for each process", ALL,
		.group = OPTION_OUTPUT, FLAG(o.json),
		.without = "boot-handle count null delimiter handle list-name list-full"},
	{'l', "list-name", NULL, "also print the name", G, .group = OPTION_OUTPUT,
		FLAG(o.list_name)},
	{0, "list-full", NULL, UNUSED, K | W, FLAG(unused)},
	{0, "list-name", NULL, UNUSED, K | W, FLAG(unused)},
	{0, "long", NULL, "print a table: PID, user, age, name, command line", G,
		.group = OPTION_OUTPUT, FLAG(o.table), .without = PLAIN},
	{'L', "logpidfile", NULL, "fail if the process holds no lock on the file of -F", ALL,
		.group = OPTION_CRITERIA, FLAG(demands.locked), .needs = "pidfile"},
	{0, "mentions", NULL,
		"with -f or --args, also select command lines that only quote a search (like sh -c 'pkill -f NAME')",
		ALL, .group = OPTION_PATTERN, FLAG(o.mentions)},
	{'m', "mrelease", NULL, "free the memory of killed processes at once (Linux 5.15)", K,
		.group = OPTION_SIGNALS, FLAG(o.plan.mrelease)},
	{'n', "newest", NULL, "only the process that started last", ALL, .group = OPTION_CRITERIA,
		FLAG(newest), .without = "oldest", .tags = CRITERION},
	{0, "not-pid", "TARGET,...", "skip these, with --inverse and --tree too", ALL,
		.group = OPTION_CRITERIA, VALUE(struct targets, o.spared, lists_add_targets)},
	{0, "ns", "PID", "in the same namespaces as PID", ALL, .group = OPTION_CRITERIA,
		OPTION_CALL(parse_ns), .tags = CRITERION | OPTION_TAG_ONCE},
	{0, "nslist", "NAME,...",
		"the namespaces that --ns compares: ipc, mnt, net, pid, user, uts, cgroup, time (default: all)",
		ALL, .group = OPTION_CRITERIA, VALUE(const char *, nslist, optvalue_read_text),
		.needs = "ns", .tags = OPTION_TAG_ONCE},
	{0, "null", NULL, "end each process with a NUL byte, for xargs -0", G,
		.group = OPTION_OUTPUT, FLAG(o.null), .without = "delimiter"},
	{'o', "oldest", NULL, "only the process that started first", ALL, .group = OPTION_CRITERIA,
		FLAG(oldest), .tags = CRITERION},
	{'O', "older", "DURATION", "started at least DURATION ago (90, 1.5m, 2h, 1d)", ALL,
		.group = OPTION_CRITERIA, OPTION_CALL(parse_older),
		.tags = CRITERION | OPTION_TAG_ONCE},
	{'p', "pid", "TARGET,...",
		"one of these: PID, PID:INODE, :INODE, fd:N, unix:PATH, pidfile:PATH, tcp:PORT, udp:PORT, lock:PATH, cgroup:PATH, unit:NAME",
		ALL, .group = OPTION_CRITERIA, VALUE(struct targets, o.pids, lists_add_targets),
		.tags = CRITERION},
	{'P', "parent", "TARGET,...", "child of one of these", ALL, .group = OPTION_CRITERIA,
		VALUE(struct targets, o.named[ANCHOR_PARENT], lists_add_named), .tags = CRITERION},
	{0, "progress", NULL, "on a terminal, show the processes that are left", K | W,
		.group = OPTION_WAITING, FLAG(o.progress)},
	{'q', "quiet", NULL, "print nothing, only set the exit status", G, .group = OPTION_OUTPUT,
		FLAG(o.quiet)},
	{0, "quiet", NULL, UNUSED, K | W, FLAG(unused)},
	{'q', "queue", "VALUE", "send VALUE with the signal, as sigqueue(3) does", K,
		.group = OPTION_SIGNALS, OPTION_CALL(parse_queue), .tags = OPTION_TAG_ONCE},
	{'Q', "shell-quote", NULL, "quote names and command lines for the shell", ALL,
		.group = OPTION_OUTPUT, FLAG(o.shell_quote)},
	{'r', "runstates", "LETTERS", "in one of these states of ps (D,R,S,T,Z...)", ALL,
		.group = OPTION_CRITERIA, OPTION_CALL(parse_states),
		.tags = CRITERION | OPTION_TAG_ONCE},
	{0, "reap-grace", "DURATION",
		"after a death, how long to wait for the reap if the status cannot be read before (default: 1s)",
		W, .group = OPTION_WAITING, VALUE(int64_t, o.reap_grace, optvalue_read_duration)},
	{0, "reclaim", "cold|pageout",
		"reclaim the memory of the processes; sends no signal unless one is given", K,
		.group = OPTION_SIGNALS,
		VALUE(enum reclaim_how, o.plan.reclaim, optvalue_read_reclaim),
		.without = "mrelease"},
	{'s', "session", "TARGET,...", "in one of these sessions (0: our own)", ALL,
		.group = OPTION_CRITERIA,
		VALUE(struct targets, o.named[ANCHOR_SESSION], lists_add_named), .tags = CRITERION},
	{0, "settle", "DURATION", "with --until-none: return when none has matched for DURATION", W,
		.group = OPTION_WAITING, VALUE(int64_t, o.settle, optvalue_read_duration),
		.needs = "until-none"},
	{0, "signal", "SIGNAL", "the signal that -H checks (default: TERM)", G | W,
		.group = OPTION_CRITERIA, OPTION_CALL(parse_signal), .tags = OPTION_TAG_SIGNAL},
	{0, "signal", "SIGNAL", "send SIGNAL (default: TERM); -SIGNAL is the same", K,
		.group = OPTION_SIGNALS, OPTION_CALL(parse_signal), .tags = OPTION_TAG_SIGNAL},
	{0, "stale-ok", NULL, "accept a pidfile that is older than its process", ALL,
		.group = OPTION_CRITERIA, FLAG(demands.stale_ok)},
	{0, "status", NULL, "exit with the first status that is not 0 (128+N for signal N)", W,
		.group = OPTION_WAITING, FLAG(o.status)},
	{'t', "terminal", "TTY,...", "on one of these terminals (3: pts/3; -: none)", ALL,
		.group = OPTION_CRITERIA, VALUE(struct texts, o.match.ttys, lists_add_terminals),
		.tags = CRITERION},
	{0, "timeout", "DURATION SIGNAL",
		"after DURATION (500ms, 2s, 1h30m) send SIGNAL to the processes that are left; may be repeated",
		K, .group = OPTION_SIGNALS, OPTION_CALL(parse_step)},
	{0, "timeout", "DURATION", "wait at most DURATION (5, 1.5s, 250ms, 2m, 1h30m)", W,
		.group = OPTION_WAITING, VALUE(int64_t, o.limit, optvalue_read_duration)},
	{0, "tree", NULL, "print the table of --long as a tree, each process below its parent", G,
		.group = OPTION_OUTPUT, FLAG(o.tree), .without = PLAIN},
	{0, "tree", NULL,
		"the matching processes and all their descendants, also those born meanwhile; all are held until each has its signal",
		K, .group = OPTION_SIGNALS, FLAG(o.tree), .without = "interactive"},
	{0, "trust-pidfile", NULL, "as root, accept a pidfile that other users can change", ALL,
		.group = OPTION_CRITERIA, FLAG(demands.trusted)},
	{0, "under", "TARGET,...", "descendant of one of these", ALL, .group = OPTION_CRITERIA,
		VALUE(struct targets, o.under, lists_add_targets), .tags = CRITERION},
	{'u', "euid", "USER,...", "with one of these effective users", ALL,
		.group = OPTION_CRITERIA, VALUE(struct numbers, o.match.euids, lists_add_users),
		.tags = CRITERION},
	{'U', "uid", "USER,...", "with one of these real users", ALL, .group = OPTION_CRITERIA,
		VALUE(struct numbers, o.match.ruids, lists_add_users), .tags = CRITERION},
	{0, "until-none", NULL,
		"when they are gone, search again; return when no process matches (also if none matches at first)",
		W, .group = OPTION_WAITING, FLAG(o.until_none),
		.without = "any first count newest oldest"},
	{'v', "inverse", NULL, "select the processes that do not match", G | W,
		.group = OPTION_CRITERIA, FLAG(o.match.inverse), .without = "newest oldest"},
	{0, "inverse", NULL, "select the processes that do not match", K, .group = OPTION_CRITERIA,
		FLAG(o.match.inverse), .without = "newest oldest"},
	{0, "verbose", NULL, "name the processes that are skipped, on standard error", G,
		.group = OPTION_OUTPUT, FLAG(o.verbose)},
	{0, "verbose", NULL, "report the result for each process, and those that are skipped", K,
		.group = OPTION_OUTPUT, FLAG(o.verbose)},
	{0, "verbose", NULL, "report how each process ended, and those that are skipped", W,
		.group = OPTION_OUTPUT, FLAG(o.verbose)},
	{'w', "lightweight", NULL, "match threads, and print their TIDs", G, .group = OPTION_OUTPUT,
		FLAG(o.threads), .without = "boot-handle handle json"},
	{0, "wait", NULL, "return when the processes are gone", K, .group = OPTION_WAITING,
		FLAG(o.plan.wait), .instead = "deadline"},
	{'x', "exact", NULL, "the pattern must match the whole name or command line", ALL,
		.group = OPTION_PATTERN, FLAG(exact)},
	{0, "younger", "DURATION", "started less than DURATION ago", ALL, .group = OPTION_CRITERIA,
		OPTION_CALL(parse_younger), .tags = CRITERION | OPTION_TAG_ONCE},
};

// All its long options, in whichever of the three programs they have an effect.
static const char procps[] =
	"cgroup count delimiter echo env euid exact full group help ignore-ancestors ignore-case "
	"inverse lightweight list-full list-name logpidfile mrelease newest ns nslist older oldest "
	"parent pgroup pid pidfile queue quiet require-handler runstates session shell-quote "
	"signal terminal uid version";

static const struct cli clis[] = {
	{
		.usage = "[options] PATTERN\n[options] CRITERION...",
		.purpose =
			"Print the PIDs of the processes that match a PATTERN (an extended regular\n"
			"expression, for the name or with -f for the command line) and all criteria.",
		.footer = "Exit status: 0 some matched; 1 none did; 2 invalid usage;\n"
			  "3 the system failed. See pgrep(1) and pidfd-target(7).",
		.program = G,
	},
	{
		.usage = "[-SIGNAL] [options] PATTERN\n[-SIGNAL] [options] CRITERION...",
		.purpose =
			"Signal the processes that match a PATTERN (an extended regular expression,\n"
			"for the name or with -f for the command line) and all criteria. Only\n"
			"processes that matched are signalled, never one that has since reused a PID.",
		.footer = "Exit status: 0 some were signalled; 1 none were; 2 invalid usage;\n"
			  "3 the system failed; 124 some survived the --deadline.\n"
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
			"Exit status: 0 some matched and are gone; 1 none matched; 2 invalid usage;\n"
			"3 the system failed; 124 the timeout passed.\n"
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
	cli.peer = procps;
	cli.operand = parse_pattern;
	return cli;
}
