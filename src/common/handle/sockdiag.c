// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/array.h"
#include "base/cleanup.h"
#include "handle/procfs.h"
#include "handle/sockdiag.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum {
	STATE_UNCONNECTED = 7, // TCP_CLOSE, which UDP uses as well
	STATE_LISTEN = 10,     // TCP_LISTEN
	PROTOCOL_MPTCP = 262,  // IPPROTO_MPTCP, which older headers lack
	ROOM = 32768,	       // the kernel sends no larger parts
	TRIES = 16,	       // for a list that changes while it is made
};

// ---- the answer ----

static int push(struct socks *socks, const struct sock *sock)
{
	struct sock *list = array_grow(socks->list, socks->count, sizeof(*list));

	if (!list)
		return -ENOMEM;
	socks->list = list;
	socks->list[socks->count++] = *sock;
	return 0;
}

// The attribute `type` behind `size` bytes of a message: its value, and *len; NULL: there is none.
static const void *attribute(const struct nlmsghdr *h, size_t size, unsigned type, size_t *len)
{
	const char *at = (const char *)h + NLMSG_HDRLEN + NLMSG_ALIGN(size);
	const char *end = (const char *)h + h->nlmsg_len;

	while (at < end && (size_t)(end - at) >= sizeof(struct nlattr)) {
		struct nlattr a;

		memcpy(&a, at, sizeof(a));
		if (a.nla_len < sizeof(a) || a.nla_len > end - at)
			return NULL;
		if ((a.nla_type & NLA_TYPE_MASK) == type) {
			*len = a.nla_len - sizeof(a);
			return at + sizeof(a);
		}
		size_t step = NLMSG_ALIGN((size_t)a.nla_len);
		if (step > (size_t)(end - at))
			return NULL;
		at += step;
	}
	return NULL;
}

static uint64_t cookie_of(const uint32_t half[2])
{
	return half[0] | (uint64_t)half[1] << 32;
}

static int read_port(struct socks *out, const struct sockdiag_question *q, const struct nlmsghdr *h)
{
	struct inet_diag_msg m;
	size_t len = 0;

	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(m)))
		return -EIO;
	memcpy(&m, (const char *)h + NLMSG_HDRLEN, sizeof(m));
	int wanted = q->protocol == IPPROTO_TCP ? STATE_LISTEN : STATE_UNCONNECTED;
	bool inet = m.idiag_family == AF_INET || m.idiag_family == AF_INET6;
	if (!inet || m.idiag_state != wanted || ntohs(m.id.idiag_sport) != q->port)
		return 0;
	struct sock sock = {
		.cookie = cookie_of(m.id.idiag_cookie),
		.inode = m.idiag_inode,
		.uid = m.idiag_uid,
		.family = m.idiag_family,
		.protocol = q->protocol,
		.port = q->port,
	};
	memcpy(sock.address, m.id.idiag_src, m.idiag_family == AF_INET ? 4 : SOCKDIAG_ADDRESS);
	const unsigned char *only6 = attribute(h, sizeof(m), INET_DIAG_SKV6ONLY, &len);
	sock.only6 = only6 && len && *only6;
	return push(out, &sock);
}

// Whether both paths lead to one file. A relative one is relative to the folder of another process.
static bool is_bound_to(const char *path, size_t len, const struct sockdiag_name *name)
{
	char copy[256];
	struct stat st;

	if (!len || *path != '/' || len >= sizeof(copy))
		return false;
	memcpy(copy, path, len);
	copy[len] = 0;
	// the socket keeps its path cached
	return !procfs_stat_cached(AT_FDCWD, copy, &st) && st.st_dev == name->device &&
	       st.st_ino == name->inode;
}

// Whether the socket of the message has the name. The kernel gives the file itself, with the device
// as it knows it: where several devices are shown for one file system (btrfs, overlay), the path
// has to agree; and where the inode is longer than the 32 bits that it gives.
static bool has_name(const struct nlmsghdr *h, const struct sockdiag_name *name)
{
	const size_t size = sizeof(struct unix_diag_msg);
	struct unix_diag_vfs vfs;
	size_t len = 0;

	const char *text = attribute(h, size, UNIX_DIAG_NAME, &len);
	if (!text)
		return false;
	if (!name->is_file)
		return len == name->len && !*text &&
		       !memcmp(text + 1, name->text + 1, name->len - 1);
	size_t room = 0;
	const void *file = attribute(h, size, UNIX_DIAG_VFS, &room);
	if (!file || room < sizeof(vfs))
		return false;
	memcpy(&vfs, file, sizeof(vfs));
	if (vfs.udiag_vfs_ino != (uint32_t)name->inode)
		return false;
	dev_t device = makedev(vfs.udiag_vfs_dev >> 20, vfs.udiag_vfs_dev & 0xfffff);
	return (device == name->device && name->inode <= UINT32_MAX) ||
	       is_bound_to(text, strnlen(text, len), name);
}

