// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/array.h"
#include "find/ancestors.h"
#include "handle/pidread.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int add(struct ancestors *a, struct pidref *ref)
{
	struct procid *list = array_grow(a->list, a->count, sizeof(*list));

	if (!list)
		return -ENOMEM;
	a->list = list;
	a->list[a->count++] = pidref_id(ref);
	return 0;
}

// Walk up from the parent of *from.
static int walk_up(struct ancestors *out, const struct pidref *from)
{
	struct ancestors found = {0};
	CLEANUP(pidref_close) struct pidref child = PIDREF_NULL;
	int r;

	for (const struct pidref *of = from;; of = &child) {
		struct pidref parent = PIDREF_NULL;

		// the parent is held while the child still is, so that the link is true when it is
		// read; what is above a hidden process is not known
		r = pidref_open_parent(&parent, of);
		if (r == -EACCES)
			r = 0;
		if (r <= 0)
			break;
		pidref_close(&child);
		child = parent;
		r = add(&found, &child);
		if (r < 0)
			break;
	}
	if (r < 0) {
		ancestors_free(&found);
		return r;
	}
	*out = found;
	return 0;
}

int ancestors_find(struct ancestors *out)
{
	CLEANUP(pidref_close) struct pidref self = PIDREF_NULL;

	int r = pidref_open(&self, getpid());
	return r < 0 ? r : walk_up(out, &self);
}

int ancestors_of(struct ancestors *out, const struct pidref *ref)
{
	return walk_up(out, ref);
}

size_t ancestors_index(const struct ancestors *a, struct pidref *ref)
{
	for (size_t i = 0; i < a->count; i++)
		if (a->list[i].pid == ref->pid)
			// the same PID is not enough: it may have been reused
			return pidref_is(ref, &a->list[i]) ? i : a->count;
	return a->count;
}

void ancestors_free(struct ancestors *a)
{
	free(a->list);
	*a = (struct ancestors){0};
}
