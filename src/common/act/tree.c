// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "act/tree.h"
#include "base/array.h"
#include "base/clock.h"
#include "handle/pidread.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	FIRST_SLOTS = 256,
	// processes that cannot be held can fork for ever; so many passes search for them
	// nevertheless
	LOOSE_PASSES = 8,
	MOST_SECONDS = 10,
	// descriptors that stay free where a part of a tree is enough
	SPARE = 4,
};

static size_t slot_of(const struct tree *t, pid_t pid)
{
	size_t at = (size_t)pid * 2654435761u & (t->slot_count - 1);

	while (t->slots[at] && t->list[t->slots[at] - 1].ref.pid != pid)
		at = (at + 1) & (t->slot_count - 1);
	return at;
}

// The member that has this PID now. A reaped member has lost it.
static struct tree_member *owner_of(const struct tree *t, pid_t pid)
{
	size_t slot = t->slots[slot_of(t, pid)];

	if (!slot || pidref_verify(&t->list[slot - 1].ref) < 0)
		return NULL;
	return &t->list[slot - 1];
}

// The table of PIDs is never more than a quarter full.
static int grow_slots(struct tree *t)
{
	size_t count = t->slot_count ? 2 * t->slot_count : FIRST_SLOTS;
	size_t *slots = calloc(count, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	free(t->slots);
	t->slots = slots;
	t->slot_count = count;
	// in the order of the list, so that the latest owner of a PID is the one that is found
	for (size_t i = 0; i < t->count; i++)
		t->slots[slot_of(t, t->list[i].ref.pid)] = i + 1;
	return 0;
}

static int take(struct tree *t, size_t i)
{
	struct tree_member *m = &t->list[i];

	// to stop ourselves would end the work
	if (!t->still || m->ref.pid == getpid())
		return 0;
	int r = hold_take(&t->hold, &m->ref, i < t->roots);
	if (r < 0)
		return r;
	m->seat = r;
	return 0;
}

// Takes *ref over on success.
static int add(struct tree *t, const struct pidref *ref, size_t root)
{
	struct tree_member *list = array_grow(t->list, t->count, sizeof(*list));

	if (!list)
		return -ENOMEM;
	t->list = list;
	int r = 4 * t->count >= t->slot_count ? grow_slots(t) : 0;
	if (r < 0)
		return r;
	t->list[t->count] = (struct tree_member){.ref = *ref, .root = root, .seat = -1};
	r = take(t, t->count);
	if (!r)
		t->slots[slot_of(t, ref->pid)] = ++t->count;
	return r;
}

// Look at one PID: if the parent of its process is a member, the process becomes a member.
static int look(struct tree *t, pid_t pid)
{
	struct pidref ref;
	pid_t ppid;

	// the keeper is our child, and would be found as a descendant of ours
	if (hold_is_keeper(&t->hold, pid) || owner_of(t, pid))
		return 0;
	int r = pidref_open(&ref, pid);
	if (r < 0)
		return r == -ESRCH ? 0 : r;
	// the child is held before its parent is read: only then does the answer belong to it
	r = pidref_parent(&ref, t->proc, &ppid);
	// the parent's handle is older than the question and verified after it, so the link is true
	const struct tree_member *parent = r < 0 || !ppid ? NULL : owner_of(t, ppid);
	size_t root = parent ? parent->root : 0;
	// without an answer it could be a child, which must not be left out
	if (!pidref_read_failed(r))
		r = !parent ? -ESRCH : t->spares.call ? t->spares.call(&ref, t->spares.data) : 0;
	// one that is spared is as good as gone, and not a parent of others either
	if (r == 1)
		r = -ESRCH;
	if (!r)
		r = add(t, &ref, root);
	if (r < 0)
		pidref_close(&ref);
	return r == -ESRCH ? 0 : r;
}

static int pass(struct tree *t)
{
	pid_t pid;

	int r = walk_begin(&t->walk, t->proc);
	while (!r) {
		hold_touch(&t->hold);
		r = walk_next(&t->walk, &pid);
		if (r < 1)
			return r;
		r = look(t, pid);
	}
	return r;
}

enum hold_state tree_state(struct tree *t, size_t i, pid_t *tracer)
{
	if (t->list[i].seat < 0)
		return HOLD_DEAD;
	enum hold_state state = hold_state(&t->hold, (size_t)t->list[i].seat, tracer);
	return state == HOLD_HELD && !hold_is_kept(&t->hold) ? HOLD_LOST : state;
}

// Whether a member is not held.
static bool is_loose(struct tree *t)
{
	if (!t->still)
		return false;
	for (size_t i = 0; i < t->count; i++)
		if (t->list[i].seat >= 0 &&
			hold_state(&t->hold, (size_t)t->list[i].seat, NULL) >= HOLD_STUCK)
			return true;
	return t->late || !hold_is_kept(&t->hold);
}

// Whether the whole method fails: it holds none of the processes that we may signal.
static bool is_refused(struct tree *t)
{
	bool refused = false;

	for (size_t i = 0; i < t->count; i++) {
		enum hold_state state = tree_state(t, i, NULL);

		// no method holds a process that another one traces
		if (state == HOLD_DEAD || state == HOLD_TRACED)
			continue;
		if (state != HOLD_DENIED && state != HOLD_LOST)
			return false;
		refused |= !pidref_signal(&t->list[i].ref, 0, PIDREF_SCOPE_DEFAULT, NULL);
	}
	return refused;
}

// The descriptors ran out: whether the members found so far are enough. Gives back the last ones,
// because to reap a process and to read /proc takes descriptors as well.
static bool is_enough(struct tree *t, int error)
{
	if (!t->some || (error != -EMFILE && error != -ENFILE) || t->count == t->roots)
		return false;
	for (size_t i = 0; i < SPARE && t->count > t->roots + 1; i++)
		pidref_close(&t->list[--t->count].ref);
	t->late = true;
	return true;
}

// Hold and search until a pass finds no new process. -EXDEV: this method cannot do it.
static int gather(struct tree *t)
{
	const int64_t end = clock_now() + MOST_SECONDS * INT64_C(1000000000);

	for (;;) {
		int more = t->still ? hold_settle(&t->hold, t->off) : 0;
		size_t before = t->count;

		if (more < 0)
			return more;
		if (t->still && t->hold.method == HOLD_PTRACE && is_refused(t))
			return -EXDEV;
		int r = pass(t);
		if (!r && t->off && holdoff_interrupted(t->off))
			r = -EINTR;
		if (r < 0)
			return is_enough(t, r) ? 0 : r;
		// all were at rest before this pass and it found no new one, so there is none
		if (t->count == before)
			return more ? -EXDEV : 0;
		if (is_loose(t) && !t->passes--)
			return 0;
		t->late = clock_now() > end;
		if (t->late)
			return 0;
	}
}

static int hold_by(struct tree *t, enum hold_method method)
{
	int r = 0;

	// for this method the tree must be known first, to compare it with the control group
	if (method == HOLD_FREEZER)
		r = gather(t);
	if (!r)
		r = hold_begin(&t->hold, method, t->proc);
	if (r < 0)
		return r;
	t->still = true;
	for (size_t i = 0; !r && i < t->count; i++)
		r = take(t, i);
	if (!r)
		r = gather(t);
	if (r < 0)
		tree_release(t, 0);
	return r;
}

static int begin(struct tree *t, bool hold, struct pidref *roots, size_t count)
{
	int r = grow_slots(t);

	for (size_t i = 0; !r && i < count; i++) {
		r = add(t, &roots[i], i);
		t->roots += !r;
	}
	if (r < 0 || !hold)
		return r < 0 ? r : gather(t);
	r = -EXDEV;
	// try the least visible method first
	for (enum hold_method method = HOLD_PTRACE; r == -EXDEV && method < HOLD_METHODS; method++)
		r = hold_by(t, method);
	return r;
}

static int make(struct tree *t, bool hold, struct tree *out, struct pidref *roots, size_t count)
{
	t->passes = LOOSE_PASSES;
	int r = begin(t, hold, roots, count);
	if (r < 0) {
		// the roots still belong to the caller
		for (size_t i = 0; i < t->roots; i++)
			t->list[i].given = true;
		tree_free(t);
		return r;
	}
	for (size_t i = 0; i < count; i++)
		roots[i] = PIDREF_NULL;
	*out = *t;
	return 0;
}

int tree_hold(struct tree *out, const struct procfs *proc, struct pidref *roots, size_t count,
	const struct tree_spares *spares, const struct holdoff *off)
{
	struct tree t = TREE_NULL;

	t.proc = proc;
	t.spares = spares ? *spares : t.spares;
	t.off = off;
	return make(&t, true, out, roots, count);
}

int tree_look(struct tree *out, const struct procfs *proc, struct pidref *roots, size_t count,
	const struct tree_spares *spares)
{
	struct tree t = TREE_NULL;

	t.proc = proc;
	t.spares = spares ? *spares : t.spares;
	return make(&t, false, out, roots, count);
}

int tree_look_some(struct tree *out, const struct procfs *proc, struct pidref *roots, size_t count)
{
	struct tree t = TREE_NULL;

	t.proc = proc;
	t.some = true;
	int r = make(&t, false, out, roots, count);
	return r < 0 ? r : out->late;
}

int tree_more(struct tree *t)
{
	size_t before = t->count;

	if (!is_loose(t) || t->passes-- <= 0)
		return 0;
	int r = pass(t);
	if (!r && t->count > before)
		r = hold_settle(&t->hold, NULL);
	return r < 0 && t->count == before ? r : (int)(t->count - before);
}

struct pidref tree_give(struct tree *t, size_t i)
{
	t->list[i].given = true;
	return t->list[i].ref;
}

void tree_sending(struct tree *t, size_t i, int sig)
{
	hold_touch(&t->hold);
	if (t->list[i].seat >= 0)
		hold_sending(&t->hold, (size_t)t->list[i].seat, sig);
}

void tree_release(struct tree *t, int sig)
{
	hold_release(&t->hold, sig);
	t->still = false;
	for (size_t i = 0; i < t->count; i++)
		t->list[i].seat = -1;
}

void tree_free(struct tree *t)
{
	tree_release(t, 0);
	for (size_t i = 0; i < t->count; i++)
		if (!t->list[i].given)
			pidref_close(&t->list[i].ref);
	free(t->list);
	free(t->slots);
	walk_end(&t->walk);
	*t = TREE_NULL;
}
