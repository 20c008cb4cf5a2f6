// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// One number on every architecture but alpha, where the headers have it.
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#ifndef SYS_process_madvise
#define SYS_process_madvise 440
#endif
#ifndef SYS_process_mrelease
#define SYS_process_mrelease 448
#endif
#ifndef SO_PASSPIDFD
#define SO_PASSPIDFD 76
#endif
#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

#ifndef FS_IOC_GETVERSION
#define FS_IOC_GETVERSION _IOR('v', 1, long) // <linux/fs.h>, which musl's users may lack
#endif
// not in every C library's headers, and <sched.h> clashes with <linux/sched.h>
#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x1000u
#endif

// Names of our own, which no header defines: a newer C library has some of the kernel's.
#define KERNEL_PIDFS_ROOT   (-10002)				      // FD_PIDFS_ROOT, Linux 6.17
#define KERNEL_PIDFS_HANDLE 0xfe				      // FILEID_KERNFS
#define KERNEL_INTO_CGROUP  UINT64_C(0x200000000)		      // CLONE_INTO_CGROUP
#define KERNEL_GET_INFO	    _IOWR(0xff, 11, struct kernel_pidfd_info) // PIDFD_GET_INFO
// PIDFD_GET_CGROUP_NAMESPACE and its neighbours
#define KERNEL_GET_NAMESPACE(kind) _IO(0xff, kind)
#define KERNEL_GET_PARENT	   _IO(0xb7, 2)	      // NS_GET_PARENT
#define KERNEL_PID_FROM_PIDNS	   _IOR(0xb7, 6, int) // NS_GET_PID_FROM_PIDNS, Linux 6.11
#define KERNEL_PID_IN_PIDNS	   _IOR(0xb7, 8, int) // NS_GET_PID_IN_PIDNS

_Static_assert(sizeof(struct kernel_pidfd_info) == 64, "the size that every kernel takes");

static int result(long r)
{
	return r < 0 ? -errno : (int)r;
}

// The C libraries disagree about the type of a request.
static int control(int fd, unsigned long request, void *data)
{
	return result(syscall(SYS_ioctl, fd, request, data));
}

int kernel_pidfd_open(pid_t pid, unsigned flags)
{
	return result(syscall(SYS_pidfd_open, pid, flags));
}

int kernel_pidfd_send_signal(int fd, int sig, siginfo_t *info, unsigned flags)
{
	return result(syscall(SYS_pidfd_send_signal, fd, sig, info, flags));
}

int kernel_pidfd_getfd(int pidfd, int fd)
{
	return result(syscall(SYS_pidfd_getfd, pidfd, fd, 0));
}

int kernel_pidfd_info(int pidfd, uint64_t mask, struct kernel_pidfd_info *out)
{
	struct kernel_pidfd_info info = {.mask = mask};

	int r = control(pidfd, KERNEL_GET_INFO, &info);
	if (r < 0)
		return r;
	*out = info;
	return 0;
}

int kernel_pidfd_namespace(int pidfd, enum kernel_ns kind)
{
	return control(pidfd, KERNEL_GET_NAMESPACE(kind), NULL);
}

pid_t kernel_pidns_find(int ns, pid_t pid)
{
	return control(ns, KERNEL_PID_FROM_PIDNS, (void *)(intptr_t)pid);
}

pid_t kernel_pidns_number(int ns, pid_t pid)
{
	return control(ns, KERNEL_PID_IN_PIDNS, (void *)(intptr_t)pid);
}

int kernel_ns_parent(int ns)
{
	return control(ns, KERNEL_GET_PARENT, NULL);
}

int kernel_open_by_inode(int pidfd, uint64_t inode)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + sizeof(inode)];
	} u;

	memset(&u, 0, sizeof(u));
	u.handle.handle_bytes = sizeof(inode);
	u.handle.handle_type = KERNEL_PIDFS_HANDLE;
	memcpy(u.room + sizeof(struct file_handle), &inode, sizeof(inode));
	return result(open_by_handle_at(
		pidfd >= 0 ? pidfd : KERNEL_PIDFS_ROOT, &u.handle, O_RDWR | O_CLOEXEC));
}

int kernel_name_inode(int pidfd)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} u;
	int mount;

	memset(&u, 0, sizeof(u));
	u.handle.handle_bytes = MAX_HANDLE_SZ;
	return result(name_to_handle_at(pidfd, "", &u.handle, &mount, AT_EMPTY_PATH));
}

int kernel_inode_upper(int pidfd, uint32_t *upper)
{
	int generation;

	int r = control(pidfd, FS_IOC_GETVERSION, &generation);
	if (r < 0)
		return r;
	*upper = (uint32_t)generation;
	return 0;
}

int kernel_peer_pidfd(int socket)
{
	int fd = -1;
	socklen_t size = sizeof(fd);

	int r = result(getsockopt(socket, SOL_SOCKET, SO_PEERPIDFD, &fd, &size));
	if (r < 0)
		return r;
	// some kernels answer with a negative descriptor for a peer that is reaped
	return fd >= 0 ? fd : -ESRCH;
}

