// SPDX-License-Identifier: GPL-2.0-or-later
// buffer.h: bytes that grow, reused from one read to the next.
#pragma once

#include <stddef.h>

struct buffer {
	char *data; // owned; NUL behind the last byte once anything was put in
	size_t len;
	size_t room;
};

// Make room for `room` bytes and a NUL in all; contents stay. -ENOMEM.
int buffer_reserve(struct buffer *b, size_t room);

// Read the rest of descriptor `fd` into *b, replacing what it held. -ENOMEM, or the error of
// read(2); *b is then empty.
int buffer_read(struct buffer *b, int fd);

// Read the file `path` (under the directory `dirfd`, as openat(2) takes it) in the same way; also
// the errors of open(2).
int buffer_read_file(struct buffer *b, int dirfd, const char *path);

// The bytes as a text that ends at the first NUL; "" when there are none. Valid until the buffer
// is changed.
const char *buffer_text(const struct buffer *b);

// Read descriptor `fd` from its start, wherever it stands, up to its end or the first short read
// (which is the end of a file under /proc). Errors as buffer_read.
int buffer_reread(struct buffer *b, int fd);

// Free the bytes; the buffer is empty and can be used again.
void buffer_free(struct buffer *b);
