// SPDX-License-Identifier: GPL-2.0-or-later
// pidcall.h: the rarer calls on a held process: watch it, reap it, its namespaces, its memory.
//
// Each returns >= 0 or -errno. A handle that is a /proc/PID directory (before Linux 5.3) takes part
// in none of them: -ENOSYS.
#pragma once

#include "handle/kernel.h"
#include "handle/pidref.h"

#include <poll.h>
#include <signal.h>

// Have the epoll instance report the end of the process, with `tag`: EPOLLIN when it dies, from
// Linux 6.9 on EPOLLHUP when it is reaped. Edge-triggered, for a zombie would be reported without
// end.
int pidref_watch(const struct pidref *ref, int epoll, uint64_t tag);

// Stop that. It has to come before the close: a duplicate of the handle would go on reporting.
void pidref_unwatch(const struct pidref *ref, int epoll);

// What poll(2) takes to wait for its death; the descriptor stays the handle's. An entry that poll
// passes over, where nothing is held.
struct pollfd pidref_poll(const struct pidref *ref);

// waitid(2) on that one process, which has to be a child of ours; Linux 5.4 (-EINVAL before).
// `options` as there; *info may be NULL. EINTR is tried again. -ECHILD: it is no child of ours.
int pidref_waitid(const struct pidref *ref, siginfo_t *info, int options);

// A new close-on-exec descriptor of one of its namespaces. -EOPNOTSUPP: the kernel cannot do it
// (before Linux 6.11, without that kind) or a sandbox forbids it: /proc may know; -EACCES; -ESRCH
// for a zombie, too.
int pidref_namespace(const struct pidref *ref, enum kernel_ns kind);

// A close-on-exec duplicate of its descriptor `fd`, owned by the caller; Linux 5.6. Needs the right
// to trace it: -EACCES; -EBADF: it has no such descriptor, or its first thread has ended; -ESRCH:
// it is gone.
int pidref_copy_fd(const struct pidref *ref, int fd);

// setns(2): enter those of its namespaces, as CLONE_NEW* says. Linux 5.8 (-EINVAL before).
int pidref_enter(const struct pidref *ref, int kinds);

// Advise about ranges of its memory; see kernel_process_madvise.
ssize_t pidref_madvise(
	const struct pidref *ref, const struct iovec *ranges, size_t count, unsigned advice);

// Start giving back its memory at once; it has to be dying. See kernel_process_mrelease.
int pidref_mrelease(const struct pidref *ref);
