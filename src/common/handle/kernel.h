// SPDX-License-Identifier: GPL-2.0-or-later
// kernel.h: every raw pidfd system call and kernel constant of the suite, in one place.
//
// The C library's wrappers are not used: glibc has them from 2.36 on and musl not at all, and
// the numbers are the same everywhere. Every function returns >= 0 or -errno; nothing here
// interprets an error (pidref.h does).
#pragma once

#include <signal.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

// pidfd_open(2): PIDFD_THREAD, Linux 6.9
#define KERNEL_PIDFD_THREAD 0x80u
// pidfd_send_signal(2) scopes, Linux 6.9
#define KERNEL_SIGNAL_THREAD	    1u
#define KERNEL_SIGNAL_THREAD_GROUP  2u
#define KERNEL_SIGNAL_PROCESS_GROUP 4u
// ioctl PIDFD_GET_INFO: what to ask for, and what the answer's mask says is there
#define KERNEL_INFO_PID	   1u // Linux 6.13
#define KERNEL_INFO_CREDS  2u
#define KERNEL_INFO_CGROUP 4u
#define KERNEL_INFO_EXIT   8u // Linux 6.15
// ioctl PIDFD_GET_*_NAMESPACE: which one; Linux 6.11
enum kernel_ns {
	KERNEL_NS_CGROUP = 1,
	KERNEL_NS_IPC,
	KERNEL_NS_MNT,
	KERNEL_NS_NET,
	KERNEL_NS_PID,
	KERNEL_NS_TIME = 7,
	KERNEL_NS_USER = 9,
	KERNEL_NS_UTS,
};
// process_madvise(2): what another process can be advised of
#define KERNEL_MADV_COLD    20
#define KERNEL_MADV_PAGEOUT 21
// waitid(2) id type P_PIDFD, an enumerator in some headers and missing in others; Linux 5.4
#define KERNEL_WAIT_PIDFD 3
// The control message that kernel_pass_pidfd brings along
#define KERNEL_SCM_PIDFD 4
// fstatfs(2) f_type of a pidfd since 6.9, of procfs, of cgroup v2 and of FUSE
#define KERNEL_PIDFS_MAGIC   0x50494446
#define KERNEL_PROCFS_MAGIC  0x9fa0
#define KERNEL_CGROUP2_MAGIC 0x63677270
#define KERNEL_FUSE_MAGIC    0x65735546

// The first, stable 64 bytes of struct pidfd_info; later fields moved between releases, so
// the request always has this size.
struct kernel_pidfd_info {
	uint64_t mask;
	uint64_t cgroupid;
	uint32_t pid;
	uint32_t tgid;
	uint32_t ppid;
	uint32_t ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
	int32_t exit_code; // wait(2) encoding, valid with KERNEL_INFO_EXIT
};

// openat2(2): how a path may be resolved
#define KERNEL_RESOLVE_NO_XDEV 0x01u // not across a mount point; Linux 5.6
#define KERNEL_RESOLVE_CACHED  0x20u // only with what is cached (-EAGAIN otherwise); Linux 5.12

// A new close-on-exec pidfd for the number `pid`. Linux 5.3. No permission is checked.
int kernel_pidfd_open(pid_t pid, unsigned flags);

// Send `sig` through a pidfd (or, since 5.1, a /proc/PID directory). `info` may be NULL.
int kernel_pidfd_send_signal(int fd, int sig, siginfo_t *info, unsigned flags);

// A duplicate of descriptor `fd` of the process `pidfd`. Linux 5.6; needs ptrace rights.
int kernel_pidfd_getfd(int pidfd, int fd);

// Fill *out as far as `mask` asks and the kernel knows; the answer's mask says what is valid.
// Linux 6.13; before: -ENOTTY, or -EINVAL on 6.11 and 6.12. Once reaped only the exit record
// is left (-ESRCH when it was not asked for). Never take this -ESRCH alone as "gone".
int kernel_pidfd_info(int pidfd, uint64_t mask, struct kernel_pidfd_info *out);

// A new close-on-exec descriptor of that namespace of the process. Linux 6.11 (-ENOTTY or -EINVAL
// before); -EOPNOTSUPP: a kernel built without that kind; -EACCES; -ESRCH for a zombie too.
int kernel_pidfd_namespace(int pidfd, enum kernel_ns kind);

// The number here of the process, or thread, that has the number `pid` in the pid namespace of the
// nsfs descriptor `ns`, and the other way round. No right is needed. Linux 6.11 (-ENOTTY before);
// -ESRCH: none there, or without a number on the other side.
pid_t kernel_pidns_find(int ns, pid_t pid);
pid_t kernel_pidns_number(int ns, pid_t pid);

