// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/cgroupdir.h"
#include "handle/kernel.h"

#include <errno.h>
#include <fcntl.h>
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

int cgroupdir_open(const char *path)
{
	// of the unified hierarchy, and beside version 1
	static const char *const mounts[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};

	int fd = open_below(AT_FDCWD, path);
	if (fd >= 0 || *path != '/')
		return fd;
	path += strspn(path, "/");
	for (size_t i = 0; i < sizeof(mounts) / sizeof(*mounts); i++) {
		int mount = open_below(AT_FDCWD, mounts[i]);

		if (mount < 0)
			continue;
		fd = open_below(mount, *path ? path : ".");
		close(mount);
		return fd;
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
