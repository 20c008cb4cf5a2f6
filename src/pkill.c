// SPDX-License-Identifier: GPL-2.0-or-later
// pkill.c: pgrep, pkill and pidwait: apply criteria, then print, signal or wait.
#include "config.h"

#include "base/stdfds.h"
#include "find/libproc.h"
#include "find/quote.h"
#include "handle/hidepid.h"
#include "pkill/act.h"
#include "pkill/pkill.h"
#include "tell/hint.h"
#include "tell/message.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static unsigned extra_facts(const struct options *o)
{
	unsigned facts = 0;

	bool names = o->list_name || o->json || o->table || o->verbose || o->echo ||
		     o->plan.dry_run || o->plan.reclaim || o->interactive || o->explain ||
		     (o->at_most && !o->quiet);

	// pkill itself reads the names of processes that it could not signal
	if (names || program_mode == MODE_PIDWAIT)
		facts |= FACT_COMM | FACT_NAME;
	if (o->list_full && !o->count && !o->quiet)
		facts |= FACT_CMDLINE;
	if (o->json && program_mode == MODE_PGREP)
		facts |= FACT_CMDLINE | FACT_STATUS | FACT_START | FACT_EXE | FACT_CGROUP;
	if (o->columns.count)
		facts |= FACT_STATUS;
	if (program_mode == MODE_PKILL &&
		(o->explain || (o->plan.dry_run && hint_needs_handler(o->sig))))
		facts |= FACT_STATUS;
	return facts;
}

enum { SHOWN = 60 }; // bytes of a command line in a message

// A process is skipped because its command line only quotes a search. Without --verbose this is
// reported only on a terminal, if it may be a surprise: not of our own shell, nor of another
// search.
static void report_quoting(const struct options *o, const struct proc *p, bool ours)
{
	bool surprise = program_mode == MODE_PKILL && !ours &&
			!quote_is_search(p->words.data, p->words.len) && isatty(STDERR_FILENO);
	char who[32];

	if (!o->verbose && !o->explain && !surprise)
		return;
	snprintf(who, sizeof(who), "%d", (int)p->pid);
	message_about(who,
		"skipped, its command line only quotes a search (--mentions selects it): %.*s%s",
		SHOWN, p->cmdline.data, p->cmdline.len > SHOWN ? "..." : "");
}

struct explaining {
	const struct options *o;
	bool *any; // whether a process was refused
};

static void explain(const struct proc *p, const struct scan_refusal *why, const void *data)
{
	const struct explaining *e = data;
	const struct options *o = e->o;
	char who[64];

	*e->any = true;
	snprintf(who, sizeof(who), "%d (%s)", (int)p->pid, pkill_name(p).data);
	switch (why->reason) {
	case SCAN_FAILED:
		message_about(who, "excluded by %s", why->option);
		break;
	case SCAN_DENIED:
		message_about(
			who, "excluded by %s, which we may not read for this process", why->option);
		break;
	case SCAN_ANCESTOR:
	case SCAN_FORK:
		if (o->verbose || o->explain)
			message_about(who, "excluded by --ignore-ancestors: it is %s ancestor",
				why->reason == SCAN_FORK ? "a fork of an" : "an");
		break;
	case SCAN_QUOTES:
	case SCAN_OURS:
		report_quoting(o, p, why->reason == SCAN_OURS);
		break;
	case SCAN_NEAR_LINE:
		message_about(who, "its name does not match, but its command line does (--full)");
		break;
	case SCAN_NEAR_FILE:
		message_about(who, "its name does not match, but its program file does (--exe %s)",
			p->exe.path.data);
		break;
	case SCAN_NOT_BEST:
		message_about(
			who, "excluded by %s", o->which == SCAN_NEWEST ? "--newest" : "--oldest");
		break;
	}
}

static int is_meant(const struct proc *p, struct pidref *ref, void *data)
{
	return pkill_is_meant(data, p, ref);
}

static noreturn void die_scanning(int r)
{
	if (r == -ENOSYS || r == -EPERM)
		message_die(EXIT_SYSTEM, "%s", target_problem(r));
	if (r == -EOPNOTSUPP)
		message_die(EXIT_SYSTEM, "this kernel has no control groups");
	if (r == -ELIBACC)
		message_die(EXIT_SYSTEM, "--terminal needs libproc2: %s", libproc_problem());
	message_die(EXIT_SYSTEM, "cannot read the processes: %s", strerror(-r));
}

