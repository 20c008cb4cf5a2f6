// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/pidread.h"
#include "pfdkill/resolve.h"
#include "target/inside.h"
#include "tell/guard.h"
#include "tell/hold.h"
#include "tell/message.h"

#include <errno.h>
#include <unistd.h>

// ---- targets that name many ----

int pfdkill_find_joined(struct job *job, struct operand *o)
{
	struct resolve_search s = {.job = job, .operand = o};
	struct found f = {.call = resolve_take_found, .data = &s};
	int r = 0;

	for (int i = 0; !r && i < SCAN_PASSES; i++) {
		size_t before = o->added;

		r = cgroup_find(&o->cgroup, &f);
		// KILL reaches these too
		if (r == -FAULT_OUTSIDE && job->o->plan.sig == SIGKILL &&
			!job->o->require_handler) {
			o->outside = true;
			r = 0;
		}
		if (o->added == before)
			break;
	}
	// each pass finds them again; those of other operands show that it is not empty
	if (o->added || f.count)
		o->matched = o->added ? o->added : 1;
	return r < 0 || f.count || o->outside ? r : found_none(&f, -FAULT_EMPTY_CGROUP);
}

// Hold all processes of the operand.
static void resolve_many(struct job *job, struct operand *o)
{
	struct resolve_search s = {.job = job, .operand = o};
	const struct target *t = o->target;
	int r = 0;

	o->searched = true;
	if (t->kind & TARGET_JOINED) {
		r = hold_cgroup(t, &o->cgroup);
		if (!r)
			r = pfdkill_find_joined(job, o);
	} else {
		r = hold_each(t, resolve_take_found, &s);
	}
	if (r == -EMFILE && (deliver_holds_all(&job->plan) || job->batch.complete))
		guard_full(&job->batch);
	if (r < 0 && !target_is_gone(r) && target_status(r) != EXIT_NONE)
		resolve_die(t->text, r);
	o->error = r;
}

// ---- operands ----

// Hold the process of a single target. If there is no descriptor left, carry out the batch first.
static int open_target(struct job *job, const struct target *t, struct pidref *ref)
{
	int r = resolve_hold(job, t, ref);

	if (r == -EMFILE && !deliver_holds_all(&job->plan) && !job->batch.complete &&
		job->batch.all.count) {
		batch_flush(&job->batch);
		r = resolve_hold(job, t, ref);
	}
	return r;
}

static void resolve_one(struct job *job, struct operand *o)
{
	const struct target *t = o->target;
	struct delivery d = {.ref = PIDREF_NULL};

	int r = open_target(job, t, &d.ref);
	// all that hold a listening socket
	if (r == -FAULT_SEVERAL && !job->o->group && !job->o->thread) {
		resolve_many(job, o);
		return;
	}
	if (target_is_gone(r)) {
		resolve_decide_unheld(job, o, 0, r == -ESTALE ? OUTCOME_RECYCLED : OUTCOME_GONE, r);
		return;
	}
	if (r < 0 && target_status(r) == EXIT_NONE) {
		resolve_decide_unheld(job, o, 0, OUTCOME_FAILED, r);
		return;
	}
	if (r == -EMFILE && (deliver_holds_all(&job->plan) || job->batch.complete))
		guard_full(&job->batch);
	if (r < 0)
		resolve_die(t->text, r);
	if (job->o->group) {
		resolve_led(job, o, &d.ref);
		return;
	}
	if (job->o->thread || t->kind == TARGET_THREAD)
		d.scope = PIDREF_SCOPE_THREAD;
	resolve_add(job, o, &d);
}

static void resolve_operand(struct job *job, struct operand *o)
{
	struct resolve_search search = {.job = job, .operand = o};
	const struct target *t = o->target;

	switch (t->kind) {
	case TARGET_GROUP:
		resolve_group(job, o, t->pid);
		break;
	case TARGET_OWN_GROUP:
		resolve_group(job, o, getpgrp());
		break;
	case TARGET_ALL:
		resolve_find(&search, &(struct query){.kind = FIND_EVERY, .in = job->in});
		break;
	case TARGET_NAME:
		resolve_find(&search, &(struct query){.kind = FIND_NAME,
					      .name = t->name,
					      .any_user = job->o->all,
					      .in = job->in});
		break;
	default:
		if (t->kind & TARGET_MANY)
			resolve_many(job, o);
		else
			resolve_one(job, o);
	}
}

// We come last, because the signal may end us.
static void add_self(struct job *job)
{
	struct delivery d = {.ref = PIDREF_NULL};

	if (!job->self)
		return;
	int r = pidref_open(&d.ref, getpid());
	if (r < 0)
		resolve_die(job->self->target->text, r);
	resolve_add(job, job->self, &d);
}

// Open the namespace that the PIDs of the operands belong to.
static void look_inside(struct job *job)
{
	if (job->o->in && hold_inside(&job->inside, &job->o->in_target))
		job->in = &job->inside;
}

// When a target is handled: a cgroup first, because KILL reaches all of it at once; then groups,
// before targets that may be their members; but our own group last, because its signal may end us.
static int stage_of(const struct job *job, const struct target *t)
{
	bool own = t->kind == TARGET_OWN_GROUP ||
		   (t->kind == TARGET_GROUP && resolve_is_own_group(job, t->pid));

	if (t->kind & TARGET_JOINED)
		return 0;
	if (own && !deliver_follows(&job->plan))
		return 3;
	return t->kind & (TARGET_GROUP | TARGET_OWN_GROUP) ? 1 : 2;
}

void pfdkill_resolve(struct job *job)
{
	look_inside(job);
	for (size_t i = 0; i < job->o->count; i++)
		job->kinds |= job->o->targets[i].kind;
	for (int stage = 0; stage < 4; stage++) {
		for (size_t i = 0; i < job->o->count; i++)
			if (stage_of(job, &job->o->targets[i]) == stage)
				resolve_operand(job, &job->operands[i]);
	}
	if (job->own)
		resolve_group(job, job->own, getpgrp());
	add_self(job);
}

// Ours can be among them: those that were started after the search.
static int count_other(struct pidref *ref, void *data)
{
	uid_t owner;

	*(size_t *)data += !pidref_owner(ref, &owner) && owner != getuid();
	pidref_close(ref);
	return 0;
}

// How many processes of other users have a name that none of ours has.
static size_t count_others(struct job *job, const struct operand *o)
{
	const struct query query = {
		.kind = FIND_NAME, .name = o->target->name, .any_user = true, .in = job->in};
	size_t count = 0;

	if (o->target->kind != TARGET_NAME || o->matched || job->o->all ||
		pfdkill_find(&job->proc, &query, count_other, &count) < 0)
		return 0;
	return count;
}

void pfdkill_settle(struct job *job)
{
	for (size_t i = 0; i < job->o->count; i++) {
		struct operand *o = &job->operands[i];
		bool group = job->o->group || o->target->kind & (TARGET_GROUP | TARGET_OWN_GROUP);

		if (!o->searched || o->gone + o->denied < o->matched)
			continue;
		o->settled = o->refused = true;
		o->others = count_others(job, o);
		if (o->denied)
			resolve_decide_unheld(job, o, 0, OUTCOME_DENIED, 0);
		else if (o->error)
			resolve_decide_unheld(job, o, 0,
				target_is_gone(o->error) ? OUTCOME_GONE : OUTCOME_FAILED, o->error);
		else
			resolve_decide_unheld(
				job, o, group ? PIDREF_SCOPE_GROUP : 0, OUTCOME_GONE, 0);
	}
	pfdkill_tell_denied(job);
}
