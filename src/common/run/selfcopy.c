// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "run/selfcopy.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x10u
#endif

enum {
	SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE,
	PIECE = 1 << 20,
};

static int make_memory(const char *name)
{
	const unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;

	// before Linux 6.3 the flag is not known, and each such file can be executed
	int fd = memfd_create(name, flags | MFD_EXEC);
	if (fd < 0 && errno == EINVAL)
		fd = memfd_create(name, flags);
	return fd < 0 ? -errno : fd;
}

static int fill(int to, int from)
{
	ssize_t n;

	do
		n = sendfile(to, from, NULL, PIECE);
	while (n > 0);
	return n < 0 || fcntl(to, F_ADD_SEALS, SEALS) < 0 ? -errno : 0;
}

int selfcopy(char *const argv[], const char *name)
{
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	if (from < 0)
		return -errno;
	// a file of a file system has no seals
	if (fcntl(from, F_GET_SEALS) == SEALS) {
		close(from);
		// the name was that of a descriptor
		prctl(PR_SET_NAME, name);
		return 0;
	}
	int to = make_memory(name);
	int r = to < 0 ? to : fill(to, from);
	if (!r) {
		fexecve(to, argv, environ);
		r = -errno;
	}
	close(from);
	if (to >= 0)
		close(to);
	return r;
}
