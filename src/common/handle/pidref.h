// SPDX-License-Identifier: GPL-2.0-or-later
// pidref.h: hold one process: a number to show, a pidfd to act on, an inode to compare.
//
// A pidref names the process itself. Once it is open nothing is done to that process by number.
// Results of all functions here: 0 (or a documented positive), else -errno with every output
// untouched. -ESRCH always means that the process is gone (reaped); a zombie is not.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct procfs;

enum pidref_kind {
	PIDREF_PIDFD,
	PIDREF_PROCDIR, // a /proc/PID directory (Linux 5.1 and 5.2): can signal, cannot wait
};

struct pidref {
	pid_t pid;	// for display and /proc reads that are verified after; 0: not known
	int fd;		// owned, close-on-exec; -1: empty
	uint64_t inode; // on pidfs, unique for this boot; 0: not asked for yet
	enum pidref_kind kind;
};

#define PIDREF_NULL ((struct pidref){.fd = -1})

// Hold whoever has the number `pid` now. -ESRCH: nobody, or only a thread, a process group or
// a session has it (KERNEL: ESRCH, ENOENT or EINVAL by version); -ENOSYS: neither pidfd_open
// nor a /proc of our pid namespace to stand in for it; -EPERM: a sandbox refuses the call;
// -EMFILE, -ENFILE, -ENOMEM.
int pidref_open(struct pidref *out, pid_t pid);

// Hold the thread `tid` (PIDFD_THREAD, Linux 6.9; -EINVAL before).
int pidref_open_thread(struct pidref *out, pid_t tid);

// Hold `pid` only if its inode is `inode`. -ESRCH: the number is nobody's now; -ESTALE: it is
// another process's (recycled); -EOPNOTSUPP: no inodes before Linux 6.9.
int pidref_open_exact(struct pidref *out, pid_t pid, uint64_t inode);

// Hold the process of that inode, number unknown. -ESRCH: gone, or not visible from this pid
// namespace; -ECHILD: the inode is a thread's; -EOPNOTSUPP: before Linux 6.14.
int pidref_open_inode(struct pidref *out, uint64_t inode);

// Hold the process that descriptor `fd` refers to: a pidfd is duplicated, a Unix socket gives
// its peer or listener (Linux 6.5). `fd` stays the caller's. -EBADF: not open; -ENOTTY:
// neither pidfd nor Unix socket; -ENODATA: the socket has no peer; -ESRCH: already reaped.
int pidref_dup_fd(struct pidref *out, int fd);

// Hold the process of the pidfd `fd`, which is taken over. For what is known to be one.
void pidref_adopt_fd(struct pidref *out, int fd);

// Hold the process that descriptor `fd` of the held process *holder refers to, as above. Linux 5.6
// (-ENOSYS before); needs the right to trace *holder: -EACCES without. -EBADF: *holder has no
// such descriptor; -ESRCH: *holder is gone.
int pidref_dup_fd_of(struct pidref *out, const struct pidref *holder, int fd);

// Fill in ref->inode. -EOPNOTSUPP: before Linux 6.9, or not a pidfd.
int pidref_learn_inode(struct pidref *ref);

// Whether the two hold one process; learns both inodes. Without inodes (before 6.9) equal
// numbers of two unreaped handles are one process: a number has one owner at a time.
bool pidref_same(struct pidref *a, struct pidref *b);

enum pidref_state {
	PIDREF_ALIVE,
	PIDREF_ZOMBIE, // dead, not reaped: its number is still its own, signals do nothing
	PIDREF_REAPED,
};

// What has become of the process. Asks the handle alone: no permission, no /proc. A process
// whose leader thread exited while others live is alive.
enum pidref_state pidref_state(const struct pidref *ref);

enum { PIDREF_AT_ONCE = 64 };

// Whether all of up to PIDREF_AT_ONCE processes are PIDREF_ALIVE, for the price of one call. Where
// it is false each has to be asked.
bool pidref_all_alive(const struct pidref *const refs[], size_t count);

// 0 while the number still is this process's, -ESRCH once it may be another's. Called after
// facts were read from /proc/PID with the handle open, 0 proves that they were this process's:
// a number cannot change hands while its owner is unreaped.
int pidref_verify(const struct pidref *ref);

enum pidref_scope {
	PIDREF_SCOPE_DEFAULT, // the process (or the thread, for a handle on one)
	PIDREF_SCOPE_THREAD,  // that one thread; Linux 6.9
	PIDREF_SCOPE_PROCESS, // the whole process, for a handle on a thread too; Linux 6.9
	PIDREF_SCOPE_GROUP,   // the process group it leads or led; Linux 6.9
};

// Send `sig` (0: only ask). `value` NULL: like kill; else like sigqueue with that value.
// -ESRCH gone, -EPERM not allowed, -EAGAIN signal queue full, -EINVAL bad signal, or a scope
// that this kernel lacks, or a process outside our pid namespace; -ENOSYS: no such call, or a
// sandbox refuses it for whomever.
int pidref_signal(const struct pidref *ref, int sig, enum pidref_scope scope, const int *value);

// The real user of the process: by the handle from Linux 6.13 on, else from /proc, verified.
// -ESRCH gone; -errno where neither can be had.
int pidref_owner(const struct pidref *ref, uid_t *real);

// The number of its parent when asked (0: outside our pid namespace); by the handle from Linux
// 6.13 on, else from /proc, verified. Whose number that is stays open until the parent is held:
// the link is proved when a handle on that number, opened before this call, is unreaped after
// it. -ESRCH gone; -errno where it cannot be had.
// `proc` may be NULL: it is opened where it is needed.
int pidref_parent(const struct pidref *ref, const struct procfs *proc, pid_t *ppid);

// The wait(2) status of a reaped process, child or not, of any user. -ENODATA: not reaped
// yet; -EOPNOTSUPP: before Linux 6.15; -EREMOTE: it lives or lived outside our pid namespace
// (some kernels say -EOPNOTSUPP there, too).
int pidref_wstatus(const struct pidref *ref, int *wstatus);

// Move: returns *ref and leaves PIDREF_NULL behind.
struct pidref pidref_take(struct pidref *ref);

// Close; idempotent, keeps errno.
void pidref_close(struct pidref *ref);
