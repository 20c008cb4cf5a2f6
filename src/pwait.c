// SPDX-License-Identifier: GPL-2.0-or-later
// pwait.c: pwait and waitpid: wait for any process, child or not, and tell how it ended.
#include "config.h"

#include "await.h"
#include "cgroupdir.h"
#include "duration.h"
#include "fdlimit.h"
#include "handlefile.h"
#include "message.h"
#include "mode.h"
#include "number.h"
#include "options.h"
#include "procfs.h"
#include "progress.h"
#include "relay.h"
#include "signame.h"
#include "spawn.h"
#include "target.h"
#include "waitline.h"

#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	OPT_NOHANG = OPTION_LONG,
	OPT_STRICT,
	OPT_REAP_GRACE,
	OPT_PROGRESS,
	OPT_HANDLE_FILE,
	OPT_CGROUP,
};

enum {
	PWAIT = MODE_PWAIT,
	BOTH = MODE_PWAIT | MODE_WAITPID,
	WAITPID_TIMEOUT = 3, // util-linux's statuses
	WAITPID_FAILURE = 1,
	NOT_A_CHILD = 127, // what a shell's wait says of a process it cannot know
	NAME_ROOM = 16,
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
	{OPT_NOHANG, "nohang", NULL, "look once and return", BOTH},
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
		"write PID:INODE of COMMAND into FILE before it runs", PWAIT},
	{OPT_CGROUP, "cgroup", "PATH", "start COMMAND in this cgroup (v2)", PWAIT},
};

struct options {
	int64_t limit;
	int64_t reap_grace;
	size_t count; // 0: all
	int kill;
	bool verbose, print, exited, reaped, status, nohang, strict, json, progress;
	bool needs_proc;      // a target is a path in /proc
	const char **targets; // owned; the words are argv's
	size_t target_count;
	char **command; // behind "--", or NULL
	const char *handle_file;
	const char *cgroup;
};

// What the callbacks share.
struct session {
	const struct options *o;
	struct awaited *list;
	size_t count;
	char (*names)[NAME_ROOM]; // for JSON
	struct procfs procfs;
	const struct procfs *proc;    // procfs, once it was wanted and is ours
	const struct pidref *command; // to be passed signals on to, or NULL
	struct relay relay;
	struct progress progress;
	bool live; // the progress is drawn
	size_t gone;
};

static int timeout_status(void)
{
	return program_mode == MODE_WAITPID ? WAITPID_TIMEOUT : EXIT_DEADLINE;
}

static enum exit_status system_status(void)
{
	return program_mode == MODE_WAITPID ? WAITPID_FAILURE : EXIT_SYSTEM;
}

// ---- the command line ----

static int64_t parse_duration(const char *option, const char *text)
{
	int64_t ns;

	int r = duration_parse(text, DURATION_S, &ns);
	if (r == -ERANGE)
		message_usage("option '%s': '%s' is longer than 100 years", option, text);
	if (r < 0)
		message_usage("option '%s': '%s' is not a duration (like 5, 1.5s, 250ms, 2m or 1h)",
			option, text);
	return ns;
}

static size_t parse_count(const char *text)
{
	uint64_t count;

	if (number_parse(text, SIZE_MAX, &count) < 0 || !count)
		message_usage("option '--count': '%s' is not a number above 0", text);
	return (size_t)count;
}

static int parse_signal(const char *text)
{
	int sig;

	if (signame_parse(text, &sig) < 0)
		message_usage(
			"option '--kill': '%s' is not a signal (like TERM, KILL or 15)", text);
	if (!sig)
		message_usage("option '--kill': 0 is no signal that is sent");
	return sig;
}

// FreeBSD and illumos take /proc/PID too.
static const char *target_word(const char *text)
{
	return strncmp(text, "/proc/", 6) ? text : text + 6;
}

static void add_target(struct options *o, const char *text)
{
	const char *why;
	struct target t;

	if (target_parse(&t, target_word(text), TARGET_ONE, &why) < 0)
		message_usage("'%s': %s", text, why);
	if (target_word(text) != text) {
		if (t.kind != TARGET_PID)
			message_usage("'%s': not a target: /proc/PID has only a number", text);
		o->needs_proc = true;
	}
	o->targets[o->target_count++] = text;
}

