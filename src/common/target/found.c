// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "target/fault.h"
#include "target/found.h"

#include <unistd.h>

static bool is_managed(void)
{
	// sd_booted(3)
	return !access("/run/systemd/system", F_OK);
}

bool found_is_left_out(pid_t pid)
{
	return pid == getpid() || (pid == 1 && is_managed());
}

int found_pass(struct found *f, struct pidref *ref)
{
	if (found_is_left_out(ref->pid)) {
		f->self |= ref->pid == getpid();
		f->manager |= ref->pid != getpid();
		pidref_close(ref);
		return 0;
	}
	f->count++;
	return f->call(ref, f->data);
}

int found_none(const struct found *f, int none)
{
	return f->manager ? -FAULT_ONLY_MANAGER : f->self ? -FAULT_ONLY_SELF : none;
}
