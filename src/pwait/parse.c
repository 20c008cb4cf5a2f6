// SPDX-License-Identifier: GPL-2.0-or-later
// parse.c: the command line of pwait and waitpid.
#include "config.h"

#include "base/duration.h"
#include "mode/mode.h"
#include "pwait/pwait.h"
#include "target/target.h"
#include "tell/options.h"
#include "tell/optvalue.h"

#include <stdlib.h>
#include <string.h>

enum {
	OPT_NOHANG = OPTION_LONG,
	OPT_IN,
	OPT_STRICT,
	OPT_REAP_GRACE,
	OPT_PROGRESS,
	OPT_HANDLE_FILE,
	OPT_CGROUP,
	OPT_READY,
	OPT_STALE_OK,
	OPT_TRUST_PIDFILE,
};

enum {
	PWAIT = MODE_PWAIT,
	BOTH = MODE_PWAIT | MODE_WAITPID,
};

static const struct option_row rows[] = {
	{'t', "timeout", "DURATION",
		"wait at most so long (5, 1.5s, 250ms, 2m, 1h; 0: no limit);\n"
		"time the machine is suspended counts",
		BOTH},
	{'o', "any", NULL, "return when one of the targets is gone", BOTH},
	{'i', NULL, NULL, "the same as -o", BOTH},
	{'c', "count", "N", "return when N of the targets are gone", BOTH},
	{'v', "verbose", NULL,
		"tell how each process ended, and 'timeout' at the deadline;\n"
		"on standard error, why a status is not known",
		BOTH},
	{'p', "print", NULL, "at the end, print the targets that are not gone", BOTH},
	{'e', "exited", NULL, "say nothing of a target that was gone before", BOTH},
	{'r', "reaped", NULL, "wait until the parent has reaped it, not only for the death", BOTH},
	{'s', "status", NULL,
		"exit with the first status that is not 0 (128+N for signal N),\n"
		"as the shell's wait does",
		BOTH},
	{'k', "kill", "SIGNAL", "at the deadline, send SIGNAL to those still there", BOTH},
	{OPT_IN, "in", "TARGET", "the numbers are those of TARGET's pid namespace", BOTH},
	{OPT_NOHANG, "nohang", NULL, "look once and return", BOTH},
	{OPT_STALE_OK, "stale-ok", NULL, "take a pidfile that is older than its process", BOTH},
	{OPT_TRUST_PIDFILE, "trust-pidfile", NULL, "as root, take a pidfile that others can write",
		BOTH},
	{OPT_STRICT, "strict", NULL, "exit with 1 if a target was gone before", BOTH},
	{OPT_REAP_GRACE, "reap-grace", "DURATION",
		"how long after a death to wait for the reap, where the status\n"
		"cannot be read before (default 1s)",
		BOTH},
	{'J', "json", NULL, "print one JSON object a line for each target", BOTH},
	{OPT_PROGRESS, "progress", NULL,
		"show who is left in a live line, when standard error is a\n"
		"terminal (the signal USR1 prints it once at any time)",
		BOTH},
	{OPT_HANDLE_FILE, "handle-file", "FILE",
		"write PID:INODE of COMMAND into FILE before it runs, or\n"
		"with --ready that of the ready process",
		PWAIT},
	{OPT_CGROUP, "cgroup", "PATH", "start COMMAND in this cgroup (v2)", PWAIT},
	{OPT_READY, "ready", NULL,
		"return when COMMAND or a process of it says that it is ready\n"
		"(READY=1 of sd_notify(3)); it runs on",
		PWAIT},
};

// FreeBSD and illumos take /proc/PID too.
const char *pwait_target_word(const char *text)
{
	return strncmp(text, "/proc/", 6) ? text : text + 6;
}

static void add_target(struct options *o, const char *text)
{
	const char *why;
	struct target t;

	if (target_parse(&t, pwait_target_word(text), TARGET_ONE | TARGET_THREAD, &why) < 0)
		message_usage("'%s': %s", text, why);
	if (pwait_target_word(text) != text) {
		if (t.kind != TARGET_PID)
			message_usage("'%s': not a target: /proc/PID has only a number", text);
		o->needs_proc = true;
	}
	// one of argv's own words, which are not const
	o->targets[o->target_count++] = (char *)(uintptr_t)text;
}

// Pidfiles are ours, and only they have an age and writers.
static void check_pidfiles(const struct options *o)
{
	bool files = false;

	for (size_t i = 0; i < o->target_count; i++) {
		bool file = !strncmp(o->targets[i], "pidfile:", 8);

		files |= file;
		if (file && o->in)
			message_usage(
				"'%s': --in takes no pidfiles, which are ours", o->targets[i]);
	}
	if (!files && (o->stale_ok || o->trust_pidfile))
		message_usage("%s needs a target pidfile:PATH",
			o->stale_ok ? "--stale-ok" : "--trust-pidfile");
}

static void check_targets(const struct options *o)
{
	check_pidfiles(o);
	if (!o->target_count)
		message_usage("no targets: name at least one process to wait for");
	if (o->count > o->target_count)
		message_usage(
			"--count: %zu is more than the %zu targets", o->count, o->target_count);
	if (o->in)
		optvalue_target("--in", o->in);
	if (o->handle_file || o->cgroup || o->ready)
		message_usage("--%s needs a COMMAND behind --", o->handle_file ? "handle-file"
								: o->cgroup    ? "cgroup"
									       : "ready");
}