static int read_unix(struct socks *out, const struct sockdiag_question *q, const struct nlmsghdr *h)
{
	struct unix_diag_msg m;
	size_t len = 0;
	uint32_t uid;

	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(m)))
		return -EIO;
	memcpy(&m, (const char *)h + NLMSG_HDRLEN, sizeof(m));
	if (m.udiag_family != AF_UNIX || m.udiag_state != STATE_LISTEN || !has_name(h, q->name))
		return 0;
	struct sock sock = {
		.cookie = cookie_of(m.udiag_cookie),
		.inode = m.udiag_ino,
		.family = AF_UNIX,
		.uid = (uid_t)-1,
	};
	const void *user = attribute(h, sizeof(m), UNIX_DIAG_UID, &len);
	if (user && len >= sizeof(uid)) {
		memcpy(&uid, user, sizeof(uid));
		sock.uid = uid;
	}
	return push(out, &sock);
}

static int read_error(const struct nlmsghdr *h)
{
	struct nlmsgerr e;

	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(e)))
		return -EIO;
	memcpy(&e, (const char *)h + NLMSG_HDRLEN, sizeof(e));
	switch (e.error) {
	case -ENOENT: // no such family, or the module is missing
	case -EOPNOTSUPP:
	case -EINVAL:
		return -EOPNOTSUPP;
	default:
		return -EIO;
	}
}

int sockdiag_read(
	struct socks *out, const struct sockdiag_question *q, const void *data, size_t size)
{
	const char *at = data;
	int r = 0;

	while (!r && size >= NLMSG_HDRLEN) {
		struct nlmsghdr h;

		memcpy(&h, at, sizeof(h));
		if (h.nlmsg_len < NLMSG_HDRLEN || h.nlmsg_len > size)
			return -EIO;
		const void *message = at;
		if (h.nlmsg_flags & NLM_F_DUMP_INTR)
			r = -EINTR;
		else if (h.nlmsg_type == NLMSG_DONE)
			r = 1;
		else if (h.nlmsg_type == NLMSG_ERROR)
			r = read_error(message);
		else if (h.nlmsg_type == SOCK_DIAG_BY_FAMILY)
			r = q->protocol ? read_port(out, q, message) : read_unix(out, q, message);
		size_t step = NLMSG_ALIGN(h.nlmsg_len);
		if (step > size)
			step = size;
		at += step;
		size -= step;
	}
	return r;
}

// ---- the question ----

struct request {
	struct nlmsghdr header;
	union {
		struct inet_diag_req_v2 port;
		struct unix_diag_req name;
	} of;
};

static struct request question_of(const struct sockdiag_question *q, int family)
{
	struct request r = {
		.header =
			{
				.nlmsg_type = SOCK_DIAG_BY_FAMILY,
				.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
			},
	};

	if (family == AF_UNIX) {
		r.header.nlmsg_len = NLMSG_LENGTH(sizeof(r.of.name));
		r.of.name = (struct unix_diag_req){
			.sdiag_family = AF_UNIX,
			.udiag_states = 1u << STATE_LISTEN,
			.udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_VFS | UDIAG_SHOW_UID,
		};
		return r;
	}
	r.header.nlmsg_len = NLMSG_LENGTH(sizeof(r.of.port));
	r.of.port = (struct inet_diag_req_v2){
		.sdiag_family = (uint8_t)family,
		.sdiag_protocol = (uint8_t)q->protocol,
		.idiag_states = 1u
				<< (q->protocol == IPPROTO_TCP ? STATE_LISTEN : STATE_UNCONNECTED),
		.id.idiag_sport = htons(q->port),
		.id.idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE},
	};
	return r;
}

