// SPDX-License-Identifier: GPL-2.0-or-later
// hold-stop.c: hold with SIGSTOP, if no better method is permitted.
//
// This is visible: the parents get SIGCHLD, and the SIGCONT at the end runs handlers. Two effects
// are avoided. Children are continued before their parents, so that no process group with a stopped
// member becomes orphaned (the kernel would send it SIGHUP). And an ancestor outside the tree that
// stopped itself because its child stopped (su, runuser, script and sudo do that) is continued.
#include "config.h"

#include "act/keeper.h"
#include "handle/pidread.h"
#include "handle/status.h"
#include "handle/walk.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define MS INT64_C(1000000)

enum {
	ANCESTORS = 64,
	MIRROR_MS = 30, // how long an ancestor may need to stop itself
};

struct own {
	struct pidref ancestors[ANCESTORS]; // ancestors that were running before; owned
	size_t count;
	struct walk walk;
};

static int begin(struct keeper *k)
{
	k->own = calloc(1, sizeof(struct own));
	return k->own ? 0 : -ENOMEM;
}

static bool is_known(const struct own *own, pid_t pid)
{
	for (size_t i = 0; i < own->count; i++)
		if (own->ancestors[i].pid == pid)
			return true;
	return false;
}

// Record the ancestors of a root, up to one that is already known, or is stopped, or to us.
static void remember_ancestors(struct keeper *k, const struct pidref *root)
{
	struct own *own = k->own;
	const struct pidref *child = root;

	while (own->count < ANCESTORS) {
		CLEANUP(pidref_close) struct pidref parent = PIDREF_NULL;

		if (pidref_open_parent(&parent, child) <= 0 || parent.pid <= 1 ||
			parent.pid == k->parent || is_known(own, parent.pid) ||
			pidref_is_stopped(&parent, k->proc) == 1)
			return;
		own->ancestors[own->count] = pidref_take(&parent);
		child = &own->ancestors[own->count++];
	}
}

// The state of the process. The leader alone does not show it, because the leader may have ended.
// 'T': all threads are stopped; 'V': the others cannot fork; 'D': they wait in the kernel for
// something else; 'R': one runs; 't': it is not stopped by us, and another process traces it; 'h':
// it is reaped, or /proc hides it from us (hidepid).
static char state_of(struct keeper *k, struct seat *s)
{
	struct own *own = k->own;
	struct status status;
	struct procfs tasks;
	char state = 'T';
	bool seen = false;
	pid_t tid;

	int r = pidref_open_tasks(&s->ref, k->proc, &tasks);
	if (r < 0) {
		if (r == -ENOENT || r == -ESRCH)
			return 'h';
		k->failed = r;
		return 'R';
	}
	r = walk_begin(&own->walk, &tasks);
	while (!r && !strchr("Rt", state) && walk_next(&own->walk, &tid) > 0) {
		status = (struct status){0};
		if (keeper_status(k, &tasks, tid, &status) < 0)
			continue;
		seen = true;
		if (status.tracer && !s->begun) {
			s->tracer = status.tracer;
			state = 't';
		} else if (strchr("TtZX", status.state))
			continue;
		else if (status.state != 'D')
			state = 'R';
		else if (!keeper_cannot_fork(k, &tasks, tid))
			state = 'D';
		else if (state == 'T')
			state = 'V';
	}
	procfs_close(&tasks);
	return r < 0 ? 'R' : seen ? state : 'h';
}

static enum hold_state look(struct keeper *k, struct seat *s)
{
	if (pidref_state(&s->ref) != PIDREF_ALIVE)
		return HOLD_DEAD;
	char state = state_of(k, s);
	// the tracer decides when it stops and continues: it keeps a SIGSTOP, and whether the
	// process was stopped before is not shown
	if (state == 't')
		return HOLD_TRACED;
	// whether it was stopped before cannot be known
	if (state == 'h')
		return pidref_state(&s->ref) == PIDREF_ALIVE ? HOLD_DENIED : HOLD_DEAD;
	if (!s->begun && s->root)
		remember_ancestors(k, &s->ref);
	// if it is continued just now, a SIGSTOP would stop it for ever
	if (!s->begun && state == 'T')
		return HOLD_HELD;
	if (!s->begun || state == 'R') {
		bool ran = !s->begun;

		// set before the signal: if the keeper ends in between, the process is continued in
		// any case
		s->stopped |= ran;
		int r = pidref_signal(&s->ref, SIGSTOP, PIDREF_SCOPE_DEFAULT, NULL);
		if (r < 0) {
			s->stopped = false;
			return r == -ESRCH ? HOLD_DEAD : HOLD_DENIED;
		}
		s->begun = true;
		// a vfork parent cannot be stopped before its child execs or ends, and cannot fork
		// before that
		state = ran && state != 'V' ? 'R' : state;
	}
	return state == 'R' ? HOLD_PENDING : state == 'D' ? HOLD_STUCK : HOLD_HELD;
}

static bool is_seat(const struct board *b, pid_t pid)
{
	for (size_t i = 0; i < b->count; i++)
		if (b->seats[i].ref.pid == pid)
			return true;
	return false;
}

static void release(struct keeper *k, int sig)
{
	struct board *b = k->board;
	struct own *own = k->own;

	(void)sig;
	// children before their parents: see the start of this file
	for (size_t i = b->count; i-- > 0;) {
		struct seat *s = &b->seats[i];

		keeper_at_work(k);
		if (s->stopped)
			pidref_signal(&s->ref, SIGCONT, PIDREF_SCOPE_DEFAULT, NULL);
		s->stopped = false;
	}
	// an ancestor stops itself only when it learns that its child stopped, so look for a while
	for (int64_t until = clock_now() + MIRROR_MS * MS; own->count && clock_now() < until;) {
		for (size_t i = 0; i < own->count; i++)
			if (pidref_is_stopped(&own->ancestors[i], k->proc) == 1 &&
				!is_seat(b, own->ancestors[i].pid))
				pidref_signal(
					&own->ancestors[i], SIGCONT, PIDREF_SCOPE_DEFAULT, NULL);
		keeper_nap();
	}
	for (size_t i = 0; i < own->count; i++)
		pidref_close(&own->ancestors[i]);
}

const struct keeper_method keeper_stop = {
	.begin = begin,
	.look = look,
	.release = release,
};
