// SPDX-License-Identifier: GPL-2.0-or-later
// look.c: what pfdkill reads about a held process before it is signalled.
#include "config.h"

#include "act/handler.h"
#include "base/signame.h"
#include "find/facts.h"
#include "handle/pidread.h"
#include "pfdkill/pfdkill.h"
#include "tell/hint.h"

// Read what --verbose, --json and -r need about a held process.
static int learn_facts(struct job *job, struct delivery *d, struct status *status)
{
	int r = pidref_status(&d->ref, &job->proc, status);

	if (!r && !d->name)
		d->name = facts_name(&job->proc, &d->ref);
	return r;
}

static void tell_hint(struct job *job, struct delivery *d, const struct status *status, int sig)
{
	const char *hint = hint_signal(status, d->ref.pid, sig);
	char label[REPORT_STRMAX];
	char name[SIGNAME_MAX];

	if (hint)
		fprintf(job->talk, "%s: hint about %s: %s\n", report_label(label, d),
			signame_format(name, sig), hint);
}

static void tell_end(const struct delivery *d, const struct status *status, int sig)
{
	char label[REPORT_STRMAX];

	hint_warn(report_label(label, d), status, sig);
}

static bool may_handle(struct job *job, struct delivery *d, int error, const struct status *status)
{
	enum outcome outcome = handler_judge(status, job->o->plan.sig, &error);

	if (outcome != OUTCOME_NONE)
		deliver_decide(d, outcome, error, pfdkill_tell, job);
	return outcome == OUTCOME_NONE;
}

bool pfdkill_look_at(struct job *job, struct delivery *d)
{
	const struct options *o = job->o;
	struct status status;

	if (job->proc.fd < 0 || (d->scope == PIDREF_SCOPE_GROUP))
		return true;
	if (!o->verbose && !o->json && !o->plan.dry_run && !o->require_handler &&
		!o->plan.reclaim && !o->at_most)
		return true;
	int r = learn_facts(job, d, &status);
	if (o->require_handler && !o->tree && !may_handle(job, d, r, &status))
		return false;
	if (r == 0 && o->plan.dry_run && !o->tree)
		tell_end(d, &status, o->plan.sig);
	if (r < 0 || !o->verbose || o->plan.dry_run)
		return true;
	tell_hint(job, d, &status, o->plan.sig);
	for (size_t i = 0; i < o->plan.step_count; i++)
		if (o->plan.steps[i].sig != o->plan.sig)
			tell_hint(job, d, &status, o->plan.steps[i].sig);
	return true;
}

void pfdkill_meet(struct delivery *d, void *data)
{
	struct job *job = data;
	const struct options *o = job->o;
	struct status status;

	int r = learn_facts(job, d, &status);
	if (o->require_handler) {
		d->outcome = handler_judge(&status, o->plan.sig, &r);
		d->error = r;
	}
	if (!r && o->plan.dry_run && d->outcome == OUTCOME_NONE)
		tell_end(d, &status, o->plan.sig);
}
