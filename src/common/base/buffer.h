// SPDX-License-Identifier: GPL-2.0-or-later
// buffer.h: a buffer of bytes that grows and is reused from one read to the next.
#pragma once

#include <stddef.h>

struct buffer {
	char *data; // owned; a NUL follows the last byte as soon as anything was stored
	size_t len;
	size_t room;
};

// Make room for `room` bytes in all, and a NUL; the contents stay. -ENOMEM.
int buffer_reserve(struct buffer *b, size_t room);

// Read the rest of descriptor `fd` into *b, in place of its contents. -ENOMEM, or the error of
// read(2); *b is empty after an error.
int buffer_read(struct buffer *b, int fd);

// Read the file `path` (below the directory `dirfd`, as in openat(2)) in the same way. Also returns
// the errors of open(2).
int buffer_read_file(struct buffer *b, int dirfd, const char *path);

// The bytes as a string that ends at the first NUL; "" if there are none. Valid until the buffer
// changes.
const char *buffer_text(const struct buffer *b);

// Read descriptor `fd` from its start, whatever its offset is, to its end or to the first short
// read (which is the end of a file in /proc). Errors as in buffer_read.
int buffer_reread(struct buffer *b, int fd);

// Free the bytes. The buffer is then empty and can be used again.
void buffer_free(struct buffer *b);