static void check_targets(const struct options *o)
{
	if (!o->target_count)
		message_usage("no targets: name at least one process to wait for");
	if (o->count > o->target_count)
		message_usage("option '--count': %zu is more than the %zu targets", o->count,
			o->target_count);
	if (o->handle_file || o->cgroup)
		message_usage("option '--%s' needs a COMMAND behind '--'",
			o->handle_file ? "handle-file" : "cgroup");
}

static void check_command(const struct options *o)
{
	if (!o->command[0])
		message_usage("no COMMAND stands behind '--'");
	if (o->target_count)
		message_usage("'%s': targets and a COMMAND exclude each other", o->targets[0]);
	if (o->count > 1)
		message_usage("option '--count': a COMMAND is one process");
	if (o->nohang)
		message_usage("option '--nohang' does not go with a COMMAND");
}

static void check(const struct options *o, bool any, bool timeout)
{
	if (any && o->count > 1)
		message_usage("options '--any' and '--count' exclude each other");
	if (o->command)
		check_command(o);
	else
		check_targets(o);
	if (o->kill && !timeout)
		message_usage("option '--kill' needs '--timeout': it is sent at the deadline");
	if (o->nohang && timeout)
		message_usage("options '--nohang' and '--timeout' exclude each other");
}

static const struct cli cli = {
	.usage = "[OPTION]... TARGET...\n[OPTION]... -- COMMAND [ARGUMENT]...",
	.purpose = "Wait until the processes are gone, children or not, and tell how they ended.",
	.footer =
		"TARGET is PID, PID:INODE, :INODE, fd:N or unix:PATH; see pidfd-target(7).\n\n"
		"Exit status: 0 all are gone; 1 --strict, and one was gone before; 2 usage;\n"
		"3 the system cannot; 124 the deadline passed with survivors. With -s, that of\n"
		"the processes, 127 for one that was gone before. With COMMAND, that of COMMAND;\n"
		"126 it could not be run; 127 it was not found.",
	.rows = rows,
	.count = sizeof(rows) / sizeof(*rows),
	.program = MODE_PWAIT,
};

static const struct cli waitpid_cli = {
	.usage = "[OPTION]... TARGET...",
	.purpose = "Wait until the processes are gone, children or not, and tell how they ended.",
	.footer = "TARGET is PID, PID:INODE, :INODE, fd:N or unix:PATH; see pidfd-target(7).\n\n"
		  "Exit status: 0 all are gone; 1 one was gone before (unless -e), or the system\n"
		  "cannot; 2 usage; 3 the deadline passed with survivors. With -s, that of the\n"
		  "processes.",
	.rows = rows,
	.count = sizeof(rows) / sizeof(*rows),
	.program = MODE_WAITPID,
};

static struct options parse(int argc, char **argv)
{
	struct options o = {.reap_grace = DURATION_S};
	struct cli_parser parser;
	bool timeout = false;
	bool any = false;
	int key;

	o.targets = calloc((size_t)argc + 1, sizeof(*o.targets));
	if (!o.targets)
		message_die(system_status(), "%s", strerror(ENOMEM));
	cli_begin(&parser, program_mode == MODE_WAITPID ? &waitpid_cli : &cli, argc, argv);
	while ((key = cli_next(&parser)) != OPTION_END) {
		switch (key) {
		case OPTION_OPERAND:
			add_target(&o, parser.arg);
			break;
		case 't':
			o.limit = parse_duration("--timeout", parser.arg);
			timeout = true;
			break;
		case 'o':
		case 'i':
			any = true;
			break;
		case 'c':
			o.count = parse_count(parser.arg);
			break;
		case 'v':
			o.verbose = true;
			break;
		case 'p':
			o.print = true;
			break;
		case 'e':
			o.exited = true;
			break;
		case 'r':
			o.reaped = true;
			break;
		case 's':
			o.status = true;
			break;
		case 'k':
			o.kill = parse_signal(parser.arg);
			break;
		case 'J':
			o.json = true;
			break;
		case OPT_NOHANG:
			o.nohang = true;
			break;
		case OPT_STRICT:
			o.strict = true;
			break;
		case OPT_REAP_GRACE:
			o.reap_grace = parse_duration("--reap-grace", parser.arg);
			break;
		case OPT_PROGRESS:
			o.progress = true;
			break;
		case OPT_HANDLE_FILE:
			o.handle_file = parser.arg;
			break;
		case OPT_CGROUP:
			o.cgroup = parser.arg;
			break;
		}
	}
	// for waitpid, as for most programs, "--" only ends the options
	if (parser.dashes && program_mode == MODE_PWAIT)
		o.command = parser.rest;
	else
		for (int i = 0; i < parser.rest_count; i++)
			add_target(&o, parser.rest[i]);
	if (any && !o.count)
		o.count = 1;
	check(&o, any, timeout);
	return o;
}

