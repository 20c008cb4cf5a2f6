// SPDX-License-Identifier: GPL-2.0-or-later
// parse.c: the command line of pwait and waitpid.
#include "config.h"

#include "base/duration.h"
#include "base/number.h"
#include "mode/mode.h"
#include "pwait/pwait.h"
#include "tell/operands.h"
#include "tell/options.h"
#include "tell/optvalue.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum {
	PWAIT = MODE_PWAIT,
	BOTH = MODE_PWAIT | MODE_WAITPID,
};

// Count each target once, and read that of --in. Pidfiles contain PIDs of our own namespace, so
// with --in the others cannot be pidfiles; and the demands about age and writers apply only to
// pidfiles.
static void complete_targets(struct options *o)
{
	const struct pidfile_demands demands = {
		.stale_ok = o->stale_ok, .trusted = o->trust_pidfile};

	operands_drop_repeats(&o->targets);
	if (o->in)
		o->in_target = optvalue_target("--in", o->in);
	o->in_target.demands = demands;
	operands_demand(&o->targets, &demands, o->targets.kinds | o->in_target.kind, NULL);
	for (size_t i = 0; i < o->targets.count && o->in; i++)
		if (o->targets.list[i].kind == TARGET_PIDFILE)
			message_usage(
				"'%s': --in takes no pidfiles: PATH is a file of our own namespace",
				o->targets.list[i].text);
}

// A cgroup is gone when no process is in it; of those that were there, nothing is known.
static void check_joined(const struct options *o)
{
	for (size_t i = 0; i < o->targets.count; i++) {
		const struct target *t = &o->targets.list[i];

		if (t->kind & TARGET_JOINED && (o->status || o->reaped))
			message_usage("'%s': --%s needs processes, and a cgroup is waited for as a "
				      "whole",
				t->text, o->status ? "status" : "reaped");
	}
}

static void check_targets(struct options *o)
{
	complete_targets(o);
	check_joined(o);
	if (!o->targets.count)
		message_usage("no targets: name at least one process to wait for");
	if (o->count > o->targets.count &&
		!(o->targets.kinds & TARGET_MANY & ~(unsigned)TARGET_JOINED))
		message_usage(
			"--count: %zu is more than the %zu targets", o->count, o->targets.count);
}

// Called before we open anything that could get the number.
static void check_json_fd(struct options *o)
{
	if (!o->json_fd)
		return;
	int mode = o->json_fd > INT_MAX ? -1 : fcntl((int)o->json_fd, F_GETFL);
	if (mode < 0 || (mode & O_ACCMODE) == O_RDONLY)
		message_usage("--json-fd: descriptor %zu is not open for writing", o->json_fd);
	o->json = true;
}

static void check_command(struct options *o)
{
	check_json_fd(o);
	if (!o->command[0])
		message_usage("no COMMAND follows '--'");
	if (!o->command[0][0])
		message_usage("no COMMAND: the word after '--' is empty");
	if (o->targets.count)
		message_usage(
			"'%s': targets and a COMMAND cannot be combined", o->targets.list[0].text);
	if (o->count > 1)
		message_usage("--count: a COMMAND is one process");
	complete_targets(o);
	if (o->nohang)
		message_usage("--nohang cannot be combined with a COMMAND");
	if (o->cleanup && !o->kill.count)
		o->kill = (struct steps){
			.count = 2,
			.list = {{SIGTERM, 5 * DURATION_S}, {SIGKILL, STEPS_NO_LIMIT}},
		};
}

static void add_operand(void *options, struct cli_parser *parser, const char *text)
{
	struct options *o = options;

	unsigned kinds = TARGET_ONE | TARGET_MANY | TARGET_THREAD | TARGET_PROC;

	(void)parser;
	if (program_mode == MODE_WAITPID)
		kinds |= TARGET_PADDED;
	operands_add(&o->targets, NULL, text, kinds);
}

static int read_signal(const char *name, const char *text)
{
	int sig = optvalue_signal(name, text);

	if (!sig)
		message_usage("%s: signal 0 cannot be used here", name);
	return sig;
}

// SIGNAL[/DURATION/SIGNAL]...[/DURATION]
static struct steps read_steps(const char *name, char *text)
{
	struct steps steps = {0};

	while (text) {
		if (steps.count == STEPS_MOST)
			message_usage("%s: at most %d signals", name, STEPS_MOST);
		const char *sig = strsep(&text, "/");
		const char *wait = strsep(&text, "/");

		steps.list[steps.count].sig = read_signal(name, sig);
		steps.list[steps.count++].wait =
			wait ? optvalue_duration(name, wait, DURATION_S) : STEPS_NO_LIMIT;
	}
	return steps;
}

