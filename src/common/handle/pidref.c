// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/kernel.h"
#include "handle/pidref.h"
#include "handle/procfs.h"
#include "handle/status.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

static int open_procdir(struct pidref *out, pid_t pid)
{
	struct procfs proc;

	int r = procfs_open(&proc);
	if (r < 0)
		return -ENOSYS;
	int fd = procfs_open_pid(&proc, pid);
	procfs_close(&proc);
	if (fd == -ENOENT || fd == -ESRCH)
		return -ESRCH;
	if (fd < 0)
		return fd;
	// a /proc/TID exists for every thread; only a leader's answers to its own number
	int leader = procfs_is_leader(fd, pid);
	// the call that the directory stands in for must be there, or it is no handle at all
	r = leader < 0 ? leader : kernel_pidfd_send_signal(fd, 0, NULL, 0);
	if (leader == 0)
		r = -ESRCH;
	if (r < 0 && r != -EPERM) {
		close(fd);
		return r;
	}
	*out = (struct pidref){.pid = pid, .fd = fd, .kind = PIDREF_PROCDIR};
	return 0;
}

static int open_number(struct pidref *out, pid_t pid, unsigned flags)
{
	int fd = kernel_pidfd_open(pid, flags);

	if (fd < 0)
		return fd;
	*out = (struct pidref){.pid = pid, .fd = fd, .kind = PIDREF_PIDFD};
	return 0;
}

int pidref_open(struct pidref *out, pid_t pid)
{
	if (pid <= 0)
		return -EINVAL;
	int r = open_number(out, pid, 0);
	if (r == -ENOSYS)
		return open_procdir(out, pid);
	// before 6.16 a thread, and a process reaped within the call, were EINVAL; now ENOENT
	return r == -EINVAL || r == -ENOENT ? -ESRCH : r;
}

int pidref_open_thread(struct pidref *out, pid_t tid)
{
	return open_number(out, tid, KERNEL_PIDFD_THREAD);
}

int pidref_open_exact(struct pidref *out, pid_t pid, uint64_t inode)
{
	struct pidref ref;

	int r = pidref_open(&ref, pid);
	if (r < 0)
		return r;
	r = pidref_learn_inode(&ref);
	if (!r && ref.inode != inode)
		r = -ESTALE;
	if (r < 0) {
		pidref_close(&ref);
		return r;
	}
	*out = ref;
	return 0;
}

// Number and thread group by the handle alone; the numbers are those of our pid namespace.
static int learn_pid(int fd, pid_t *pid, pid_t *tgid)
{
	struct kernel_pidfd_info info;

	int r = kernel_pidfd_info(fd, KERNEL_INFO_PID, &info);
	if (r < 0)
		return r;
	if (!(info.mask & KERNEL_INFO_PID))
		return -ENODATA;
	*pid = (pid_t)info.pid;
	*tgid = (pid_t)info.tgid;
	return 0;
}

int pidref_open_inode(struct pidref *out, uint64_t inode)
{
	struct pidref self;
	pid_t pid = 0;
	pid_t tgid = 0;

	int fd = kernel_open_by_inode(-1, inode);
	if (fd < 0 && fd != -EMFILE && fd != -ENFILE && fd != -ENOMEM) {
		// before 6.17 pidfs is reached through a pidfd; and as a kernel without such
		// handles says "stale" too, ask it for ourselves, who are not
		int r = pidref_open(&self, getpid());
		if (!r)
			r = pidref_learn_inode(&self);
		if (r < 0)
			return r == -ENOSYS ? -EOPNOTSUPP : r;
		int own = kernel_open_by_inode(self.fd, self.inode);
		fd = own < 0 ? -EOPNOTSUPP : kernel_open_by_inode(self.fd, inode);
		if (own >= 0)
			close(own);
		pidref_close(&self);
	}
	if (fd == -ESTALE)
		return -ESRCH;
	if (fd < 0)
		return fd;
	int r = learn_pid(fd, &pid, &tgid);
	if (!r && pid != tgid)
		r = -ECHILD;
	if (r < 0) {
		close(fd);
		return r == -EREMOTE ? -ESRCH : r;
	}
	*out = (struct pidref){.pid = pid, .fd = fd, .inode = inode, .kind = PIDREF_PIDFD};
	return 0;
}

