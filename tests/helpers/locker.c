// SPDX-License-Identifier: GPL-2.0-or-later
// locker.c: a process with a lock on a file.
//
//	locker [-h] [-m] [-q] [-s] [-x] flock|fcntl|ofd|lease|open FILE
//
// Locks FILE and prints "ready", or with -x the number of a child that has the descriptor too, and
// ends. "open" only opens it. -s: a shared lock. -h: others of the same user may not look into it.
// -m: the file is mapped, and -q: the descriptor is in the queue of a socket; then it is closed.
#include "config.h"

#include "helper.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

static int lock(int fd, const char *kind, int shared)
{
	struct flock range = {.l_type = (short)(shared ? F_RDLCK : F_WRLCK)};

	if (!strcmp(kind, "flock"))
		return flock(fd, shared ? LOCK_SH : LOCK_EX);
	if (!strcmp(kind, "fcntl"))
		return fcntl(fd, F_SETLK, &range);
	if (!strcmp(kind, "ofd"))
		return fcntl(fd, F_OFD_SETLK, &range);
	if (!strcmp(kind, "lease"))
		return fcntl(fd, F_SETLEASE, F_WRLCK);
	return strcmp(kind, "open");
}

static int queue(int fd)
{
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr head;
	} control = {.head = {.cmsg_len = CMSG_LEN(sizeof(int)),
			     .cmsg_level = SOL_SOCKET,
			     .cmsg_type = SCM_RIGHTS}};
	struct iovec text = {.iov_base = (char[]){"x"}, .iov_len = 1};
	const struct msghdr message = {.msg_iov = &text,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control)};
	int ends[2];

	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -1;
	return sendmsg(ends[0], &message, 0) < 0 ? -1 : close(fd);
}

static int map(int fd)
{
	void *at = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);

	return at == MAP_FAILED ? -1 : close(fd);
}

int main(int argc, char **argv)
{
	int hidden = 0;
	int shared = 0;
	int hand_down = 0;
	int (*put_away)(int) = NULL;
	int option;

	while ((option = getopt(argc, argv, "hmqsx")) != -1) {
		hidden |= option == 'h';
		shared |= option == 's';
		hand_down |= option == 'x';
		if (option == 'm' || option == 'q')
			put_away = option == 'm' ? map : queue;
	}
	if (argc - optind != 2)
		die("two arguments are needed");
	int fd = open(argv[optind + 1], O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0 || lock(fd, argv[optind], shared))
		die("%s: %s", argv[optind + 1], strerror(errno));
	if (put_away && put_away(fd) < 0)
		die("%s: %s", argv[optind + 1], strerror(errno));
	if (hidden)
		prctl(PR_SET_DUMPABLE, 0);
	pid_t pid = hand_down ? fork() : 0;
	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (pid)
		printf("%d\n", (int)pid);
	else if (!hand_down)
		printf("ready\n");
	fflush(stdout);
	if (pid)
		return 0;
	for (;;)
		pause();
}
