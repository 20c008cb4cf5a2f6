// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "find/under.h"
#include "handle/pidread.h"

#include <errno.h>
#include <stdlib.h>

int under_is(const struct under *u, struct pidref *ref)
{
	for (size_t i = 0; i < u->count; i++) {
		int r = pidref_same(&u->list[i], ref);
		if (r)
			return r;
	}
	return 0;
}

int under_has(const void *u, const struct pidref *ref)
{
	CLEANUP(pidref_close) struct pidref child = PIDREF_NULL;

	for (const struct pidref *of = ref;; of = &child) {
		struct pidref parent = PIDREF_NULL;

		int r = pidref_open_parent(&parent, of);
		if (r <= 0)
			return r;
		pidref_close(&child);
		child = parent;
		r = under_is(u, &child);
		if (r)
			return r;
	}
}

void under_free(struct under *u)
{
	for (size_t i = 0; i < u->count; i++)
		pidref_close(&u->list[i]);
	free(u->list);
	*u = (struct under){0};
}
