// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "find/fullname.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

// Keep the `len` bytes at `from` in *b if they begin with comm. 1 or 0.
static int keep(struct buffer *b, size_t from, size_t len, const struct bytes *comm)
{
	if (len < comm->len || memcmp(b->data + from, comm->data, comm->len) != 0)
		return 0;
	b->len = len;
	memmove(b->data, b->data + from, len);
	b->data[len] = 0;
	return 1;
}

// The same of the last part of the path there. Wine's paths have backslashes.
static int keep_base(struct buffer *b, size_t from, size_t len, const struct bytes *comm)
{
	static const char separators[] = {'/', '\\'};

	for (size_t i = 0; i < sizeof(separators); i++) {
		const char *last = len ? memrchr(b->data + from, separators[i], len) : NULL;
		size_t start = last ? (size_t)(last - b->data) + 1 : from;

		if (keep(b, start, from + len - start, comm))
			return 1;
	}
	return 0;
}

static int from_exe(const struct procdir *dir, const struct bytes *comm, struct buffer *out)
{
	int r = buffer_reserve(out, PATH_MAX);

	if (r < 0)
		return r;
	// it cannot be read for a process of another user
	if (procdir_readlink(dir, "exe", out->data, PATH_MAX) < 0)
		return 0;
	return keep_base(out, 0, procdir_path_length(dir, "exe", out->data), comm);
}

// From argv[0], or the path of the script that follows the interpreter and its options. A program
// can also have written its title there ("gunicorn: master [/srv/app:wsgi]"): that is argv[0] as a
// whole.
static int from_cmdline(struct buffer *out, const struct bytes *comm)
{
	const struct bytes words = {out->data, out->len};
	size_t first = strnlen(out->data, out->len);
	struct bytes script = fullname_script(&words);

	if (keep_base(out, 0, first, comm) || keep(out, 0, first, comm))
		return 1;
	return script.len && keep_base(out, (size_t)(script.data - out->data), script.len, comm);
}

struct bytes fullname_script(const struct bytes *words)
{
	size_t at = strnlen(words->data, words->len) + 1;

	while (at < words->len && words->data[at] == '-')
		at += strnlen(words->data + at, words->len - at) + 1;
	if (at >= words->len)
		return (struct bytes){"", 0};
	return (struct bytes){words->data + at, strnlen(words->data + at, words->len - at)};
}

const char *fullname_base(const struct bytes *path)
{
	const char *slash = path->len ? memrchr(path->data, '/', path->len) : NULL;

	return slash ? slash + 1 : path->data;
}

bool fullname_fits(const struct bytes *comm, const char *name)
{
	size_t len = strlen(name);

	return comm->len == (len < FULLNAME_COMM_MAX ? len : FULLNAME_COMM_MAX) &&
	       !memcmp(comm->data, name, comm->len);
}

int fullname_read(const struct procdir *dir, const char *comm, size_t len, struct buffer *out)
{
	const struct bytes cut = {comm, len};
	int r = 0;

	if (len == FULLNAME_COMM_MAX) {
		// first the link, because reading the command line of a process can block
		r = from_exe(dir, &cut, out);
		if (!r)
			r = procdir_read(dir, "cmdline", out);
		if (!r)
			r = from_cmdline(out, &cut);
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
