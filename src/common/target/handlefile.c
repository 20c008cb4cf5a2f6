// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "target/handlefile.h"
#include "target/target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_line(int fd, const char *line)
{
	size_t len = strlen(line);
	ssize_t n;

	do
		n = write(fd, line, len);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : (size_t)n < len ? -ENOSPC : 0;
}

static int write_through(const char *path, const char *line)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return -errno;
	int r = write_line(fd, line);
	close(fd);
	return r;
}

// mkstemp makes it for the owner alone; give it what open(2) would have
static int open_up(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	return fchmod(fd, 0666 & ~mask) < 0 ? -errno : 0;
}

static int replace(const char *path, char *temporary, const char *line)
{
	int fd = mkostemp(temporary, O_CLOEXEC);

	if (fd < 0)
		return -errno;
	int r = write_line(fd, line);
	if (!r)
		r = open_up(fd);
	if (close(fd) < 0 && !r)
		r = -errno;
	if (!r && rename(temporary, path) < 0)
		r = -errno;
	if (r < 0)
		unlink(temporary);
	return r;
}

// /dev/stderr and /proc/self/fd/3 may lead to a regular file, but are never to be replaced by one.
static bool is_regular(const char *path)
{
	struct stat st;

	if (!strncmp(path, "/dev/fd/", 8) || !strncmp(path, "/dev/std", 8) ||
		!strncmp(path, "/proc/", 6))
		return false;
	return stat(path, &st) < 0 || S_ISREG(st.st_mode);
}

// Behind a symbolic link the file is replaced, not the link.
static int replace_behind(const char *path, const char *line)
{
	char *real = realpath(path, NULL);
	const char *name = real ? real : path;
	size_t room = strlen(name) + sizeof(".XXXXXX");
	char *temporary = malloc(room);
	int r = -ENOMEM;

	if (temporary) {
		snprintf(temporary, room, "%s.XXXXXX", name);
		r = replace(name, temporary, line);
	}
	free(temporary);
	free(real);
	return r;
}

int handlefile_write(const char *path, struct pidref *ref)
{
	char handle[TARGET_STRMAX];
	char line[TARGET_STRMAX + 2];

	int r = pidref_learn_inode(ref);
	if (r < 0)
		return r;
	snprintf(line, sizeof(line), "%s\n", target_format(handle, ref));
	return is_regular(path) ? replace_behind(path, line) : write_through(path, line);
}
