// SPDX-License-Identifier: GPL-2.0-or-later
// resolve.c: hold the targets of pfdkill and add them to the batch.
#include "config.h"

#include "handle/pidread.h"
#include "pfdkill/find.h"
#include "pfdkill/pfdkill.h"
#include "target/inside.h"
#include "tell/hold.h"
#include "tell/message.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

static noreturn void die_resolving(const char *target, int error)
{
	enum exit_status status = target_status(error);

	message_about(target, "%s", target_problem(error));
	message_exit((int)(status == EXIT_USAGE ? status : EXIT_SYSTEM));
}

static int hold(const struct job *job, const struct target *t, struct pidref *ref)
{
	struct target inside = *t;

	inside.in = job->in;
	return hold_target(&inside, ref);
}

// ---- process groups ----

static bool is_own_group(const struct job *job, pid_t pgid)
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

// Whether the group must be handled member by member even if it has a handle.
static bool wants_members(const struct job *job, pid_t pgid)
{
	const struct options *o = job->o;

	// a member may be in a cgroup too; if we follow our own group, we must not be signalled
	// with it
	return job->kinds & TARGET_JOINED || o->require_handler || o->plan.dry_run || o->tree ||
	       o->plan.reclaim || o->at_most || can_overflow(&job->plan) ||
	       (o->resume && !deliver_follows(&job->plan)) ||
	       (deliver_follows(&job->plan) && is_own_group(job, pgid));
}

