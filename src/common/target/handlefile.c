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
#include <sys/xattr.h>
#include <unistd.h>

static int write_line(int fd, const char *line)
{
	size_t left = strlen(line);

	while (left) {
		ssize_t n = write(fd, line, left);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			line += n;
			left -= (size_t)n;
		}
	}
	return 0;
}

static int write_and_close(int fd, const char *line)
{
	if (fd < 0)
		return -errno;
	int r = write_line(fd, line);
	// some file systems report a failed write only here
	if (close(fd) < 0 && !r)
		r = -errno;
	return r;
}

static int append(const char *path, int flags, const char *line)
{
	return write_and_close(
		open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY | flags), line);
}

// Write the whole handle before cutting off the rest of the old contents.
static int overwrite(int fd, const char *line)
{
	int r = write_line(fd, line);

	return !r && ftruncate(fd, (off_t)strlen(line)) < 0 ? -errno : r;
}

// mkstemp makes the file for its owner alone; give it the mode of open(2) and the umask
static int open_up(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	return fchmod(fd, 0666 & ~mask) < 0 ? -errno : 0;
}

// Make a new file beside `path` with the mode and owner of *old (NULL: as for any new file), and
// rename it to `path`. 1: the owner cannot be kept, and nothing was changed.
static int replace(const char *path, const struct stat *old, const char *line)
{
	size_t room = strlen(path) + sizeof(".XXXXXX");
	char *temporary = malloc(room);

	if (!temporary)
		return -ENOMEM;
	snprintf(temporary, room, "%s.XXXXXX", path);
	// in the same folder, because rename(2) works only within one file system
	int fd = mkostemp(temporary, O_CLOEXEC);
	int r = fd < 0 ? -errno : 0;
	if (!r && !old)
		r = open_up(fd);
	// change the owner first: that clears the set-ID bits
	if (!r && old &&
		(fchown(fd, old->st_uid, old->st_gid) < 0 || fchmod(fd, old->st_mode & 07777) < 0))
		r = 1;
	if (!r)
		r = write_line(fd, line);
	if (fd >= 0 && close(fd) < 0 && !r)
		r = -errno;
	if (!r && rename(temporary, path) < 0)
		r = -errno;
	if (r && fd >= 0)
		unlink(temporary);
	free(temporary);
	return r;
}

static bool has_acl(int fd)
{
	return fgetxattr(fd, "system.posix_acl_access", NULL, 0) > 0;
}

// O_CREAT makes the kernel apply its protection against links and files that other users put into a
// shared folder (fs.protected_symlinks, protected_regular).
static int put(const char *path, const char *line)
{
	struct stat named;
	struct stat st;
	int r = 1;

	// lstat, because only what is named directly may be replaced: a link stays, and its file is
	// written
	bool there = !lstat(path, &named);
	if (!there && errno == ENOENT)
		return replace(path, NULL, line);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		r = -errno;
	else if (!S_ISREG(st.st_mode))
		r = -EACCES;
	else if (there && st.st_dev == named.st_dev && st.st_ino == named.st_ino && !has_acl(fd))
		r = replace(path, &st, line);
	if (r == 1)
		r = overwrite(fd, line);
	close(fd);
	return r;
}

// Open a FIFO through the descriptor that was checked: by its path, another file could be opened.
static int append_to_fifo(int fd, const struct stat *st, const char *line)
{
	char path[32];

	// in a shared folder, it may be there to catch the handle
	if (st->st_uid && st->st_uid != geteuid())
		return -EACCES;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	int r = append(path, O_NONBLOCK, line);
	return r == -ENXIO ? -EAGAIN : r;
}

// /dev/stderr and /proc/self/fd/3 may lead to a regular file, but must never be replaced by one.
static bool is_descriptor(const char *path)
{
	return !strncmp(path, "/dev/fd/", 8) || !strncmp(path, "/dev/std", 8) ||
	       !strncmp(path, "/proc/", 6);
}

static int write_to(const char *path, const char *line)
{
	struct stat st;

	if (is_descriptor(path))
		return append(path, 0, line);
	// O_PATH looks at the file without opening it, so a FIFO does not block here
	int fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? put(path, line) : -errno;
	int r = fstat(fd, &st) < 0 ? -errno : 0;
	if (!r && S_ISFIFO(st.st_mode))
		r = append_to_fifo(fd, &st, line);
	else if (!r)
		r = S_ISCHR(st.st_mode) ? append(path, 0, line) : put(path, line);
	close(fd);
	return r;
}

int handlefile_write(const char *path, struct pidref *ref)
{
	char handle[TARGET_STRMAX];
	char line[TARGET_STRMAX + 2];

	int r = target_format_boot(handle, ref);
	if (r < 0)
		return r;
	snprintf(line, sizeof(line), "%s\n", handle);
	return write_to(path, line);
}

const char *handlefile_problem(int error)
{
	switch (error) {
	case -EOPNOTSUPP:
		return "handles need Linux 6.9";
	case -FAULT_NO_BOOT:
		return target_problem(error);
	default:
		return strerror(-error);
	}
}
