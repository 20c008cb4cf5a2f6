// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "target/fault.h"
#include "target/unixpeer.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { PATIENCE_S = 5 }; // for a listener whose queue is full

static int fill(struct sockaddr_un *to, socklen_t *size, const char *address)
{
	size_t len = strlen(address);

	// a path ends with a NUL, an abstract name does not
	if (len + (*address != '@') > sizeof(to->sun_path))
		return -ENAMETOOLONG;
	*to = (struct sockaddr_un){.sun_family = AF_UNIX};
	memcpy(to->sun_path, address, len);
	if (*address == '@')
		to->sun_path[0] = 0;
	*size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + (*address != '@'));
	return 0;
}

static int connect_as(int type, const struct sockaddr_un *to, socklen_t size)
{
	// without a timeout, connect(2) waits for ever if the queue of the listener is full
	const struct timeval patience = {.tv_sec = PATIENCE_S};
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	// if a signal handler interrupts the connect, try again
	int r = setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	while (!r && (r = connect(fd, (const struct sockaddr *)to, size)) < 0 && errno == EINTR)
		r = 0;
	if (r < 0) {
		// these are about the listener, all others about the path to its socket
		bool listener = errno == ECONNREFUSED || errno == EAGAIN || errno == EPROTOTYPE;

		r = listener ? -errno : fault_of_file(-errno);
		close(fd);
		return r;
	}
	return fd;
}

int unixpeer_open(struct pidref *out, const char *address)
{
	struct sockaddr_un to;
	socklen_t size;
	struct stat st;

	int r = fill(&to, &size, address);
	if (r < 0)
		return r;
	int fd = connect_as(SOCK_STREAM, &to, size);
	// the type of the socket is not known before; a wrong guess gives EPROTOTYPE, or with an
	// abstract name ECONNREFUSED, because each type has its own names
	if (fd == -EPROTOTYPE || (fd == -ECONNREFUSED && *address == '@'))
		fd = connect_as(SOCK_SEQPACKET, &to, size);
	// another kind of file refuses connections as well, or we may not write it
	if (fd < 0 && *address != '@' && !stat(address, &st) && !S_ISSOCK(st.st_mode))
		return -ENOENT;
	if (fd < 0)
		return fd;
	// the peer is the process that last called listen(2) (SO_PEERPIDFD)
	r = pidref_dup_fd(out, fd);
	close(fd);
	return r;
}
