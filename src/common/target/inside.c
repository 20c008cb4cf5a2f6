// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "target/inside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *problem(int error)
{
	switch (error) {
	case -EACCES:
		return "its pid namespace may not be read: that needs the right to trace it, which "
		       "root has, and the user who made its user namespace";
	case -EXDEV:
		return "its pid namespace is not below ours, so its processes have no numbers here";
	case -ENOENT:
		return "before Linux 6.11 --in needs /proc";
	default:
		return target_problem(error);
	}
}

int inside_begin(struct pidns *out, const struct target *target, unsigned *notes, const char **why)
{
	CLEANUP(pidref_close) struct pidref ref = PIDREF_NULL;

	int r = target_open_noting(target, &ref, notes);
	if (r < 0) {
		*why = target_problem(r);
		return r;
	}
	r = pidns_open(out, &ref);
	if (r < 0)
		*why = problem(r);
	return r;
}

char *inside_label(const struct target *t, const char *in)
{
	bool anywhere = t->kind & TARGET_ANYWHERE;
	size_t size = strlen(t->text) + sizeof(" in ") + strlen(in);
	char *label = malloc(size);

	if (label)
		snprintf(
			label, size, "%s%s%s", t->text, anywhere ? "" : " in ", anywhere ? "" : in);
	return label;
}
