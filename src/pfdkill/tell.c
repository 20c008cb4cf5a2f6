// SPDX-License-Identifier: GPL-2.0-or-later
// tell.c: the output of pfdkill about each target, and its counts.
#include "config.h"

#include "mode/mode.h"
#include "pfdkill/pfdkill.h"
#include "tell/message.h"
#include "tell/treenote.h"

#include <errno.h>
#include <string.h>

static void print_number(struct job *job, const struct delivery *d)
{
	if (d->ref.pid) {
		printf("%d\n", (int)d->ref.pid);
		report_count(&job->tally, OUTCOME_PLANNED, 0);
		return;
	}
	message_about(d->target, "it has no PID in this pid namespace");
	report_count(&job->tally, OUTCOME_FAILED, -ESRCH);
}

// -p prints what the targets name, whether or not they may be signalled.
static bool is_printed(const struct delivery *d)
{
	return d->outcome == OUTCOME_PLANNED || d->outcome == OUTCOME_DENIED ||
	       d->outcome == OUTCOME_DEAD;
}

static bool is_of_operand(const struct operand *o, const struct delivery *d)
{
	// descendants were not named by the user, so each of them is reported
	return !d->root && o->searched && !o->settled && d->scope != PIDREF_SCOPE_GROUP;
}

// Whether it is a member of a group, or of -1. Then a refusal is reported only if it concerns all.
static bool is_member(const struct job *job, const struct operand *o)
{
	return job->o->group || o->target->kind & (TARGET_GROUP | TARGET_OWN_GROUP | TARGET_ALL);
}

// Whether it counts as absent. Where it is only asked whether the processes of an operand are
// alive, a living one is enough, as in kill(2) for a group: a zombie among them says as little as
// one that is reaped already.
static bool is_absent(const struct job *job, const struct delivery *d)
{
	return d->outcome == OUTCOME_GONE ||
	       (d->outcome == OUTCOME_DEAD && deliver_only_asks(&job->o->plan));
}

static void count_found(struct job *job, struct operand *o, const struct delivery *d)
{
	if (!is_of_operand(o, d))
		return;
	o->gone += is_absent(job, d);
	if (d->outcome != OUTCOME_DENIED || !is_member(job, o))
		return;
	o->denied++;
	if (o->target->kind != TARGET_ALL)
		pfdkill_keep_denied(job, d);
}

// Processes that a search found are not reported one by one if they are gone, or if they are
// members of a group or -1 and were denied. They are reported if that is the result for all
// (pfdkill_settle), or by their group. Members that are not followed have the result of the group.
static bool is_passed_over(const struct job *job, const struct operand *o, const struct delivery *d)
{
	bool gone = is_absent(job, d);
	bool denied = d->outcome == OUTCOME_DENIED;

	if (is_of_operand(o, d))
		return gone || (denied && is_member(job, o));
	return !d->root && d->group && (gone || denied || !deliver_follows(&job->plan));
}

static bool is_sought(const struct operand *o)
{
	return o->target->kind & (TARGET_NAME | TARGET_NONE);
}

static bool is_named_pidfile(const char *name)
{
	size_t len = strlen(name);

	return strchr(name, '/') && len > 4 && !strcmp(name + len - 4, ".pid");
}

// Report that there is no process of that name, with the text of util-linux.
static void tell_not_found(const struct job *job, const struct operand *o)
{
	const char *in = job->o->in;
	char others[64] = "";

	if (is_named_pidfile(o->target->name))
		snprintf(others, sizeof(others), "; a pidfile is written pidfile:PATH");
	if (o->others)
		snprintf(others, sizeof(others), ": %zu of other users (--all)", o->others);
	message("cannot find process \"%s\"%s%s%s", o->target->name, in ? " in " : "", in ? in : "",
		others);
}

static void tell_outcome(struct job *job, struct delivery *d)
{
	struct operand *operand = &job->operands[d->tag];
	const struct options *o = job->o;
	char label[REPORT_STRMAX];
	char phrase[REPORT_STRMAX];

	if (d->scope == PIDREF_SCOPE_GROUP && d->outcome == OUTCOME_DENIED)
		operand->refused = true;
	if (o->print && is_printed(d)) {
		print_number(job, d);
		return;
	}
	count_found(job, operand, d);
	if (is_passed_over(job, operand, d))
		return;
	// it was not asked whether a descendant is alive
	if (!(d->root && is_absent(job, d) && deliver_only_asks(&o->plan)))
		report_count(&job->tally, d->outcome, d->error);
	if (o->json)
		report_json(stdout, d, &job->boot);
	else if (o->plan.dry_run && (d->outcome == OUTCOME_PLANNED || d->outcome == OUTCOME_DEAD))
		overview_add(&job->table, &d->ref, job->proc.fd < 0 ? NULL : &job->proc, d->name);
	else if (o->plan.reclaim && !o->verbose && d->outcome == OUTCOME_SENT)
		report_text(stdout, d);
	// a signal that was followed was reported when it was sent
	bool told = d->outcome == OUTCOME_SENT && deliver_follows(&job->plan);
	// the exit status answers the question, unless the system failed
	bool answered = deliver_only_asks(&o->plan) && !o->verbose && !job->tally.system &&
			program_mode != MODE_KILL;
	answered |= o->if_any && !o->verbose && report_is_absent(d->outcome, d->error);
	if (d->outcome == OUTCOME_GONE && is_sought(operand) && !answered)
		tell_not_found(job, operand);
	else if (!answered && report_is_trouble(d->outcome))
		message_about(report_label(label, d), "%s", report_phrase(phrase, d));
	else if (o->verbose && !told && !o->plan.dry_run)
		report_text(job->talk, d);
}

void pfdkill_tick(const struct delivery_list *all, void *data)
{
	struct job *job = data;

	following_draw(&job->following, all);
}

void pfdkill_tell(struct delivery *d, enum deliver_event event, void *data)
{
	struct job *job = data;

	progress_clear(&job->following.progress);
	if (event == DELIVER_OUTCOME) {
		if (d->outcome == OUTCOME_SURVIVED)
			d->reason = following_reason(d, job->proc.fd < 0 ? NULL : &job->proc);
		tell_outcome(job, d);
	} else if (job->o->verbose) {
		struct delivery sent = *d;

		sent.outcome = OUTCOME_SENT;
		report_text(job->talk, &sent);
	}
}

void pfdkill_note(const struct deliver_note *note, void *data)
{
	struct job *job = data;

	if (note->error)
		job->tally.system = true;
	if (note->error || note->unheld || job->o->verbose)
		treenote_print(job->talk, note);
}
