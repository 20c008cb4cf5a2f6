// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/cleanup.h"
#include "base/number.h"
#include "handle/pidcall.h"
#include "handle/pidread.h"
#include "handle/procfs.h"
#include "target/fault.h"
#include "target/holders.h"
#include "target/sockets.h"
#include "target/unixpeer.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// What is asked of the kernel before the search, and again after it.
struct question {
	int protocol; // 0: Unix sockets
	const struct port *port;
	struct sockdiag_name name;
};

static int ask(struct socks *out, const struct question *q)
{
	int r = q->protocol ? sockdiag_ports(out, q->protocol, q->port->number)
			    : sockdiag_unix(out, &q->name);
	size_t kept = 0;

	for (size_t i = 0; !r && i < out->count; i++)
		if (!q->protocol || port_matches(q->port, &out->list[i]))
			out->list[kept++] = out->list[i];
	if (!r)
		out->count = kept;
	return r == -EOPNOTSUPP ? -FAULT_NO_DIAG : r;
}

// ---- one descriptor ----

// Which of the sockets the descriptor is, by its link: *out; NULL: none. 0 or -errno.
static int read_link(struct sock **out, const struct socks *wanted, int fds, const char *fd)
{
	static const char prefix[] = "socket:[";
	char text[48];
	uint64_t inode = 0;

	ssize_t n = readlinkat(fds, fd, text, sizeof(text) - 1);
	if (n < 0)
		return -errno;
	text[n] = 0;
	*out = NULL;
	if (strncmp(text, prefix, sizeof(prefix) - 1) != 0)
		return 0;
	const char *at = text + sizeof(prefix) - 1;
	if (number_take(&at, UINT64_MAX, &inode) < 0 || strcmp(at, "]") != 0)
		return 0;
	for (size_t i = 0; i < wanted->count; i++)
		if (wanted->list[i].inode == inode)
			*out = &wanted->list[i];
	return 0;
}

static int is_linked(void *data, int fds, const char *fd)
{
	struct sock *sock = NULL;

	int r = read_link(&sock, data, fds, fd);
	return r < 0 ? r : sock != NULL;
}

// Whether the descriptor is the socket that its link named. 1, 0 or -errno.
static int is_proved(const struct socks *wanted, const struct pidref *ref, int fds, const char *fd,
	const struct sock *sock)
{
	struct sock *again = NULL;
	uint64_t number = 0;

	int copy = -EBADF;
	if (ref && !number_parse(fd, INT_MAX, &number))
		copy = pidref_copy_fd(ref, (int)number);
	if (copy >= 0) {
		bool same = sockdiag_is(copy, sock);

		close(copy);
		return same;
	}
	if (pidref_read_failed(copy))
		return copy;
	// another thread's, or we may not have it: the link is all that can be known
	int r = read_link(&again, wanted, fds, fd);
	return r < 0 ? r : again == sock;
}

static int is_socket(void *data, const struct pidref *ref, int fds, const char *fd)
{
	struct sock *sock = NULL;

	int r = read_link(&sock, data, fds, fd);
	if (r < 0 || !sock)
		return r;
	r = is_proved(data, ref, fds, fd, sock);
	if (r > 0)
		sock->held = true;
	return r;
}

// ---- all holders ----

// A socket whose holder was not found: whether it is still there.
static int check_unheld(
	struct socks *wanted, const struct question *q, const struct holders *all, struct found *f)
{
	CLEANUP(sockdiag_free) struct socks now = {0};
	bool unheld = false;

	for (size_t i = 0; i < wanted->count; i++) {
		// without a holder none of them was held for long enough
		wanted->list[i].held &= all->count > 0;
		unheld |= !wanted->list[i].held;
	}
	int r = unheld ? ask(&now, q) : 0;
	for (size_t i = 0; !r && i < wanted->count; i++)
		for (size_t j = 0; !r && j < now.count; j++) {
			if (wanted->list[i].held || wanted->list[i].cookie != now.list[j].cookie)
				continue;
			f->owner = now.list[j].uid;
			r = all->hidden ? -FAULT_HELD : -FAULT_UNHELD;
		}
	return r;
}

