// SPDX-License-Identifier: GPL-2.0-or-later
// listener.c: a process behind a Unix socket.
//
//	listener [-d] [-p | -s] ADDRESS [WORD]
//
// Listens on ADDRESS (a path, or "@NAME") and says "ready". -d: a datagram socket, which cannot
// listen. -p: binds the socket in this process, and leaves the listening to a child, whose number
// it prints instead of "ready": the listener is not always the one that made the socket. -s: prints
// the number of a sleep that has the listening socket too. WORD only stands in the command line.
#include "config.h"

#include "helper.h"

#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>

static void serve(int fd, int datagram)
{
	if (!datagram && listen(fd, 16) < 0)
		die("listen: %s", strerror(errno));
	for (;;)
		if (datagram || accept(fd, NULL, NULL) < 0)
			pause();
}

// Print the number of a child, which inherits the socket and runs another program.
static void print_child(void)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execlp("sleep", "sleep", "1000", NULL);
		_exit(127);
	}
	printf("%d\n", (int)pid);
}

int main(int argc, char **argv)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int datagram = 0;
	int hand_down = 0;
	int share = 0;
	int option;

	while ((option = getopt(argc, argv, "+dps")) != -1) {
		share |= option == 's';
		datagram |= option == 'd';
		hand_down |= option == 'p';
	}
	if (optind == argc || strlen(argv[optind]) >= sizeof(a.sun_path)) {
		fprintf(stderr, "usage: listener [-d] [-p | -s] ADDRESS [WORD]\n");
		return 2;
	}
	size_t len = strlen(argv[optind]);
	memcpy(a.sun_path, argv[optind], len);
	if (*a.sun_path == '@')
		*a.sun_path = 0;
	int fd = socket(AF_UNIX, datagram ? SOCK_DGRAM : SOCK_STREAM, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&a,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) < 0)
		die("%s: %s", argv[optind], strerror(errno));
	if (!hand_down) {
		if (!datagram && listen(fd, 16) < 0)
			die("listen: %s", strerror(errno));
		if (share)
			print_child();
		else
			printf("ready\n");
		fflush(stdout);
		serve(fd, datagram);
	}
	int ends[2];
	char byte;
	if (pipe(ends) < 0)
		die("pipe: %s", strerror(errno));
	pid_t pid = fork();
	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (listen(fd, 16) < 0)
			die("listen: %s", strerror(errno));
		close(ends[0]);
		close(ends[1]);
		serve(fd, datagram);
	}
	close(ends[1]);
	if (read(ends[0], &byte, 1) != 0)
		return 1;
	printf("%d\n", (int)pid);
	fflush(stdout);
	for (;;)
		pause();
}
