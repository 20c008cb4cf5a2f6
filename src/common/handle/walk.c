// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/number.h"
#include "handle/walk.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ROOM = 32768 };

// What getdents64(2) gives; the C libraries disagree about a wrapper.
struct entry {
	uint64_t ino;
	int64_t off;
	uint16_t length;
	uint8_t type;
	char name[];
};

int walk_begin(struct walk *w, const struct procfs *proc)
{
	if (!w->room)
		w->room = malloc(ROOM);
	if (!w->room)
		return -ENOMEM;
	if (lseek(proc->fd, 0, SEEK_SET) < 0)
		return -errno;
	w->fd = proc->fd;
	w->at = w->filled = 0;
	return 0;
}

int walk_next(struct walk *w, pid_t *pid)
{
	for (;;) {
		uint64_t number;

		if (w->at == w->filled) {
			long n = syscall(SYS_getdents64, w->fd, w->room, ROOM);

			if (n < 0)
				return -errno;
			if (!n)
				return 0;
			w->at = 0;
			w->filled = (size_t)n;
		}
		const struct entry *entry = (const void *)(w->room + w->at);
		w->at += entry->length;
		if (number_parse(entry->name, INT_MAX, &number) < 0)
			continue;
		*pid = (pid_t)number;
		return 1;
	}
}

void walk_end(struct walk *w)
{
	free(w->room);
	*w = (struct walk){0};
}