// ---- holding the targets ----

// Whether it is this very process: to wait for oneself is to wait for ever.
static bool is_self(struct pidref *ref)
{
	struct pidref self;
	bool same = false;

	if (ref->pid && ref->pid != getpid())
		return false;
	if (!pidref_open(&self, getpid())) {
		same = pidref_same(ref, &self);
		pidref_close(&self);
	}
	return same;
}

// Hold one target. false: it is not to be waited for.
static bool hold(const char *text, struct awaited *a)
{
	const char *why;
	struct target t;

	*a = (struct awaited){.ref = PIDREF_NULL, .target = text};
	target_parse(&t, target_word(text), TARGET_ONE, &why);
	int r = target_open(&t, &a->ref);
	if (!r && is_self(&a->ref)) {
		message_about(text, "skipped: that is this program itself");
		pidref_close(&a->ref);
		return false;
	}
	if (!r)
		return true;
	if (!target_is_gone(r)) {
		message_about(text, "%s", target_problem(r));
		message_exit((int)system_status());
	}
	if (t.kind & (TARGET_PID | TARGET_EXACT))
		a->ref.pid = t.pid;
	a->ending.unknown = r == -ESTALE ? ENDING_RECYCLED : ENDING_BEFORE;
	a->error = r;
	return true;
}

static void reserve(size_t count)
{
	size_t need = count + AWAIT_DESCRIPTORS;
	size_t allowed = 0;

	if (fdlimit_reserve(need, &allowed) < 0)
		message_die(system_status(),
			"%zu targets need %zu descriptors, the limit allows %zu more (ulimit -Hn)",
			count, need, allowed);
}

static void hold_all(struct session *s)
{
	const struct options *o = s->o;

	reserve(o->target_count);
	s->list = calloc(o->target_count, sizeof(*s->list));
	if (!s->list)
		message_die(system_status(), "%s", strerror(ENOMEM));
	for (size_t i = 0; i < o->target_count; i++)
		s->count += hold(o->targets[i], &s->list[s->count]);
	ssize_t unique = await_unique(s->list, s->count);
	if (unique < 0)
		message_die(system_status(), "%s", strerror((int)-unique));
	s->count = (size_t)unique;
	for (size_t i = 0; i < s->count && !o->exited; i++)
		if (s->list[i].ref.fd < 0)
			message_about(s->list[i].target, "%s", target_problem(s->list[i].error));
	if (s->count && o->count > s->count)
		message_usage("option '--count': %zu is more than the %zu processes named",
			o->count, s->count);
}

// The names, for those that want them: they cannot be read any more after the reap.
static void learn_names(struct session *s)
{
	struct buffer text = {0};

	s->names = calloc(s->count + 1, sizeof(*s->names));
	if (!s->names)
		message_die(system_status(), "%s", strerror(ENOMEM));
	for (size_t i = 0; i < s->count && s->proc; i++) {
		const struct pidref *ref = &s->list[i].ref;

		if (ref->fd < 0 || !ref->pid || procfs_read(s->proc, ref->pid, "comm", &text) < 0 ||
			pidref_verify(ref) < 0)
			continue;
		size_t len = strcspn(buffer_text(&text), "\n");
		if (len >= NAME_ROOM)
			len = NAME_ROOM - 1;
		memcpy(s->names[i], text.data, len);
	}
	buffer_free(&text);
}

// ---- what is told ----

