// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "find/fullname.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

// If the last part of the path at `from` (`len` bytes) begins with comm, keep that part in *b. 1 or
// 0.
static int keep_base(struct buffer *b, size_t from, size_t len, const char *comm, size_t comm_len)
{
	const char *slash = len ? memrchr(b->data + from, '/', len) : NULL;
	size_t start = slash ? (size_t)(slash - b->data) + 1 : from;
	size_t end = from + len;

	if (end - start < comm_len || memcmp(b->data + start, comm, comm_len) != 0)
		return 0;
	b->len = end - start;
	memmove(b->data, b->data + start, b->len);
	b->data[b->len] = 0;
	return 1;
}

static int from_exe(const struct procdir *dir, const char *comm, size_t len, struct buffer *out)
{
	static const char deleted[] = " (deleted)";
	size_t tail = sizeof(deleted) - 1;

	int r = buffer_reserve(out, PATH_MAX);
	if (r < 0)
		return r;
	// it cannot be read for a process of another user
	if (procdir_readlink(dir, "exe", out->data, PATH_MAX) < 0)
		return 0;
	size_t size = strlen(out->data);
	// the kernel appends this if the file was removed or replaced, as by an upgrade
	if (size > tail && !strcmp(out->data + size - tail, deleted))
		size -= tail;
	return keep_base(out, 0, size, comm, len);
}

// argv[0]. For a script that is the interpreter, and argv[1] is the path of the script.
static int from_cmdline(struct buffer *out, const char *comm, size_t len)
{
	size_t first = strnlen(out->data, out->len);

	if (keep_base(out, 0, first, comm, len))
		return 1;
	if (first >= out->len)
		return 0;
	first++;
	return keep_base(out, first, strnlen(out->data + first, out->len - first), comm, len);
}

int fullname_read(const struct procdir *dir, const char *comm, size_t len, struct buffer *out)
{
	int r = 0;

	if (len == FULLNAME_COMM_MAX) {
		// first the link, because reading the command line of a process can block
		r = from_exe(dir, comm, len, out);
		if (!r)
			r = procdir_read(dir, "cmdline", out);
		if (!r)
			r = from_cmdline(out, comm, len);
	}
	if (r)
		return r < 0 ? r : 0;
	r = buffer_reserve(out, len);
	if (r < 0)
		return r;
	memcpy(out->data, comm, len);
	out->data[len] = 0;
	out->len = len;
	return 0;
}
