// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/kernel.h"
#include "handle/pidcall.h"
#include "run/warden.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WARDEN_PATIENCE_MS = 30000 };

// ---- in the warden ----

union passed {
	char room[CMSG_SPACE(sizeof(int))];
	struct cmsghdr head;
};

static int send_handle(int pidfd)
{
	union passed passed = {.head = {.cmsg_len = CMSG_LEN(sizeof(int)),
				       .cmsg_level = SOL_SOCKET,
				       .cmsg_type = SCM_RIGHTS}};
	int none = 0;
	struct iovec text = {.iov_base = &none, .iov_len = sizeof(none)};
	const struct msghdr message = {
		.msg_iov = &text,
		.msg_iovlen = 1,
		.msg_control = &passed,
		.msg_controllen = sizeof(passed),
	};

	memcpy(CMSG_DATA(&passed.head), &pidfd, sizeof(pidfd));
	// not by the gate, where the process that made us may still have to report our PID
	return sendmsg(WARDEN_LINE, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static void tell(const siginfo_t *info)
{
	const struct warden_news news = {.code = info->si_code, .status = info->si_status};

	// if it cannot be sent, we are gone, and so is the reader
	ssize_t n = send(WARDEN_LINE, &news, sizeof(news), MSG_NOSIGNAL);
	(void)n;
}

static void reap(const struct pidref *command, pid_t pid)
{
	struct pidref child = PIDREF_NULL;
	siginfo_t info = {0};

	if (pid == command->pid) {
		if (!pidref_waitid(command, &info, WEXITED | WNOHANG))
			tell(&info);
	} else if (!pidref_open(&child, pid)) {
		pidref_waitid(&child, NULL, WEXITED | WNOHANG);
		pidref_close(&child);
	}
}

// Whether nothing is left.
static bool look(const struct pidref *command)
{
	siginfo_t info = {0};
	pid_t pid;

	while ((pid = kernel_dead_child()) > 0)
		reap(command, pid);
	if (!pidref_waitid(command, &info, WSTOPPED | WNOHANG) && info.si_pid)
		tell(&info);
	return pid == -ECHILD;
}

static noreturn void watch(const struct pidref *command)
{
	struct signalfd_siginfo info;
	struct pollfd p[] = {{.events = POLLIN}, {.fd = WARDEN_LINE}};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	p[0].fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	while (p[0].fd >= 0 && !look(command)) {
		poll(p, 2, -1);
		ssize_t n = read(p[0].fd, &info, sizeof(info));
		(void)n;
		// the other end is closed: the program has ended, and what is left is left alone
		if (p[1].revents)
			break;
	}
	_exit(p[0].fd < 0 || p[1].revents);
}

int warden_part(int parent_death)
{
	struct pidref command = PIDREF_NULL;
	sigset_t all;
	int fd = -1;

	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0 ||
		(parent_death && prctl(PR_SET_PDEATHSIG, parent_death) < 0))
		return -errno;
	pid_t pid = kernel_fork(&fd, -1);
	if (pid <= 0) {
		if (!pid)
			close(WARDEN_LINE);
		return pid;
	}
	command = pidref_of_child(pid, fd);
	int r = send_handle(fd);
	if (r < 0)
		return r;
	// signals of the terminal are for the command, and for the program
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	for (int i = 0; i <= WARDEN_GATE; i++)
		close(i);
	watch(&command);
}

// ---- in the program ----

int warden_receive(int line, struct pidref *out)
{
	union passed passed;
	int error = 0;
	struct iovec text = {.iov_base = &error, .iov_len = sizeof(error)};
	struct msghdr message = {
		.msg_iov = &text,
		.msg_iovlen = 1,
		.msg_control = &passed,
		.msg_controllen = sizeof(passed),
	};
	struct pollfd sent = {.fd = line, .events = POLLIN};
	ssize_t n;
	int fd;

	// a process there can stop the warden
	if (poll(&sent, 1, WARDEN_PATIENCE_MS) == 0)
		return -ETIMEDOUT;
	do
		n = recvmsg(line, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n != sizeof(error))
		return n < 0 ? -errno : -EIO;
	const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	if (!head || head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS ||
		head->cmsg_len != CMSG_LEN(sizeof(fd)))
		return error ? -error : -EIO;
	memcpy(&fd, CMSG_DATA(head), sizeof(fd));
	// processes in that namespace may be able to change what the warden sends
	int r = pidref_dup_fd(out, fd);
	close(fd);
	return r;
}

int warden_next(int line, struct warden_news *out)
{
	struct warden_news news;
	ssize_t n;

	do
		n = recv(line, &news, sizeof(news), MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n != sizeof(news))
		return -ESRCH;
	*out = news;
	return 1;
}
