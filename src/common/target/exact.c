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

// Hold the process of the PID; then the inode shows whether it is the one meant.
static int open_inode(const struct target *t, struct pidref *out)
{
	struct pidref ref;

	int r = open_number(t, &ref);
	if (r < 0)
		return r;
	r = pidref_learn_inode(&ref);
	if (!r && ref.inode != t->inode)
		r = -ESTALE;
	if (r < 0) {
		pidref_close(&ref);
		return r;
	}
	*out = ref;
	return 0;
}

int exact_open(const struct target *t, struct pidref *out)
{
	char boot[BOOTID_ROOM];

	if (*t->boot) {
		int r = bootid_read(boot);

		if (r < 0)
			return r;
		if (strcmp(boot, t->boot) != 0)
			return -FAULT_OTHER_BOOT;
	}
	return t->inode ? open_inode(t, out) : open_number(t, out);
}
