// SPDX-License-Identifier: GPL-2.0-or-later
// server.c: a process that waits for peers on a port, or is the peer of one.
//
//	server [-u] [-o] [-r] [-m] [-h] [-x] [-t] [-w COUNT] ADDRESS [PORT]
//	server -c [-u] [-p] ADDRESS PORT
//
// Listens on ADDRESS, IPv4 or IPv6, and PORT (0 or none: any), and prints "ready PORT" and the
// numbers of its COUNT workers, which hold the socket too. -u: UDP. -o: no IPv4 peers on an IPv6
// socket. -r: SO_REUSEPORT. -m: MPTCP. -h: others of the same user may not look into it. -x: ends
// when its worker is there. -t: its first thread ends. -c: connects instead and prints "ready" and
// its own port; -p: bound to PORT + 1.
#include "config.h"

#include "helper.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

struct options {
	int udp, only6, reuse, mptcp, hidden, hand_down, threaded, client, bound;
	long workers;
};

static const int on = 1;

static void *rest(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static socklen_t read_address(struct sockaddr_storage *to, const char *address, long port)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)to;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)to;

	memset(to, 0, sizeof(*to));
	if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons((uint16_t)port);
		return sizeof(*v4);
	}
	if (inet_pton(AF_INET6, address, &v6->sin6_addr) != 1)
		die("'%s' is no address", address);
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons((uint16_t)port);
	return sizeof(*v6);
}

static int own_port(int fd)
{
	struct sockaddr_in6 own = {0};
	socklen_t size = sizeof(own);

	if (getsockname(fd, (struct sockaddr *)&own, &size) < 0)
		die("getsockname: %s", strerror(errno));
	// the port stands at the same place in an IPv4 address
	return ntohs(own.sin6_port);
}

static int make_socket(const struct options *o, const struct sockaddr_storage *at, socklen_t size)
{
	int fd = socket(at->ss_family, o->udp ? SOCK_DGRAM : SOCK_STREAM,
		o->mptcp ? 262 /* IPPROTO_MPTCP */ : 0);

	if (fd < 0)
		die("socket: %s", strerror(errno));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (at->ss_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &o->only6, sizeof(o->only6));
	if (o->reuse)
		setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	if ((!o->client || o->bound) && bind(fd, (const struct sockaddr *)at, size) < 0)
		die("bind: %s", strerror(errno));
	return fd;
}

static void be_client(const struct options *o, const char *address, long port)
{
	struct sockaddr_storage at;
	socklen_t size = read_address(&at, address, port + 1);
	int fd = make_socket(o, &at, size);

	size = read_address(&at, address, port);
	if (connect(fd, (struct sockaddr *)&at, size) < 0)
		die("connect: %s", strerror(errno));
	printf("ready %d\n", own_port(fd));
	fflush(stdout);
	rest(NULL);
}

static void start_worker(void)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, 0);
		rest(NULL);
	}
	printf(" %d", (int)pid);
}

static void be_server(const struct options *o, const char *address, long port)
{
	struct sockaddr_storage at;
	socklen_t size = read_address(&at, address, port);
	int fd = make_socket(o, &at, size);

	if (!o->udp && listen(fd, 64) < 0)
		die("listen: %s", strerror(errno));
	if (o->hidden)
		prctl(PR_SET_DUMPABLE, 0);
	printf("ready %d", own_port(fd));
	fflush(stdout);
	for (long i = 0; i < o->workers; i++)
		start_worker();
	printf("\n");
	fflush(stdout);
	if (o->hand_down)
		exit(0);
	if (o->threaded) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, rest, NULL))
			die("no thread");
		// of this thread alone
		syscall(SYS_exit, 0);
	}
	rest(NULL);
}

int main(int argc, char **argv)
{
	struct options o = {0};
	int option;

	signal(SIGPIPE, SIG_IGN);
	while ((option = getopt(argc, argv, "cumorhxtpw:")) != -1) {
		o.client |= option == 'c';
		o.udp |= option == 'u';
		o.mptcp |= option == 'm';
		o.only6 |= option == 'o';
		o.reuse |= option == 'r';
		o.hidden |= option == 'h';
		o.hand_down |= option == 'x';
		o.threaded |= option == 't';
		o.bound |= option == 'p';
		if (option == 'w')
			o.workers = number(optarg);
		if (option == '?')
			return 2;
	}
	if (o.hand_down && !o.workers)
		o.workers = 1;
	if (optind >= argc)
		die("no address");
	long port = optind + 1 < argc ? number(argv[optind + 1]) : 0;
	if (o.client)
		be_client(&o, argv[optind], port);
	else
		be_server(&o, argv[optind], port);
	return 0;
}