static void check_command(const struct options *o)
{
	if (!o->command[0])
		message_usage("no COMMAND stands behind '--'");
	if (o->target_count)
		message_usage("'%s': targets and a COMMAND exclude each other", o->targets[0]);
	if (o->count > 1)
		message_usage("--count: a COMMAND is one process");
	if (o->in)
		message_usage("--in does not go with a COMMAND");
	check_pidfiles(o);
	if (o->nohang)
		message_usage("--nohang does not go with a COMMAND");
	if (o->ready && (o->reaped || o->print || o->progress))
		message_usage("--ready and --%s exclude each other", o->reaped	? "reaped"
								     : o->print ? "print"
										: "progress");
}

// What check() needs to know beside the options.
struct given {
	bool any, timeout;
};

static void check(const struct options *o, const struct given *given)
{
	if (given->any && o->count > 1)
		message_usage("--any and --count exclude each other");
	if (o->command)
		check_command(o);
	else
		check_targets(o);
	if (o->kill && !given->timeout)
		message_usage("--kill needs --timeout: it is sent at the deadline");
	if (o->nohang && given->timeout)
		message_usage("--nohang and --timeout exclude each other");
}

static const struct cli cli = {
	.usage = "[OPTION]... TARGET...\n[OPTION]... -- COMMAND [ARGUMENT]...",
	.purpose = "Wait until the processes are gone, children or not, and tell how they ended.",
	.footer = "TARGET is PID, PID:INODE, :INODE, fd:N, unix:PATH, pidfile:PATH or tid:N; see\n"
		  "pidfd-target(7).\n\n"
		  "Exit status: 0 all are gone; 1 --strict, and one was gone before; 2 usage;\n"
		  "3 the system cannot; 124 the deadline passed with survivors. With -s, that of\n"
		  "the processes, 127 for one that was gone before. With COMMAND, that of COMMAND\n"
		  "(--ready: 0 once it is ready, 1 if all of it ended unready);\n"
		  "126 it could not be run; 127 it was not found.",
	.rows = rows,
	.count = sizeof(rows) / sizeof(*rows),
	.program = MODE_PWAIT,
};

static const struct cli waitpid_cli = {
	.usage = "[OPTION]... TARGET...",
	.purpose = "Wait until the processes are gone, children or not, and tell how they ended.",
	.footer = "TARGET is PID, PID:INODE, :INODE, fd:N, unix:PATH, pidfile:PATH or tid:N; see\n"
		  "pidfd-target(7).\n\n"
		  "Exit status: 0 all are gone; 1 one was gone before (unless -e), or the system\n"
		  "cannot; 2 usage; 3 the deadline passed with survivors. With -s, that of the\n"
		  "processes.",
	.rows = rows,
	.count = sizeof(rows) / sizeof(*rows),
	.program = MODE_WAITPID,
};

static void take_option(struct options *o, struct given *given, const char *arg, int key)
{
	switch (key) {
	case OPTION_OPERAND:
		add_target(o, arg);
		break;
	case 't':
		o->limit = optvalue_duration("--timeout", arg, DURATION_S);
		given->timeout = true;
		break;
	case 'o':
	case 'i':
		given->any = true;
		break;
	case 'c':
		o->count = optvalue_count("--count", arg);
		break;
	case 'v':
		o->verbose = true;
		break;
	case 'p':
		o->print = true;
		break;
	case 'e':
		o->exited = true;
		break;
	case 'r':
		o->reaped = true;
		break;
	case 's':
		o->status = true;
		break;
	case 'k':
		o->kill = optvalue_signal("--kill", arg);
		if (!o->kill)
			message_usage("--kill: 0 is no signal that is sent");
		break;
	case 'J':
		o->json = true;
		break;
	case OPT_IN:
		o->in = arg;
		break;
	case OPT_STALE_OK:
		o->stale_ok = true;
		break;
	case OPT_TRUST_PIDFILE:
		o->trust_pidfile = true;
		break;
	case OPT_NOHANG:
		o->nohang = true;
		break;
	case OPT_STRICT:
		o->strict = true;
		break;
	case OPT_REAP_GRACE:
		o->reap_grace = optvalue_duration("--reap-grace", arg, DURATION_S);
		break;
	case OPT_PROGRESS:
		o->progress = true;
		break;
	case OPT_HANDLE_FILE:
		o->handle_file = arg;
		break;
	case OPT_READY:
		o->ready = true;
		break;
	case OPT_CGROUP:
		o->cgroup = arg;
		break;
	}
}

void pwait_parse(struct options *o, int argc, char **argv)
{
	bool waitpid = program_mode == MODE_WAITPID;
	struct given given = {false, false};
	struct cli_parser parser;
	int key;

	*o = (struct options){.reap_grace = DURATION_S};
	// a target's place in argv is free once it was read
	o->targets = argv + 1;
	cli_begin(&parser, waitpid ? &waitpid_cli : &cli, argc, argv);
	while ((key = cli_next(&parser)) != OPTION_END)
		take_option(o, &given, parser.arg, key);
	// for waitpid, as for most programs, "--" only ends the options
	if (parser.dashes && !waitpid)
		o->command = parser.rest;
	else
		for (int i = 0; i < parser.rest_count; i++)
			add_target(o, parser.rest[i]);
	if (given.any && !o->count)
		o->count = 1;
	check(o, &given);
}