// Find the holders of all sockets of the list. With a question, one that has none is an error.
static int find_holders(struct socks *wanted, const struct question *q, struct found *f)
{
	CLEANUP(procfs_close) struct procfs proc = PROCFS_NULL;
	struct holders_query query = {.looks = is_linked, .proves = is_socket, .data = wanted};
	struct holders all = {0};

	int r = procfs_open(&proc);
	if (r < 0)
		return r == -ENOENT || r == -EXDEV ? -FAULT_NO_SEARCH : r;
	r = holders_find(&all, &proc, &query);
	if (!r && q)
		r = check_unheld(wanted, q, &all, f);
	// a thread can have descriptors of its own
	if (q && (r == -FAULT_UNHELD || r == -FAULT_HELD)) {
		holders_free(&all);
		query.threads = true;
		r = holders_find(&all, &proc, &query);
		if (!r)
			r = check_unheld(wanted, q, &all, f);
	}
	const bool hidden = all.hidden;
	if (!r)
		r = holders_pass(&all, f);
	holders_free(&all);
	if (r < 0)
		return r;
	// the user who made a socket can have shared it with processes of its own
	for (size_t i = 0; i < wanted->count; i++)
		f->shared |= f->count && hidden && geteuid() && wanted->list[i].uid != geteuid();
	if (f->count)
		return 0;
	// a process that holds it may be hidden
	if (!q && hidden)
		f->owner = wanted->list[0].uid;
	return !q && hidden ? -FAULT_HELD : found_none(f, -FAULT_NO_LISTENER);
}

static int find(const struct question *q, struct found *f)
{
	CLEANUP(sockdiag_free) struct socks wanted = {0};

	int r = ask(&wanted, q);
	if (r < 0)
		return r;
	return wanted.count ? find_holders(&wanted, q, f) : -FAULT_NO_LISTENER;
}

int sockets_find_port(int protocol, const struct port *port, struct found *f)
{
	const struct question q = {.protocol = protocol, .port = port};

	f->socket = true;
	return find(&q, f);
}

static int find_name(const char *address, struct found *f)
{
	struct question q = {.name = {.text = address, .len = strlen(address)}};
	struct stat st;

	if (*address != '@') {
		if (stat(address, &st) < 0)
			return errno == ENOENT ? -FAULT_NO_SOCKET : fault_of_file(-errno);
		q.name.is_file = true;
		q.name.device = st.st_dev;
		q.name.inode = st.st_ino;
	}
	return find(&q, f);
}

// Pass on the process that called listen(2), which is taken over. 1: it is dead or left out, so the
// holders are meant.
static int pass_listener(struct pidref *ref, struct found *f)
{
	bool dead = pidref_state(ref) != PIDREF_ALIVE;
	bool meant = !dead && !found_leaves_out(f, ref);
	int r = 0;

	if (dead)
		pidref_close(ref);
	else
		r = found_pass(f, ref);
	return r < 0 ? r : !meant;
}

int sockets_find_unix(const char *address, struct found *f)
{
	struct pidref ref = PIDREF_NULL;

	f->socket = true;
	int r = unixpeer_open(&ref, address);
	if (r == -ENOENT || r == -ENOTDIR)
		return -FAULT_NO_SOCKET;
	if (!r)
		r = pass_listener(&ref, f);
	if (r != 1 && r != -ESRCH)
		return r;
	r = find_name(address, f);
	if (r != -FAULT_NO_LISTENER)
		return r;
	// it is not listed: but was it closed since, or can peers connect to it?
	r = unixpeer_open(&ref, address);
	pidref_close(&ref);
	return !r || r == -ESRCH ? -FAULT_UNLISTED : -FAULT_NO_LISTENER;
}

int sockets_find_fd(int fd, struct found *f)
{
	struct pidref ref = PIDREF_NULL;
	struct sock sock = {0};
	struct socks wanted = {.list = &sock, .count = 1};

	f->socket = true;
	int r = pidref_dup_fd(&ref, fd);
	if (sockdiag_of(fd, &sock) < 0 && !r) {
		// exactly this process is named, so it is never left out
		f->count++;
		return f->call(&ref, f->data);
	}
	if (!r)
		r = pass_listener(&ref, f);
	return sock.inode && (r == 1 || r == -ESRCH) ? find_holders(&wanted, NULL, f) : r;
}
