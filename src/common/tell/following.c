// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/cgroupdir.h"
#include "handle/pidread.h"
#include "tell/following.h"
#include "tell/hint.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void following_begin(struct following *f, struct deliver_plan *plan, const struct procfs *proc)
{
	*f = (struct following){.progress = progress_begin(stderr, NULL, 0, proc, true)};
	if (f->progress.wanted)
		plan->tick = PROGRESS_TICK;
}

void following_draw(struct following *f, const struct delivery_list *all)
{
	size_t count = 0;
	size_t gone = 0;

	if (all->count > f->room) {
		struct awaited *list = realloc(f->list, all->count * sizeof(*list));

		// without memory there is no line
		if (!list)
			return;
		f->list = list;
		f->room = all->count;
	}
	for (size_t i = 0; i < all->count; i++) {
		const struct delivery *d = &all->list[i];
		bool ended = d->outcome == OUTCOME_ENDED || d->outcome == OUTCOME_FORCED ||
			     d->outcome == OUTCOME_DEAD;

		// the members of a group are in the list
		if (d->scope == PIDREF_SCOPE_GROUP || (d->outcome != OUTCOME_NONE && !ended))
			continue;
		gone += ended;
		f->list[count++] = (struct awaited){.ref = d->ref,
			.target = d->ref.pid > 0 ? NULL : d->target,
			.state = ended ? AWAIT_GONE : AWAIT_RUNNING};
	}
	f->progress.list = f->list;
	f->progress.count = count;
	f->progress.first = 0;
	progress_draw(&f->progress, gone);
}

void following_free(struct following *f)
{
	progress_clear(&f->progress);
	free(f->list);
	*f = (struct following){.list = NULL};
}

// Whether its control group (v2), or one above, is frozen.
static bool is_frozen(const struct pidref *ref, const struct procfs *proc)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	bool frozen = false;

	if (pidref_read(ref, proc, "cgroup", &text) < 0)
		return false;
	char *path = text.len ? strstr(text.data, "0::/") : NULL;
	if (!path || (path != text.data && path[-1] != '\n'))
		return false;
	path += strlen("0::");
	path[strcspn(path, "\n")] = 0;
	int fd = cgroupdir_open(path);
	if (fd < 0)
		return false;
	if (!buffer_read_file(&text, fd, "cgroup.events"))
		frozen = strstr(buffer_text(&text), "frozen 1\n");
	close(fd);
	return frozen;
}

const char *following_reason(const struct delivery *d, const struct procfs *proc)
{
	struct status status;

	if (d->scope == PIDREF_SCOPE_GROUP || !d->sig || pidref_status(&d->ref, proc, &status) < 0)
		return NULL;
	if (is_frozen(&d->ref, proc))
		return "its control group is frozen, the signal stays pending until it is thawed";
	return hint_signal(&status, d->ref.pid, d->sig);
}