static void set_kill(void *options, struct cli_parser *parser, const char *text)
{
	struct options *o = options;
	char *copy = strdup(text);

	if (o->kill.count)
		message_usage(
			"%s is given twice: write %s TERM/5s/KILL for one signal after another",
			parser->name, parser->name);
	// timeout -k takes a time
	if (number_is_digits(text))
		message_usage("%s: '%s' could be a signal or a time: write a signal by name, as in "
			      "KILL or TERM/5s/KILL",
			parser->name, text);
	if (!copy)
		message_die(EXIT_SYSTEM, "%s", strerror(ENOMEM));
	o->kill = read_steps(parser->name, copy);
	free(copy);
}

#define STEPS_OF_KILL                                                                     \
	"STEPS is SIGNAL or SIGNAL/DURATION/SIGNAL..., as in TERM/5s/KILL; after a last " \
	"/DURATION, give up"
#define FLAG(field)		   OPTION_FLAG(struct options, field)
#define VALUE(type, field, reader) OPTION_VALUE(struct options, type, field, reader)

static const struct option_row rows[] = {
	{'t', "timeout", "DURATION",
		"wait at most DURATION (5, 1.5s, 250ms, 2m, 1h30m; 0: no limit)", BOTH,
		.group = OPTION_WAITING, VALUE(int64_t, limit, optvalue_read_duration)},
	{0, "deadline", "DURATION", "the same as --timeout", BOTH, .group = OPTION_WAITING,
		VALUE(int64_t, limit, optvalue_read_duration), .as = "timeout"},
	{'o', "any", NULL, "return when one of the targets is gone", BOTH, .group = OPTION_WAITING,
		FLAG(any), .without = "count"},
	{'i', NULL, NULL, "the same as -o", BOTH, .group = OPTION_WAITING, FLAG(any),
		.without = "count"},
	{'c', "count", "N", "return when N of the targets are gone", BOTH, .group = OPTION_WAITING,
		VALUE(size_t, count, optvalue_read_count)},
	{'v', "verbose", NULL,
		"report how each process ended, and 'timeout' at the deadline; on standard error, why a status is unknown",
		BOTH, .group = OPTION_OUTPUT, FLAG(verbose)},
	{'p', "print", NULL, "at the end, print the targets that are left", BOTH,
		.group = OPTION_OUTPUT, FLAG(print)},
	{'e', "exited", NULL, "do not report targets that were gone before the start", BOTH,
		.group = OPTION_WAITING, FLAG(exited)},
	{'r', "reaped", NULL,
		"wait until the parent has reaped the process, not only until it dies", BOTH,
		.group = OPTION_WAITING, FLAG(reaped)},
	{'s', "status", NULL,
		"exit with the first status that is not 0 (128+N for signal N), as wait of the shell does",
		BOTH, .group = OPTION_WAITING, FLAG(status)},
	{'k', "kill", "STEPS",
		"at the deadline, signal the processes that are left, including all that COMMAND started; " STEPS_OF_KILL,
		PWAIT, .group = OPTION_WAITING, OPTION_CALL(set_kill)},
	{'k', "kill", "STEPS",
		"at the deadline, signal the processes that are left; " STEPS_OF_KILL, MODE_WAITPID,
		.group = OPTION_WAITING, OPTION_CALL(set_kill)},
	{0, "in", "TARGET",
		"PIDs are those of the PID namespace of TARGET; COMMAND runs in all namespaces of TARGET",
		PWAIT, .group = OPTION_TARGETS, VALUE(const char *, in, optvalue_read_text),
		.tags = OPTION_TAG_ONCE},
	{0, "in", "TARGET", "PIDs are those of the PID namespace of TARGET", MODE_WAITPID,
		.group = OPTION_TARGETS, VALUE(const char *, in, optvalue_read_text),
		.tags = OPTION_TAG_ONCE},
	{0, "nohang", NULL, "check once and return", BOTH, .group = OPTION_WAITING, FLAG(nohang),
		.without = "timeout"},
	{0, "stale-ok", NULL, "accept a pidfile that is older than its process", BOTH,
		.group = OPTION_TARGETS, FLAG(stale_ok)},
	{0, "trust-pidfile", NULL, "as root, accept a pidfile that other users can change", BOTH,
		.group = OPTION_TARGETS, FLAG(trust_pidfile)},
	{0, "strict", NULL, "exit with 1 if a target was gone before the start", BOTH,
		.group = OPTION_WAITING, FLAG(strict)},
	{0, "reap-grace", "DURATION",
		"after a death, how long to wait for the reap if the status cannot be read before (default: 1s)",
		BOTH, .group = OPTION_WAITING, VALUE(int64_t, reap_grace, optvalue_read_duration)},
	{'J', "json", NULL, "print one JSON object per line for each target", BOTH,
		.group = OPTION_OUTPUT, FLAG(json)},
	{0, "progress", NULL,
		"on a terminal, show the targets that are left; the signal USR1 prints them once at any time",
		BOTH, .group = OPTION_OUTPUT, FLAG(progress)},
	{0, "handle-file", "FILE",
		"write PID:INODE:BOOT of COMMAND to FILE before it runs; with --ready, that of the ready process",
		PWAIT, .group = OPTION_COMMAND,
		VALUE(const char *, handle_file, optvalue_read_text), .tags = OPTION_TAG_ONCE},
	{0, "json-fd", "N", "as --json, but to descriptor N, which COMMAND does not get", PWAIT,
		.group = OPTION_COMMAND, VALUE(size_t, json_fd, optvalue_read_count),
		.tags = OPTION_TAG_ONCE},
	{0, "cgroup", "PATH", "start COMMAND in this cgroup (v2)", PWAIT, .group = OPTION_COMMAND,
		VALUE(const char *, cgroup, optvalue_read_text), .tags = OPTION_TAG_ONCE},
	{0, "cleanup", NULL,
		"when COMMAND has ended, end everything it started and left running, as --kill defines (default: TERM/5s/KILL)",
		PWAIT, .group = OPTION_COMMAND, FLAG(cleanup)},
	{0, "tree", NULL, "return when everything that COMMAND started is gone", PWAIT,
		.group = OPTION_COMMAND, FLAG(tree)},
	{0, "foreground", NULL, "send signals to COMMAND only", PWAIT, .group = OPTION_COMMAND,
		FLAG(foreground), .without = "cleanup tree ready"},
	{0, "die-with-parent", NULL, "kill COMMAND if pwait dies", PWAIT, .group = OPTION_COMMAND,
		FLAG(die_with_parent)},
	{0, "ready", NULL,
		"return when COMMAND, or a process it started, reports that it is ready (READY=1 of sd_notify(3)); COMMAND continues to run",
		PWAIT, .group = OPTION_COMMAND, FLAG(ready),
		.without = "reaped print progress cleanup tree die-with-parent in"},
};