// Whether our own group is a target, and gets the signal as a whole.
static bool has_own_group(const struct job *job)
{
	for (size_t i = 0; i < job->o->count; i++) {
		const struct target *t = &job->o->targets[i];

		if (t->kind == TARGET_OWN_GROUP ||
			(t->kind == TARGET_GROUP && is_own_group(job, t->pid)))
			return !wants_members(job, getpgrp());
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
		return (!r || r == -EPERM) && !pidref_verify(ref) ? i + 1 : 0;
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
		return !pidref_verify(ref);
	return group_of(job, ref);
}

static int add(struct job *job, struct operand *o, struct delivery *d)
{
	d->target = o->target->text;
	d->tag = (size_t)(o - job->operands);
	d->sig = job->o->plan.sig;
	// it may have joined a group that is followed after the members of that were searched
	if (!d->group && d->scope == PIDREF_SCOPE_DEFAULT && deliver_follows(&job->plan))
		d->group = group_of(job, &d->ref);
	int r = d->scope == PIDREF_SCOPE_DEFAULT && is_in_group(job, &d->ref)
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
		pidref_close(&d->ref);
	return r < 0 ? r : 0;
}

static void add_or_die(struct job *job, struct operand *o, struct delivery *d)
{
	int r = add(job, o, d);

	if (r == -EMFILE)
		pfdkill_die_full(job);
	if (r < 0)
		die_resolving(o->target->text, r);
}

// The PID that the operand gives as a number; 0: none, or one of another namespace.
static pid_t given_pid(const struct job *job, const struct target *t)
{
	return !job->in && t->kind & (TARGET_PID | TARGET_EXACT) ? t->pid : 0;
}

static void decide_unheld(struct job *job, struct operand *o, enum pidref_scope scope,
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

// The search for the processes of an operand.
struct search {
	struct job *job;
	struct operand *operand;
	size_t group; // 1 + the index of the group whose members they are; 0: none
};

static int take_found(struct pidref *ref, void *data)
{
	const struct search *s = data;
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

static void find(struct search *s, const struct query *query)
{
	const char *text = s->operand->target->text;
	struct job *job = s->job;

	// the handle of a group shows by itself whether the group exists
	s->operand->searched = !s->group;
	int r = pfdkill_find(pfdkill_need_proc(job, text), query, take_found, s);
	if (r == -EMFILE && (deliver_holds_all(&job->plan) || job->batch.complete))
		pfdkill_die_full(job);
	if (r < 0)
		die_resolving(text, r);
}

// Find the members of the group `pgid` in the numbers of *in; or, if `leader` is not NULL, of the
// group that the held *leader began.
static void find_members(
	struct search *s, pid_t pgid, const struct pidns *in, const struct pidref *leader)
{
	// a search never finds ourselves, so add us as the last one
	const struct query query = {
		.kind = FIND_GROUP,
		.pgrp = leader ? leader->pid : pgid,
		.in = leader ? NULL : in,
		.leader = leader,
	};
	struct job *job = s->job;

	find(s, &query);
	if (is_own_group(job, pgid) && !deliver_follows(&job->plan) && !job->o->tree) {
		s->operand->matched++;
		job->self = s->operand;
	}
}

// ---- the members of a group ----

// Signal a group through the handle of its leader, which is taken over. If the group is followed,
// its members are held as well, because they are what is waited for.
static void add_group(struct job *job, struct operand *o, struct pidref *leader)
{
	struct delivery d = {.ref = *leader, .scope = PIDREF_SCOPE_GROUP};
	pid_t pgid = leader->pid;
	size_t place = job->batch.all.count + 1;

	size_t denied = job->denied_count;

	if (!deliver_follows(&job->plan))
		pfdkill_find_denied(job, o, leader);
	add_or_die(job, o, &d);
	if (!deliver_follows(&job->plan) || job->batch.all.count < place)
		return;
	find_members(&(struct search){.job = job, .operand = o, .group = place}, pgid, NULL,
		&job->batch.all.list[place - 1].ref);
	const struct delivery *group = &job->batch.all.list[place - 1];
	if (!group->members && job->denied_count == denied &&
		pidref_signal(&group->ref, 0, PIDREF_SCOPE_GROUP, NULL) != -ESRCH)
		message_die(EXIT_SYSTEM,
			"%s: its members are hidden from us and cannot be waited for; "
			"no process was signalled",
			group->target);
}

static void resolve_group(struct job *job, struct operand *o, pid_t pgid)
{
	const char *text = o->target->text;
	const struct target named = {.text = text, .kind = TARGET_PID, .pid = pgid};
	CLEANUP(pidref_close) struct pidref leader = PIDREF_NULL;

	if (!pgid)
		message_die(
			EXIT_SYSTEM, "%s: our process group is one of another pid namespace", text);
	int r = hold(job, &named, &leader);
	if (!r && !wants_members(job, pgid)) {
		// this fails if the leader exists but leads no group, and before Linux 6.9
		r = pidref_signal(&leader, 0, PIDREF_SCOPE_GROUP, NULL);
		if (!r || r == -EPERM) {
			add_group(job, o, &leader);
			leader = PIDREF_NULL;
			return;
		}
	}
	if (r < 0 && r != -ESRCH && r != -EINVAL)
		die_resolving(text, r);
	find_members(&(struct search){.job = job, .operand = o}, pgid, job->in,
		pidref_is_held(&leader) ? &leader : NULL);
}

// Add the group that a held process leads, for --group. The handle is taken over.
static void resolve_led(struct job *job, struct operand *o, struct pidref *leader)
{
	pid_t pgid = leader->pid;

	if (pgid && !wants_members(job, pgid) && !is_own_group(job, pgid)) {
		add_group(job, o, leader);
		return;
	}
	int r = pgid ? pidref_signal(leader, 0, PIDREF_SCOPE_GROUP, NULL) : -EINVAL;
	if (r < 0 && r != -EPERM) {
		if (r == -EINVAL && pgid)
			r = -EOPNOTSUPP;
		decide_unheld(
			job, o, PIDREF_SCOPE_GROUP, r == -ESRCH ? OUTCOME_GONE : OUTCOME_FAILED, r);
	} else if (!wants_members(job, pgid)) {
		job->own = o;
	} else {
		find_members(&(struct search){.job = job, .operand = o}, pgid, NULL, leader);
	}
	pidref_close(leader);
}

// ---- targets that name many ----

int pfdkill_find_joined(struct job *job, struct operand *o)
{
	struct search s = {.job = job, .operand = o};
	struct found f = {.call = take_found, .data = &s};
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
	struct search s = {.job = job, .operand = o};
	const struct target *t = o->target;
	int r = 0;

	o->searched = true;
	if (t->kind & TARGET_JOINED) {
		r = hold_cgroup(t, &o->cgroup);
		if (!r)
			r = pfdkill_find_joined(job, o);
	} else {
		r = hold_each(t, take_found, &s);
	}
	if (r == -EMFILE && (deliver_holds_all(&job->plan) || job->batch.complete))
		pfdkill_die_full(job);
	if (r < 0 && !target_is_gone(r) && target_status(r) != EXIT_NONE)
		die_resolving(t->text, r);
	o->error = r;
}

// ---- operands ----

// Hold the process of a single target. If there is no descriptor left, carry out the batch first.
static int open_target(struct job *job, const struct target *t, struct pidref *ref)
{
	int r = hold(job, t, ref);

	if (r == -EMFILE && !deliver_holds_all(&job->plan) && !job->batch.complete &&
		job->batch.all.count) {
		batch_flush(&job->batch);
		r = hold(job, t, ref);
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
		decide_unheld(job, o, 0, r == -ESTALE ? OUTCOME_RECYCLED : OUTCOME_GONE, r);
		return;
	}
	if (r < 0 && target_status(r) == EXIT_NONE) {
		decide_unheld(job, o, 0, OUTCOME_FAILED, r);
		return;
	}
	if (r == -EMFILE && (deliver_holds_all(&job->plan) || job->batch.complete))
		pfdkill_die_full(job);
	if (r < 0)
		die_resolving(t->text, r);
	if (job->o->group) {
		resolve_led(job, o, &d.ref);
		return;
	}
	if (job->o->thread || t->kind == TARGET_THREAD)
		d.scope = PIDREF_SCOPE_THREAD;
	add_or_die(job, o, &d);
}

static void resolve_operand(struct job *job, struct operand *o)
{
	struct search search = {.job = job, .operand = o};
	const struct target *t = o->target;

	switch (t->kind) {
	case TARGET_GROUP:
		resolve_group(job, o, t->pid);
		break;
	case TARGET_OWN_GROUP:
		resolve_group(job, o, getpgrp());
		break;
	case TARGET_ALL:
		find(&search, &(struct query){.kind = FIND_EVERY, .in = job->in});
		break;
	case TARGET_NAME:
		find(&search, &(struct query){.kind = FIND_NAME,
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
		die_resolving(job->self->target->text, r);
	add_or_die(job, job->self, &d);
}

// Open the namespace that the PIDs of the operands belong to.
static void look_inside(struct job *job)
{
	const char *why;

	if (!job->o->in)
		return;
	int r = inside_begin(&job->inside, &job->o->in_target, &why);
	if (r < 0) {
		message_about(job->o->in, "%s", why);
		message_exit((int)target_status(r));
	}
	job->in = r ? NULL : &job->inside;
}

// When a target is handled: a cgroup first, because KILL reaches all of it at once; then groups,
// before targets that may be their members; but our own group last, because its signal may end us.
static int stage_of(const struct job *job, const struct target *t)
{
	bool own = t->kind == TARGET_OWN_GROUP ||
		   (t->kind == TARGET_GROUP && is_own_group(job, t->pid));

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
			decide_unheld(job, o, 0, OUTCOME_DENIED, 0);
		else if (o->error)
			decide_unheld(job, o, 0,
				target_is_gone(o->error) ? OUTCOME_GONE : OUTCOME_FAILED, o->error);
		else
			decide_unheld(job, o, group ? PIDREF_SCOPE_GROUP : 0, OUTCOME_GONE, 0);
	}
	pfdkill_tell_denied(job);
}
