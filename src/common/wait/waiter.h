// SPDX-License-Identifier: GPL-2.0-or-later
// waiter.h: wait for any number of processes at once: one epoll, one timer, no polling.
//
// Death and reap are two events: the first comes when the process dies, the second when its parent
// (or the kernel) reaps it, from Linux 6.9 on. Events are edge-triggered, so a zombie does not keep
// the loop busy. Needs Linux 5.3.
#pragma once

#include "handle/pidref.h"

#include <stdbool.h>
#include <stdint.h>

enum waiter_event {
	WAITER_DIED = 1,   // it runs no more; it may still be a zombie
	WAITER_REAPED = 2, // its number may be another's now (implies WAITER_DIED)
	WAITER_READY = 4,  // a descriptor given to waiter_watch can be read
};

struct waiter;

// A waiter; its deadlines are times of clock.h's clock. Uses two descriptors. -EMFILE, -ENOMEM.
int waiter_new(struct waiter **out);

// Watch *ref, which stays the caller's and stays open until waiter_remove or waiter_free.
// `tag`, below 2^63 - 1, comes back with its events. -EOPNOTSUPP: the handle cannot
// be waited for (PIDREF_PROCDIR); -ENOSPC: fs.epoll.max_user_watches; -ENOMEM.
int waiter_add(struct waiter *w, const struct pidref *ref, uint64_t tag);

// Watch any readable descriptor (a signalfd), level-triggered, the same way.
int waiter_watch(struct waiter *w, int fd, uint64_t tag);

// Stop watching. Has to come before the close: a duplicate elsewhere would keep firing.
void waiter_remove(struct waiter *w, const struct pidref *ref);

#define WAITER_NEVER INT64_MAX // no deadline

// `ns` nanoseconds after `from`, on clock.h's clock; WAITER_NEVER where that is too far.
int64_t waiter_later(int64_t from, int64_t ns);

// The one place where a program waits: block until something happens or the clock reaches
// `until`. 1: *events of the process (or descriptor) with *tag; -ETIMEDOUT: it is `until`, returned
// only after every process that was dead by then. A caught signal does not end the wait.
int waiter_next(struct waiter *w, int64_t until, uint64_t *tag, unsigned *events);

// Closes what the waiter owns; *w becomes NULL. The pidrefs stay as they are.
void waiter_free(struct waiter **w);
