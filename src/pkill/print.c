// SPDX-License-Identifier: GPL-2.0-or-later
// print.c: pgrep: print the processes that were found.
#include "config.h"

#include "base/clock.h"
#include "base/duration.h"
#include "base/escape.h"
#include "base/shellquote.h"
#include "pkill/act.h"
#include "pkill/columns.h"
#include "tell/guard.h"
#include "tell/memory.h"
#include "tell/message.h"
#include "tell/overview.h"
#include "tell/record.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// --at-most: what is named if there are too many.
struct named {
	pid_t pid;
	char *name;
};

struct act {
	const struct options *o;
	size_t count;
	const struct procfs *proc;
	struct table table; // of --long and --tree
	struct columns_table *columns;
	int64_t boot; // when it was, nanoseconds since 1970
	struct bootid id;
	FILE *out; // with --at-most, what is printed is kept in `text` until all are counted
	char *text;
	size_t length;
	struct named *named;
};

static struct act *begin(const struct options *o, const struct procfs *proc, struct criteria *c)
{
	struct act *act = memory_checked(calloc(1, sizeof(*act)));

	(void)c;
	act->proc = proc;
	act->o = o;
	act->table = overview_begin();
	if (o->columns.count)
		act->columns = columns_begin(&o->columns, proc);
	act->boot = clock_of_boot();
	act->out = o->at_most ? memory_open(&act->text, &act->length) : stdout;
	return act;
}

static void print_user(struct json *j, uid_t uid)
{
	const struct passwd *user = getpwuid(uid);

	json_unsigned(j, "uid", uid);
	json_text(j, "user", user ? user->pw_name : NULL);
}

// Its cgroup of version 2: the path of the line "0::PATH".
static void print_cgroup(struct json *j, const struct bytes *text)
{
	const char *line = text->data;

	while (line && *line && strncmp(line, "0::", 3) != 0) {
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	if (line && *line)
		json_string(j, "cgroup", line + 3, strcspn(line + 3, "\n"));
	else
		json_null(j, "cgroup");
}

static void print_json(struct act *act, struct pidref *ref, const struct proc *p)
{
	struct json j = json_begin(act->out);

	record_process(&j, ref, &act->id);
	json_string(&j, "name", pkill_name(p).data, pkill_name(p).len);
	if (p->known & FACT_STATUS) {
		json_number(&j, "ppid", p->status.ppid);
		json_number(&j, "pgid", p->status.pgrp);
		json_number(&j, "sid", p->status.session);
		print_user(&j, p->status.uid[STATUS_EFFECTIVE]);
	}
	if (p->known & FACT_START)
		json_number(&j, "start", (act->boot + clock_of_ticks(p->start)) / DURATION_S);
	if (p->known & FACT_STATUS)
		json_string(&j, "state", &p->status.state, 1);
	if (p->known & FACT_CMDLINE)
		json_words(&j, "args", p->words.data, p->words.len);
	// a kernel thread has no program file
	if (p->known & FACT_EXE && p->exe.path.len)
		json_string(&j, "exe", p->exe.path.data, p->exe.path.len);
	if (p->known & FACT_CGROUP)
		print_cgroup(&j, &p->cgroup);
	if (p->known & FACT_TTY && act->o->match.ttys.count)
		json_string(&j, "tty", p->tty.data, p->tty.len);
	json_end(&j);
}

static void print_text(FILE *out, const struct options *o, const struct proc *p)
{
	if (o->list_full && p->known & FACT_CMDLINE) {
		putc(' ', out);
		if (!o->shell_quote)
			escape_write(out, p->cmdline.data, p->cmdline.len);
		else if (p->words.len)
			shellquote_words(out, p->words.data, p->words.len);
		else
			shellquote_word(out, p->cmdline.data, p->cmdline.len);
	} else if (o->list_full || o->list_name) {
		struct bytes name = pkill_name(p);

		putc(' ', out);
		pkill_write_name(out, o, name.data, name.len);
	}
}

// A handle is never replaced by a PID alone. In JSON a missing inode is null.
static void need_inode(
	const struct options *o, struct pidref *ref, char handle[static TARGET_STRMAX])
{
	int r = pidref_learn_inode(ref);

	if (!r && o->boot_handle)
		r = target_format_boot(handle, ref);
	else
		target_format(handle, ref);
	if (r < 0 && (o->handle || o->boot_handle))
		message_die(
			EXIT_SYSTEM, "--%shandle: %s", o->handle ? "" : "boot-", target_problem(r));
	if (r < 0 && r != -EOPNOTSUPP)
		message_die(EXIT_SYSTEM, "%d: its inode: %s", (int)ref->pid, strerror(-r));
}

static void remember(struct act *act, const struct proc *p)
{
	act->named = memory_grow(act->named, act->count, sizeof(*act->named));
	act->named[act->count] =
		(struct named){p->pid, p->known & FACT_COMM ? pkill_name_copy(p) : NULL};
}

static bool found(struct act *act, struct pidref *ref, const struct proc *p)
{
	const struct options *o = act->o;
	bool handles = o->handle || o->boot_handle;
	char handle[TARGET_STRMAX];

	if (o->at_most && !o->quiet)
		remember(act, p);
	act->count++;
	if (handles || o->json)
		need_inode(o, ref, handle);
	// -q needs only one match
	if (o->count || o->quiet) {
		pidref_close(ref);
		return o->count || o->at_most;
	}
	if (o->json) {
		print_json(act, ref, p);
		pidref_close(ref);
		return true;
	}
	if (act->columns)
		columns_add(act->columns, ref, p);
	else if (o->table)
		overview_add(&act->table, ref, act->proc, pkill_name(p).data);
	if (o->table) {
		pidref_close(ref);
		return true;
	}
	if (act->count > 1 && !o->null)
		fputs(o->delimiter ? o->delimiter : "\n", act->out);
	if (handles)
		fputs(handle, act->out);
	else
		fprintf(act->out, "%d", (int)p->pid);
	print_text(act->out, o, p);
	if (o->null)
		putc(0, act->out);
	pidref_close(ref);
	return true;
}

// Print what was kept, or if there are too many, each of them and the reason. Returns whether there
// are.
static bool is_too_many(struct act *act)
{
	size_t most = act->o->at_most;
	bool many = most && act->count > most;

	if (act->out != stdout)
		memory_close(act->out, &act->text);
	if (!many && act->text)
		fwrite(act->text, 1, act->length, stdout);
	free(act->text);
	for (size_t i = 0; act->named && i < act->count; i++) {
		if (many)
			guard_name(act->named[i].pid, act->named[i].name);
		free(act->named[i].name);
	}
	free(act->named);
	if (many)
		guard_message(act->count, most, "");
	return many;
}

static int end(struct act *act)
{
	const struct options *o = act->o;
	size_t count = act->count;
	bool many = is_too_many(act);

	if (!many && o->count)
		printf("%zu\n", count);
	else if (act->columns)
		columns_end(act->columns, !many ? stdout : NULL, o->tree);
	else if (!many && act->table.count)
		table_print(&act->table, stdout, o->tree);
	else if (!many && count && !o->quiet && !o->json && !o->null)
		putchar('\n');
	table_free(&act->table);
	free(act);
	if (many)
		return EXIT_USAGE;
	return count || o->if_any ? EXIT_DONE : EXIT_NONE;
}

const struct action pkill_print = {begin, found, NULL, end};
