// SPDX-License-Identifier: GPL-2.0-or-later
// pfdkill.c: send signals to targets, follow up, and wait until they are gone. Also the program
// kill.
#include "config.h"

#include "base/holdoff.h"
#include "base/stdfds.h"
#include "pfdkill/find.h"
#include "pfdkill/pfdkill.h"
#include "tell/guard.h"
#include "tell/memory.h"
#include "tell/message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int exit_status(const struct job *job)
{
	const struct report_tally *tally = &job->tally;
	size_t total = 0;

	if (!deliver_only_asks(&job->o->plan) || tally->system)
		return (int)report_status(tally);
	for (int i = 0; i < OUTCOME_MAX; i++)
		total += tally->count[i];
	return tally->count[OUTCOME_SENT] == total ? EXIT_DONE : EXIT_NONE;
}

static void free_job(struct job *job)
{
	batch_end(&job->batch);
	procfs_close(&job->proc);
	pidns_close(&job->inside);
	table_free(&job->table);
	pfdkill_free_denied(job);
	for (size_t i = 0; i < job->o->count; i++)
		cgroup_close(&job->operands[i].cgroup);
	free(job->operands);
}

// Whether each operand is another process. This is so if the PIDs ascend, as pgrep prints them.
static bool are_distinct(const struct options *o)
{
	for (size_t i = 0; i < o->count; i++)
		if (o->targets[i].kind != TARGET_PID ||
			(i && o->targets[i].pid <= o->targets[i - 1].pid))
			return false;
	return !o->group;
}

static void prepare(struct job *job)
{
	const struct options *o = job->o;
	bool curious = o->verbose || o->json || o->plan.reclaim || o->progress || o->at_most ||
		       (o->plan.dry_run && !o->print);

	if (o->require_handler)
		pfdkill_need_proc(job, "--require-handler");
	else if (curious && procfs_open(&job->proc) < 0)
		job->proc.fd = -1; // names and hints are optional
	if (o->verbose || o->json)
		job->plan.proc = job->proc.fd < 0 ? NULL : &job->proc;
	if (o->tree) {
		job->tree = (struct deliver_tree){
			.proc = pfdkill_need_proc(job, "--tree"),
			.curious = o->verbose,
			.meet = pfdkill_meet,
			.note = pfdkill_note,
		};
		job->plan.tree = &job->tree;
	}
	job->plan.crowd = pfdkill_crowd(job);
	if (o->resume)
		job->plan.resume = pfdkill_need_proc(job, "--continue");
	const char *problem = deliver_problem(&o->plan);
	if (problem)
		message_die(EXIT_SYSTEM, "%s", problem);
	if (o->plan.reclaim)
		job->plan.memory = pfdkill_need_proc(job, "--reclaim");
	job->plan.tick_call = pfdkill_tick;
	if (o->progress)
		following_begin(&job->following, &job->plan, job->proc.fd < 0 ? NULL : &job->proc);
	int r = batch_begin(&job->batch, &job->plan, o->several ? BATCH_UNKNOWN : o->count,
		FIND_DESCRIPTORS + 1, pfdkill_tell, job);
	if (r < 0)
		guard_full(&job->batch);
	job->plan.at_most = o->at_most;
	job->batch.complete = o->at_most;
	job->batch.distinct |= are_distinct(o);
}

static int carry_out(const struct options *o)
{
	struct holdoff hold;
	struct job job = {
		.o = o,
		.plan = o->plan,
		.tally.if_any = o->if_any,
		.proc = {.fd = -1},
		.inside = PIDNS_NULL,
		.operands = memory_array(o->count, sizeof(*job.operands)),
		.table = overview_begin(),
		.talk = o->json ? stderr : stdout,
	};

	for (size_t i = 0; i < o->count; i++)
		job.operands[i] = (struct operand){.target = &o->targets[i], .cgroup = CGROUP_NULL};
	// signal all processes, even if the reader of our output is gone
	holdoff_lost_output();
	holdoff_terminal(&hold);
	job.plan.hold = &hold;
	prepare(&job);
	pfdkill_resolve(&job);
	guard_flush(&job.batch);
	pfdkill_settle(&job);
	if (job.table.count)
		table_print(&job.table, stdout, o->tree);
	int status = exit_status(&job);
	free_job(&job);
	following_free(&job.following);
	holdoff_end(&hold);
	return status;
}

int main(int argc, char **argv)
{
	struct options o;

	stdfds_open();
	pfdkill_parse(&o, argc, argv);
	switch (o.action) {
	case ACTION_LIST:
		message_exit(pfdkill_list(&o));
	case ACTION_TABLE:
		message_exit(pfdkill_table());
	case ACTION_STATE:
		message_exit(pfdkill_state(&o));
	case ACTION_SIGNAL:
		break;
	}
	message_exit(carry_out(&o));
}