// /proc is for names, and for the status of a zombie; else it need not be there.
static int want_proc(struct session *s)
{
	int r = s->proc ? 0 : procfs_open(&s->procfs);

	if (!r)
		s->proc = &s->procfs;
	return r;
}

static void tell_json(const struct session *s, const struct awaited *a, const char *left)
{
	const char *name = s->names[a - s->list];

	waitline_json(stdout, a, *name ? name : NULL, left);
}

static void tell_gone(const struct awaited *a, void *data)
{
	struct session *s = data;
	char who[WAITLINE_WHO];

	s->gone++;
	if (s->o->json || s->o->verbose)
		progress_clear(&s->progress);
	if (s->o->json)
		tell_json(s, a, "");
	else if (s->o->verbose)
		waitline_text(stdout, a);
	// of those that were gone before it was said already
	if (s->o->verbose && a->ending.unknown && a->ref.fd >= 0)
		message_about(
			waitline_who(who, a), "status unknown: %s", ending_reason(&a->ending));
}

static void tell_deadline(void *data)
{
	struct session *s = data;

	progress_clear(&s->progress);
	if (!s->o->verbose || s->o->json)
		return;
	printf("timeout\n");
	fflush(stdout);
}

static void tell_unsent(const struct awaited *a, int error, void *data)
{
	struct session *s = data;
	char who[WAITLINE_WHO];

	progress_clear(&s->progress);
	message_about(waitline_who(who, a), "cannot send the signal: %s", strerror(-error));
}

static void tell_progress(void *data)
{
	struct session *s = data;

	if (s->live)
		progress_draw(&s->progress, s->gone);
}

static void take_signals(void *data)
{
	struct session *s = data;
	unsigned wanted = relay_take(&s->relay, s->command);

	if (wanted & RELAY_REPORT) {
		want_proc(s);
		s->progress.proc = s->proc;
		progress_print(&s->progress, s->gone);
	}
	if (wanted)
		tell_progress(s);
}

static void tell_left(const struct session *s, bool late)
{
	char who[WAITLINE_WHO];

	for (size_t i = 0; i < s->count; i++) {
		const struct awaited *a = &s->list[i];

		if (a->state == AWAIT_GONE)
			continue;
		if (s->o->json)
			tell_json(s, a, late ? "survived" : "running");
		else if (s->o->print)
			printf("%s\n", waitline_who(who, a));
	}
}

// ---- the exit status ----

static size_t gone_before(const struct session *s)
{
	size_t count = 0;

	for (size_t i = 0; i < s->count; i++)
		count += s->list[i].ref.fd < 0;
	return count;
}

static int verdict(const struct session *s, const struct await_tally *tally, bool late)
{
	const struct options *o = s->o;
	size_t before = gone_before(s);

	if (late)
		return timeout_status();
	if (o->status && tally->status)
		return tally->status;
	if (before && (o->strict || (program_mode == MODE_WAITPID && !o->exited)))
		return EXIT_NONE;
	// no status is made up for those whose status is not known
	if (o->status && before && !o->exited)
		return NOT_A_CHILD;
	if (o->status && tally->unknown > before)
		return (int)system_status();
	return EXIT_DONE;
}

// ---- waiting ----

static void begin_signals(struct session *s, unsigned kinds)
{
	int r = relay_begin(&s->relay, kinds | RELAY_REPORT | (s->live ? RELAY_RESIZE : 0));

	if (r < 0)
		message_die(system_status(), "signals: %s", strerror(-r));
}

// Returns what await_run does of what has to be acted upon: 0 or -ETIMEDOUT.
static int wait_for_all(struct session *s, struct await_tally *tally)
{
	const struct options *o = s->o;
	const struct await_plan plan = {
		.enough = o->count,
		.limit = o->limit,
		.look_once = o->nohang,
		.reaped = o->reaped,
		.status = o->verbose || o->status || o->json || s->command,
		.reap_grace = o->reap_grace,
		.kill = o->kill,
		.kill_wait = s->command != NULL,
		.proc = s->proc,
		.tick = s->live ? DURATION_S : 0,
		.watch = s->relay.fd,
		.gone = tell_gone,
		.deadline = tell_deadline,
		.unsent = tell_unsent,
		.tick_call = tell_progress,
		.ready = take_signals,
		.data = s,
	};

	if (o->json)
		learn_names(s);
	s->progress = progress_begin(stderr, s->list, s->count, s->proc);
	tell_progress(s);
	int r = await_run(s->list, s->count, &plan, tally);
	progress_clear(&s->progress);
	if (r < 0 && r != -ETIMEDOUT)
		message_die(system_status(), "%s", await_problem(r));
	tell_left(s, r == -ETIMEDOUT);
	return r;
}

