// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/number.h"
#include "handle/kernel.h"
#include "run/notify.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { MOST_DESCRIPTORS = 253 }; // the kernel's limit for one message (SCM_MAX_FD)

int notify_open(struct notify *out)
{
	const struct sockaddr_un any = {.sun_family = AF_UNIX};
	struct sockaddr_un address = any;
	socklen_t size = sizeof(address);
	const int on = 1;

	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	int r = kernel_pass_pidfd(fd);
	// an AF_UNIX address without a name makes the kernel choose a free abstract name
	if (!r && (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0 ||
			  bind(fd, (const struct sockaddr *)&any, sizeof(any.sun_family)) < 0 ||
			  getsockname(fd, (struct sockaddr *)&address, &size) < 0))
		r = -errno;
	if (r < 0) {
		close(fd);
		return r;
	}
	out->fd = fd;
	size_t len = size - offsetof(struct sockaddr_un, sun_path) - 1;
	snprintf(out->name, sizeof(out->name), "@%.*s", (int)len, address.sun_path + 1);
	return 0;
}

// Room for everything that a message can carry, aligned as the macros need it.
union ancillary {
	struct cmsghdr align;
	char room[CMSG_SPACE(sizeof(struct ucred)) + CMSG_SPACE(sizeof(int)) +
		  CMSG_SPACE(sizeof(int) * MOST_DESCRIPTORS)];
};

// A sender may attach any descriptors. If they stayed open, it could fill our descriptor table. The
// first one stays open: it may be the pidfd of MAINPIDFD=1.
static void take_passed(const struct cmsghdr *c, int *first)
{
	size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	int fd;

	for (size_t i = 0; i < count; i++) {
		memcpy(&fd, CMSG_DATA(c) + i * sizeof(fd), sizeof(fd));
		if (*first < 0)
			*first = fd;
		else
			close(fd);
	}
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion" // in CMSG_NXTHDR of musl
static void take_ancillary(struct msghdr *header, struct notify_message *m, int *passed)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
		struct ucred who;
		int fd;

		if (c->cmsg_level != SOL_SOCKET)
			continue;
		if (c->cmsg_type == SCM_RIGHTS) {
			take_passed(c, passed);
		} else if (c->cmsg_type == SCM_CREDENTIALS) {
			memcpy(&who, CMSG_DATA(c), sizeof(who));
			m->pid = who.pid;
			m->uid = who.uid;
		} else if (c->cmsg_type == KERNEL_SCM_PIDFD) {
			memcpy(&fd, CMSG_DATA(c), sizeof(fd));
			// before Linux 6.17 it is negative if the sender was reaped
			if (fd >= 0)
				pidref_adopt_fd(&m->sender, fd);
		}
	}
}
#pragma GCC diagnostic pop

// The process of MAINPIDFD=1. The kernel made sure that the sender had this descriptor; whether the
// process counts is for the caller to decide.
static void take_main(struct notify_message *m, int passed)
{
	if (passed < 0)
		return;
	if (m->notice.main_pidfd)
		pidref_dup_fd(&m->main, passed);
	close(passed);
}

static ssize_t receive(const struct notify *n, struct msghdr *header, int flags)
{
	ssize_t len;

	do
		len = recvmsg(n->fd, header, flags | MSG_CMSG_CLOEXEC);
	while (len < 0 && errno == EINTR);
	return len < 0 ? -errno : len;
}

int notify_peek(const struct notify *n, struct notify_message *out)
{
	// the credentials come first; without room for them, descriptors are not received
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(struct ucred))];
	} ancillary;
	struct msghdr header = {
		.msg_control = &ancillary, .msg_controllen = sizeof(ancillary.room)};
	int none = -1;

	*out = (struct notify_message){.sender = PIDREF_NULL, .main = PIDREF_NULL};
	ssize_t len = receive(n, &header, MSG_PEEK);
	if (len < 0)
		return len == -EAGAIN ? 0 : (int)len;
	take_ancillary(&header, out, &none);
	return 1;
}

int notify_skip(const struct notify *n)
{
	struct msghdr header = {0};

	ssize_t len = receive(n, &header, 0);
	return len >= 0 ? 1 : len == -EAGAIN ? 0 : (int)len;
}

int notify_receive(const struct notify *n, struct notify_message *out)
{
	union ancillary ancillary;
	struct iovec text = {.iov_base = out->text, .iov_len = NOTIFY_TEXT};
	struct msghdr header = {
		.msg_iov = &text,
		.msg_iovlen = 1,
		.msg_control = &ancillary,
		.msg_controllen = sizeof(ancillary),
	};
	int passed = -1;

	*out = (struct notify_message){.sender = PIDREF_NULL, .main = PIDREF_NULL};
	ssize_t len = receive(n, &header, 0);
	if (len < 0)
		return len == -EAGAIN ? 0 : (int)len;
	take_ancillary(&header, out, &passed);
	// accept one NUL at the end
	if (len && !out->text[len - 1])
		len--;
	// a truncated message could end inside a value
	if (header.msg_flags & MSG_TRUNC || memchr(out->text, 0, (size_t)len)) {
		pidref_close(&out->sender);
		if (passed >= 0)
			close(passed);
		return -EBADMSG;
	}
	out->text[len] = 0;
	notice_parse(&out->notice, out->text);
	take_main(out, passed);
	return 1;
}

static void take_number(int *value, bool *has, const char *text)
{
	uint64_t number;

	if (number_parse(text, INT_MAX, &number) < 0)
		return;
	*value = (int)number;
	*has = true;
}

static void take_line(struct notice *n, const char *key, const char *value)
{
	uint64_t number = 0;

	if (!strcmp(key, "STATUS"))
		n->status = value;
	else if (!strcmp(key, "READY"))
		n->ready |= !strcmp(value, "1");
	else if (!strcmp(key, "STOPPING"))
		n->stopping |= !strcmp(value, "1");
	else if (!strcmp(key, "ERRNO"))
		take_number(&n->error, &n->has_error, value);
	else if (!strcmp(key, "EXIT_STATUS"))
		take_number(&n->exit, &n->has_exit, value);
	else if (!strcmp(key, "MAINPID") && !number_parse(value, INT_MAX, &number))
		n->main_pid = (pid_t)number;
	else if (!strcmp(key, "MAINPIDFD"))
		n->main_pidfd |= !strcmp(value, "1");
	else if (!strcmp(key, "MAINPIDFDID") && !number_parse(value, UINT64_MAX, &number))
		n->main_inode = number;
	else if (!strcmp(key, "EXTEND_TIMEOUT_USEC") && !number_parse(value, UINT64_MAX, &number))
		n->extend = number;
}

void notice_parse(struct notice *out, char *text)
{
	struct notice n = {0};

	while (text) {
		char *line = strsep(&text, "\n");
		char *value = strchr(line, '=');

		if (!value)
			continue;
		*value++ = 0;
		take_line(&n, line, value);
	}
	*out = n;
}
