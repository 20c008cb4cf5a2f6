// SPDX-License-Identifier: GPL-2.0-or-later
// valgrind.so: preloaded by tools/sweep into a program that runs under valgrind, which answers
// ENOSYS to the calls about pidfds that it does not know (3.19: all of them).
//
// Such a call is made by the process that listens on the Unix socket $PFD_BROKER; descriptors go
// there and back with the messages.
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { SEND_SIGNAL = 424, OPEN = 434, GETFD = 438, MRELEASE = 448, INFO_SIZE = 128 };

struct request {
	int64_t call, number, flags, has_info;
	char info[INFO_SIZE];
};

static int connected(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const char *path = getenv("PFD_BROKER");
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	strncpy(address.sun_path, path ? path : "", sizeof(address.sun_path) - 1);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static long brokered(struct request *request, int pidfd)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec data = {request, sizeof(*request)};
	struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};
	int64_t answer = -EIO;
	int fd = connected();

	memset(&control, 0, sizeof(control));
	control.header = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
	memcpy(CMSG_DATA(&control.header), &pidfd, sizeof(pidfd));
	if (pidfd >= 0)
		message.msg_control = &control, message.msg_controllen = sizeof(control);
	if (sendmsg(fd, &message, MSG_NOSIGNAL) < 0) {
		answer = -errno;
	} else {
		data = (struct iovec){&answer, sizeof(answer)};
		message.msg_control = &control, message.msg_controllen = sizeof(control);
		if (recvmsg(fd, &message, MSG_CMSG_CLOEXEC) < 0)
			answer = -errno;
	}
	close(fd);
	if (answer < 0) {
		errno = (int)-answer;
		return -1;
	}
	if (message.msg_controllen) {
		memcpy(&pidfd, CMSG_DATA(&control.header), sizeof(pidfd));
		return pidfd;
	}
	return answer;
}

long syscall(long sysno, ...)
{
	long a[6];
	va_list list;

	va_start(list, sysno);
	for (size_t i = 0; i < 6; i++)
		a[i] = va_arg(list, long);
	va_end(list);

	struct request request = {.call = sysno, .number = (int)a[sysno != OPEN]};
	switch (sysno) {
	case OPEN:
		request.flags = (unsigned)a[1];
		return brokered(&request, -1);
	case SEND_SIGNAL:
		request.flags = (unsigned)a[3];
		request.has_info = a[2] != 0;
		if (a[2])
			memcpy(request.info, (void *)a[2], INFO_SIZE);
		return brokered(&request, (int)a[0]);
	case GETFD:
	case MRELEASE:
		return brokered(&request, (int)a[0]);
	}
	long (*real)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");

	return real(sysno, a[0], a[1], a[2], a[3], a[4], a[5]);
}