int kernel_pass_pidfd(int socket)
{
	const int on = 1;

	return result(setsockopt(socket, SOL_SOCKET, SO_PASSPIDFD, &on, sizeof(on)));
}

// A dead child. SIGCHLD is read by then, and does not come again: the answer must not be lost to
// another signal.
static pid_t dead_child(bool reap, siginfo_t *out)
{
	siginfo_t info = {0};
	int r;

	do
		r = reap ? waitid(P_ALL, 0, &info, WEXITED | WNOHANG | __WALL)
			 : waitid(P_ALL, 0, &info, WEXITED | WNOHANG | __WALL | WNOWAIT);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return -errno;
	if (out)
		*out = info;
	return info.si_pid;
}

pid_t kernel_dead_child(void)
{
	return dead_child(false, NULL);
}

pid_t kernel_reap(siginfo_t *out)
{
	return dead_child(true, out);
}

// The C libraries disagree about the type of a request here, too.
static int trace(long request, pid_t tid, const void *data)
{
	return result(syscall(SYS_ptrace, request, tid, NULL, data));
}

int kernel_trace_seize(pid_t tid)
{
	return trace(PTRACE_SEIZE, tid, NULL);
}

int kernel_trace_interrupt(pid_t tid)
{
	return trace(PTRACE_INTERRUPT, tid, NULL);
}

int kernel_trace_info(pid_t tid, siginfo_t *out)
{
	return trace(PTRACE_GETSIGINFO, tid, out);
}

int kernel_trace_end(pid_t tid, int sig)
{
	return result(syscall(SYS_ptrace, PTRACE_DETACH, tid, NULL, (long)sig));
}

ssize_t kernel_process_madvise(int pidfd, const struct iovec *ranges, size_t count, unsigned advice)
{
	ssize_t n = syscall(SYS_process_madvise, pidfd, ranges, count, advice, 0);

	return n < 0 ? -errno : n;
}

int kernel_open_path(int folder, const char *path, uint64_t resolve)
{
	// struct open_how, which older headers lack
	const uint64_t how[] = {O_PATH | O_CLOEXEC, 0, resolve};

	return result(syscall(SYS_openat2, folder, path, how, sizeof(how)));
}

int kernel_process_mrelease(int pidfd)
{
	return result(syscall(SYS_process_mrelease, pidfd, 0));
}

// struct clone_args as far as Linux 5.7 has it
struct kernel_clone {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	uint64_t set_tid, set_tid_size, cgroup;
};

enum { CLONE_SIZE_5_3 = 64 };

pid_t kernel_fork(int *pidfd, int cgroup)
{
	int fd = -1;
	struct kernel_clone request = {
		.flags = CLONE_PIDFD,
		.pidfd = (uintptr_t)&fd,
		.exit_signal = SIGCHLD,
	};
	size_t size = CLONE_SIZE_5_3;

	if (cgroup >= 0) {
		request.flags |= KERNEL_INTO_CGROUP;
		request.cgroup = (uint64_t)cgroup;
		size = sizeof(request);
	}
	pid_t pid = result(syscall(SYS_clone3, &request, size));
	if (pid > 0)
		*pidfd = fd;
	return pid;
}

pid_t kernel_fork_sibling(pid_t *number)
{
	struct kernel_clone request = {
		.flags = CLONE_PARENT | CLONE_PARENT_SETTID,
		.parent_tid = (uintptr_t)number,
	};

	return result(syscall(SYS_clone3, &request, CLONE_SIZE_5_3));
}

void kernel_close_from(int first)
{
	if (syscall(SYS_close_range, first, ~0u, 0) == 0)
		return;
	long most = sysconf(_SC_OPEN_MAX);
	for (int fd = first; fd < most; fd++)
		close(fd);
}

// clone(2) of the C library wants a stack: on ours it could need more than there is. The child has
// its own copy.
static pid_t share_by_clone(int (*run)(void *), void *data, int *fd)
{
	enum { SIZE = 1 << 18 };
	char *stack = aligned_alloc(16, SIZE);

	if (!stack)
		return -ENOMEM;
	pid_t pid = result(clone(run, stack + SIZE, CLONE_PIDFD | CLONE_FILES, data, fd));
	free(stack);
	return pid;
}

pid_t kernel_share(int (*run)(void *), void *data, int *pidfd)
{
	int fd = -1;
	struct kernel_clone request = {
		.flags = CLONE_PIDFD | CLONE_FILES,
		.pidfd = (uintptr_t)&fd,
	};

	pid_t pid = result(syscall(SYS_clone3, &request, CLONE_SIZE_5_3));
	if (!pid)
		_exit(run(data));
	if (pid == -ENOSYS)
		pid = share_by_clone(run, data, &fd);
	if (pid > 0)
		*pidfd = fd;
	return pid;
}
