// SPDX-License-Identifier: GPL-2.0-or-later
// send.c: pkill: signal the processes that were found.
#include "config.h"

#include "act/batch.h"
#include "act/handler.h"
#include "base/holdoff.h"
#include "base/signame.h"
#include "find/facts.h"
#include "find/lineage.h"
#include "handle/pidread.h"
#include "pkill/act.h"
#include "tell/ask.h"
#include "tell/following.h"
#include "tell/guard.h"
#include "tell/hint.h"
#include "tell/memory.h"
#include "tell/message.h"
#include "tell/overview.h"
#include "tell/report.h"
#include "tell/treenote.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SPARE = 16 }; // descriptors for the search, besides the handles

struct act {
	const struct options *o;
	const struct procfs *proc;
	struct criteria *criteria;
	struct lineage lineage;
	struct deliver_plan plan;
	struct deliver_tree tree;
	struct batch batch;
	size_t matched;
	struct report_tally tally;
	struct table table; // of a dry run
	struct bootid boot;
	struct following following;
	struct holdoff hold;
	bool unanswered; // -I: the input has ended
};

// ---- output ----

static bool is_done(enum outcome outcome)
{
	return outcome == OUTCOME_SENT || outcome == OUTCOME_DEAD || outcome == OUTCOME_ENDED ||
	       outcome == OUTCOME_FORCED;
}

static void echo(const struct options *o, struct delivery *d)
{
	pkill_write_name(stdout, o, d->name, strlen(d->name));
	printf(" killed (pid %d)\n", (int)d->ref.pid);
	fflush(stdout);
	d->tag = 1; // printed
}

// Most processes need no name in the output, so it is read only in case of trouble, while the
// process is held.
static void learn_name(const struct act *act, struct delivery *d)
{
	d->name = facts_name(act->proc, &d->ref);
}

static void tell(struct delivery *d, enum deliver_event event, void *data)
{
	struct act *act = data;
	const struct options *o = act->o;
	char label[REPORT_STRMAX];
	char phrase[REPORT_STRMAX];

	progress_clear(&act->following.progress);
	if (event == DELIVER_OUTCOME && d->outcome == OUTCOME_SURVIVED)
		d->reason = following_reason(d, act->proc);
	if (o->echo && !o->json && !o->plan.dry_run && !d->tag &&
		(event == DELIVER_STEP || is_done(d->outcome)))
		echo(o, d);
	if (event != DELIVER_OUTCOME)
		return;
	report_count(&act->tally, d->outcome, d->error);
	bool told = o->verbose || o->plan.dry_run || o->plan.reclaim;
	// a process that is gone by now is no trouble: that is the wanted result
	bool trouble = report_is_trouble(d->outcome) && d->outcome != OUTCOME_GONE;
	if (trouble && !d->name && pidref_is_held(&d->ref))
		learn_name(act, d);
	if (o->json)
		report_json(stdout, d, &act->boot);
	else if (o->plan.dry_run && (d->outcome == OUTCOME_PLANNED || d->outcome == OUTCOME_DEAD))
		overview_add(&act->table, &d->ref, act->proc, d->name);
	else if (told && !trouble && d->outcome != OUTCOME_SKIPPED)
		report_text(stdout, d);
	if (trouble)
		message_about(report_label(label, d), "%s", report_phrase(phrase, d));
}

static void explain(const struct options *o, const struct proc *p)
{
	const char *why = p->known & FACT_STATUS ? hint_signal(&p->status, p->pid, o->sig) : NULL;
	char sig[SIGNAME_MAX];
	char who[64];

	snprintf(who, sizeof(who), "%d (%s)", (int)p->pid, pkill_name(p).data);
	if (p->known & FACT_STATUS && hint_warn(who, &p->status, o->sig))
		return;
	if (why && o->explain)
		message_about(who, "%s would do nothing: %s", signame_format(sig, o->sig), why);
}

static bool approve(struct delivery *d, void *data)
{
	struct act *act = data;
	struct table one = overview_begin();
	char sig[SIGNAME_MAX];

	if (act->unanswered)
		return false;
	overview_add(&one, &d->ref, act->proc, d->name);
	char **cells = one.rows->cells;
	enum answer answer = ask("send %s to %s %.500s (%s, %s)? [y/N]",
		signame_format(sig, act->o->sig), cells[OVERVIEW_PID], cells[OVERVIEW_COMMAND],
		cells[OVERVIEW_USER], cells[OVERVIEW_AGE]);
	table_free(&one);
	act->unanswered = answer == ANSWER_END;
	if (act->unanswered)
		message("the input has ended: this process and all after it are not signalled");
	return answer == ANSWER_YES;
}

// ---- descendants ----