void pidref_adopt_fd(struct pidref *out, int fd)
{
	pid_t pid = 0;
	pid_t tgid = 0;

	// the number is for display: not knowing it (another pid namespace) is no error
	if (learn_pid(fd, &pid, &tgid) < 0)
		pid = procfs_fdinfo_pid(fd);
	*out = (struct pidref){.pid = pid > 0 ? pid : 0, .fd = fd, .kind = PIDREF_PIDFD};
}

int pidref_dup_fd(struct pidref *out, int fd)
{
	int kind;
	socklen_t size = sizeof(kind);
	int own;

	if (!getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &kind, &size)) {
		own = kind == AF_UNIX ? kernel_peer_pidfd(fd) : -ENOTTY;
		// 6.5 to 6.15 say EINVAL for a peer that is reaped
		if (own == -EINVAL)
			own = -ESRCH;
	} else if (errno == EBADF) {
		return -EBADF;
	} else {
		int r = kernel_pidfd_send_signal(fd, 0, NULL, 0);
		struct statfs fs;

		if (r == -ESRCH)
			return -ESRCH;
		if (r == -EBADF || (!fstatfs(fd, &fs) && fs.f_type == KERNEL_PROCFS_MAGIC))
			return -ENOTTY;
		if (r == -ENOSYS)
			return r;
		own = fcntl(fd, F_DUPFD_CLOEXEC, 3);
		if (own < 0)
			own = -errno;
	}
	if (own < 0)
		return own;
	pidref_adopt_fd(out, own);
	return 0;
}

int pidref_dup_fd_of(struct pidref *out, const struct pidref *holder, int fd)
{
	int copy = kernel_pidfd_getfd(holder->fd, fd);

	if (copy < 0)
		return copy == -EPERM ? -EACCES : copy;
	int r = pidref_dup_fd(out, copy);
	close(copy);
	return r;
}

int pidref_learn_inode(struct pidref *ref)
{
	struct statfs fs;
	struct stat st;

	if (ref->inode)
		return 0;
	if (fstatfs(ref->fd, &fs) < 0 || fstat(ref->fd, &st) < 0)
		return -errno;
	if (fs.f_type != KERNEL_PIDFS_MAGIC)
		return -EOPNOTSUPP;
	uint64_t inode = st.st_ino;
	if (sizeof(long) < 8) {
		// a 32-bit kernel has the upper half elsewhere; a 64-bit one answers 0
		uint32_t upper = 0;

		kernel_inode_upper(ref->fd, &upper);
		inode |= (uint64_t)upper << 32;
	}
	ref->inode = inode;
	return 0;
}

bool pidref_same(struct pidref *a, struct pidref *b)
{
	if (!pidref_learn_inode(a) && !pidref_learn_inode(b))
		return a->inode == b->inode;
	return a->pid == b->pid && !pidref_verify(a) && !pidref_verify(b);
}

// A sandbox answers EPERM, too; only it refuses us the question to ourselves.
static int refusal(int error)
{
	if (error != -EPERM)
		return error;
	int self = kernel_pidfd_open(getpid(), 0);
	if (self < 0)
		return error;
	if (kernel_pidfd_send_signal(self, 0, NULL, 0) == -EPERM)
		error = -ENOSYS;
	close(self);
	return error;
}

// From 6.9 on, where pidfds are on a file system of their own, poll tells a reap by POLLHUP.
static bool tells_reap(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && fs.f_type == KERNEL_PIDFS_MAGIC;
}

enum pidref_state pidref_state(const struct pidref *ref)
{
	struct pollfd p = {.fd = ref->fd, .events = POLLIN};
	int dead = -1;

	if (ref->kind == PIDREF_PIDFD) {
		dead = poll(&p, 1, 0);
		if (!dead)
			return PIDREF_ALIVE;
		if (dead > 0 && p.revents & POLLHUP)
			return PIDREF_REAPED;
		if (dead > 0 && tells_reap(ref->fd))
			return PIDREF_ZOMBIE;
	}
	// before 6.9 a zombie and a reaped process poll alike; and poll can fail
	int r = refusal(kernel_pidfd_send_signal(ref->fd, 0, NULL, 0));
	// where a sandbox refuses that too nobody can tell, and its number may be a stranger's
	if (r == -ESRCH || (dead > 0 && r == -ENOSYS))
		return PIDREF_REAPED;
	return dead > 0 ? PIDREF_ZOMBIE : PIDREF_ALIVE;
}

bool pidref_all_alive(const struct pidref *const refs[], size_t count)
{
	struct pollfd polls[PIDREF_AT_ONCE];

	for (size_t i = 0; i < count; i++) {
		if (refs[i]->kind != PIDREF_PIDFD)
			return false;
		polls[i] = (struct pollfd){.fd = refs[i]->fd, .events = POLLIN};
	}
	return !poll(polls, count, 0);
}

