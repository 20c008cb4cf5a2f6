// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "act/tree.h"
#include "handle/pidread.h"
#include "handle/walk.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	FIRST_ROOM = 64,
	// a stop takes effect when the process leaves the kernel; one that stays there (state D)
	// cannot fork either, and is not waited for longer than this
	REST_TRIES = 2000,
	REST_PAUSE_NS = 500000,
	// those that we may not stop can fork for ever; so often they are looked for nevertheless
	DENIED_PASSES = 8,
};

static size_t slot_of(const struct tree *t, pid_t pid)
{
	size_t at = (size_t)pid * 2654435761u & (t->slot_count - 1);

	while (t->slots[at] && t->list[t->slots[at] - 1].ref.pid != pid)
		at = (at + 1) & (t->slot_count - 1);
	return at;
}

// The member that holds the number now. One that is reaped has lost it.
static struct tree_member *owner_of(const struct tree *t, pid_t pid)
{
	size_t slot = t->slots[slot_of(t, pid)];

	if (!slot || pidref_verify(&t->list[slot - 1].ref) < 0)
		return NULL;
	return &t->list[slot - 1];
}

static int grow(struct tree *t)
{
	size_t room = t->room ? 2 * t->room : FIRST_ROOM;
	struct tree_member *list = realloc(t->list, room * sizeof(*list));

	if (!list)
		return -ENOMEM;
	t->list = list;
	size_t *slots = calloc(4 * room, sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	free(t->slots);
	t->slots = slots;
	t->slot_count = 4 * room;
	t->room = room;
	// in list order, so that the latest owner of a number is the one that is found
	for (size_t i = 0; i < t->count; i++)
		t->slots[slot_of(t, t->list[i].ref.pid)] = i + 1;
	return 0;
}

// The process is not there, or not shown to us; any other error is the system's.
static bool is_absence(int error)
{
	return error == -ENOENT || error == -ESRCH || error == -EACCES || error == -EPERM;
}

// The letter of its state, 0 where there is none, or -errno.
static int state_in(const struct procfs *proc, pid_t pid, struct buffer *text)
{
	int r = procfs_read(proc, pid, "stat", text);

	if (r < 0)
		return is_absence(r) ? 0 : r;
	const char *end = strrchr(buffer_text(text), ')');
	return end && end[1] == ' ' ? end[2] : 0;
}

// Stop it, and remember whether that was our doing.
static int stop(struct tree_member *m, const struct procfs *proc)
{
	struct buffer text = {0};
	int state = state_in(proc, m->ref.pid, &text);

	buffer_free(&text);
	if (state < 0)
		return state;
	m->stopped = !pidref_signal(&m->ref, SIGSTOP, PIDREF_SCOPE_DEFAULT, NULL) && state != 'T';
	return 0;
}

// Takes *ref over on success.
static int add(struct tree *t, const struct procfs *proc, struct pidref *ref, size_t root)
{
	struct tree_member m = {.ref = *ref, .root = root};
	int r = t->count == t->room ? grow(t) : 0;

	if (!r && !t->look && ref->pid != getpid())
		r = stop(&m, proc);
	if (r < 0)
		return r;
	t->list[t->count++] = m;
	t->slots[slot_of(t, ref->pid)] = t->count;
	return 0;
}

static bool cannot_fork(int state, bool patient)
{
	return !state || strchr(patient ? "TtZXx" : "TtZXxD", state);
}

// 1: no thread of it can fork any more, or it was not us who stopped it; 0; -errno.
static int at_rest(const struct tree_member *m, const struct procfs *proc, bool patient)
{
	struct buffer text = {0};
	struct walk threads;
	struct procfs tasks;
	int state = 0;
	pid_t tid;

	if (!m->stopped || pidref_state(&m->ref) != PIDREF_ALIVE)
		return 1;
	int r = procfs_open_tasks(proc, m->ref.pid, &tasks);
	if (r < 0)
		return is_absence(r) ? 1 : r;
	r = walk_begin(&threads, &tasks);
	while (!r && state >= 0 && cannot_fork(state, patient)) {
		r = walk_next(&threads, &tid);
		if (r < 1)
			break;
		r = 0;
		state = state_in(&tasks, tid, &text);
	}
	buffer_free(&text);
	procfs_close(&tasks);
	if (r < 0 && !is_absence(r))
		return r;
	return state < 0 ? state : cannot_fork(state, patient);
}

static int all_at_rest(const struct tree *t, const struct procfs *proc, size_t *known, bool patient)
{
	int r = 1;

	while (*known < t->count && (r = at_rest(&t->list[*known], proc, patient)) == 1)
		++*known;
	return r;
}

// One look at one number: a process whose parent is a member becomes a member.
static int look(struct tree *t, const struct procfs *proc, pid_t pid)
{
	struct pidref ref;
	pid_t ppid;

	if (owner_of(t, pid))
		return 0;
	int r = pidref_open(&ref, pid);
	if (r < 0)
		return r == -ESRCH ? 0 : r;
	r = pidref_parent(&ref, proc, &ppid);
	const struct tree_member *parent = r < 0 || !ppid ? NULL : owner_of(t, ppid);
	r = parent ? add(t, proc, &ref, parent->root) : -ESRCH;
	if (r < 0)
		pidref_close(&ref);
	return r == -ESRCH ? 0 : r;
}

static int pass(struct tree *t, const struct procfs *proc)
{
	struct walk walk;
	pid_t pid;

	int r = walk_begin(&walk, proc);
	while (!r) {
		r = walk_next(&walk, &pid);
		if (r < 1)
			return r;
		r = look(t, proc, pid);
	}
	return r;
}

// Whether one of those behind the first `before` is at our command: it may have had children.
static bool has_new(const struct tree *t, size_t before)
{
	for (size_t i = before; i < t->count; i++)
		if (t->look || t->list[i].stopped)
			return true;
	return false;
}

static int gather(struct tree *t, const struct procfs *proc)
{
	const struct timespec pause = {.tv_nsec = REST_PAUSE_NS};
	size_t known = 0;
	int tries = REST_TRIES;
	int denied = DENIED_PASSES;

	for (;;) {
		int rest = all_at_rest(t, proc, &known, tries > 0);
		size_t before = t->count;

		int r = rest < 0 ? rest : pass(t, proc);
		if (!r && t->hold && holdoff_interrupted(t->hold))
			r = -EINTR;
		if (r < 0)
			return r;
		if (has_new(t, before))
			continue;
		if (rest && (t->count == before || !denied--))
			return 0;
		if (!rest && tries-- > 0)
			nanosleep(&pause, NULL);
	}
}

static int begin(struct tree *t, struct tree *out, const struct procfs *proc, struct pidref *roots,
	size_t count)
{
	int r = grow(t);

	for (size_t i = 0; !r && i < count; i++)
		r = add(t, proc, &roots[i], i);
	if (!r)
		r = gather(t, proc);
	if (r < 0) {
		tree_continue(t);
		// the given ones are still the caller's
		for (size_t i = 0; i < count && i < t->count; i++)
			t->list[i].ref = PIDREF_NULL;
		tree_free(t);
		return r;
	}
	for (size_t i = 0; i < count; i++)
		roots[i] = PIDREF_NULL;
	*out = *t;
	return 0;
}

int tree_stop(struct tree *out, const struct procfs *proc, struct pidref *roots, size_t count,
	const struct holdoff *hold)
{
	return begin(&(struct tree){.hold = hold}, out, proc, roots, count);
}

int tree_look(struct tree *out, const struct procfs *proc, struct pidref *roots, size_t count)
{
	return begin(&(struct tree){.look = true}, out, proc, roots, count);
}

void tree_continue(const struct tree *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->list[i].stopped && pidref_is_held(&t->list[i].ref))
			pidref_signal(&t->list[i].ref, SIGCONT, PIDREF_SCOPE_DEFAULT, NULL);
}

void tree_free(struct tree *t)
{
	for (size_t i = 0; i < t->count; i++)
		pidref_close(&t->list[i].ref);
	free(t->list);
	free(t->slots);
	*t = (struct tree){0};
}
