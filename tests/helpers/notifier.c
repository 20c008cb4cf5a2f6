// SPDX-License-Identifier: GPL-2.0-or-later
// notifier WORD...: a daemon that speaks sd_notify(3), word by word, and then does nothing.
//
//	say=TEXT	send TEXT to NOTIFY_SOCKET; in it '|' is a new line, '%' our number
//	fds=N		N descriptors go along with the next message
//	barrier		send BARRIER=1, wait until the descriptor in it was closed
//	fork		become a daemon: fork twice, both parents leave with status 0
//	pid=FILE	write our number into FILE, at one stroke
//	socket=FILE	write NOTIFY_SOCKET into FILE, at one stroke
//	wait=FILE	until there is such a file
//	exit=N		leave with that status
// A message that cannot be sent is status 9. Standard output and error are closed to others.
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "helper.h"

enum { FDS_MAX = 253 };

static const char *value_of(const char *word, const char *key)
{
	size_t len = strlen(key);

	return !strncmp(word, key, len) && word[len] == '=' ? word + len + 1 : NULL;
}

static void send_text(char *text, size_t len, const int *fds, size_t count)
{
	const char *name = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	_Alignas(struct cmsghdr) char room[CMSG_SPACE(sizeof(int) * FDS_MAX)];
	struct iovec iov = {.iov_base = text, .iov_len = len};
	struct msghdr header = {.msg_name = &to, .msg_iov = &iov, .msg_iovlen = 1};

	if (!name || strlen(name) >= sizeof(to.sun_path))
		_exit(9);
	memcpy(to.sun_path, name, strlen(name));
	if (*name == '@')
		to.sun_path[0] = '\0';
	header.msg_namelen = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
	if (count > 0) {
		memset(room, 0, sizeof(room));
		header.msg_control = room;
		header.msg_controllen = (socklen_t)CMSG_SPACE(sizeof(int) * count);
		struct cmsghdr *c = CMSG_FIRSTHDR(&header);
		if (c == NULL)
			_exit(9);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = (socklen_t)CMSG_LEN(sizeof(int) * count);
		memcpy(CMSG_DATA(c), fds, sizeof(int) * count);
	}
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	// musl's own takes fewer descriptors than the kernel
	if (fd < 0 || syscall(SYS_sendmsg, fd, &header, MSG_NOSIGNAL) < 0)
		_exit(9);
	close(fd);
}

static void say(const char *text, size_t count)
{
	static char out[16384];
	size_t len = 0;
	int fds[FDS_MAX];

	for (; *text && len < sizeof(out) - 16; text++) {
		if (*text == '%')
			len += (size_t)sprintf(out + len, "%d", (int)getpid());
		else
			out[len++] = *text == '|' ? '\n' : *text;
	}
	for (size_t i = 0; i < count; i++)
		fds[i] = STDOUT_FILENO;
	send_text(out, len, fds, count);
}

static void barrier(void)
{
	char text[] = "BARRIER=1";
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		_exit(9);
	send_text(text, strlen(text), &ends[1], 1);
	close(ends[1]);
	struct pollfd p = {.fd = ends[0]};
	if (poll(&p, 1, -1) < 0)
		_exit(9);
	close(ends[0]);
}

static void become_daemon(void)
{
	for (int i = 0; i < 2; i++) {
		pid_t pid = fork();

		if (pid < 0)
			_exit(9);
		if (pid > 0)
			_exit(0);
		setsid();
	}
}

static void write_file(const char *path, const char *text)
{
	char new[4096];

	snprintf(new, sizeof(new), "%s.new", path);
	FILE *out = fopen(new, "we");
	if (out == NULL || fprintf(out, "%s\n", text) < 0 || fclose(out) != 0 ||
		rename(new, path) < 0)
		_exit(9);
}

static void do_word(const char *word, size_t *fds)
{
	char text[16];
	const char *value;

	if ((value = value_of(word, "say"))) {
		say(value, *fds);
		*fds = 0;
	} else if ((value = value_of(word, "fds"))) {
		*fds = (size_t)number(value);
	} else if ((value = value_of(word, "pid"))) {
		snprintf(text, sizeof(text), "%d", (int)getpid());
		write_file(value, text);
	} else if ((value = value_of(word, "socket"))) {
		write_file(value, getenv("NOTIFY_SOCKET"));
	} else if ((value = value_of(word, "wait"))) {
		while (access(value, F_OK) < 0)
			poll(NULL, 0, 10);
	} else if ((value = value_of(word, "exit"))) {
		_exit((int)number(value));
	} else if (!strcmp(word, "barrier")) {
		barrier();
	} else if (!strcmp(word, "fork")) {
		become_daemon();
	} else {
		die("no such word: %s", word);
	}
}

int main(int argc, char **argv)
{
	size_t fds = 0;

	for (int i = 1; i < argc; i++)
		if (!strncmp(argv[i], "fds=", 4) &&
			(number(argv[i] + 4) < 0 || number(argv[i] + 4) > FDS_MAX))
			die("fds: at most %d", FDS_MAX);
	int null = open("/dev/null", O_RDWR);
	if (null < 0 || dup2(null, STDOUT_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0)
		die("/dev/null: %s", strerror(errno));
	if (null > STDERR_FILENO)
		close(null);
	for (int i = 1; i < argc; i++)
		do_word(argv[i], &fds);
	for (;;)
		pause();
}
