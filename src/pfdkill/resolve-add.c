// SPDX-License-Identifier: GPL-2.0-or-later
// resolve-add.c: add a process to the batch, or decide its outcome without one.
#include "config.h"

#include "handle/pidread.h"
#include "pfdkill/resolve.h"
#include "tell/guard.h"
#include "tell/hold.h"
#include "tell/message.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

noreturn void resolve_die(const char *target, int error)
{
	enum exit_status status = target_status(error);

	message_about(target, "%s", target_problem(error));
	message_exit(message_status(status == EXIT_USAGE ? status : EXIT_SYSTEM));
}

int resolve_hold(const struct job *job, const struct target *t, struct pidref *ref)
{
	struct target inside = *t;

	inside.in = job->in;
	return hold_target(&inside, ref);
}

// ---- process groups ----

bool resolve_is_own_group(const struct job *job, pid_t pgid)
{
	return !job->in && pgid == getpgrp();
}

// Whether a signal can be lost where the queue of a process is full. The kernel reports success for
// a group if one member got it.
static bool can_overflow(const struct deliver_plan *plan)
{
	bool real_time = plan->sig >= SIGRTMIN;

	for (size_t i = 0; i < plan->step_count; i++)
		real_time |= plan->steps[i].sig >= SIGRTMIN;
	return plan->value && real_time;
}

bool resolve_wants_members(const struct job *job, pid_t pgid)
{
	const struct options *o = job->o;

	// a member may be in a cgroup too; if we follow our own group, we must not be signalled
	// with it
	return job->kinds & TARGET_JOINED || o->require_handler || o->plan.dry_run || o->tree ||
	       o->plan.reclaim || o->at_most || can_overflow(&job->plan) ||
	       (o->resume && !deliver_follows(&job->plan)) ||
	       (deliver_follows(&job->plan) && resolve_is_own_group(job, pgid));
}

// Whether our own group is a target, and gets the signal as a whole.
static bool has_own_group(const struct job *job)
{
	for (size_t i = 0; i < job->o->count; i++) {
		const struct target *t = &job->o->targets[i];

		if (t->kind == TARGET_OWN_GROUP ||
			(t->kind == TARGET_GROUP && resolve_is_own_group(job, t->pid)))
			return !resolve_wants_members(job, getpgrp());
	}
	return false;
}

// 1 + the index of the group in the batch that the process is a member of; 0: none. It counts only
// if the group still is the one that is held.
static size_t group_of(const struct job *job, const struct pidref *ref)
{
	const struct delivery_list *all = &job->batch.all;
	pid_t pgid = 0;

	if (!(job->kinds & TARGET_GROUP) || pidref_group(ref, &pgid) < 0)
		return 0;
	for (size_t i = 0; i < all->count; i++) {
		const struct delivery *d = &all->list[i];

		if (d->scope != PIDREF_SCOPE_GROUP || d->ref.pid != pgid)
			continue;
		int r = pidref_signal(&d->ref, 0, PIDREF_SCOPE_GROUP, NULL);
		return !r || r == -EPERM ? i + 1 : 0;
	}
	return 0;
}

// Whether the process is in a group that gets the signal as a whole, and is not followed.
static bool is_in_group(const struct job *job, const struct pidref *ref)
{
	pid_t pgid = 0;

	if (deliver_follows(&job->plan))
		return false;
	// our own group comes last; its number is ours while we are in it
	if (job->kinds & (TARGET_GROUP | TARGET_OWN_GROUP) && has_own_group(job) &&
		!pidref_group(ref, &pgid) && pgid == getpgrp())
		return true;
	return group_of(job, ref);
}

// ---- add ----

static int add(struct job *job, struct operand *o, struct delivery *d)
{
	d->target = o->target->text;
	d->tag = (size_t)(o - job->operands);
	d->sig = job->o->plan.sig;
	// it may have joined a group that is followed after the members of that were searched
	if (!d->group && d->scope == PIDREF_SCOPE_DEFAULT && deliver_follows(&job->plan))
		d->group = group_of(job, &d->ref);
	int r = d->scope == PIDREF_SCOPE_DEFAULT && !d->group && is_in_group(job, &d->ref)
			? 0
			: batch_claim(&job->batch, d);
	if (r < 1) {
		pidref_close(&d->ref);
		return r;
	}
	o->added++;
	if (!pfdkill_look_at(job, d))
		return 0;
	// the batch is being carried out, so it only grows
	r = job->joining ? deliver_push(&job->batch.all, d) : batch_push(&job->batch, d);
	if (r < 0 && job->joining)
		deliver_free(d);
	return r < 0 ? r : 0;
}

void resolve_add(struct job *job, struct operand *o, struct delivery *d)
{
	int r = add(job, o, d);

	if (r == -EMFILE)
		guard_full(&job->batch);
	if (r < 0)
		resolve_die(o->target->text, r);
}

// The PID that the operand gives as a number; 0: none, or one of another namespace.
static pid_t given_pid(const struct job *job, const struct target *t)
{
	return !job->in && t->kind & (TARGET_PID | TARGET_EXACT) ? t->pid : 0;
}

void resolve_decide_unheld(struct job *job, struct operand *o, enum pidref_scope scope,
	enum outcome outcome, int error)
{
	struct delivery d = {
		.ref = PIDREF_NULL,
		.target = o->target->text,
		.tag = (size_t)(o - job->operands),
		.scope = scope,
		.sig = job->o->plan.sig,
	};

	d.ref.pid = given_pid(job, o->target);
	deliver_decide(&d, outcome, error, pfdkill_tell, job);
}

// ---- operands that need a search ----

int resolve_take_found(struct pidref *ref, void *data)
{
	const struct resolve_search *s = data;
	struct job *job = s->job;
	struct delivery d = {.ref = *ref, .group = s->group};

	// see target/found.h; -1 and numbers of groups are numbers
	if (s->operand->target->kind == TARGET_NAME && ref->pid == 1 && found_is_left_out(1)) {
		s->operand->error = -FAULT_ONLY_MANAGER;
		pidref_close(ref);
		return 0;
	}
	// the signal to its group does not reach this member
	if (s->group && !pfdkill_may_signal(job, ref)) {
		pfdkill_deny(job, s->operand, ref);
		return 0;
	}
	if (job->o->thread)
		d.scope = PIDREF_SCOPE_THREAD;
	s->operand->matched++;
	return add(job, s->operand, &d);
}

void resolve_find(struct resolve_search *s, const struct query *query)
{
	const char *text = s->operand->target->text;
	struct job *job = s->job;

	// the handle of a group shows by itself whether the group exists
	s->operand->searched = !s->group;
	int r = pfdkill_find(pfdkill_need_proc(job, text), query, resolve_take_found, s);
	if (r == -EMFILE && (deliver_holds_all(&job->plan) || job->batch.complete))
		guard_full(&job->batch);
	if (r < 0)
		resolve_die(text, r);
}
