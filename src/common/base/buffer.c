// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { FIRST_ROOM = 4096 };

int buffer_reserve(struct buffer *b, size_t room)
{
	if (b->data && b->room >= room)
		return 0;
	size_t grown = b->room ? b->room : FIRST_ROOM;
	while (grown < room) {
		if (grown > (size_t)-1 / 4)
			return -ENOMEM;
		grown *= 2;
	}
	// one byte more than the room, for the NUL
	char *data = realloc(b->data, grown + 1);
	if (!data)
		return -ENOMEM;
	b->data = data;
	// a NUL after the contents: every buffer can be read as a string
	b->room = grown;
	b->data[b->len] = 0;
	return 0;
}

int buffer_read(struct buffer *b, int fd)
{
	ssize_t n;
	int r;

	b->len = 0;
	do {
		r = buffer_reserve(b, b->len + FIRST_ROOM);
		if (r < 0)
			break;
		n = read(fd, b->data + b->len, b->room - b->len);
		if (n < 0 && errno == EINTR)
			continue;
		r = n < 0 ? -errno : 0;
		if (n > 0)
			b->len += (size_t)n;
	} while (!r && n);
	if (r < 0)
		b->len = 0;
	if (b->data)
		b->data[b->len] = 0;
	return r;
}

int buffer_read_file(struct buffer *b, int dirfd, const char *path)
{
	int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	int r = buffer_read(b, fd);
	close(fd);
	return r;
}

const char *buffer_text(const struct buffer *b)
{
	return b->data ? b->data : "";
}

// The files of /proc have no size that could be asked for (st_size is 0), so read until a short
// read.
int buffer_reread(struct buffer *b, int fd)
{
	b->len = 0;
	for (;;) {
		int r = buffer_reserve(b, b->len + FIRST_ROOM);
		size_t room = b->room - b->len;
		ssize_t n = r < 0 ? 0 : pread(fd, b->data + b->len, room, (off_t)b->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			r = -errno;
		if (n > 0)
			b->len += (size_t)n;
		if (r < 0)
			b->len = 0;
		if (b->data)
			b->data[b->len] = 0;
		if (r < 0 || n < (ssize_t)room)
			return r;
	}
}

void buffer_free(struct buffer *b)
{
	free(b->data);
	*b = (struct buffer){0};
}