// Receive the whole answer. Any process may send to a netlink socket, so only what the kernel sent
// counts.
static int receive(int fd, struct socks *out, const struct sockdiag_question *q, void *room)
{
	int r = 0;

	while (!r) {
		struct sockaddr_nl from = {0};
		struct iovec part = {.iov_base = room, .iov_len = ROOM};
		struct msghdr message = {
			.msg_name = &from,
			.msg_namelen = sizeof(from),
			.msg_iov = &part,
			.msg_iovlen = 1,
		};

		ssize_t n = recvmsg(fd, &message, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == ENOBUFS ? -EINTR : -errno;
		if (from.nl_family != AF_NETLINK || from.nl_pid)
			continue;
		if (message.msg_flags & MSG_TRUNC || !n)
			return -EIO;
		r = sockdiag_read(out, q, room, (size_t)n);
	}
	return r;
}

// Ask once and add the answer. 0, -EINTR: it has to be asked again, or -errno.
static int ask(struct socks *out, const struct sockdiag_question *q, int family, void *room)
{
	const struct request request = question_of(q, family);
	const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};

	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	if (fd < 0)
		return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? -errno : -EOPNOTSUPP;
	ssize_t n = sendto(fd, &request, request.header.nlmsg_len, 0,
		(const struct sockaddr *)&kernel, sizeof(kernel));
	int r = n < 0 ? -errno : receive(fd, out, q, room);
	close(fd);
	// a sandbox, or a security module
	if (r == -EPERM || r == -EACCES || r == -ECONNREFUSED)
		return -EOPNOTSUPP;
	return r < 0 ? r : 0;
}

static int ask_until_whole(struct socks *out, const struct sockdiag_question *q, int family)
{
	size_t before = out->count;
	void *room = malloc(ROOM);
	int r = room ? -EINTR : -ENOMEM;

	for (int i = 0; r == -EINTR && i < TRIES; i++) {
		out->count = before;
		r = ask(out, q, family, room);
	}
	free(room);
	return r == -EINTR ? -EIO : r;
}

static void keep(struct socks *out, struct socks *found)
{
	sockdiag_free(out);
	*out = *found;
	*found = (struct socks){0};
}

int sockdiag_ports(struct socks *out, int protocol, uint16_t port)
{
	const struct sockdiag_question q = {.protocol = protocol, .port = port};
	CLEANUP(sockdiag_free) struct socks found = {0};

	int r = ask_until_whole(&found, &q, AF_INET);
	if (!r)
		r = ask_until_whole(&found, &q, AF_INET6);
	if (!r)
		keep(out, &found);
	return r;
}

int sockdiag_unix(struct socks *out, const struct sockdiag_name *name)
{
	const struct sockdiag_question q = {.name = name};
	CLEANUP(sockdiag_free) struct socks found = {0};

	int r = ask_until_whole(&found, &q, AF_UNIX);
	if (!r)
		keep(out, &found);
	return r;
}

// ---- one socket ----

static bool is_open_for_peers(int fd, int protocol)
{
	struct sockaddr_storage peer;
	socklen_t size = sizeof(peer);
	int on = 0;
	socklen_t length = sizeof(on);

	if (protocol == IPPROTO_UDP)
		return getpeername(fd, (struct sockaddr *)&peer, &size) < 0 && errno == ENOTCONN;
	return !getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &length) && on;
}

bool sockdiag_is(int fd, const struct sock *sock)
{
	uint64_t cookie = 0;
	socklen_t size = sizeof(cookie);
	int protocol = 0;
	socklen_t length = sizeof(protocol);
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISSOCK(st.st_mode) || st.st_ino != sock->inode)
		return false;
	if (getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &length) < 0)
		return false;
	// an MPTCP socket is listed as the TCP socket inside it, with its own inode but the cookie
	// of the other
	bool inside = protocol == PROTOCOL_MPTCP && sock->protocol == IPPROTO_TCP;
	if (!inside && (protocol != sock->protocol ||
			       getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size) < 0 ||
			       cookie != sock->cookie))
		return false;
	return is_open_for_peers(fd, sock->protocol);
}

int sockdiag_of(int fd, struct sock *out)
{
	struct sock sock = {.family = AF_UNIX, .uid = (uid_t)-1};
	socklen_t size = sizeof(sock.cookie);
	int family = 0;
	socklen_t length = sizeof(family);
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISSOCK(st.st_mode) ||
		getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &length) < 0 || family != AF_UNIX ||
		getsockopt(fd, SOL_SOCKET, SO_COOKIE, &sock.cookie, &size) < 0 ||
		!is_open_for_peers(fd, 0))
		return -ENODATA;
	sock.inode = st.st_ino;
	*out = sock;
	return 0;
}

void sockdiag_free(struct socks *socks)
{
	free(socks->list);
	*socks = (struct socks){0};
}
