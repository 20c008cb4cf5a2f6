// SPDX-License-Identifier: GPL-2.0-or-later
// resolve.c: the targets of pfdkill, held and handed to the batch.
#include "config.h"

#include "base/signame.h"
#include "find/group.h"
#include "handle/pidread.h"
#include "pfdkill/pfdkill.h"
#include "target/inside.h"
#include "tell/hint.h"
#include "tell/hold.h"
#include "tell/message.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct procfs *pfdkill_need_proc(struct job *job, const char *why)
{
	if (job->proc.fd >= 0)
		return &job->proc;
	int r = procfs_open(&job->proc);
	if (r < 0)
		message_die(EXIT_SYSTEM, "%s: %s", why, procfs_problem(r));
	return &job->proc;
}

static noreturn void die_resolving(const char *target, int error)
{
	message_about(target, "%s", target_problem(error));
	message_exit(EXIT_SYSTEM);
}

static int hold(const struct job *job, const struct target *t, struct pidref *ref)
{
	struct target inside = *t;

	inside.in = job->in;
	return hold_target(&inside, ref);
}

static const char *keep_name(struct job *job, const char *text, size_t len)
{
	struct name *name = pfdkill_allocate(1, sizeof(*name) + len + 1);

	memcpy(name->text, text, len);
	name->next = job->names;
	job->names = name;
	return name->text;
}

// Read what --verbose, --json and -r want to know of a held process.
static int learn_facts(struct job *job, struct delivery *d, struct status *status)
{
	struct buffer *text = &job->text;

	int r = pidref_comm(&d->ref, &job->proc, text);
	if (!r)
		r = pidref_status(&d->ref, &job->proc, status);
	if (!r)
		d->name = keep_name(job, text->data, text->len);
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

static bool has_handler(const struct status *status, int sig)
{
	return !sig || (status->caught >> (sig - 1) & 1);
}

// What to say of a process that has no handler, or of which that cannot be told; OUTCOME_NONE: it
// has. *error is learn_facts's, and becomes the outcome's.
static enum outcome judge_handler(const struct job *job, const struct status *status, int *error)
{
	int r = *error;

	*error = 0;
	// a zombie has no handlers, but it is dead rather than deaf
	if (!r && (status->state == 'Z' || has_handler(status, job->o->plan.sig)))
		return OUTCOME_NONE;
	if (!r)
		return OUTCOME_SKIPPED;
	if (r == -ESRCH)
		return OUTCOME_GONE;
	*error = r;
	return OUTCOME_FAILED;
}

static bool may_handle(struct job *job, struct delivery *d, int error, const struct status *status)
{
	enum outcome outcome = judge_handler(job, status, &error);

	if (outcome != OUTCOME_NONE)
		deliver_decide(d, outcome, error, pfdkill_tell, job);
	return outcome == OUTCOME_NONE;
}

// Look at a held process before it is added. False: it is not to be signalled.
static bool look_at(struct job *job, struct delivery *d)
{
	const struct options *o = job->o;
	struct status status;

	if (job->proc.fd < 0 || (d->scope == PIDREF_SCOPE_GROUP))
		return true;
	if (!o->verbose && !o->json && !o->plan.dry_run && !o->require_handler && !o->plan.reclaim)
		return true;
	int r = learn_facts(job, d, &status);
	if (o->require_handler && !o->tree && !may_handle(job, d, r, &status))
		return false;
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
		d->outcome = judge_handler(job, &status, &r);
		d->error = r;
	}
}

noreturn void pfdkill_die_full(const struct job *job)
{
	message_die(EXIT_SYSTEM,
		"more %s than descriptors: only %zu can be held (ulimit -Hn); nobody was "
		"signalled%s",
		job->o->tree ? "processes in the trees" : "targets to wait for",
		job->batch.capacity, job->o->tree ? ", nobody stays stopped" : "");
}

static int add(struct job *job, struct delivery *d)
{
	d->target = job->o->targets[job->operand].text;
	d->tag = job->operand;
	d->group = job->group;
	d->sig = job->o->plan.sig;
	int r = batch_claim(&job->batch, d);
	if (r < 1) {
		pidref_close(&d->ref);
		return r;
	}
	if (!look_at(job, d))
		return 0;
	r = batch_push(&job->batch, d);
	return r < 0 ? r : 0;
}

static void add_or_die(struct job *job, struct delivery *d)
{
	int r = add(job, d);

	if (r == -EMFILE)
		pfdkill_die_full(job);
	if (r < 0)
		die_resolving(job->o->targets[job->operand].text, r);
}

