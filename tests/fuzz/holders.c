// SPDX-License-Identifier: GPL-2.0-or-later
// holders.c: whatever the kernel answers about sockets and locks, it is read or refused; nothing
// beyond the answer is read, and no socket is added that was not asked for.
#include "config.h"

#include "handle/sockdiag.h"
#include "target/lock.h"
#include "target/port.h"
#include "text.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

static void read_answer(const struct sockdiag_question *q, const uint8_t *data, size_t size)
{
	struct socks socks = {0};

	int r = sockdiag_read(&socks, q, data, size);
	PROMISE(r == 0 || r == 1 || r == -EINTR || r == -EOPNOTSUPP || r == -EIO);
	for (size_t i = 0; i < socks.count; i++) {
		const struct sock *s = &socks.list[i];
		const struct port any = {.number = q->port};

		PROMISE(s->protocol == q->protocol);
		PROMISE(!s->held);
		if (!q->protocol) {
			PROMISE(s->family == AF_UNIX);
			continue;
		}
		PROMISE(s->port == q->port);
		PROMISE(s->family == AF_INET || s->family == AF_INET6);
		PROMISE(port_matches(&any, s));
	}
	sockdiag_free(&socks);
}

// Whether one of the lines has all of it.
static bool has_line(const char *text, const char *begin, const char *inside)
{
	bool found = false;
	char *copy = strdup(text);
	char *rest = copy;

	for (char *line; !found && (line = strsep(&rest, "\n"));) {
		const char *kind = strstr(line, ": ");

		found = !strncmp(line, begin, strlen(begin)) && strstr(line, inside) && kind &&
			(!strncmp(kind, ": POSIX", 7) || !strncmp(kind, ": FLOCK", 7) ||
				!strncmp(kind, ": OFDLCK", 8));
	}
	free(copy);
	return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct sockdiag_name file = {
		.is_file = true, .device = 1, .inode = 2, .text = "/x", .len = 2};
	const struct sockdiag_name abstract = {.text = "@x", .len = 2};
	const struct sockdiag_question questions[] = {
		{.protocol = IPPROTO_TCP, .port = 80},
		{.protocol = IPPROTO_UDP, .port = 80},
		{.name = &file},
		{.name = &abstract},
	};
	char *text = text_of(data, size);
	struct lock_file locked = {.inode = 7};

	for (size_t i = 0; i < sizeof(questions) / sizeof(*questions); i++)
		read_answer(&questions[i], data, size);
	const char *second = strchr(text, '\n');
	// the first line of a fdinfo file is no lock
	PROMISE(lock_is_shown(text) == (second && has_line(second + 1, "lock:", "")));
	PROMISE(lock_is_listed(text, &locked) == has_line(text, "", ":7 "));
	lock_file_of(&locked, text, text);
	free(text);
	return 0;
}
