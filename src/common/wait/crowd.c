// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "find/scan.h"
#include "handle/idset.h"
#include "wait/crowd.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

struct sending {
	int sig;
	struct idset seen;
	void (*unsent)(struct pidref *ref, int error, void *data);
	void *data;
};

static int send_one(struct pidref *ref, void *data)
{
	struct sending *s = data;

	int r = idset_add_pidref(&s->seen, ref);
	if (r == 1)
		r = pidref_signal(ref, s->sig, PIDREF_SCOPE_DEFAULT, NULL);
	if (r < 0 && r != -ESRCH)
		s->unsent(ref, r, s->data);
	pidref_close(ref);
	return r == -ENOMEM ? r : 0;
}

bool crowd_kill(const struct cgroup *c)
{
	return !cgroup_has(c, getpid()) && (!found_is_left_out(1) || !cgroup_has(c, 1)) &&
	       !cgroup_kill(c);
}

void crowd_signal(const struct cgroup *c, int sig,
	void (*unsent)(struct pidref *ref, int error, void *data), void *data)
{
	struct sending s = {.sig = sig, .unsent = unsent, .data = data};
	struct found f = {.call = send_one, .data = &s};
	struct pidref none = PIDREF_NULL;
	size_t before;
	int r = -FAULT_FORKS;

	if (sig == SIGKILL && crowd_kill(c))
		return;
	for (int i = 0; r == -FAULT_FORKS && i < SCAN_PASSES; i++) {
		before = s.seen.count;
		r = cgroup_find(c, &f);
		if (!r && s.seen.count != before)
			r = -FAULT_FORKS;
	}
	if (r < 0)
		unsent(&none, r, data);
	idset_free(&s.seen);
}
