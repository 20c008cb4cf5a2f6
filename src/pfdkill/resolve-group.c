// SPDX-License-Identifier: GPL-2.0-or-later
// resolve-group.c: process groups as targets of pfdkill.
#include "config.h"

#include "base/cleanup.h"
#include "pfdkill/resolve.h"
#include "tell/message.h"

#include <errno.h>

// Find the members of the group `pgid` in the numbers of *in; or, if `leader` is not NULL, of the
// group that the held *leader began.
static void find_members(
	struct resolve_search *s, pid_t pgid, const struct pidns *in, const struct pidref *leader)
{
	// a search never finds ourselves, so add us as the last one
	const struct query query = {
		.kind = FIND_GROUP,
		.pgrp = leader ? leader->pid : pgid,
		.in = leader ? NULL : in,
		.leader = leader,
	};
	struct job *job = s->job;

	resolve_find(s, &query);
	if (resolve_is_own_group(job, pgid) && !deliver_follows(&job->plan) && !job->o->tree) {
		s->operand->matched++;
		job->self = s->operand;
	}
}

// Signal a group through the handle of its leader, which is taken over. Its members are held as
// well if the group is followed, because they are what is waited for, and for --mrelease.
static void add_group(struct job *job, struct operand *o, struct pidref *leader)
{
	struct delivery d = {.ref = *leader, .scope = PIDREF_SCOPE_GROUP};
	pid_t pgid = leader->pid;
	size_t place = job->batch.all.count + 1;

	size_t denied = job->denied_count;
	bool follows = deliver_follows(&job->plan);
	bool holds = follows || job->plan.mrelease;

	if (!holds)
		pfdkill_find_denied(job, o, leader);
	resolve_add(job, o, &d);
	if (!holds || job->batch.all.count < place)
		return;
	find_members(&(struct resolve_search){.job = job, .operand = o, .group = place}, pgid, NULL,
		&job->batch.all.list[place - 1].ref);
	const struct delivery *group = &job->batch.all.list[place - 1];
	if (follows && !group->members && job->denied_count == denied &&
		pidref_signal(&group->ref, 0, PIDREF_SCOPE_GROUP, NULL) != -ESRCH)
		message_die(EXIT_SYSTEM,
			"%s: its members are hidden from us and cannot be waited for; "
			"no process was signalled",
			group->target);
}

void resolve_group(struct job *job, struct operand *o, pid_t pgid)
{
	const char *text = o->target->text;
	const struct target named = {.text = text, .kind = TARGET_PID, .pid = pgid};
	CLEANUP(pidref_close) struct pidref leader = PIDREF_NULL;

	if (!pgid)
		message_die(
			EXIT_SYSTEM, "%s: our process group is one of another pid namespace", text);
	int r = resolve_hold(job, &named, &leader);
	if (!r && !resolve_wants_members(job, pgid)) {
		// this fails if the leader exists but leads no group, and before Linux 6.9
		r = pidref_signal(&leader, 0, PIDREF_SCOPE_GROUP, NULL);
		if (!r || r == -EPERM) {
			add_group(job, o, &leader);
			leader = PIDREF_NULL;
			return;
		}
	}
	if (r < 0 && r != -ESRCH && r != -EINVAL)
		resolve_die(text, r);
	find_members(&(struct resolve_search){.job = job, .operand = o}, pgid, job->in,
		pidref_is_held(&leader) ? &leader : NULL);
}

void resolve_led(struct job *job, struct operand *o, struct pidref *leader)
{
	pid_t pgid = leader->pid;

	if (pgid && !resolve_wants_members(job, pgid) && !resolve_is_own_group(job, pgid)) {
		add_group(job, o, leader);
		return;
	}
	int r = pgid ? pidref_signal(leader, 0, PIDREF_SCOPE_GROUP, NULL) : -EINVAL;
	if (r < 0 && r != -EPERM) {
		if (r == -EINVAL && pgid)
			r = -EOPNOTSUPP;
		resolve_decide_unheld(
			job, o, PIDREF_SCOPE_GROUP, r == -ESRCH ? OUTCOME_GONE : OUTCOME_FAILED, r);
	} else if (!resolve_wants_members(job, pgid)) {
		job->own = o;
	} else {
		find_members(
			&(struct resolve_search){.job = job, .operand = o}, pgid, NULL, leader);
	}
	pidref_close(leader);
}