int pidref_verify(const struct pidref *ref)
{
	return pidref_state(ref) == PIDREF_REAPED ? -ESRCH : 0;
}

int pidref_signal(const struct pidref *ref, int sig, enum pidref_scope scope, const int *value)
{
	static const unsigned flags[] = {
		[PIDREF_SCOPE_DEFAULT] = 0,
		[PIDREF_SCOPE_THREAD] = KERNEL_SIGNAL_THREAD,
		[PIDREF_SCOPE_PROCESS] = KERNEL_SIGNAL_THREAD_GROUP,
		[PIDREF_SCOPE_GROUP] = KERNEL_SIGNAL_PROCESS_GROUP,
	};
	siginfo_t info;

	if (!value)
		return refusal(kernel_pidfd_send_signal(ref->fd, sig, NULL, flags[scope]));
	// the kernel takes our word for the sender, so it has to be true
	memset(&info, 0, sizeof(info));
	info.si_signo = sig;
	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value.sival_int = *value;
	return refusal(kernel_pidfd_send_signal(ref->fd, sig, &info, flags[scope]));
}

// What /proc says of it, believed because the number was still its own after the reading.
static int status_in(const struct procfs *proc, const struct pidref *ref, struct status *out)
{
	struct buffer text = {0};
	struct status status = {0};

	int r = procfs_read(proc, ref->pid, "status", &text);
	if (!r)
		r = status_parse(buffer_text(&text), &status);
	if (!r)
		r = pidref_verify(ref);
	buffer_free(&text);
	if (r < 0)
		return r == -ENOENT ? -ESRCH : r;
	*out = status;
	return 0;
}

static int status_by_number(const struct pidref *ref, const struct procfs *proc, struct status *out)
{
	struct procfs own;

	if (!ref->pid)
		return -EOPNOTSUPP;
	if (proc)
		return status_in(proc, ref, out);
	int r = procfs_open(&own);
	if (r < 0)
		return r;
	r = status_in(&own, ref, out);
	procfs_close(&own);
	return r;
}

int pidref_owner(const struct pidref *ref, uid_t *real)
{
	struct kernel_pidfd_info info;
	struct status status = {0};

	int r = ref->kind == PIDREF_PIDFD ? kernel_pidfd_info(ref->fd, KERNEL_INFO_CREDS, &info)
					  : -ENOTTY;
	if (!r && info.mask & KERNEL_INFO_CREDS) {
		*real = info.ruid;
		return 0;
	}
	r = status_by_number(ref, NULL, &status);
	if (r < 0)
		return r;
	*real = status.uid[STATUS_REAL];
	return 0;
}

int pidref_parent(const struct pidref *ref, const struct procfs *proc, pid_t *ppid)
{
	struct kernel_pidfd_info info;
	struct status status = {0};

	int r = ref->kind == PIDREF_PIDFD ? kernel_pidfd_info(ref->fd, KERNEL_INFO_PID, &info)
					  : -ENOTTY;
	if (!r && info.mask & KERNEL_INFO_PID) {
		*ppid = (pid_t)info.ppid;
		return 0;
	}
	// no such call, or one that was wrong about living processes without a parent in sight
	r = status_by_number(ref, proc, &status);
	if (r < 0)
		return r;
	*ppid = status.ppid;
	return 0;
}

int pidref_wstatus(const struct pidref *ref, int *wstatus)
{
	struct kernel_pidfd_info info;

	int r = ref->kind == PIDREF_PIDFD ? kernel_pidfd_info(ref->fd, KERNEL_INFO_EXIT, &info)
					  : -ENOTTY;
	if (r == -ENOTTY || r == -EINVAL)
		return -EOPNOTSUPP;
	if (r < 0) // 6.13 and 6.14 keep no record
		return r == -ESRCH ? -EOPNOTSUPP : r;
	if (!(info.mask & KERNEL_INFO_EXIT))
		return -ENODATA;
	*wstatus = info.exit_code;
	return 0;
}

struct pidref pidref_take(struct pidref *ref)
{
	struct pidref taken = *ref;

	*ref = PIDREF_NULL;
	return taken;
}

void pidref_close(struct pidref *ref)
{
	int saved = errno;

	if (ref->fd >= 0)
		close(ref->fd);
	*ref = PIDREF_NULL;
	errno = saved;
}
