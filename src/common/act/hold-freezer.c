// SPDX-License-Identifier: GPL-2.0-or-later
// hold-freezer.c: hold with cgroup.freeze, if a control group contains exactly the processes.
//
// No process is ever moved into another group. The group is frozen only if it contains exactly the
// processes to be held. A process that is born meanwhile is born frozen.
#include "config.h"

#include "act/cgroupset.h"
#include "act/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MS INT64_C(1000000)

enum { FREEZE_MS = 500 };

static int begin(struct keeper *k)
{
	(void)k;
	return 0;
}

static enum hold_state look(struct keeper *k, struct seat *s)
{
	(void)k;
	return pidref_state(&s->ref) == PIDREF_ALIVE ? HOLD_HELD : HOLD_DEAD;
}

static int find(struct keeper *k, struct cgroupset *set)
{
	size_t count = k->board->count;
	struct pidref *refs = calloc(count + 1, sizeof(*refs));

	if (!refs)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		refs[i] = k->board->seats[i].ref;
	int r = cgroupset_find(set, k->proc, refs, count);
	free(refs);
	return r == -ENOMEM ? r : r < 0 ? -EXDEV : 0;
}

static bool is_frozen(struct keeper *k, int folder)
{
	return !buffer_read_file(&k->text, folder, "cgroup.events") &&
	       strstr(buffer_text(&k->text), "frozen 1\n");
}

// Whether the group is to be frozen: that takes until all its processes are, and can take for ever.
static bool is_freezing(struct keeper *k, int folder)
{
	return buffer_read_file(&k->text, folder, "cgroup.freeze") < 0 ||
	       strcmp(buffer_text(&k->text), "0\n") != 0;
}

static void thaw(struct keeper *k)
{
	if (k->board->thaw > 0 && write(k->board->thaw, "0", 1) == 1) {
		close(k->board->thaw);
		k->board->thaw = 0;
	}
}

static int freeze(struct keeper *k, const struct cgroupset *set)
{
	// a group that was already frozen must stay so afterwards
	if (!set->whole || is_frozen(k, set->fd) || is_freezing(k, set->fd))
		return -EXDEV;
	int fd = openat(set->fd, "cgroup.freeze", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -EXDEV;
	// set before the write: if we end in between, the program thaws the group
	k->board->thaw = fd;
	// the kernel accepts the write at once, but the processes freeze one after the other
	bool frozen = write(fd, "1", 1) == 1;
	for (int64_t until = clock_now() + FREEZE_MS * MS; frozen && !is_frozen(k, set->fd);) {
		keeper_nap();
		frozen = clock_now() < until;
	}
	if (!frozen)
		thaw(k);
	return frozen ? 0 : -EXDEV;
}

// A process that was born since the last pass is in the group, and not known yet.
static int settled(struct keeper *k)
{
	struct cgroupset set = {.fd = -1};

	int r = find(k, &set);
	if (!r && !k->board->thaw)
		r = freeze(k, &set);
	if (!r) {
		cgroupset_free(&set);
		r = find(k, &set);
	}
	if (!r)
		r = set.whole ? 0 : 1;
	cgroupset_free(&set);
	return r;
}

static void release(struct keeper *k, int sig)
{
	(void)sig;
	thaw(k);
}

const struct keeper_method keeper_freezer = {
	.begin = begin,
	.look = look,
	.settled = settled,
	.release = release,
};
