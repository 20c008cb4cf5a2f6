// SPDX-License-Identifier: GPL-2.0-or-later
// job.c: shared by all parts of pfdkill: memory, /proc, and the exit when descriptors run out.
#include "config.h"

#include "pfdkill/pfdkill.h"
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

noreturn void pfdkill_die_full(const struct job *job)
{
	message_die(EXIT_SYSTEM,
		"more %s than descriptors: only %zu can be held (ulimit -Hn); nobody was "
		"signalled%s",
		job->o->tree ? "processes in the trees" : "targets to wait for",
		job->batch.capacity, job->o->tree ? ", nobody stays stopped" : "");
}