// of waitpid of util-linux
static const char waitpid_options[] = "count exited help timeout verbose version";

static const struct cli cli = {
	.usage = "[OPTION]... TARGET...\n[OPTION]... -- COMMAND [ARGUMENT]...",
	.purpose = "Wait until the processes are gone, children or not, and report how they ended.",
	.footer =
		"TARGET is PID, PID:INODE, :INODE, fd:N, unix:PATH, pidfile:PATH, tid:N,\n"
		"tcp:PORT, udp:PORT, lock:PATH, cgroup:PATH or unit:NAME; see pidfd-target(7).\n\n"
		"Exit status: 0 all are gone; 1 with --strict: one was gone before the start;\n"
		"2 invalid usage; 3 the system failed; 124 some survived the deadline. With -s:\n"
		"that of the processes, 127 for one that was gone before. With COMMAND: that of\n"
		"COMMAND, 126 it could not be run, 127 it was not found. With --ready: 0 it is\n"
		"ready, 1 it ended before it was ready.",
	.rows = rows,
	.count = sizeof(rows) / sizeof(*rows),
	.program = MODE_PWAIT,
	.peer = waitpid_options,
	.operand = add_operand,
	.command = true,
};

static const struct cli waitpid_cli = {
	.usage = "[OPTION]... TARGET...",
	.purpose = "Wait until the processes are gone, children or not, and report how they ended.",
	.footer =
		"TARGET is PID, PID:INODE, :INODE, fd:N, unix:PATH, pidfile:PATH, tid:N,\n"
		"tcp:PORT, udp:PORT, lock:PATH, cgroup:PATH or unit:NAME; see pidfd-target(7).\n\n"
		"Exit status: 0 all are gone; 1 one was gone before the start (unless -e), or\n"
		"invalid usage; 2 the system failed; 3 some survived the deadline. With -s: that\n"
		"of the processes.",
	.rows = rows,
	.count = sizeof(rows) / sizeof(*rows),
	.program = MODE_WAITPID,
	.peer = waitpid_options,
	// "--" only ends the options, as in most programs
	.operand = add_operand,
};

void pwait_parse(struct options *o, int argc, char **argv)
{
	bool waitpid = program_mode == MODE_WAITPID;
	struct cli_parser parser;

	*o = (struct options){.reap_grace = DURATION_S};
	cli_parse(&parser, waitpid ? &waitpid_cli : &cli, argc, argv, o);
	o->command = parser.command;
	if (o->any)
		o->count = 1;
	if (o->command)
		check_command(o);
	else
		check_targets(o);
}
