// SPDX-License-Identifier: GPL-2.0-or-later
// libproc-none.c: in place of libproc.c in a program that was built without libproc2.
#include "config.h"

#include "find/libproc.h"

#include <errno.h>
#include <stddef.h>

int libproc_new(struct libproc **out)
{
	(void)out;
	return -ELIBACC;
}

int libproc_terminal(void *lib, pid_t pid, const char **name)
{
	(void)lib;
	(void)pid;
	(void)name;
	return -ENODATA;
}

void libproc_free(struct libproc **lib)
{
	*lib = NULL;
}

const char *libproc_problem(void)
{
	return "this program was built without it";
}

const char *libproc_version(void)
{
	return NULL;
}