static int take_found(struct pidref *ref, const struct status *status, void *data)
{
	struct job *job = data;
	struct delivery d = {.ref = *ref};
	const struct pidref *leader =
		job->group ? &job->batch.all.list[job->group - 1].ref : job->leader;

	(void)status;
	// the number of a group is its own until the last of its members is gone
	if (leader && pidref_signal(leader, 0, PIDREF_SCOPE_GROUP, NULL) == -ESRCH) {
		pidref_close(ref);
		return 0;
	}
	if (job->o->thread)
		d.scope = PIDREF_SCOPE_THREAD;
	job->found[job->operand].matched++;
	return add(job, &d);
}

static void find(struct job *job, const struct group_query *query)
{
	const char *text = job->o->targets[job->operand].text;

	// a group's own handle tells by itself whether there is one
	job->found[job->operand].searched = !job->group;
	int r = group_find(pfdkill_need_proc(job, text), query, take_found, job);
	if (r == -EMFILE && deliver_holds_all(&job->plan))
		pfdkill_die_full(job);
	if (r < 0 && query->in)
		message_die(EXIT_SYSTEM, "%s: %s", text, inside_problem(r));
	if (r < 0)
		die_resolving(text, r);
}

static void decide_unheld(struct job *job, enum pidref_scope scope, enum outcome outcome, int error)
{
	struct delivery d = {
		.ref = PIDREF_NULL,
		.target = job->o->targets[job->operand].text,
		.tag = job->operand,
		.scope = scope,
		.sig = job->o->plan.sig,
	};

	deliver_decide(&d, outcome, error, pfdkill_tell, job);
}

static bool is_own_group(const struct job *job, pid_t pgid)
{
	return !job->in && pgid == getpgrp();
}

static void find_members(struct job *job, pid_t pgid, const struct pidns *in)
{
	find(job, &(struct group_query){.kind = GROUP_PGRP, .pgrp = pgid, .in = in});
	if (is_own_group(job, pgid) && !deliver_follows(&job->plan) && !job->o->tree) {
		job->found[job->operand].matched++;
		job->self = job->operand + 1;
	}
}

// Signal a group through the handle of its leader, which is taken over. When it is followed,
// its members are held as well: they are what is waited for.
static void add_group(struct job *job, struct pidref *leader)
{
	struct delivery d = {.ref = *leader, .scope = PIDREF_SCOPE_GROUP};
	pid_t pgid = leader->pid;
	size_t place = job->batch.all.count + 1;

	add_or_die(job, &d);
	if (!deliver_follows(&job->plan) || job->batch.all.count < place)
		return;
	job->group = place;
	// by the number that its leader has here
	find_members(job, pgid, NULL);
	job->group = 0;
	const struct delivery *group = &job->batch.all.list[place - 1];
	if (!group->members && pidref_signal(&group->ref, 0, PIDREF_SCOPE_GROUP, NULL) != -ESRCH)
		message_die(EXIT_SYSTEM,
			"%s: its members are hidden from us and cannot be waited for; "
			"nobody was signalled",
			group->target);
}

// Whether the group has to be looked at member by member even if it has a handle.
static bool wants_members(const struct job *job, pid_t pgid)
{
	const struct options *o = job->o;

	// whoever follows its own group has to outlive it
	return o->require_handler || o->plan.dry_run || o->tree || o->plan.reclaim ||
	       (deliver_follows(&job->plan) && is_own_group(job, pgid));
}

static void resolve_group(struct job *job, pid_t pgid)
{
	const char *text = job->o->targets[job->operand].text;
	const struct target named = {.text = text, .kind = TARGET_PID, .pid = pgid};
	struct pidref leader;

	if (!pgid)
		message_die(
			EXIT_SYSTEM, "%s: our process group is one of another pid namespace", text);
	int r = wants_members(job, pgid) ? -ESRCH : hold(job, &named, &leader);
	if (!r) {
		// a leader that exists but leads nothing, and a kernel before 6.9, say so here
		r = pidref_signal(&leader, 0, PIDREF_SCOPE_GROUP, NULL);
		if (!r || r == -EPERM) {
			add_group(job, &leader);
			return;
		}
		pidref_close(&leader);
	}
	if (r != -ESRCH && r != -EINVAL)
		die_resolving(text, r);
	find_members(job, pgid, job->in);
}

