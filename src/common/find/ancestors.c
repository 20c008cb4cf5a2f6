// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "find/ancestors.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

// A parent that dies while we look is replaced by the next one up; it does so at most this often.
enum { ATTEMPTS = 100 };

// Hold the parent of *child: the child has to name it again while it is held. 1, or 0: there is
// none that we can see.
static int open_parent(const struct pidref *child, struct pidref *parent)
{
	pid_t pid;
	pid_t again = 0;

	for (int i = 0; i < ATTEMPTS; i++) {
		int r = pidref_parent(child, NULL, &pid);
		if (r == -ENOMEM || r == -EMFILE || r == -ENFILE || r == -EIO)
			return r;
		if (r < 0 || pid <= 0)
			return 0;
		r = pidref_open(parent, pid);
		if (r == -ESRCH)
			continue;
		if (r < 0)
			return r;
		r = pidref_parent(child, NULL, &again);
		if (!r && again == pid && !pidref_verify(parent))
			return 1;
		pidref_close(parent);
	}
	return 0;
}

static int add(struct ancestors *a, size_t *room, struct pidref *ref)
{
	if (a->count == *room) {
		size_t more = *room ? 2 * *room : 16;
		struct ancestor *list = realloc(a->list, more * sizeof(*list));

		if (!list)
			return -ENOMEM;
		a->list = list;
		*room = more;
	}
	int r = pidref_learn_inode(ref);
	if (r < 0 && r != -EOPNOTSUPP)
		return r;
	a->list[a->count++] = (struct ancestor){.pid = ref->pid, .inode = ref->inode};
	return 0;
}

// Walk up from *from, which is taken over.
static int walk_up(struct ancestors *out, struct pidref *from)
{
	struct ancestors found = {0};
	struct pidref child = pidref_take(from);
	size_t room = 0;
	int r;

	for (;;) {
		struct pidref parent = PIDREF_NULL;

		r = open_parent(&child, &parent);
		if (r > 0) {
			int added = add(&found, &room, &parent);

			r = added < 0 ? added : 1;
		}
		pidref_close(&child);
		child = pidref_take(&parent);
		if (r <= 0)
			break;
	}
	pidref_close(&child);
	if (r < 0) {
		ancestors_free(&found);
		return r;
	}
	*out = found;
	return 0;
}

int ancestors_find(struct ancestors *out)
{
	struct pidref self;

	int r = pidref_open(&self, getpid());
	return r < 0 ? r : walk_up(out, &self);
}

int ancestors_of(struct ancestors *out, const struct pidref *ref)
{
	struct pidref copy;

	int r = pidref_dup_fd(&copy, ref->fd);
	if (r == -ESRCH) {
		*out = (struct ancestors){0};
		return 0;
	}
	return r < 0 ? r : walk_up(out, &copy);
}

bool ancestors_has(const struct ancestors *a, struct pidref *ref)
{
	for (size_t i = 0; i < a->count; i++)
		if (a->list[i].pid == ref->pid)
			return pidref_learn_inode(ref) < 0 || a->list[i].inode == ref->inode;
	return false;
}

void ancestors_free(struct ancestors *a)
{
	free(a->list);
	*a = (struct ancestors){0};
}
