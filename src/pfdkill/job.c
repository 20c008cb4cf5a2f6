// SPDX-License-Identifier: GPL-2.0-or-later
// job.c: shared by all parts of pfdkill: memory, /proc, and the exit when descriptors run out.
#include "config.h"

#include "handle/pidread.h"
#include "pfdkill/pfdkill.h"
#include "tell/memory.h"
#include "tell/message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct procfs *pfdkill_need_proc(struct job *job, const char *why)
{
	if (job->proc.fd >= 0)
		return &job->proc;
	int r = procfs_open(&job->proc);
	if (r < 0)
		message_die(EXIT_SYSTEM, "%s: %s", why, procfs_problem(r));
	return &job->proc;
}

void pfdkill_keep_denied(struct job *job, const struct delivery *d)
{
	job->denied = memory_grow(job->denied, job->denied_count, sizeof(*job->denied));
	struct delivery *kept = &job->denied[job->denied_count++];

	*kept = *d;
	kept->group = 0;
	kept->owner_known = kept->owner_known || !pidref_owner(&d->ref, &kept->owner);
	// if no descriptor is left, it is reported without its PID
	kept->ref = PIDREF_NULL;
	pidref_dup(&kept->ref, &d->ref);
	if (d->name)
		kept->name = memory_checked(strdup(d->name));
}

void pfdkill_free_denied(struct job *job)
{
	for (size_t i = 0; i < job->denied_count; i++)
		deliver_free(&job->denied[i]);
	free(job->denied);
}
