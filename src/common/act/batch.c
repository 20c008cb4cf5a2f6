// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "act/batch.h"
#include "base/fdlimit.h"

#include <errno.h>
#include <stdlib.h>

enum {
	WAITING_DESCRIPTORS = 2, // for a waiter
};

int batch_begin(struct batch *out, const struct deliver_plan *plan, size_t expected, size_t spare,
	deliver_tell *tell, void *data)
{
	struct batch b = {.plan = plan,
		.tell = tell,
		.data = data,
		.capacity = BATCH_UNKNOWN,
		.distinct = expected == 1};
	bool holds_all = deliver_holds_all(plan);
	size_t allowed = 0;

	// one more handle needs no count: if it does not fit, its open reports that
	if (expected > 1) {
		spare += holds_all ? WAITING_DESCRIPTORS : 0;
		size_t need = expected == BATCH_UNKNOWN ? expected : expected + spare;
		int r = fdlimit_reserve(need, &allowed);

		if (r < 0)
			b.capacity = allowed > spare ? allowed - spare : 1;
		if (r < 0 && holds_all && expected != BATCH_UNKNOWN) {
			*out = b;
			return -EMFILE;
		}
	}
	*out = b;
	return 0;
}

// A process, one of its threads and the group that it leads are different targets.
int batch_claim(struct batch *b, struct delivery *d)
{
	if (b->distinct)
		return 1;
	if (d->scope == PIDREF_SCOPE_DEFAULT)
		return idset_add_pidref(&b->seen, &d->ref);
	// the scope goes into the two highest bits, which neither inodes nor PIDs use
	uint64_t id = pidref_learn_inode(&d->ref) ? (uint64_t)d->ref.pid : d->ref.inode;
	return idset_add(&b->seen, id ^ (uint64_t)d->scope << 62);
}

static int push(struct batch *b, const struct delivery *d)
{
	// only a batch that must hold all can be full here: any other was parked or carried out
	if (b->held == b->capacity)
		return -EMFILE;
	int r = deliver_push(&b->all, d);
	if (r < 0)
		return r;
	b->held++;
	// the place of the group in the list is stored plus one, so that 0 can mean none
	if (d->group)
		b->all.list[d->group - 1].members++;
	return 0;
}

// Close all handles; the inodes stand for them. -EOPNOTSUPP: a process has no inode.
static int park(struct batch *b)
{
	// check all before the first is closed: a handle without an inode could not be opened again
	for (size_t i = 0; i < b->all.count; i++) {
		struct delivery *d = &b->all.list[i];

		if (pidref_is_held(&d->ref) &&
			(pidref_learn_inode(&d->ref) < 0 || d->scope != PIDREF_SCOPE_DEFAULT))
			return -EOPNOTSUPP;
	}
	for (size_t i = 0; i < b->all.count; i++) {
		struct delivery *d = &b->all.list[i];

		if (!pidref_is_held(&d->ref))
			continue;
		d->parked = pidref_id(&d->ref);
		pidref_close(&d->ref);
	}
	b->held = 0;
	b->parked = true;
	return 0;
}

int batch_add(struct batch *b, struct delivery *d)
{
	int r = batch_claim(b, d);

	if (r == 1)
		return batch_push(b, d);
	deliver_free(d);
	return r;
}

int batch_push(struct batch *b, struct delivery *d)
{
	int r = push(b, d);

	if (r < 0) {
		deliver_free(d);
		return r;
	}
	d->ref = PIDREF_NULL;
	if (b->held == b->capacity && !deliver_holds_all(b->plan)) {
		r = park(b);
		if (r == -EOPNOTSUPP)
			r = b->complete ? -EMFILE : batch_flush(b);
	}
	return r < 0 ? r : 1;
}

static void unpark(struct batch *b, struct delivery *d)
{
	// this opens exactly the same process, or fails because it is gone
	int r = pidref_open_id(&d->ref, &d->parked);

	// it is gone: its number is still known
	if (r < 0)
		d->ref.pid = d->parked.pid;
	d->parked.pid = 0;
	if (r == -ESRCH || r == -ESTALE)
		deliver_decide(d, OUTCOME_GONE, 0, b->tell, b->data);
	else if (r < 0)
		deliver_decide(d, OUTCOME_FAILED, r, b->tell, b->data);
}

// Hold it and ask for approval, or decide its outcome.
static void prepare(struct batch *b, struct delivery *d)
{
	if (d->parked.pid)
		unpark(b, d);
	if (d->outcome == OUTCOME_NONE && b->approve && !b->approve(d, b->data))
		deliver_decide(d, OUTCOME_SKIPPED, 0, b->tell, b->data);
}

static int carry_out(struct batch *b, size_t from, size_t to)
{
	struct delivery_list part = {.list = b->all.list + from, .count = to - from};

	for (size_t i = from; i < to; i++)
		prepare(b, &b->all.list[i]);
	// a tree adds to the list, but a batch with a tree is never parked
	return deliver(b->parked ? &part : &b->all, b->plan, b->tell, b->data);
}

int batch_flush(struct batch *b)
{
	// the ones that are held are at the end of the list
	size_t count = b->all.count;
	size_t parked = b->parked ? count - b->held : 0;
	int r = 0;

	// if they leave no descriptor for another one, carry them out first
	if (parked && b->held == b->capacity) {
		r = carry_out(b, parked, count);
		count = b->all.count = parked;
		b->held = 0;
	}
	for (size_t at = 0, end; !r && at < count; at = end) {
		size_t round = parked ? b->capacity - b->held : count;

		end = count - at < round ? count : at + round;
		r = carry_out(b, at, end);
	}
	if (r < 0)
		return r;
	b->all.count = b->held = 0;
	return 0;
}

void batch_end(struct batch *b)
{
	deliver_cut(&b->all, 0);
	free(b->all.list);
	b->all.list = NULL;
	idset_free(&b->seen);
}
