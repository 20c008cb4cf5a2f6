// SPDX-License-Identifier: GPL-2.0-or-later
// waiter.h: wait for any number of processes at once with one epoll and one timer, no polling.
//
// Death and reap are two events: the first when the process dies, the second, since Linux 6.9, when
// its parent (or the kernel) reaps it. Events are edge-triggered, so a zombie does not keep the
// loop busy. Needs Linux 5.3.
#pragma once

#include "handle/pidref.h"

#include <stdbool.h>
#include <stdint.h>

enum waiter_event {
	WAITER_DIED = 1,   // it no longer runs; it may still be a zombie
	WAITER_REAPED = 2, // another process may have its PID now (implies WAITER_DIED)
	WAITER_READY = 4,  // a descriptor given to waiter_watch is readable
};

struct waiter;

// Make a waiter. Its deadlines are times of the clock in clock.h. Uses two descriptors. -EMFILE,
// -ENOMEM.
int waiter_new(struct waiter **out);

// Watch *ref. The caller keeps it, and must keep it open until waiter_remove or waiter_free. `tag`,
// below 2^63 - 1, is returned with its events. -EOPNOTSUPP: the handle does not support waiting
// (PIDREF_PROCDIR); -ENOSPC: fs.epoll.max_user_watches; -ENOMEM.
int waiter_add(struct waiter *w, const struct pidref *ref, uint64_t tag);

// Watch another readable descriptor (a signalfd) in the same way, but level-triggered.
int waiter_watch(struct waiter *w, int fd, uint64_t tag);

// Watch a file that reports its changes with EPOLLPRI (cgroup.events), as a process: WAITER_DIED.
int waiter_add_file(struct waiter *w, int fd, uint64_t tag);
void waiter_remove_file(struct waiter *w, int fd);

// Stop watching. Call this before the handle is closed: while a duplicate of it is open elsewhere,
// its events would continue.
void waiter_remove(struct waiter *w, const struct pidref *ref);

#define WAITER_NEVER INT64_MAX // no deadline

// The time `ns` nanoseconds after `from`, on the clock in clock.h; WAITER_NEVER if that is too far.
int64_t waiter_later(int64_t from, int64_t ns);

// The only place where a program waits: block until an event or until the clock reaches `until`. 1:
// *events of the process (or descriptor) with *tag; -ETIMEDOUT: the time is `until`, and every
// process that was dead by then was returned before, however long a watched descriptor stays
// readable. A signal that is caught does not end the wait.
int waiter_next(struct waiter *w, int64_t until, uint64_t *tag, unsigned *events);

// Close what the waiter owns; *w becomes NULL. The pidrefs stay open.
void waiter_free(struct waiter **w);
