// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/array.h"
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "find/anchor.h"
#include "handle/pidread.h"
#include "handle/walk.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

int anchor_lead(struct anchor *out, enum anchor_kind kind, const struct pidref *leader)
{
	struct anchor a = ANCHOR_NULL;
	const int64_t now = clock_since_boot();

	if (kind == ANCHOR_SESSION && !pidref_verify(leader))
		a.led = now;
	int r = pidref_dup(&a.leader, leader);
	if (r < 0)
		return r;
	a.kind = kind;
	a.number = leader->pid;
	a.begun = true;
	*out = a;
	return 0;
}

// Hold one more member; or the first one if a->begun is false.
static int add(struct anchor *a, const struct pidref *member)
{
	a->begun = true;
	// a few members are enough: one of them has to outlive the others
	for (size_t i = 0; i < ANCHOR_MEMBERS; i++)
		if (!pidref_is_held(&a->members[i]))
			return pidref_dup(&a->members[i], member);
	return 0;
}

static int number_of(const struct anchor *a, const struct pidref *ref, pid_t *number)
{
	return a->kind == ANCHOR_GROUP ? pidref_group(ref, number) : pidref_session(ref, number);
}

// Whether the handle of the leader proves it. 1, 0 or -errno.
static int leader_holds(const struct anchor *a)
{
	if (!pidref_is_held(&a->leader))
		return 0;
	int r = pidref_verify(&a->leader);
	// since Linux 6.9, a signal through the handle of a reaped leader still reaches its group
	if (r == -ESRCH && a->kind == ANCHOR_GROUP) {
		r = pidref_signal(&a->leader, 0, PIDREF_SCOPE_GROUP, NULL);
		return !r || r == -EPERM;
	}
	return r == -ESRCH ? 0 : r < 0 ? r : 1;
}

int anchor_holds(struct anchor *a)
{
	int r = leader_holds(a);

	for (size_t i = 0; !r && i < ANCHOR_MEMBERS; i++) {
		pid_t number = 0;

		if (!pidref_is_held(&a->members[i]))
			continue;
		r = number_of(a, &a->members[i], &number);
		if (!r && number == a->number)
			return 1;
		pidref_close(&a->members[i]);
		if (r == -ESRCH || r == -EACCES)
			r = 0;
	}
	return r;
}

// Whether the first member that is found shows the group or session that was meant: there was no
// leader when it was looked for. The kernel gives the number to no process while a group or session
// has it, so if a process has it now, that one is gone and this one is later. 1, 0 or -errno.
static int may_begin(const struct anchor *a)
{
	CLEANUP(pidref_close) struct pidref now = PIDREF_NULL;

	int r = pidref_open(&now, a->number);
	return r == -ESRCH ? 1 : r < 0 ? r : 0;
}

// Whether *member was born before the leader ended. No process enters the session of another one
// later, so this is the session that the leader began. 1, 0 or -errno.
static int was_led(const struct anchor *a, const struct pidref *member)
{
	struct statline line;

	if (!a->led)
		return 0;
	int r = pidref_stat(member, NULL, &line);
	if (r < 0)
		return pidref_read_failed(r) ? r : 0;
	return clock_of_ticks(line.start + 1) <= a->led;
}

int anchor_takes(struct anchor *a, pid_t number, const struct pidref *ref)
{
	if (!a->begun)
		a->number = number;
	else if (number != a->number)
		return 0;
	int r = a->begun ? anchor_holds(a) : 0;
	if (!r)
		r = was_led(a, ref);
	if (!r && (!a->begun || a->follows))
		r = may_begin(a);
	if (r == 1 && a->kind != ANCHOR_PARENT)
		r = add(a, ref) < 0 ? -EMFILE : 1;
	return r;
}

// ---- a group or session without a leader ----

// What may be a member.
struct candidate {
	pid_t pid;
	uint64_t start; // in clock ticks since the boot
};

