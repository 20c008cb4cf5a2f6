// SPDX-License-Identifier: GPL-2.0-or-later
// denied.c: members of a process group that may not be signalled, while others may.
#include "config.h"

#include "find/facts.h"
#include "handle/pidread.h"
#include "pfdkill/find.h"
#include "pfdkill/pfdkill.h"
#include "tell/memory.h"
#include "tell/message.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool pfdkill_may_signal(const struct job *job, const struct pidref *ref)
{
	pid_t session = 0;

	if (pidref_signal(ref, 0, PIDREF_SCOPE_DEFAULT, NULL) != -EPERM)
		return true;
	// kill(2): SIGCONT may be sent to every process of the same session
	return job->o->plan.sig == SIGCONT && !pidref_session(ref, &session) &&
	       session == getsid(0);
}

void pfdkill_deny(struct job *job, struct operand *o, struct pidref *ref)
{
	struct delivery d = {
		.ref = pidref_take(ref),
		.target = o->target->text,
		.tag = (size_t)(o - job->operands),
		.sig = job->o->plan.sig,
	};

	if (job->proc.fd >= 0)
		d.name = facts_name(&job->proc, &d.ref);
	pfdkill_keep_denied(job, &d);
	deliver_free(&d);
}

struct search {
	struct job *job;
	struct operand *operand;
};

static int take_member(struct pidref *ref, void *data)
{
	const struct search *s = data;

	if (pfdkill_may_signal(s->job, ref))
		pidref_close(ref);
	else
		pfdkill_deny(s->job, s->operand, ref);
	return 0;
}

void pfdkill_find_denied(struct job *job, struct operand *o, const struct pidref *leader)
{
	const struct query query = {.kind = FIND_GROUP, .pgrp = leader->pid, .leader = leader};
	CLEANUP(procfs_close) struct procfs proc = PROCFS_NULL;

	if (!procfs_open(&proc))
		pfdkill_find(&proc, &query, take_member, &(struct search){job, o});
}

void pfdkill_tell_denied(struct job *job)
{
	for (size_t i = 0; i < job->denied_count; i++) {
		struct delivery *d = &job->denied[i];
		struct operand *o = &job->operands[d->tag];

		// the group was reported as a whole
		if (o->refused)
			continue;
		o->settled = true;
		deliver_decide(d, OUTCOME_DENIED, 0, pfdkill_tell, job);
	}
}
