// SPDX-License-Identifier: GPL-2.0-or-later
// pidfacts inode PID: print the pidfs inode of a process, the part behind the colon of
// PID:INODE; fails before Linux 6.9.
// pidfacts calls: print what the pidfd calls answer when used on ourselves, "CALL ERROR" a
// line; ERROR is 0 or the number of an errno.
// pidfacts rtmin: print the number of SIGRTMIN, in which the C libraries differ.
// pidfacts as N PID COMMAND...: run COMMAND with a pidfd of PID as its descriptor N.
// pidfacts bare SIGNAL PID...: the three bare calls that signalling each PID takes. Talks to the
// kernel by itself, so tests of our programs need not believe them.
#include "config.h"

#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>

#include "helper.h"

enum { PIDFD_SEND_SIGNAL = 424, PIDFD_OPEN = 434, THREAD = 0x80 };

static int pidfd_open_flags(pid_t pid, unsigned flags)
{
	return (int)syscall(PIDFD_OPEN, pid, flags);
}

static void answer(const char *call, long result)
{
	printf("%s %d\n", call, result < 0 ? errno : 0);
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "inode") == 0) {
		struct stat status;
		struct statfs fs;
		int fd = pidfd_open_flags((pid_t)number(argv[2]), 0);

		if (fd < 0 || fstat(fd, &status) < 0 || fstatfs(fd, &fs) < 0)
			die("%s: %s", argv[2], strerror(errno));
		if ((unsigned long)fs.f_type != 0x50494446)
			die("this kernel has no pidfs");
		printf("%ju\n", (uintmax_t)status.st_ino);
		return 0;
	}
	if (argc == 2 && strcmp(argv[1], "rtmin") == 0) {
		printf("%d\n", SIGRTMIN);
		return 0;
	}
	if (argc > 4 && strcmp(argv[1], "as") == 0) {
		int fd = pidfd_open_flags((pid_t)number(argv[3]), 0);

		// the copy is not close-on-exec
		if (fd < 0 || dup2(fd, (int)number(argv[2])) < 0)
			die("%s: %s", argv[3], strerror(errno));
		execvp(argv[4], argv + 4);
		die("%s: %s", argv[4], strerror(errno));
	}
	if (argc > 2 && strcmp(argv[1], "bare") == 0) {
		for (int i = 3; i < argc; i++) {
			int fd = pidfd_open_flags((pid_t)number(argv[i]), 0);

			if (fd < 0 || syscall(PIDFD_SEND_SIGNAL, fd, number(argv[2]), NULL, 0) < 0)
				die("%s: %s", argv[i], strerror(errno));
			close(fd);
		}
		return 0;
	}
	if (argc != 2 || strcmp(argv[1], "calls") != 0)
		die("usage: pidfacts inode PID | rtmin | as N PID COMMAND... | bare SIGNAL PID... | "
		    "calls");
	uint64_t info[8] = {1};
	int fd = pidfd_open_flags(getpid(), 0);
	answer("pidfd_open", fd);
	answer("thread", pidfd_open_flags(getpid(), THREAD));
	// not ioctl(3): the C libraries disagree about the type of its request
	answer("getinfo",
		syscall(SYS_ioctl, fd, _IOC(_IOC_READ | _IOC_WRITE, 0xff, 11, sizeof(info)), info));
	answer("pidfd_send_signal", syscall(PIDFD_SEND_SIGNAL, fd, 0, NULL, 0));
	answer("signal-flags", syscall(PIDFD_SEND_SIGNAL, fd, 0, NULL, 2));
	return 0;
}
