// SPDX-License-Identifier: GPL-2.0-or-later
// parse.c: the command line of pwait and waitpid.
#include "config.h"

#include "base/duration.h"
#include "mode/mode.h"
#include "pwait/pwait.h"
#include "tell/operands.h"
#include "tell/options.h"
#include "tell/optvalue.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum {
	PWAIT = MODE_PWAIT,
	BOTH = MODE_PWAIT | MODE_WAITPID,
};

// Count each target once. Pidfiles contain PIDs of our own namespace, so --in rejects them; and the
// demands about age and writers apply only to pidfiles.
static void complete_targets(struct options *o)
{
	const struct pidfile_demands demands = {
		.stale_ok = o->stale_ok, .trusted = o->trust_pidfile};

	operands_drop_repeats(&o->targets);
	operands_demand(&o->targets, &demands, o->targets.kinds, NULL);
	for (size_t i = 0; i < o->targets.count && o->in; i++)
		if (o->targets.list[i].kind == TARGET_PIDFILE)
			message_usage("'%s': --in takes no pidfiles, which are ours",
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

// The option that was given and needs a COMMAND, or NULL.
static const char *needs_command(const struct options *o)
{
	const struct {
		const char *name;
		bool given;
	} list[] = {
		{"handle-file", o->handle_file},
		{"cgroup", o->cgroup},
		{"ready", o->ready},
		{"cleanup", o->cleanup},
		{"tree", o->tree},
		{"foreground", o->foreground},
		{"die-with-parent", o->die_with_parent},
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		if (list[i].given)
			return list[i].name;
	return NULL;
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
	if (o->in)
		o->in_target = optvalue_target("--in", o->in);
	const char *command_only = needs_command(o);
	if (command_only)
		message_usage("--%s needs a COMMAND behind --", command_only);
}

static void check_command(struct options *o)
{
	if (!o->command[0])
		message_usage("no COMMAND stands behind '--'");
	if (o->targets.count)
		message_usage(
			"'%s': targets and a COMMAND cannot be combined", o->targets.list[0].text);
	if (o->count > 1)
		message_usage("--count: a COMMAND is one process");
	if (o->in)
		o->in_target = optvalue_target("--in", o->in);
	complete_targets(o);
	if (o->nohang)
		message_usage("--nohang does not go with a COMMAND");
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
	if (!copy)
		message_die(EXIT_SYSTEM, "%s", strerror(ENOMEM));
	o->kill = read_steps(parser->name, copy);
	free(copy);
}

#define FLAG(field)		   OPTION_FLAG(struct options, field)
#define VALUE(type, field, reader) OPTION_VALUE(struct options, type, field, reader)

static const struct option_row rows[] = {
	{'t', "timeout", "DURATION",
		"wait at most so long (5, 1.5s, 250ms, 2m, 1h30m; 0: no limit)", BOTH,
		VALUE(int64_t, limit, optvalue_read_duration)},
	{0, "deadline", "DURATION", "the same as --timeout", BOTH,
		VALUE(int64_t, limit, optvalue_read_duration), .as = "timeout"},
	{'o', "any", NULL, "return when one of the targets is gone", BOTH, FLAG(any),
		.without = "count"},
	{'i', NULL, NULL, "the same as -o", BOTH, FLAG(any), .without = "count"},
	{'c', "count", "N", "return when N of the targets are gone", BOTH,
		VALUE(size_t, count, optvalue_read_count)},
	{'v', "verbose", NULL,
		"tell how each process ended, and 'timeout' at the deadline;\n"
		"on standard error, why a status is not known",
		BOTH, FLAG(verbose)},
	{'p', "print", NULL, "at the end, print the targets that are not gone", BOTH, FLAG(print)},
	{'e', "exited", NULL, "say nothing of a target that was gone before", BOTH, FLAG(exited)},
	{'r', "reaped", NULL, "wait until the parent has reaped it, not only for the death", BOTH,
		FLAG(reaped)},
	{'s', "status", NULL,
		"exit with the first status that is not 0 (128+N for signal N),\n"
		"as the shell's wait does",
		BOTH, FLAG(status)},
	{'k', "kill", "STEPS",
		"at the deadline, send a signal to those still there\n"
		"(all that COMMAND started); STEPS: SIGNAL, or\n"
		"SIGNAL/DURATION/SIGNAL... as TERM/5s/KILL; a last\n"
		"/DURATION: then give up",
		BOTH, OPTION_CALL(set_kill)},
	{0, "in", "TARGET",
		"the numbers are those of TARGET's pid namespace;\n"
		"COMMAND runs in all namespaces of TARGET",
		BOTH, VALUE(const char *, in, optvalue_read_text)},
	{0, "nohang", NULL, "look once and return", BOTH, FLAG(nohang), .without = "timeout"},
	{0, "stale-ok", NULL, "take a pidfile that is older than its process", BOTH,
		FLAG(stale_ok)},
	{0, "trust-pidfile", NULL, "as root, take a pidfile that others could choose", BOTH,
		FLAG(trust_pidfile)},
	{0, "strict", NULL, "exit with 1 if a target was gone before", BOTH, FLAG(strict)},
	{0, "reap-grace", "DURATION",
		"how long after a death to wait for the reap, where the status\n"
		"cannot be read before (default 1s)",
		BOTH, VALUE(int64_t, reap_grace, optvalue_read_duration)},
	{'J', "json", NULL, "print one JSON object a line for each target", BOTH, FLAG(json)},
	{0, "progress", NULL,
		"show who is left in a live line, when standard error is a\n"
		"terminal (the signal USR1 prints it once at any time)",
		BOTH, FLAG(progress)},
	{0, "handle-file", "FILE",
		"write PID:INODE:BOOT of COMMAND into FILE before it runs, or\n"
		"with --ready that of the ready process",
		PWAIT, VALUE(const char *, handle_file, optvalue_read_text)},
	{0, "cgroup", "PATH", "start COMMAND in this cgroup (v2)", PWAIT,
		VALUE(const char *, cgroup, optvalue_read_text)},
	{0, "cleanup", NULL,
		"when COMMAND has ended, end all that it started and\n"
		"left behind, as --kill says (default TERM/5s/KILL)",
		PWAIT, FLAG(cleanup)},
	{0, "tree", NULL, "return when all that COMMAND started is gone", PWAIT, FLAG(tree)},
	{0, "foreground", NULL, "send signals to COMMAND alone", PWAIT, FLAG(foreground),
		.without = "cleanup tree ready"},
	{0, "die-with-parent", NULL, "COMMAND is killed if pwait dies", PWAIT,
		FLAG(die_with_parent)},
	{0, "ready", NULL,
		"return when COMMAND or a process of it says that it is ready\n"
		"(READY=1 of sd_notify(3)); it runs on",
		PWAIT, FLAG(ready),
		.without = "reaped print progress cleanup tree die-with-parent in"},
};

static const struct cli cli = {
	.usage = "[OPTION]... TARGET...\n[OPTION]... -- COMMAND [ARGUMENT]...",
	.purpose = "Wait until the processes are gone, children or not, and tell how they ended.",
	.footer =
		"TARGET is PID, PID:INODE, :INODE, fd:N, unix:PATH, pidfile:PATH, tid:N,\n"
		"tcp:PORT, udp:PORT, lock:PATH, cgroup:PATH or unit:NAME; see pidfd-target(7).\n\n"
		"Exit status: 0 all are gone; 1 --strict, and one was gone before; 2 usage;\n"
		"3 the system cannot; 124 the deadline passed with survivors. With -s, that of\n"
		"the processes, 127 for one that was gone before. With COMMAND, that of COMMAND\n"
		"(--ready: 0 once it is ready, 1 if all of it ended unready);\n"
		"126 it could not be run; 127 it was not found.",
	.rows = rows,
	.count = sizeof(rows) / sizeof(*rows),
	.program = MODE_PWAIT,
	.operand = add_operand,
	.command = true,
};

static const struct cli waitpid_cli = {
	.usage = "[OPTION]... TARGET...",
	.purpose = "Wait until the processes are gone, children or not, and tell how they ended.",
	.footer =
		"TARGET is PID, PID:INODE, :INODE, fd:N, unix:PATH, pidfile:PATH, tid:N,\n"
		"tcp:PORT, udp:PORT, lock:PATH, cgroup:PATH or unit:NAME; see pidfd-target(7).\n\n"
		"Exit status: 0 all are gone; 1 one was gone before (unless -e), or usage; 2 the\n"
		"system cannot; 3 the deadline passed with survivors. With -s, that of the\n"
		"processes.",
	.rows = rows,
	.count = sizeof(rows) / sizeof(*rows),
	.program = MODE_WAITPID,
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
