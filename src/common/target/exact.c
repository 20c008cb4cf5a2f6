// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/pidns.h"
#include "target/exact.h"
#include "target/fault.h"

#include <errno.h>
#include <string.h>

static int open_number(const struct target *t, struct pidref *out)
{
	return t->in ? pidns_hold(t->in, t->pid, out) : pidref_open(out, t->pid);
}

int exact_open(const struct target *t, struct pidref *out)
{
	CLEANUP(pidref_close) struct pidref ref = PIDREF_NULL;
	char boot[BOOTID_ROOM];

	if (*t->boot) {
		int r = bootid_read(boot);

		if (r < 0)
			return r;
		if (strcmp(boot, t->boot) != 0)
			return -FAULT_OTHER_BOOT;
	}
	int r = open_number(t, &ref);
	if (!r && t->inode)
		r = pidref_check_inode(&ref, t->inode);
	if (!r)
		*out = pidref_take(&ref);
	return r;
}