// The group that a held process leads, which is taken over: --group.
static void resolve_led(struct job *job, struct pidref *leader)
{
	pid_t pgid = leader->pid;

	if (pgid && !wants_members(job, pgid) && !is_own_group(job, pgid)) {
		add_group(job, leader);
		return;
	}
	int r = pgid ? pidref_signal(leader, 0, PIDREF_SCOPE_GROUP, NULL) : -EINVAL;
	if (r < 0 && r != -EPERM) {
		if (r == -EINVAL && pgid)
			r = -EOPNOTSUPP;
		decide_unheld(
			job, PIDREF_SCOPE_GROUP, r == -ESRCH ? OUTCOME_GONE : OUTCOME_FAILED, r);
	} else if (!wants_members(job, pgid)) {
		job->own = job->operand + 1;
	} else {
		job->leader = leader;
		// by the number that it has here
		find_members(job, pgid, NULL);
		job->leader = NULL;
	}
	pidref_close(leader);
}

// Hold the process of a single target; with no descriptor left, make room first.
static int open_target(struct job *job, const struct target *t, struct pidref *ref)
{
	int r = hold(job, t, ref);

	if (r == -EMFILE && !deliver_holds_all(&job->plan) && job->batch.all.count) {
		batch_flush(&job->batch);
		r = hold(job, t, ref);
	}
	return r;
}

static void resolve_one(struct job *job, const struct target *t)
{
	struct delivery d = {.ref = PIDREF_NULL};

	int r = open_target(job, t, &d.ref);
	if (target_is_gone(r)) {
		decide_unheld(job, 0, r == -ESTALE ? OUTCOME_RECYCLED : OUTCOME_GONE, r);
		return;
	}
	if (r < 0 && target_status(r) == EXIT_NONE) {
		decide_unheld(job, 0, OUTCOME_FAILED, r);
		return;
	}
	if (r == -EMFILE && deliver_holds_all(&job->plan))
		pfdkill_die_full(job);
	if (r < 0)
		die_resolving(t->text, r);
	if (job->o->group) {
		resolve_led(job, &d.ref);
		return;
	}
	if (job->o->thread || t->kind == TARGET_THREAD)
		d.scope = PIDREF_SCOPE_THREAD;
	add_or_die(job, &d);
}

static void resolve_operand(struct job *job, const struct target *t)
{
	switch (t->kind) {
	case TARGET_GROUP:
		resolve_group(job, t->pid);
		break;
	case TARGET_OWN_GROUP:
		resolve_group(job, getpgrp());
		break;
	case TARGET_ALL:
		find(job, &(struct group_query){.kind = GROUP_EVERY, .in = job->in});
		break;
	case TARGET_NAME:
		find(job, &(struct group_query){.kind = GROUP_NAME,
				  .name = t->name,
				  .any_user = job->o->all,
				  .in = job->in});
		break;
	default:
		resolve_one(job, t);
	}
}

// We come last: the signal may end us.
static void add_self(struct job *job)
{
	struct delivery d = {.ref = PIDREF_NULL};

	if (!job->self)
		return;
	job->operand = job->self - 1;
	int r = pidref_open(&d.ref, getpid());
	if (r < 0)
		die_resolving(job->o->targets[job->operand].text, r);
	add_or_die(job, &d);
}

// Open the namespace whose numbers the operands are.
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

// Whether a target has to wait for the others. A group that is followed comes before those who may
// be members of it; our own group comes last, as its signal may end us.
static bool comes_later(const struct job *job, const struct target *t)
{
	bool own = t->kind == TARGET_OWN_GROUP ||
		   (t->kind == TARGET_GROUP && is_own_group(job, t->pid));

	if (deliver_follows(&job->plan))
		return !(t->kind & (TARGET_GROUP | TARGET_OWN_GROUP));
	return own;
}

void pfdkill_resolve(struct job *job)
{
	look_inside(job);
	for (int later = 0; later < 2; later++) {
		for (job->operand = 0; job->operand < job->o->count; job->operand++) {
			const struct target *t = &job->o->targets[job->operand];

			if (comes_later(job, t) == later)
				resolve_operand(job, t);
		}
	}
	if (job->own) {
		job->operand = job->own - 1;
		resolve_group(job, getpgrp());
	}
	add_self(job);
}

void pfdkill_settle(struct job *job)
{
	for (job->operand = 0; job->operand < job->o->count; job->operand++) {
		enum target_kind kind = job->o->targets[job->operand].kind;
		struct found *f = &job->found[job->operand];
		bool group = job->o->group || kind & (TARGET_GROUP | TARGET_OWN_GROUP);

		if (!f->searched || f->gone + f->denied < f->matched)
			continue;
		f->settled = true;
		if (f->denied)
			decide_unheld(job, 0, OUTCOME_DENIED, 0);
		else
			decide_unheld(job, group ? PIDREF_SCOPE_GROUP : 0, OUTCOME_GONE, 0);
	}
}
