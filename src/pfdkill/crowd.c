// SPDX-License-Identifier: GPL-2.0-or-later
// crowd.c: control groups as targets, which processes join while they are signalled.
#include "config.h"

#include "pfdkill/pfdkill.h"
#include "tell/message.h"
#include "wait/crowd.h"

static int look(void *data)
{
	struct job *job = data;
	size_t before = job->batch.all.count;

	job->joining = true;
	for (size_t i = 0; i < job->o->count; i++) {
		struct operand *o = &job->operands[i];
		int r = o->cgroup.fd < 0 ? 0 : pfdkill_find_joined(job, o);

		// that no process is left in it is no failure
		if (r >= 0 || target_status(r) == EXIT_NONE)
			continue;
		message_about(o->target->text, "those that joined it were not found: %s",
			target_problem(r));
		job->tally.system = true;
		job->joining = false;
		return r;
	}
	job->joining = false;
	return (int)(job->batch.all.count - before);
}

static void kill_all(void *data)
{
	struct job *job = data;

	for (size_t i = 0; i < job->o->count; i++) {
		const struct operand *o = &job->operands[i];

		if (o->cgroup.fd < 0 || job->o->require_handler || !crowd_kill(&o->cgroup)) {
			if (!o->outside)
				continue;
			message_about(o->target->text, "%s", target_problem(-FAULT_OUTSIDE));
			job->tally.system = true;
			continue;
		}
		for (size_t j = 0; j < job->batch.all.count; j++) {
			struct delivery *d = &job->batch.all.list[j];

			// a descendant need not be in the cgroup
			d->killed |= d->tag == i && !d->root;
		}
	}
}

static void tell_late(void *data)
{
	struct job *job = data;

	for (size_t i = 0; i < job->o->count; i++)
		if (job->operands[i].cgroup.fd >= 0)
			message_about(
				job->operands[i].target->text, "%s", target_problem(-FAULT_FORKS));
	job->tally.system = true;
}

const struct deliver_crowd *pfdkill_crowd(struct job *job)
{
	const struct options *o = job->o;
	bool joined = false;

	for (size_t i = 0; i < o->count; i++)
		joined |= (o->targets[i].kind & TARGET_JOINED) != 0;
	if (!joined || o->plan.dry_run || deliver_only_asks(&o->plan))
		return NULL;
	job->crowd = (struct deliver_crowd){.look = look, .kill = kill_all, .late = tell_late};
	return &job->crowd;
}
