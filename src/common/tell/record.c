// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/signame.h"
#include "target/target.h"
#include "tell/record.h"

#include <sys/wait.h>

static const char *const words[OUTCOME_MAX] = {
	[OUTCOME_NONE] = "none",
	[OUTCOME_PLANNED] = "planned",
	[OUTCOME_SENT] = "sent",
	[OUTCOME_GONE] = "gone",
	[OUTCOME_RECYCLED] = "recycled",
	[OUTCOME_DEAD] = "dead",
	[OUTCOME_SKIPPED] = "skipped",
	[OUTCOME_DENIED] = "denied",
	[OUTCOME_FAILED] = "failed",
	[OUTCOME_ENDED] = "ended",
	[OUTCOME_FORCED] = "forced",
	[OUTCOME_SURVIVED] = "survived",
	[OUTCOME_RUNNING] = "running",
	[OUTCOME_READY] = "ready",
};

const char *record_word(enum outcome outcome)
{
	return words[outcome];
}

void record_process(struct json *j, struct pidref *ref, struct bootid *boot)
{
	char handle[TARGET_STRMAX];

	// 0: it has no PID in our pid namespace
	if (ref && ref->pid > 0)
		json_number(j, "pid", ref->pid);
	else
		json_null(j, "pid");
	if (ref && pidref_is_held(ref) && !pidref_learn_inode(ref)) {
		json_unsigned(j, "pidfdId", ref->inode);
		json_text(j, "bootId", bootid_text(boot));
		json_text(j, "handle", target_format(handle, ref));
	} else {
		json_null(j, "pidfdId");
		json_null(j, "bootId");
		json_null(j, "handle");
	}
}

void record_ending(struct json *j, const struct ending *e)
{
	char name[SIGNAME_MAX];

	if (e->unknown) {
		json_null(j, "ending");
		json_text(j, "reason", ending_reason(e));
	} else if (WIFSIGNALED(e->wstatus)) {
		json_text(j, "ending", "killed");
		json_text(j, "killedBy", signame_format(name, WTERMSIG(e->wstatus)));
		json_bool(j, "coreDumped", WCOREDUMP(e->wstatus));
	} else {
		json_text(j, "ending", "exited");
		json_number(j, "exitStatus", ending_status(e));
	}
}