// A new close-on-exec descriptor of the parent of the pid namespace `ns`. Linux 4.9. -EPERM: the
// parent is not visible from our namespace.
int kernel_ns_parent(int ns);

// A pidfd for the process whose pidfs inode is `inode`, without its number. `pidfd` is any
// pidfd, used to reach pidfs before 6.17; -1 tries the kernel's own root (6.17). Linux 6.14.
// -ESTALE: reaped, not visible from here, or never existed.
int kernel_open_by_inode(int pidfd, uint64_t inode);

// 0 where a pidfd has such a handle; -EOPNOTSUPP before Linux 6.14. Needs no privilege.
int kernel_name_inode(int pidfd);

// The upper half of a pidfd's inode number on a 32-bit kernel; 0 on a 64-bit one.
int kernel_inode_upper(int pidfd, uint32_t *upper);

// The pidfd of the process at the other end of a connected Unix socket, or of the one that
// called listen() on it. Linux 6.5; -ENODATA when there is none, -ENOPROTOOPT before 6.5.
int kernel_peer_pidfd(int socket);

// Have every message that `socket` receives bring a pidfd of its sender. Linux 6.5;
// -ENOPROTOOPT before.
int kernel_pass_pidfd(int socket);

// The number of a child of ours that is dead and not reaped, and stays so; 0: none is dead;
// -ECHILD: we have no children.
pid_t kernel_dead_child(void);

// Reap one dead child, whichever it is, or a thread that we trace: its number; 0: none is dead;
// -ECHILD. *out gets how it ended, if it is not NULL. No descriptor is needed for it.
pid_t kernel_reap(siginfo_t *out);

// ptrace(2) takes the number of a thread. Attached, the thread keeps that number until its tracer
// has seen its end (kernel_reap), but for an exec by a thread that is not the leader, which
// takes over the number of the leader.
//
// Attach to the thread `tid` without stopping it: PTRACE_SEIZE without options. Waits while the
// process is in an exec. -EPERM: not allowed, or it is traced, a zombie or a thread of the kernel;
// -ESRCH: there is no such thread.
int kernel_trace_seize(pid_t tid);

// Have an attached thread stop without a signal: PTRACE_INTERRUPT. -ESRCH: we are not its tracer.
int kernel_trace_interrupt(pid_t tid);

// 0 only if the thread is attached to us and at rest; the reason is in *out. -ESRCH.
int kernel_trace_info(pid_t tid, siginfo_t *out);

// Let a thread that is at rest go on, with the signal `sig` that it was about to take, or 0.
int kernel_trace_end(pid_t tid, int sig);

// Advise about `count` (at most 1024) ranges of the process's memory. The bytes done: fewer than
// asked for when a later range failed. Linux 5.10; -EPERM without CAP_SYS_NICE, -EACCES without the
// right to trace it; -EINVAL, -ENOMEM: the first range cannot be advised of.
ssize_t kernel_process_madvise(
	int pidfd, const struct iovec *ranges, size_t count, unsigned advice);

// A new close-on-exec descriptor (O_PATH) of the file at `path`, relative to `folder`, resolved as
// the KERNEL_RESOLVE_* mask says. Linux 5.6 (-ENOSYS before); -EINVAL: a bit of the mask is not
// known.
int kernel_open_path(int folder, const char *path, uint64_t resolve);

// Start giving back the memory of a dying process at once. Linux 5.15.
int kernel_process_mrelease(int pidfd);

// fork(2) that gives the child's pidfd as well, close-on-exec, from its birth on; with `cgroup`
// (a descriptor of a cgroup v2 folder) not -1, into that cgroup. Returns the child's number, and
// 0 in the child. clone3: Linux 5.3 (-ENOSYS before, or in a sandbox), `cgroup` 5.7 (-E2BIG,
// -EINVAL before). Handlers of pthread_atfork are not run: the child may only exec or _exit.
pid_t kernel_fork(int *pidfd, int cgroup);

// fork(2) that makes the child a child of our parent: our sibling. Returns its number here, which
// is in *number before the child runs, and 0 in the child, where only exec or _exit may follow.
// clone3 (-ENOSYS before Linux 5.3).
pid_t kernel_fork_sibling(pid_t *number);

// Close all descriptors from `first` on. Linux 5.9; before, one by one up to the limit.
void kernel_close_from(int first);

// A child that shares our descriptor table: what it opens and closes, it opens and closes for us.
// All other memory is its own copy. It runs `run(data)`, which returns its exit status. Its end
// sends no SIGCHLD, and only a wait with __WALL reaps it. Returns its number.
pid_t kernel_share(int (*run)(void *), void *data, int *pidfd);
