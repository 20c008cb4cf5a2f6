// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/pidcall.h"

#include <errno.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/wait.h>

static bool is_pidfd(const struct pidref *ref)
{
	return ref->kind == PIDREF_PIDFD;
}

int pidref_watch(const struct pidref *ref, int epoll, uint64_t tag)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u64 = tag};

	if (!is_pidfd(ref))
		return -ENOSYS;
	return epoll_ctl(epoll, EPOLL_CTL_ADD, ref->fd, &event) < 0 ? -errno : 0;
}

void pidref_unwatch(const struct pidref *ref, int epoll)
{
	struct epoll_event unused;

	epoll_ctl(epoll, EPOLL_CTL_DEL, ref->fd, &unused);
}

struct pollfd pidref_poll(const struct pidref *ref)
{
	return (struct pollfd){.fd = is_pidfd(ref) ? ref->fd : -1, .events = POLLIN};
}

int pidref_waitid(const struct pidref *ref, siginfo_t *info, int options)
{
	siginfo_t unused;
	int r;

	if (!is_pidfd(ref))
		return -ENOSYS;
	do
		r = waitid(
			(idtype_t)KERNEL_WAIT_PIDFD, (id_t)ref->fd, info ? info : &unused, options);
	while (r < 0 && errno == EINTR);
	return r < 0 ? -errno : 0;
}

int pidref_namespace(const struct pidref *ref, enum kernel_ns kind)
{
	int fd = is_pidfd(ref) ? kernel_pidfd_namespace(ref->fd, kind) : -ENOSYS;

	return fd == -ENOTTY || fd == -EINVAL || fd == -ENOSYS || fd == -EPERM ? -EOPNOTSUPP : fd;
}

int pidref_copy_fd(const struct pidref *ref, int fd)
{
	int copy = is_pidfd(ref) ? kernel_pidfd_getfd(ref->fd, fd) : -ENOSYS;

	return copy == -EPERM ? -EACCES : copy;
}

int pidref_enter(const struct pidref *ref, int kinds)
{
	if (!is_pidfd(ref))
		return -ENOSYS;
	return setns(ref->fd, kinds) < 0 ? -errno : 0;
}

ssize_t pidref_madvise(
	const struct pidref *ref, const struct iovec *ranges, size_t count, unsigned advice)
{
	return is_pidfd(ref) ? kernel_process_madvise(ref->fd, ranges, count, advice) : -ENOSYS;
}

int pidref_mrelease(const struct pidref *ref)
{
	return is_pidfd(ref) ? kernel_process_mrelease(ref->fd) : -ENOSYS;
}
