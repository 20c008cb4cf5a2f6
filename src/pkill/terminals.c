// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "pkill/terminals.h"
#include "tell/memory.h"
#include "tell/message.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

struct terminal {
	const char *name;
	int fd; // its file in /dev/pts
};

static struct terminal *find(const struct terminals *all, const char *name)
{
	for (size_t i = 0; i < all->count; i++)
		if (!strcmp(all->list[i].name, name))
			return &all->list[i];
	return NULL;
}

// Open the file of a pts. -1: there is none, or it is no pts.
static int open_pts(const char *name)
{
	char path[64];
	struct statfs fs;

	if (strncmp(name, "pts/", 4) != 0 || strlen(name) > sizeof(path) - sizeof("/dev/"))
		return -1;
	snprintf(path, sizeof(path), "/dev/%s", name);
	int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && (errno == EMFILE || errno == ENFILE))
		message_die(EXIT_SYSTEM, "%s: %s", path, strerror(errno));
	if (fd < 0 || (!fstatfs(fd, &fs) && fs.f_type == DEVPTS_SUPER_MAGIC))
		return fd;
	close(fd);
	return -1;
}

void terminals_open(struct terminals *all, const struct texts *names)
{
	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->list[i];
		int fd = find(all, name) ? -1 : open_pts(name);

		if (fd < 0)
			continue;
		all->list = memory_grow(all->list, all->count, sizeof(*all->list));
		all->list[all->count++] = (struct terminal){name, fd};
	}
}

bool terminals_exist(const struct terminals *all, const char *name)
{
	const struct terminal *t = find(all, name);
	struct stat st;

	// the kernel takes the name away before the number is free
	return !t || (!fstat(t->fd, &st) && st.st_nlink);
}

void terminals_close(struct terminals *all)
{
	for (size_t i = 0; i < all->count; i++)
		close(all->list[i].fd);
	free(all->list);
	*all = (struct terminals){0};
}