static int run_targets(const struct options *o)
{
	struct session s = {.o = o, .live = o->progress && progress_possible(stderr)};
	struct await_tally tally;
	int r = 0;

	if (o->verbose || o->status || o->json || o->progress || o->needs_proc)
		r = want_proc(&s);
	if (o->needs_proc && r < 0)
		message_die(system_status(), "%s", procfs_problem(r));
	begin_signals(&s, 0);
	hold_all(&s);
	r = wait_for_all(&s, &tally);
	return verdict(&s, &tally, r == -ETIMEDOUT);
}

// ---- a command ----

// Make the process of the command; it does not run yet.
static struct spawned make_command(const struct session *s)
{
	const struct options *o = s->o;
	struct spawned made;
	struct rlimit limit;
	int cgroup = -1;

	if (o->cgroup)
		cgroup = cgroupdir_open(o->cgroup);
	if (o->cgroup && cgroup < 0)
		message_die(EXIT_SYSTEM, "option '--cgroup': '%s': %s", o->cgroup,
			cgroupdir_problem(cgroup));
	getrlimit(RLIMIT_NOFILE, &limit);
	reserve(1);
	const struct spawn_setup setup = {
		.argv = o->command,
		.cgroup = cgroup,
		.mask = &s->relay.before,
		.ignore_chld = s->relay.ignore_chld,
		.nofile = &limit,
	};
	int r = spawn_held(&made, &setup);
	if (r < 0 && o->cgroup)
		message_die(EXIT_SYSTEM, "option '--cgroup': '%s': %s", o->cgroup,
			cgroupdir_problem(r));
	if (r < 0)
		message_die(EXIT_SYSTEM, "cannot start a process: %s", target_problem(r));
	if (cgroup >= 0)
		close(cgroup);
	return made;
}

static struct pidref start_command(const struct session *s)
{
	const struct options *o = s->o;
	struct spawned made = make_command(s);

	int r = o->handle_file ? handlefile_write(o->handle_file, &made.ref) : 0;
	if (r < 0) {
		spawn_drop(&made);
		message_die(EXIT_SYSTEM, "option '--handle-file': '%s': %s", o->handle_file,
			r == -EOPNOTSUPP ? "handles need Linux 6.9" : strerror(-r));
	}
	r = spawn_let_go(&made);
	if (r < 0) {
		message_about(o->command[0], "%s", strerror(-r));
		message_exit(r == -ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN);
	}
	return made.ref;
}

// Leave as the command did: by its signal too, so that a shell sees an interrupt as one.
static noreturn void leave_as(const struct ending *e)
{
	if (e->unknown) {
		message("the status of the command is unknown: %s", ending_reason(e));
		message_exit(EXIT_SYSTEM);
	}
	if (WIFSIGNALED(e->wstatus) && !fflush(stdout) && !ferror(stdout))
		relay_die_of(WTERMSIG(e->wstatus));
	message_exit(ending_status(e));
}

static int run_command(const struct options *o)
{
	struct session s = {.o = o, .live = o->progress && progress_possible(stderr)};
	struct awaited one = {.ref = PIDREF_NULL};
	struct await_tally tally;

	if (o->json || o->progress)
		want_proc(&s);
	begin_signals(&s, RELAY_COMMAND);
	one.ref = start_command(&s);
	s.list = &one;
	s.count = 1;
	s.command = &one.ref;
	if (wait_for_all(&s, &tally) == -ETIMEDOUT)
		return EXIT_DEADLINE;
	leave_as(&one.ending);
}

int main(int argc, char **argv)
{
	// for the widths of characters only
	setlocale(LC_CTYPE, "");
	const struct options o = parse(argc, argv);

	message_exit(o.command ? run_command(&o) : run_targets(&o));
}
