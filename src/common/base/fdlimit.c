// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/fdlimit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

int fdlimit_raise(struct rlimit *before)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return -errno;
	*before = limit;
	limit.rlim_cur = limit.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &limit) < 0 ? -errno : 0;
}

int fdlimit_restore(const struct rlimit *before)
{
	return setrlimit(RLIMIT_NOFILE, before) < 0 ? -errno : 0;
}

// How many descriptors are open now. Usually few: those of a shell, and some that a parent left
// open.
static size_t count_open(size_t below)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t count = 0;

	if (dir) {
		while (readdir(dir))
			count++;
		closedir(dir);
		return count > 3 ? count - 3 : 0; // . and .. and the directory itself
	}
	// without /proc: ask the kernel for each number
	for (size_t fd = 0; fd < below && fd < 65536; fd++)
		count += fcntl((int)fd, F_GETFD) >= 0;
	return count;
}

size_t fdlimit_room(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return 0;
	size_t below = limit.rlim_cur < SIZE_MAX ? (size_t)limit.rlim_cur : SIZE_MAX;
	size_t open = count_open(below);
	return below > open ? below - open : 0;
}

int fdlimit_reserve(size_t need, size_t *allowed)
{
	struct rlimit before;

	if (fdlimit_room() >= need)
		return 0;
	fdlimit_raise(&before);
	size_t room = fdlimit_room();
	if (room >= need)
		return 0;
	*allowed = room;
	return -EMFILE;
}
