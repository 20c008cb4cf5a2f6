// SPDX-License-Identifier: GPL-2.0-or-later
// pkill.c: pgrep, pkill and pidwait: apply criteria, then print, signal or wait.
#include "config.h"

#include "base/stdfds.h"
#include "find/ancestors.h"
#include "find/libproc.h"
#include "pkill/act.h"
#include "pkill/pkill.h"
#include "tell/message.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned extra_facts(const struct options *o)
{
	unsigned facts = 0;

	bool names = o->list_name || o->json || o->verbose || o->echo || o->plan.dry_run ||
		     o->plan.reclaim || o->interactive || o->explain;

	// pkill itself reads the names of processes that it could not signal
	if (names || program_mode == MODE_PIDWAIT)
		facts |= FACT_COMM | FACT_NAME;
	if (o->list_full && !o->count && !o->quiet)
		facts |= FACT_CMDLINE;
	if (o->json && program_mode == MODE_PGREP)
		facts |= FACT_CMDLINE | FACT_STATUS | FACT_START;
	if (o->explain && program_mode == MODE_PKILL)
		facts |= FACT_STATUS;
	return facts;
}

static void explain(const struct proc *p, const struct scan_refusal *why, const void *data)
{
	const struct options *o = data;
	char who[64];

	snprintf(who, sizeof(who), "%d (%s)", (int)p->pid, pkill_name(p).data);
	switch (why->reason) {
	case SCAN_FAILED:
		message_about(who, "left out by %s", why->option);
		break;
	case SCAN_DENIED:
		message_about(
			who, "left out by %s, for which we may not look into it", why->option);
		break;
	case SCAN_ANCESTOR:
		message_about(who, "left out by %s, it is one of our own ancestors",
			o->ignore_ancestors ? "--ignore-ancestors" : "--full");
		break;
	case SCAN_NOT_BEST:
		message_about(
			who, "left out by %s", o->which == SCAN_NEWEST ? "--newest" : "--oldest");
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
	if (r == -ELIBACC)
		message_die(EXIT_SYSTEM, "--terminal needs libproc2: %s", libproc_problem());
	message_die(EXIT_SYSTEM, "processes could not be looked at: %s", strerror(-r));
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

// Find the processes and pass them on. Returns how many of our ancestors were spared.
static size_t scan_all(const struct scan_plan *plan, const struct procfs *proc, struct act *act)
{
	const struct action *action = action_of_program();
	const struct proc *p;
	struct pidref ref;
	struct scan scan;

	int r = scan_begin(&scan, plan, proc);
	if (r < 0)
		die_scanning(r);
	while ((r = scan_next(&scan, &ref, &p)) > 0)
		if (!action->found(act, &ref, p))
			break;
	scan_end(&scan);
	if (r < 0)
		die_scanning(r);
	return scan.spared;
}

static void scan_again(struct scan_plan *plan, const struct options *o, struct match *m,
	const struct procfs *proc, struct act *act)
{
	const struct action *action = action_of_program();
	struct range range;

	// what is left out was explained by the first search
	plan->refused = NULL;
	while (action->again && action->again(act, &range)) {
		pkill_resolve_ages(o, m);
		plan->after = range.after;
		plan->last = range.last;
		scan_all(plan, proc, act);
	}
}

static void search(const struct options *o, const struct procfs *proc, struct act *act)
{
	struct ancestors spared = {0};
	struct libproc *lib = NULL;
	struct criteria criteria;

	pkill_resolve(o, proc, &criteria);
	bool spare =
		o->ignore_ancestors || (o->match.full && o->match.pattern_count && !o->ancestors);
	// if the ancestors cannot be found, stop: otherwise one of them could be signalled
	int r = spare ? ancestors_find(&spared) : 0;
	if (!r && o->match.ttys.count)
		r = libproc_new(&lib);
	if (r < 0)
		die_scanning(r);
	struct scan_plan plan = {
		.match = &criteria.match,
		.extra = extra_facts(o),
		.which = o->which,
		.threads = o->threads,
		.spared = spare ? &spared : NULL,
		.terminal = libproc_terminal,
		.terminal_data = lib,
		.under = under_has,
		.under_data = &criteria.under,
		.meant = is_meant,
		.meant_data = &criteria,
		.refused = o->explain ? explain : NULL,
		.refused_data = o,
	};
	size_t count = scan_all(&plan, proc, act);
	if (o->verbose && count)
		message("%zu of our own ancestors %s spared (--ancestors includes them)", count,
			count == 1 ? "was" : "were");
	scan_again(&plan, o, &criteria.match, proc, act);
	ancestors_free(&spared);
	libproc_free(&lib);
	pkill_let_go(&criteria);
}

int main(int argc, char **argv)
{
	const struct action *action = action_of_program();
	struct options o;
	struct procfs proc;

	stdfds_open();
	// patterns match by the characters of the locale
	setlocale(LC_ALL, "");
	pkill_parse(&o, argc, argv);
	int r = procfs_open(&proc);
	if (r < 0)
		message_die(EXIT_SYSTEM, "%s", procfs_problem(r));
	struct act *act = action->begin(&o, &proc);
	search(&o, &proc, act);
	message_exit(action->end(act));
}
