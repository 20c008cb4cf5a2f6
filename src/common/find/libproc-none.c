// SPDX-License-Identifier: GPL-2.0-or-later
// libproc-none.c: in place of libproc.c in a program that was built without libproc2.
#include "config.h"

#include "find/libproc.h"

#include <errno.h>
#include <stddef.h>

int libproc_column(const char *name, size_t len)
{
	(void)name;
	(void)len;
	return 0;
}

const char *libproc_column_name(int column)
{
	(void)column;
	return NULL;
}

bool libproc_column_is_number(int column)
{
	(void)column;
	return false;
}

const char *libproc_column_file(int column)
{
	(void)column;
	return NULL;
}

int libproc_new(struct libproc **out, const unsigned char *wanted, size_t count)
{
	(void)out;
	(void)wanted;
	(void)count;
	return -ELIBACC;
}

int libproc_values(struct libproc *lib, pid_t pid, FILE *out)
{
	(void)lib;
	(void)pid;
	(void)out;
	return -ENODATA;
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
