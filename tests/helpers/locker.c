// SPDX-License-Identifier: GPL-2.0-or-later
// locker.c: a process with a lock on a file.
//
//	locker [-h] [-s] [-x] flock|fcntl|ofd|lease|open FILE
//
// Locks FILE and prints "ready", or with -x the number of a child that has the descriptor too, and
// ends. "open" only opens it. -s: a shared lock. -h: others of the same user may not look into it.
#include "config.h"

#include "helper.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/prctl.h>

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

int main(int argc, char **argv)
{
	int hidden = 0;
	int shared = 0;
	int hand_down = 0;
	int option;

	while ((option = getopt(argc, argv, "hsx")) != -1) {
		hidden |= option == 'h';
		shared |= option == 's';
		hand_down |= option == 'x';
	}
	if (argc - optind != 2)
		die("two arguments are needed");
	int fd = open(argv[optind + 1], O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0 || lock(fd, argv[optind], shared))
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
