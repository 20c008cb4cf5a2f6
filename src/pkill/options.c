// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "find/libproc.h"
#include "mode/mode.h"
#include "pkill/options.h"

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
	{'p', "pid", "TARGET,...",
		"one of these: PID, PID:INODE, :INODE, fd:N, unix:PATH, pidfile:PATH", ALL},
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
	{OPT_RECLAIM, "reclaim", "cold|pageout",
		"have them give their memory back; no signal is sent then,\n"
		"unless one is named",
		K},
	{'s', "session", "SID,...", "in one of these sessions (0: our own)", ALL},
	{OPT_SIGNAL, "signal", "SIGNAL", "the signal that -H is about (default TERM)", G | W},
	{OPT_SIGNAL, "signal", "SIGNAL", "send SIGNAL (also -SIGNAL; default TERM)", K},
	{OPT_STALE_OK, "stale-ok", NULL, "take a pidfile that is older than its process", ALL},
	{OPT_STATUS, "status", NULL,
		"exit with the first status that is not 0 (128+N for signal N)", W},
	{'t', "terminal", "TTY,...", "on one of these terminals (3: pts/3; -: none)", ALL},
	{OPT_TIMEOUT, "timeout", "DURATION SIGNAL",
		"after DURATION (ms unless it has a unit), send SIGNAL to those\n"
		"still there; may be repeated",
		K},
	{OPT_TIMEOUT, "timeout", "DURATION", "wait at most so long (5, 1.5s, 250ms, 2m)", W},
	{OPT_TREE, "tree", NULL,
		"those that match and all their descendants, also those that are\n"
		"born meanwhile: all stand still until each has its signal",
		K},
	{OPT_TRUST_PIDFILE, "trust-pidfile", NULL, "as root, take a pidfile that others can write",
		ALL},
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

struct cli pkill_cli(void)
{
	struct cli cli = {0};

	for (size_t i = 0; i < sizeof(clis) / sizeof(*clis); i++)
		if (clis[i].program == (unsigned)program_mode)
			cli = clis[i];
	cli.rows = rows;
	cli.count = sizeof(rows) / sizeof(*rows);
	cli.versions = libproc_version();
	return cli;
}
