// SPDX-License-Identifier: GPL-2.0-or-later
// sockets.c: unit tests of port.h, sockdiag.h and lock.h.
#include "config.h"

#include "check.h"
#include "handle/sockdiag.h"
#include "target/lock.h"
#include "target/port.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static void an_address_is_the_one_that_the_socket_is_bound_to(void)
{
	static const struct {
		const char *port;
		int family;
		const char *address;
		bool only6, match;
	} rows[] = {
		{"80", AF_INET, "0.0.0.0", false, true},
		{"80", AF_INET6, "::1", true, true},
		{"127.0.0.1:80", AF_INET, "127.0.0.1", false, true},
		{"127.0.0.1:80", AF_INET, "0.0.0.0", false, false},
		{"127.0.0.1:80", AF_INET, "127.0.0.2", false, false},
		{"127.0.0.1:80", AF_INET6, "::ffff:127.0.0.1", false, true},
		{"[::ffff:127.0.0.1]:80", AF_INET, "127.0.0.1", false, true},
		{"[::ffff:127.0.0.1]:80", AF_INET6, "::ffff:127.0.0.1", false, true},
		{"[::127.0.0.1]:80", AF_INET, "127.0.0.1", false, false},
		{"127.0.0.1:80", AF_INET6, "::127.0.0.1", false, false},
		{"0.0.0.0:80", AF_INET, "0.0.0.0", false, true},
		{"0.0.0.0:80", AF_INET6, "::", false, true},
		{"0.0.0.0:80", AF_INET6, "::", true, false},
		{"0.0.0.0:80", AF_INET, "127.0.0.1", false, false},
		{"[::]:80", AF_INET6, "::", false, true},
		{"[::]:80", AF_INET6, "::", true, true},
		{"[::]:80", AF_INET, "0.0.0.0", false, false},
		{"[::]:80", AF_INET6, "::1", false, false},
		{"[::1]:80", AF_INET6, "::1", false, true},
		{"[::1]:80", AF_INET6, "::", false, false},
		// its first 4 bytes are those of 127.0.0.1
		{"127.0.0.1:80", AF_INET6, "7f00:1::", false, false},
		{"[7f00:1::]:80", AF_INET, "127.0.0.1", false, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sock sock = {.family = rows[i].family, .only6 = rows[i].only6, .port = 80};
		const char *why = NULL;
		struct port port;

		check_row = rows[i].port;
		CHECK_INT(port_parse(&port, rows[i].port, &why), 0);
		CHECK_INT(port.number, 80);
		CHECK_INT(inet_pton(sock.family, rows[i].address, sock.address), 1);
		CHECK_INT(port_matches(&port, &sock), rows[i].match);
	}
}

static void only_a_star_means_all_addresses(void)
{
	static const struct {
		const char *port, *why;
	} rows[] = {
		{"*:80", "for all addresses, leave the address out, as in tcp:8080"},
		{"1:80", "an ADDRESS must be a number, as in tcp:127.0.0.1:8080"},
		{"*x:80", "an ADDRESS must be a number, as in tcp:127.0.0.1:8080"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *why = NULL;
		struct port port;

		check_row = rows[i].port;
		CHECK_INT(port_parse(&port, rows[i].port, &why), -EINVAL);
		CHECK_STR(why, rows[i].why);
	}
}

// A message about a listening socket of IPv4.
struct message {
	struct nlmsghdr header;
	struct inet_diag_msg of;
	struct nlattr attribute;
	unsigned char value[4];
};

static struct message message_about(uint8_t family, uint8_t state, uint16_t port)
{
	return (struct message){
		.header =
			{
				.nlmsg_len = sizeof(struct message),
				.nlmsg_type = SOCK_DIAG_BY_FAMILY,
			},
		.of = {.idiag_family = family,
			.idiag_state = state,
			.idiag_inode = 5,
			.idiag_uid = 6,
			.id = {.idiag_sport = htons(port), .idiag_cookie = {7, 8}}},
		.attribute = {.nla_len = 5, .nla_type = INET_DIAG_SKV6ONLY},
		.value = {1},
	};
}

static void an_answer_of_the_kernel_is_read(void)
{
	const struct sockdiag_question q = {.protocol = IPPROTO_TCP, .port = 80};
	const struct message other[] = {message_about(AF_INET, 10, 81),
		message_about(AF_INET, 1, 80), message_about(AF_UNIX, 10, 80)};
	struct message m = message_about(AF_INET6, 10, 80);
	struct socks socks = {0};

	CHECK_INT(sockdiag_read(&socks, &q, &m, sizeof(m)), 0);
	CHECK_INT(socks.count, 1);
	CHECK(socks.list[0].inode == 5 && socks.list[0].uid == 6 && socks.list[0].only6);
	CHECK(socks.list[0].cookie == (7 | (uint64_t)8 << 32));
	CHECK_INT(sockdiag_read(&socks, &q, other, sizeof(other)), 0);
	CHECK_INT(socks.count, 1);
	m.header.nlmsg_type = NLMSG_DONE;
	CHECK_INT(sockdiag_read(&socks, &q, &m, sizeof(m)), 1);
	m.header.nlmsg_flags = NLM_F_DUMP_INTR;
	CHECK_INT(sockdiag_read(&socks, &q, &m, sizeof(m)), -EINTR);
	sockdiag_free(&socks);
}

static void a_malformed_answer_is_refused(void)
{
	const struct sockdiag_question q = {.protocol = IPPROTO_TCP, .port = 80};
	struct message m = message_about(AF_INET6, 10, 80);
	struct socks socks = {0};

	m.header.nlmsg_len = sizeof(m) + 1;
	CHECK_INT(sockdiag_read(&socks, &q, &m, sizeof(m)), -EIO);
	m.header.nlmsg_len = 3;
	CHECK_INT(sockdiag_read(&socks, &q, &m, sizeof(m)), -EIO);
	m.header.nlmsg_len = sizeof(m.header) + 8;
	CHECK_INT(sockdiag_read(&socks, &q, &m, sizeof(m)), -EIO);
	CHECK_INT(socks.count, 0);
	// an attribute that is longer than the message, or shorter than itself
	for (unsigned short len = 0; len < 100; len++) {
		m = message_about(AF_INET6, 10, 80);
		m.attribute.nla_len = len;
		CHECK_INT(sockdiag_read(&socks, &q, &m, sizeof(m)), 0);
		CHECK_INT(socks.list[socks.count - 1].only6, len > 4 && len <= 8);
	}
	m.header.nlmsg_type = NLMSG_ERROR;
	*(int *)&m.of = -ENOENT;
	CHECK_INT(sockdiag_read(&socks, &q, &m, sizeof(m)), -EOPNOTSUPP);
	*(int *)&m.of = -ENOMEM;
	CHECK_INT(sockdiag_read(&socks, &q, &m, sizeof(m)), -EIO);
	sockdiag_free(&socks);
}

static void a_unix_socket_is_known_by_its_file(void)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX, .sun_path = "/tmp/sockets.XXXXXX"};
	struct socks socks = {0};
	struct stat st;

	// only the name is needed
	close(mkstemp(at.sun_path));
	unlink(at.sun_path);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK_INT(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	CHECK_INT(listen(fd, 1), 0);
	CHECK_INT(stat(at.sun_path, &st), 0);
	struct sockdiag_name name = {.is_file = true, .device = st.st_dev, .inode = st.st_ino};
	CHECK_INT(sockdiag_unix(&socks, &name), 0);
	CHECK_INT(socks.count, 1);
	// the kernel may know another device; then the path leads to another file
	name.device++;
	CHECK_INT(sockdiag_unix(&socks, &name), 0);
	CHECK_INT(socks.count, 0);
	// the kernel gives only half of the inode
	name = (struct sockdiag_name){true, st.st_dev, st.st_ino + (UINT64_C(1) << 32), "", 0};
	CHECK_INT(sockdiag_unix(&socks, &name), 0);
	CHECK_INT(socks.count, 0);
	unlink(at.sun_path);
	close(fd);
	sockdiag_free(&socks);
}

static int make(int type, struct sockaddr_in *at)
{
	socklen_t size = sizeof(*at);
	int fd = socket(AF_INET, type, 0);

	*at = (struct sockaddr_in){
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	CHECK_INT(bind(fd, (struct sockaddr *)at, sizeof(*at)), 0);
	CHECK_INT(getsockname(fd, (struct sockaddr *)at, &size), 0);
	return fd;
}

static void a_descriptor_is_that_socket_only_while_it_waits_for_peers(void)
{
	struct sockaddr_in at;
	struct sockaddr_in client_at;
	struct socks socks = {0};

	int fd = make(SOCK_STREAM, &at);
	CHECK_INT(sockdiag_ports(&socks, IPPROTO_TCP, ntohs(at.sin_port)), 0);
	CHECK_INT(socks.count, 0);
	CHECK_INT(listen(fd, 3), 0);
	CHECK_INT(sockdiag_ports(&socks, IPPROTO_TCP, ntohs(at.sin_port)), 0);
	CHECK_INT(socks.count, 1);
	int client = make(SOCK_STREAM, &client_at);
	CHECK_INT(connect(client, (struct sockaddr *)&at, sizeof(at)), 0);
	int server = accept(fd, NULL, NULL);
	CHECK(sockdiag_is(fd, socks.list));
	CHECK(!sockdiag_is(client, socks.list));
	CHECK(!sockdiag_is(server, socks.list));
	CHECK(!sockdiag_is(0, socks.list));
	CHECK(!sockdiag_is(-1, socks.list));
	socks.list[0].cookie++;
	CHECK(!sockdiag_is(fd, socks.list));
	socks.list[0].cookie--;
	socks.list[0].protocol = IPPROTO_SCTP;
	CHECK(!sockdiag_is(fd, socks.list));
	socks.list[0].protocol = IPPROTO_TCP;
	shutdown(fd, SHUT_RDWR);
	CHECK(!sockdiag_is(fd, socks.list));
	close(fd);
	close(client);
	close(server);
	fd = make(SOCK_DGRAM, &at);
	CHECK_INT(sockdiag_ports(&socks, IPPROTO_UDP, ntohs(at.sin_port)), 0);
	CHECK_INT(socks.count, 1);
	CHECK(sockdiag_is(fd, socks.list));
	CHECK_INT(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	CHECK(!sockdiag_is(fd, socks.list));
	CHECK_INT(sockdiag_ports(&socks, IPPROTO_UDP, ntohs(at.sin_port)), 0);
	CHECK_INT(socks.count, 0);
	close(fd);
	sockdiag_free(&socks);
}

static bool lists(const char *locks, uint64_t inode)
{
	return lock_is_listed(locks, &(struct lock_file){.inode = inode});
}

static void a_lock_is_one_of_the_file_that_the_kernel_means(void)
{
	static const char locks[] = "1: FLOCK  ADVISORY  WRITE 1 08:01:12 0 EOF\n";
	static const char mounts[] = "21 1 0:5 / /dev rw - devtmpfs x rw\n\n"
				     "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
				     "23 1 254:17 /x /y rw - btrfs /dev/sdb rw\nbad\n";
	struct lock_file file = {.inode = 12};

	lock_file_of(&file, "pos:\t0\nflags:\t02\nmnt_id:\t22\nino:\t13\n", mounts);
	CHECK_INT(file.inode, 13);
	CHECK(file.has_device && file.major == 8 && file.minor == 1);
	CHECK(!lock_is_listed(locks, &file));
	file.inode = 12;
	CHECK(lock_is_listed(locks, &file));
	lock_file_of(&file, "pos:\t0\nflags:\t02\nmnt_id:\t23\n", mounts);
	CHECK_INT(file.inode, 12);
	CHECK(file.major == 254 && file.minor == 17);
	CHECK(!lock_is_listed(locks, &file));
	CHECK(lock_is_listed("1: POSIX  ADVISORY  WRITE 1 fe:11:12 0 EOF\n", &file));
	file = (struct lock_file){.inode = 12};
	lock_file_of(&file, "pos:\t0\nmnt_id:\t24\n", mounts);
	lock_file_of(&file, "pos:\t0\nmnt_id:\n", mounts);
	lock_file_of(&file, "", "");
	CHECK(!file.has_device);
	CHECK(lock_is_listed(locks, &file));
}

static void a_lock_is_none_of_a_lease_or_another_file(void)
{
	static const char info[] = "pos:\t0\nflags:\t02\nlock:\t1: ";
	static const struct {
		const char *line;
		bool lock;
	} rows[] = {
		{"FLOCK  ADVISORY  WRITE 1 08:01:12 0 EOF\n", true},
		{"POSIX  ADVISORY  READ 1 08:01:12 5 9\n", true},
		{"OFDLCK ADVISORY  WRITE -1 08:01:12 0 EOF\n", true},
		{"LEASE  ACTIVE    WRITE 1 08:01:12 0 EOF\n", false},
		{"DELEG  ACTIVE    READ 1 08:01:12 0 EOF\n", false},
		{"", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char text[200];

		check_row = rows[i].line;
		snprintf(text, sizeof(text), "%s%s", info, rows[i].line);
		CHECK_INT(lock_is_shown(text), rows[i].lock);
		snprintf(text, sizeof(text), "1: %s", rows[i].line);
		CHECK_INT(lists(text, 12), rows[i].lock);
		CHECK(!lists(text, 1));
		CHECK(!lists(text, 2));
	}
	check_row = NULL;
	CHECK(!lock_is_shown(""));
	CHECK(!lock_is_shown("pos:\t0\nlock:"));
	CHECK(!lock_is_shown("pos:\t0\nlock:\nx: FLOCK"));
	CHECK(lists("1: LEASE  ACTIVE WRITE 1 08:01:12 0 EOF\n"
		    "2: FLOCK  ADVISORY WRITE 1 08:01:12 0 EOF",
		12));
	CHECK(!lists("1: LEASE  ACTIVE WRITE 1 08:01:12 0 EOF\n"
		     "2: FLOCK  ADVISORY WRITE 1 08:01:13 0 EOF",
		12));
	CHECK(!lists("", 12));
}

static void many_locks_are_read_once(void)
{
	enum { LOCKS = 20000, LINE = 64 };
	char *text = malloc((size_t)LOCKS * LINE + LINE);
	char *end = text;

	for (int i = 1; i <= LOCKS; i++)
		end += snprintf(
			end, LINE, "%d: FLOCK  ADVISORY  WRITE 1 08:01:%d 0 EOF\n", i, 10 * i);
	const clock_t began = clock();
	CHECK(!lists(text, 12));
	CHECK(lists(text, 10 * LOCKS));
	// to read the rest anew for each line takes ten times as long
	CHECK(clock() - began < CLOCKS_PER_SEC / 2);
	free(text);
}

int main(void)
{
	static const struct check_test tests[] = {
		{"an address is the one that the socket is bound to",
			an_address_is_the_one_that_the_socket_is_bound_to},
		{"only a star means all addresses", only_a_star_means_all_addresses},
		{"an answer of the kernel is read", an_answer_of_the_kernel_is_read},
		{"a Unix socket is known by its file", a_unix_socket_is_known_by_its_file},
		{"a malformed answer is refused", a_malformed_answer_is_refused},
		{"a descriptor is that socket only while it waits for peers",
			a_descriptor_is_that_socket_only_while_it_waits_for_peers},
		{"a lock is one of the file that the kernel means",
			a_lock_is_one_of_the_file_that_the_kernel_means},
		{"a lease is no lock, and neither is one on another file",
			a_lock_is_none_of_a_lease_or_another_file},
		{"a long list of locks is read once", many_locks_are_read_once},
	};

	return check_run(tests, sizeof(tests) / sizeof(*tests));
}
