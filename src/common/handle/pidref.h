// SPDX-License-Identifier: GPL-2.0-or-later
// pidref.h: hold one process: a number to show, a pidfd to act on, an inode to compare.
//
// A pidref names the process itself. Once it is open nothing is done to that process by number.
// Results of all functions here: 0 (or a documented positive), else -errno with every output
// untouched. -ESRCH always means that the process is gone (reaped); a zombie is not.
//
// Verbs of ownership: open and dup make a handle, take moves one, close may be called twice. What
// can be read of the process is in pidread.h, the rarer calls in pidcall.h. Only the files of
// handle/ look at `fd` (`./dev lint no_fd_outside`).
#pragma once

#include "base/cleanup.h"
#include "handle/procid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

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

// Whether *ref holds a process.
static inline bool pidref_is_held(const struct pidref *ref)
{
	return ref->fd >= 0;
}

// Hold the process that has the PID `pid` now. -ESRCH: none, or only a thread, a process group or
// a session has it (KERNEL: ESRCH, ENOENT or EINVAL by version); -ENOSYS: neither pidfd_open
// nor a /proc of our pid namespace to stand in for it; -EPERM: a sandbox refuses the call;
// -EMFILE, -ENFILE, -ENOMEM.
int pidref_open(struct pidref *out, pid_t pid);

// Hold the thread `tid` (PIDFD_THREAD, Linux 6.9; -EINVAL before).
int pidref_open_thread(struct pidref *out, pid_t tid);

// Whether the inode of the held process is `inode`; learns it. 0; -ESTALE: it is another;
// -EOPNOTSUPP: before Linux 6.9.
int pidref_check_inode(struct pidref *ref, uint64_t inode);

// Hold `pid` only if its inode is `inode`. -ESRCH: no process has the PID now; -ESTALE: it is
// another process's (recycled); -EOPNOTSUPP: no inodes before Linux 6.9.
int pidref_open_exact(struct pidref *out, pid_t pid, uint64_t inode);

// Hold the process of that PID and, where the inode is known, of that inode: pidref_open or
// pidref_open_exact.
int pidref_open_id(struct pidref *out, const struct procid *id);

// Hold the process of that inode, number unknown. -ESRCH: gone, or not visible from this pid
// namespace; -ECHILD: the inode is a thread's; -EOPNOTSUPP: before Linux 6.14; -EPERM: a sandbox.
int pidref_open_inode(struct pidref *out, uint64_t inode);

// Hold the process that descriptor `fd` refers to: a pidfd is duplicated, a Unix socket gives
// its peer or listener (Linux 6.5). `fd` stays the caller's. -EBADF: not open; -ENOTTY:
// neither pidfd nor Unix socket; -ENODATA: the socket has no peer; -ESRCH: already reaped; -ENOSYS:
// nothing answers whether it is reaped.
int pidref_dup_fd(struct pidref *out, int fd);

// Hold the process of the pidfd `fd`, which is taken over. For what is known to be one. The PID is
// 0 where it has none in our pid namespace.
void pidref_adopt_fd(struct pidref *out, int fd);

// The same for a child of ours, whose PID is known.
struct pidref pidref_of_child(pid_t pid, int pidfd);

// Hold the same process once more.
int pidref_dup(struct pidref *out, const struct pidref *ref);

// Fill in ref->inode. -EOPNOTSUPP: before Linux 6.9, or not a pidfd.
int pidref_learn_inode(struct pidref *ref);

// What names the process without a handle; learns the inode. Its inode is 0 before Linux 6.9.
struct procid pidref_id(struct pidref *ref);

// Whether it is the process of *id; learns the inode. Without inodes (before 6.9) equal numbers
// count, which is right while one of the two is unreaped.
bool pidref_is(struct pidref *ref, const struct procid *id);

// Whether the two hold one process: 1 or 0; learns both inodes. Without inodes (before 6.9) equal
// numbers of two unreaped handles are one process: a number has one owner at a time. -ENOSYS: it
// could not be verified.
int pidref_same(struct pidref *a, struct pidref *b);

enum pidref_state {
	PIDREF_ALIVE,
	PIDREF_ZOMBIE, // dead, not reaped: its number is still its own, signals do nothing
	PIDREF_REAPED,
};

// What has become of the process. Asks the handle alone: no permission, no /proc. A process
// whose leader thread exited while others live is alive. Where nothing answers (see pidref_verify)
// the result is PIDREF_ALIVE, or PIDREF_REAPED for one that is known to be dead.
enum pidref_state pidref_state(const struct pidref *ref);

enum { PIDREF_AT_ONCE = 64 };

// Whether all of up to PIDREF_AT_ONCE processes are PIDREF_ALIVE, for the price of one call. Where
// it is false each has to be asked.
bool pidref_all_alive(const struct pidref *const refs[], size_t count);

// Whether the process is unreaped, and so has kept its PID. 0: yes; -ESRCH: it is reaped, the PID
// may be another process's; -ENOSYS: nothing could answer: poll does not tell (before Linux 6.9) or
// fails, and a sandbox refuses signals. Only 0 is a proof: facts that were read from /proc/PID
// before the call and after the handle was opened are this process's, for a PID does not change
// hands while its owner is unreaped.
int pidref_verify(const struct pidref *ref);

enum pidref_scope {
	PIDREF_SCOPE_DEFAULT, // the process (or the thread, for a handle on one)
	PIDREF_SCOPE_THREAD,  // that one thread; Linux 6.9
	PIDREF_SCOPE_GROUP,   // the process group it leads or led; Linux 6.9
};

// Send `sig` (0: only ask). `value` NULL: like kill; else like sigqueue with that value.
// -ESRCH gone, -EPERM not allowed, -EAGAIN signal queue full, -EINVAL bad signal, or a scope
// that this kernel lacks, or a process outside our pid namespace; -ENOSYS: no such call, or a
// sandbox refuses it for every process.
int pidref_signal(const struct pidref *ref, int sig, enum pidref_scope scope, const int *value);

// The wait(2) status of a reaped process, child or not, of any user. -ENODATA: not reaped
// yet; -EOPNOTSUPP: before Linux 6.15; -EREMOTE: it lives or lived outside our pid namespace
// (some kernels say -EOPNOTSUPP there, too).
int pidref_wstatus(const struct pidref *ref, int *wstatus);

// Move: returns *ref and leaves PIDREF_NULL behind.
struct pidref pidref_take(struct pidref *ref);

// Close; idempotent, keeps errno.
void pidref_close(struct pidref *ref);
