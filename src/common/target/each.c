// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "target/cgroup.h"
#include "target/each.h"
#include "target/lock.h"
#include "target/notes.h"
#include "target/sockets.h"

#include <netinet/in.h>

static int open_members(const struct target *t, struct found *f)
{
	CLEANUP(cgroup_close) struct cgroup c = CGROUP_NULL;

	int r = cgroup_open(&c, t);
	if (!r)
		r = cgroup_find(&c, f);
	return r;
}

static int open_one(const struct target *t, struct found *f, unsigned *notes)
{
	struct pidref ref;

	int r = target_open_noting(t, &ref, notes);
	if (r < 0)
		return r;
	// the user named exactly this process, so it is never left out
	f->count++;
	return f->call(&ref, f->data);
}

static int open_each(const struct target *t, struct found *f, unsigned *notes)
{
	int r;

	switch (t->kind) {
	case TARGET_CGROUP:
	case TARGET_UNIT:
		r = open_members(t, f);
		return r < 0 || f->count ? r : found_none(f, -FAULT_EMPTY_CGROUP);
	case TARGET_LOCK:
		return lock_find(t->name, f);
	case TARGET_TCP:
		return sockets_find_port(IPPROTO_TCP, &t->port, f);
	case TARGET_UDP:
		return sockets_find_port(IPPROTO_UDP, &t->port, f);
	case TARGET_FD:
	case TARGET_FD_OF:
	case TARGET_UNIX:
		return target_find_behind(t, f);
	default:
		return open_one(t, f, notes);
	}
}

int target_open_each(const struct target *t, struct found *f, unsigned *notes)
{
	int r = open_each(t, f, notes);

	if (f->shared && notes)
		*notes |= NOTE_SHARED;
	return r;
}
