// SPDX-License-Identifier: GPL-2.0-or-later
// populate.c: a population of sleeping processes as on a busy server.
//
//	populate COUNT [UIDS]
//
// Starts COUNT children with the names and command lines of a server; one in 1,000 and the last are
// called "needle", each in a session of its own. As root they belong to UIDS different users
// (default 1: no user is changed). Prints "ready PORT" when all have started, listens on that TCP
// port, and keeps them until standard input ends; then all end with it, also when it is killed.
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
	const char *name, *arguments;
} kinds[] = {
	{"postgres", "orders 10.0.0.%d(5%04d) idle in transaction"},
	{"nginx", "worker process %d slot %d"},
	{"java", "-Xms4g -Xmx4g -XX:+UseG1GC -Dnode.id=%d -Dport=%d -cp "
		 "/opt/app/lib/app-core.jar:/opt/app/lib/netty-all.jar:/opt/app/lib/jackson.jar:"
		 "/opt/app/lib/guava.jar com.example.server.Main --config /etc/app/server.yaml"},
	{"php-fpm8.2", "pool www %d request %d"},
	{"python3", "/srv/worker/run.py --queue mail-%d --shard %d --log-level info"},
	{"sshd", "user%d@pts/%d"},
	{"kworker-like", "%d:%d-events"},
	{"containerd-shim-runc-v2", "-namespace moby -id 4f%02d%04d -address /run/containerd.sock"},
	{"bash", "--login %d %d"},
	{"redis-server", "127.0.0.%d:6%04d"},
};

enum { KINDS = sizeof(kinds) / sizeof(*kinds), RARE = 1000 };

// What a child becomes: the same binary under another name, asleep.
static noreturn void sleeper(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	printf("x");
	fflush(stdout);
	fclose(stdout);
	for (;;)
		pause();
}

static void become(const char *self, int i, bool rare, int users)
{
	char arguments[512];
	const char *name = rare ? "needle" : kinds[i % KINDS].name;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(arguments, sizeof(arguments), kinds[i % KINDS].arguments, i % 100, i % 10000);
#pragma GCC diagnostic pop
	if (!geteuid() && users > 1 && i % users && setuid((uid_t)(20000 + i % users)) < 0)
		_exit(1);
	prctl(PR_SET_NAME, name);
	if (rare)
		setsid();
	char *argv[] = {strdup(name), strdup("--populate-sleeper"), strdup(arguments), NULL};
	execv(self, argv);
	_exit(1);
}

// Listen on any port of this machine; 0: no network.
static int take_port(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (struct sockaddr *)&at, size) < 0 || listen(fd, 1) < 0 ||
		getsockname(fd, (struct sockaddr *)&at, &size) < 0)
		return 0;
	return ntohs(at.sin_port);
}

int main(int argc, char **argv)
{
	char self[4096];
	char byte;
	int ends[2];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (argc > 1 && !strcmp(argv[1], "--populate-sleeper")) {
		prctl(PR_SET_NAME, argv[0]);
		sleeper();
	}
	if (argc < 2 || n < 0 || pipe(ends) < 0) {
		fprintf(stderr, "usage: populate COUNT [UIDS]\n");
		return 2;
	}
	self[n] = 0;
	int count = atoi(argv[1]);
	int users = argc > 2 ? atoi(argv[2]) : 1;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (int i = 0; i < count; i++) {
		pid_t pid = fork();

		if (!pid) {
			dup2(ends[1], STDOUT_FILENO);
			close(ends[0]);
			close(ends[1]);
			close(STDIN_FILENO);
			become(self, i, i % RARE == RARE - 1 || i == count - 1, users);
		}
		if (pid < 0) {
			fprintf(stderr, "populate: %d of %d: %s\n", i, count, strerror(errno));
			return 1;
		}
	}
	close(ends[1]);
	for (int i = 0; i < count; i++) {
		if (read(ends[0], &byte, 1) != 1) {
			fprintf(stderr, "populate: a child did not start\n");
			return 1;
		}
	}
	printf("ready %d\n", take_port());
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	return 0;
}
