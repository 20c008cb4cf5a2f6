// SPDX-License-Identifier: GPL-2.0-or-later
// connector.c: a process that is connected to a Unix socket.
//
//	connector PATH N
//
// Connects, keeps the connection open as descriptor N, and says "ready".
#include "config.h"

#include "helper.h"

#include <sys/socket.h>
#include <sys/un.h>

int main(int argc, char **argv)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};

	if (argc != 3 || strlen(argv[1]) >= sizeof(a.sun_path)) {
		fprintf(stderr, "usage: connector PATH N\n");
		return 2;
	}
	strcpy(a.sun_path, argv[1]);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0 ||
		dup2(fd, (int)number(argv[2])) < 0)
		die("%s: %s", argv[1], strerror(errno));
	printf("ready\n");
	fflush(stdout);
	for (;;)
		pause();
}
