// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/cleanup.h"
#include "handle/cgroupdir.h"
#include "handle/cgrouptext.h"
#include "handle/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

static int open_below(int dirfd, const char *path)
{
	struct statfs fs;

	int fd = openat(dirfd, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!fstatfs(fd, &fs) && fs.f_type == KERNEL_CGROUP2_MAGIC)
		return fd;
	close(fd);
	return -ENOENT;
}

// The text of our mountinfo, or without /proc one with the usual mounts: of cgroup v2 alone, and
// beside version 1.
static int read_mounts(struct buffer *text)
{
	static const char usual[] = "0 0 0:0 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
				    "0 0 0:0 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";

	int r = buffer_read_file(text, AT_FDCWD, "/proc/self/mountinfo");
	if (r != -ENOENT && r != -EACCES)
		return r;
	r = buffer_reserve(text, sizeof(usual));
	if (!r)
		memcpy(text->data, usual, sizeof(usual));
	return r;
}

// Open `path` below one mount. -ENOENT: it is not there.
static int open_in(const struct cgroupmount *m, const char *path)
{
	const char *below = cgroupmount_below(m, path);
	int mount = below ? open_below(AT_FDCWD, m->point) : -ENOENT;

	if (mount < 0)
		return mount;
	int fd = open_below(mount, below);
	close(mount);
	return fd;
}

int cgroupdir_open(const char *path)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	struct cgroupmount m;

	int fd = open_below(AT_FDCWD, path);
	if (fd >= 0 || *path != '/')
		return fd;
	int r = read_mounts(&text);
	if (r < 0)
		return r;
	fd = -ENODEV;
	for (char *at = text.data; fd < 0 && cgroupmount_next(&at, &m);) {
		int problem = fd;

		fd = open_in(&m, path);
		// an error that says more than "not there" is kept
		if (fd == -ENOENT && problem != -ENODEV)
			fd = problem;
	}
	return fd;
}

int cgroupdir_open_top(struct buffer *path)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	struct cgroupmount m;
	size_t shortest = SIZE_MAX;
	int fd = -ENODEV;

	int r = read_mounts(&text);
	if (r < 0)
		return r;
	for (char *at = text.data; cgroupmount_next(&at, &m);) {
		size_t len = strcmp(m.root, "/") != 0 ? strlen(m.root) : 0;
		int found = len < shortest ? open_below(AT_FDCWD, m.point) : -ENOENT;

		if (found < 0)
			continue;
		if (fd >= 0)
			close(fd);
		fd = found;
		shortest = len;
		r = buffer_reserve(path, len);
		if (r < 0) {
			close(fd);
			return r;
		}
		memcpy(path->data, m.root, len);
		path->data[len] = 0;
		path->len = len;
	}
	return fd;
}

const char *cgroupdir_problem(int error)
{
	switch (error) {
	case -ENOENT:
	case -ENODEV:
		return "no such cgroup (v2)";
	case -EACCES:
	case -EPERM:
		return "no right to start a process in that cgroup";
	case -EBUSY:
		return "that cgroup hands its controllers on, it can have no processes of its own";
	case -EOPNOTSUPP:
		return "that cgroup is threaded or invalid, it takes no processes";
	default:
		return strerror(-error);
	}
}
