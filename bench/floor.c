// SPDX-License-Identifier: GPL-2.0-or-later
// floor.c: the bare loops that what we measure is held against.
//
//	floor comm|cmdline|stat|status   list /proc; open, read, close that file of every process
//	floor signal PID...              pidfd_open, pidfd_send_signal 0, close for each
//	floor kill PID                   kill(2), and that is all
//	floor wait PID...                pidfd_open, epoll_ctl for each, epoll_wait for all
//
// The others print how many processes they saw, so that a comparison can check that both did the
// work.
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

static size_t read_file(int proc, const char *pid, const char *file)
{
	static char buf[1 << 17];
	char path[64];
	size_t bytes = 0;
	ssize_t n;

	snprintf(path, sizeof(path), "%s/%s", pid, file);
	int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	// cmdline needs a second read to see its end where it fills the buffer; so do we all
	n = read(fd, buf, sizeof(buf));
	if (n > 0)
		bytes = (size_t)n;
	close(fd);
	return bytes;
}

static size_t scan(const char *file)
{
	static char room[1 << 15];
	size_t seen = 0;
	long n;
	int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	while (proc >= 0 && (n = syscall(SYS_getdents64, proc, room, sizeof(room))) > 0) {
		for (long at = 0; at < n;) {
			unsigned short length;
			const char *name = room + at + 19;

			memcpy(&length, room + at + 16, sizeof(length));
			at += length;
			if (*name >= '1' && *name <= '9') {
				read_file(proc, name, file);
				seen++;
			}
		}
	}
	return seen;
}

static size_t ask(char **pids, int count)
{
	size_t seen = 0;

	for (int i = 0; i < count; i++) {
		long fd = syscall(434, atoi(pids[i]), 0);

		if (fd < 0)
			continue;
		seen += !syscall(424, fd, 0, NULL, 0);
		close((int)fd);
	}
	return seen;
}

static int wait_for(char **pids, int count)
{
	struct epoll_event events[256];
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	int left = 0;

	for (int i = 0; i < count; i++) {
		long fd = syscall(434, atoi(pids[i]), 0);
		struct epoll_event event = {.events = EPOLLIN, .data.fd = (int)fd};

		if (fd >= 0 && !epoll_ctl(epoll, EPOLL_CTL_ADD, (int)fd, &event))
			left++;
		else
			return 1;
	}
	while (left > 0) {
		int n = epoll_wait(epoll, events, 256, -1);

		for (int i = 0; i < n; i++, left--)
			epoll_ctl(epoll, EPOLL_CTL_DEL, events[i].data.fd, NULL);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr,
			"usage: floor comm|cmdline|stat|status | floor signal|kill|wait PID...\n");
		return 2;
	}
	if (!strcmp(argv[1], "kill"))
		return argc < 3 || kill(atoi(argv[2]), SIGCONT) < 0;
	if (!strcmp(argv[1], "wait"))
		return wait_for(argv + 2, argc - 2);
	printf("%zu\n", !strcmp(argv[1], "signal") ? ask(argv + 2, argc - 2) : scan(argv[1]));
	return 0;
}