struct candidates {
	struct candidate *list;
	size_t count;
	struct buffer text;
};

static void free_candidates(struct candidates *c)
{
	free(c->list);
	buffer_free(&c->text);
}

static int by_age(const void *a, const void *b)
{
	const struct candidate *x = a;
	const struct candidate *y = b;

	return x->start != y->start ? (x->start > y->start) - (x->start < y->start)
				    : (x->pid > y->pid) - (x->pid < y->pid);
}

// Without a handle this is only a hint.
static bool may_be_member(const struct anchor_query *q, pid_t pid)
{
	return q->is_member || q->number == (q->kind == ANCHOR_GROUP ? getpgid(pid) : getsid(pid));
}

static int add_candidate(struct candidates *c, pid_t pid, const struct procfs *proc)
{
	struct statline line;

	int r = procfs_read(proc, pid, "stat", &c->text);
	if (!r)
		r = statline_parse(buffer_text(&c->text), &line);
	if (r < 0)
		return pidref_read_failed(r) ? r : 0;
	struct candidate *list = array_grow(c->list, c->count, sizeof(*list));
	if (!list)
		return -ENOMEM;
	c->list = list;
	c->list[c->count++] = (struct candidate){.pid = pid, .start = line.start};
	return 0;
}

static int find_candidates(
	struct candidates *c, const struct anchor_query *q, const struct procfs *proc)
{
	CLEANUP(walk_end) struct walk walk = {0};
	pid_t pid;

	int r = walk_begin(&walk, proc);
	while (!r && (r = walk_next(&walk, &pid)) == 1)
		r = may_be_member(q, pid) ? add_candidate(c, pid, proc) : 0;
	if (!r && c->count)
		qsort(c->list, c->count, sizeof(*c->list), by_age);
	return r;
}

// Whether the held process is a member. 1, 0 or -errno.
static int is_member(
	const struct anchor *a, const struct anchor_query *q, struct pidref *ref, pid_t *number)
{
	int r = q->is_member ? q->is_member(q->data, ref, number) : number_of(a, ref, number);

	if (r == -ESRCH || r == -EACCES)
		return 0;
	if (r < 0 || (q->is_member && !r))
		return r;
	return !a->number || *number == a->number;
}

// Hold the process if it is a member. 0 or -errno.
static int try(struct anchor *a, const struct anchor_query *q, pid_t pid)
{
	CLEANUP(pidref_close) struct pidref ref = PIDREF_NULL;
	pid_t number = 0;

	int r = pidref_open(&ref, pid);
	if (r < 0)
		return r == -ESRCH || r == -EACCES ? 0 : r;
	r = is_member(a, q, &ref, &number);
	if (r < 1)
		return r;
	a->number = number;
	// the members known before must still be there: otherwise the number may be another group's
	// now
	r = a->begun ? anchor_holds(a) : may_begin(a);
	return r < 1 ? r : add(a, &ref);
}

int anchor_search(struct anchor *out, const struct anchor_query *q, const struct procfs *proc)
{
	CLEANUP(anchor_close) struct anchor a = ANCHOR_NULL;
	CLEANUP(free_candidates) struct candidates c = {0};

	a.kind = q->kind;
	a.number = q->number;
	int r = find_candidates(&c, q, proc);
	// the oldest first: a process that lives only for a moment would prove nothing of the
	// others
	for (size_t i = 0; !r && i < c.count && !pidref_is_held(&a.members[ANCHOR_MEMBERS - 1]);
		i++)
		r = try(&a, q, c.list[i].pid);
	if (r < 0)
		return r;
	// no member was found, so the group or session does not exist
	if (!a.begun)
		return -ESRCH;
	*out = a;
	a = ANCHOR_NULL;
	return 0;
}

void anchor_close(struct anchor *a)
{
	pidref_close(&a->leader);
	for (size_t i = 0; i < ANCHOR_MEMBERS; i++)
		pidref_close(&a->members[i]);
}