static const struct action *action_of_program(void)
{
	switch (program_mode) {
	case MODE_PGREP:
		return &pkill_print;
	case MODE_PKILL:
		return &pkill_send;
	default:
		return &pkill_wait;
	}
}

// Find the processes and pass them on. Whether there was any.
static bool scan_all(const struct scan_plan *plan, const struct procfs *proc, struct act *act)
{
	const struct action *action = action_of_program();
	const struct proc *p;
	struct pidref ref;
	struct scan scan;
	bool any = false;

	int r = scan_begin(&scan, plan, proc);
	if (r < 0)
		die_scanning(r);
	while ((r = scan_next(&scan, &ref, &p)) > 0) {
		any = true;
		if (!action->found(act, &ref, p))
			break;
	}
	scan_end(&scan);
	if (r < 0)
		die_scanning(r);
	return any;
}

// No process was found. A handle or the like as the pattern is searched for as a name.
static void explain_none(const struct options *o, bool refused)
{
	const char *text = o->pattern;
	struct target t;
	const char *why;

	// -t 5
	if (program_mode == MODE_PIDWAIT && o->match.ttys.count &&
		!strncmp(o->match.ttys.list[0], "pts/", 4))
		message("no process matches: -t is --terminal, a time is --timeout");
	else if (o->explain && !refused)
		message("no process matches");
	if (text && strchr(text, ':') && !o->match.full && !o->quiet &&
		!target_parse(&t, text, TARGET_ONE | TARGET_MANY, &why))
		message("'%s' was searched for as a name; as a target it is written -p %s", text,
			text);
}

static void scan_again(struct scan_plan *plan, const struct options *o, struct criteria *c,
	const struct procfs *proc, struct act *act)
{
	const struct action *action = action_of_program();
	struct range range;

	// what is left out was explained by the first search
	plan->refused = NULL;
	plan->explain = false;
	while (action->again && action->again(act, &range)) {
		pkill_resolve_again(o, c);
		plan->after = range.after;
		plan->last = range.last;
		scan_all(plan, proc, act);
	}
}

static void explain_hidden(const struct procfs *proc)
{
	struct hidepid options;

	if (hidepid_applies(proc, &options))
		message("/proc has the mount option hidepid=%s: processes of other users are hidden "
			"from this search",
			options.value);
}

static void search(const struct options *o, const struct procfs *proc, struct act *act,
	struct criteria *criteria)
{
	struct libproc *lib = NULL;
	bool refused = false;
	const struct explaining explaining = {.o = o, .any = &refused};

	pkill_resolve(o, proc, criteria);
	int r = o->match.ttys.count ? libproc_new(&lib, NULL, 0) : 0;
	if (r < 0)
		die_scanning(r);
	struct scan_plan plan = {
		.match = &criteria->match,
		.extra = extra_facts(o),
		.which = o->which,
		.threads = o->threads,
		.ignore_ancestors = o->ignore_ancestors,
		.skip_quotes = !o->mentions && match_has_line(&o->match),
		.terminal = libproc_terminal,
		.terminal_data = lib,
		.under = under_has,
		.under_data = &criteria->under.held,
		.meant = is_meant,
		.meant_data = criteria,
		.refused = explain,
		.refused_data = &explaining,
		.explain = o->explain,
	};
	if (!scan_all(&plan, proc, act))
		explain_none(o, refused);
	if (o->explain)
		explain_hidden(proc);
	scan_again(&plan, o, criteria, proc, act);
	libproc_free(&lib);
}

int main(int argc, char **argv)
{
	const struct action *action = action_of_program();
	struct criteria criteria;
	struct options o;
	struct procfs proc;

	stdfds_open();
	pkill_parse(&o, argc, argv);
	// for the widths of characters and the word for yes alone: it takes longer than a search on
	// a small machine (pattern.c loads what it needs)
	if (o.progress || o.interactive)
		setlocale(LC_ALL, "");
	int r = procfs_open(&proc);
	if (r < 0)
		message_die(EXIT_SYSTEM, "%s", procfs_problem(r));
	struct act *act = action->begin(&o, &proc, &criteria);
	search(&o, &proc, act, &criteria);
	int status = action->end(act);
	pkill_let_go(&criteria);
	message_exit(status);
}