// -H is for the descendants too: without a handler the signal could end them.
static void judge(const struct act *act, struct delivery *d)
{
	struct status status;

	d->error = pidref_status(&d->ref, act->proc, &status);
	d->outcome = handler_judge(&status, act->o->sig, &d->error);
}

static void warn(const struct act *act, const struct delivery *d)
{
	char label[REPORT_STRMAX];
	struct status status;

	if (hint_needs_handler(act->o->sig) && !pidref_status(&d->ref, act->proc, &status))
		hint_warn(report_label(label, d), &status, act->o->sig);
}

static void meet(struct delivery *d, void *data)
{
	const struct act *act = data;
	const struct options *o = act->o;

	// only its root may have been printed
	if (d->root)
		d->tag = 0;
	if (d->root && o->match.handler && !o->match.inverse)
		judge(act, d);
	if (d->name || !(o->verbose || o->json || o->plan.dry_run || o->echo || o->plan.reclaim ||
			       o->at_most))
		return;
	learn_name(act, d);
	if (!d->name)
		d->name = memory_checked(strdup("?"));
	if (d->root && o->plan.dry_run && d->outcome == OUTCOME_NONE)
		warn(act, d);
}

// What is never selected is not signalled as a descendant either.
static int spares(struct pidref *ref, void *data)
{
	struct act *act = data;

	int r = pkill_is_spared(act->criteria, ref);
	if (r || !act->o->ignore_ancestors)
		return r;
	r = lineage_has(&act->lineage, ref);
	return r ? r : lineage_forked_settled(&act->lineage, act->proc, ref);
}

static void note(const struct deliver_note *note, void *data)
{
	struct act *act = data;

	if (note->error)
		act->tally.system = true;
	if (note->error || note->unheld || act->o->verbose)
		treenote_print(act->o->json ? stderr : stdout, note);
}

static void tick(const struct delivery_list *all, void *data)
{
	struct act *act = data;

	following_draw(&act->following, all);
}

static struct act *begin(const struct options *o, const struct procfs *proc, struct criteria *c)
{
	struct act *act = memory_checked(calloc(1, sizeof(*act)));

	// signal all processes, even if the reader of our output is gone
	holdoff_lost_output();
	holdoff_terminal(&act->hold);
	act->proc = proc;
	act->criteria = c;
	act->table = overview_begin();
	act->plan = o->plan;
	act->plan.proc = proc;
	act->plan.hold = &act->hold;
	act->plan.memory = proc;
	const char *problem = deliver_problem(&o->plan);
	if (problem)
		message_die(EXIT_SYSTEM, "%s", problem);
	act->tree = (struct deliver_tree){
		.proc = proc, .curious = o->verbose, .spares = spares, .meet = meet, .note = note};
	if (o->tree)
		act->plan.tree = &act->tree;
	act->plan.tick_call = tick;
	if (o->progress)
		following_begin(&act->following, &act->plan, proc);
	if (o->resume)
		act->plan.resume = proc;
	if (batch_begin(&act->batch, &act->plan, BATCH_UNKNOWN, SPARE, tell, act) < 0)
		memory_checked(NULL);
	act->o = o;
	// /proc lists every PID once
	act->batch.distinct = true;
	act->plan.at_most = o->at_most;
	act->batch.complete = o->at_most;
	act->tally.if_any = o->if_any;
	if (o->interactive)
		act->batch.approve = approve;
	return act;
}

static bool found(struct act *act, struct pidref *ref, const struct proc *p)
{
	struct delivery d = {.ref = pidref_take(ref), .sig = act->o->sig};

	if (p->known & FACT_COMM)
		d.name = pkill_name_copy(p);
	if (act->o->explain || act->o->plan.dry_run)
		explain(act->o, p);
	int r = batch_add(&act->batch, &d);
	if (r == -EMFILE)
		guard_full(&act->batch);
	if (r < 0)
		message_die(EXIT_SYSTEM, "%s", strerror(-r));
	act->matched++;
	return true;
}

static int end(struct act *act)
{
	guard_flush(&act->batch);
	if (act->table.count)
		table_print(&act->table, stdout, act->o->tree);
	table_free(&act->table);
	if (act->o->count)
		printf("%zu\n", act->matched);
	// signal 0 asks whether a process is alive, and a zombie is not
	if (deliver_only_asks(&act->o->plan))
		act->tally.count[OUTCOME_DEAD] = 0;
	enum exit_status status = report_status(&act->tally);
	batch_end(&act->batch);
	following_free(&act->following);
	holdoff_end(&act->hold);
	lineage_free(&act->lineage);
	free(act);
	// it is a success if some of those that matched were signalled
	return status == EXIT_PARTIAL ? EXIT_DONE : (int)status;
}

const struct action pkill_send = {begin, found, NULL, end};
