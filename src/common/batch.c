// SPDX-License-Identifier: GPL-2.0-or-later
// batch.c: deliveries collected and carried out: all at once, or in rounds.
#include "config.h"

#include "batch.h"
#include "fdlimit.h"

#include <errno.h>
#include <stdlib.h>

enum {
	FIRST_ROOM = 16,
	WAITING_DESCRIPTORS = 2, // what a waiter takes
};

int batch_begin(struct batch *out, const struct deliver_plan *plan, size_t expected, size_t spare,
	deliver_tell *tell, void *data)
{
	struct batch b = {.plan = plan,
		.tell = tell,
		.data = data,
		.capacity = BATCH_UNKNOWN,
		.distinct = expected == 1};
	bool follows = deliver_follows(plan);
	size_t allowed = 0;

	// one handle there is always room for, or its open says so; counting would cost more
	if (expected > 1) {
		spare += follows ? WAITING_DESCRIPTORS : 0;
		size_t need = expected == BATCH_UNKNOWN ? expected : expected + spare;
		int r = fdlimit_reserve(need, &allowed);

		if (r < 0)
			b.capacity = allowed > spare ? allowed - spare : 1;
		if (r < 0 && follows && expected != BATCH_UNKNOWN) {
			out->capacity = b.capacity;
			return -EMFILE;
		}
	}
	*out = b;
	return 0;
}

static int grow(struct batch *b)
{
	size_t room = b->room ? 2 * b->room : FIRST_ROOM;
	struct delivery *list = realloc(b->list, room * sizeof(*list));

	if (!list)
		return -ENOMEM;
	b->list = list;
	if (b->parked) {
		struct batch_parked *parked = realloc(b->parked, room * sizeof(*parked));

		if (!parked)
			return -ENOMEM;
		b->parked = parked;
	}
	b->room = room;
	return 0;
}

// A process, one of its threads and the group it leads are different things to signal.
int batch_claim(struct batch *b, struct delivery *d)
{
	if (b->distinct)
		return 1;
	if (d->scope == PIDREF_SCOPE_DEFAULT)
		return idset_add_pidref(&b->seen, &d->ref);
	uint64_t id = pidref_learn_inode(&d->ref) ? (uint64_t)d->ref.pid : d->ref.inode;
	return idset_add(&b->seen, id ^ (uint64_t)d->scope << 62);
}

static int push(struct batch *b, const struct delivery *d)
{
	if (b->held == b->capacity)
		return -EMFILE;
	int r = b->count == b->room ? grow(b) : 0;
	if (r < 0)
		return r;
	if (b->parked)
		b->parked[b->count].inode = 0;
	b->list[b->count++] = *d;
	b->held++;
	if (d->group)
		b->list[d->group - 1].members++;
	return 0;
}

// Close the handles of all, for which the inodes stand in. -EOPNOTSUPP: there are none.
static int park(struct batch *b)
{
	for (size_t i = 0; i < b->count; i++)
		if (b->list[i].ref.fd >= 0 && (pidref_learn_inode(&b->list[i].ref) < 0 ||
						      b->list[i].scope != PIDREF_SCOPE_DEFAULT))
			return -EOPNOTSUPP;
	if (!b->parked) {
		b->parked = calloc(b->room, sizeof(*b->parked));
		if (!b->parked)
			return -ENOMEM;
	}
	for (size_t i = 0; i < b->count; i++) {
		struct pidref *ref = &b->list[i].ref;

		if (ref->fd < 0)
			continue;
		b->parked[i] = (struct batch_parked){ref->pid, ref->inode};
		pidref_close(ref);
	}
	b->held = 0;
	return 0;
}

int batch_add(struct batch *b, struct delivery *d)
{
	int r = batch_claim(b, d);

	if (r == 1)
		return batch_push(b, d);
	pidref_close(&d->ref);
	return r;
}

int batch_push(struct batch *b, struct delivery *d)
{
	int r = push(b, d);

	if (r < 0) {
		pidref_close(&d->ref);
		return r;
	}
	d->ref = PIDREF_NULL;
	if (b->held == b->capacity && !deliver_follows(b->plan)) {
		r = park(b);
		if (r == -EOPNOTSUPP)
			r = batch_flush(b);
	}
	return r < 0 ? r : 1;
}

static void unpark(struct batch *b, size_t i)
{
	struct delivery *d = &b->list[i];

	int r = pidref_open_exact(&d->ref, b->parked[i].pid, b->parked[i].inode);
	if (r == -ESRCH || r == -ESTALE)
		deliver_decide(d, OUTCOME_GONE, 0, b->tell, b->data);
	else if (r < 0)
		deliver_decide(d, OUTCOME_FAILED, r, b->tell, b->data);
}

// Hold the one at `i` and have it approved, or decide its outcome.
static void prepare(struct batch *b, size_t i)
{
	struct delivery *d = &b->list[i];

	if (b->parked && b->parked[i].inode)
		unpark(b, i);
	if (d->outcome == OUTCOME_NONE && b->approve && !b->approve(d, b->data))
		deliver_decide(d, OUTCOME_SKIPPED, 0, b->tell, b->data);
}

static int carry_out(struct batch *b, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		prepare(b, i);
	return deliver(b->list + from, to - from, b->plan, b->tell, b->data);
}

int batch_flush(struct batch *b)
{
	// those that are held are the last ones
	size_t parked = b->parked ? b->count - b->held : 0;
	int r = 0;

	// and have to go first when they leave no room to open another
	if (parked && b->held == b->capacity) {
		r = carry_out(b, parked, b->count);
		b->count = parked;
		b->held = 0;
	}
	for (size_t at = 0, end; !r && at < b->count; at = end) {
		size_t round = parked ? b->capacity - b->held : b->count;

		end = b->count - at < round ? b->count : at + round;
		r = carry_out(b, at, end);
	}
	if (r < 0)
		return r;
	b->count = b->held = 0;
	return 0;
}

void batch_end(struct batch *b)
{
	for (size_t i = 0; i < b->count; i++)
		pidref_close(&b->list[i].ref);
	free(b->list);
	free(b->parked);
	b->list = NULL;
	b->parked = NULL;
	b->count = b->room = 0;
	idset_free(&b->seen);
}
