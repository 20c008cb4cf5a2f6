// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/clock.h"
#include "handle/pidcall.h"
#include "wait/waiter.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { BATCH = 256 };

#define TIMER_TAG UINT64_MAX
#define WATCH_BIT (UINT64_C(1) << 63) // marks the tags of waiter_watch

struct waiter {
	int epoll;
	int timer;
	int64_t armed; // when the timer fires; WAITER_NEVER: it is not set
	bool expired;  // it has fired; reported when no event is left
	int at, filled;
	struct epoll_event batch[BATCH];
};

static int add(struct waiter *w, int fd, uint32_t events, uint64_t tag)
{
	struct epoll_event event = {.events = events, .data.u64 = tag};

	return epoll_ctl(w->epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

int waiter_new(struct waiter **out)
{
	struct waiter *w = calloc(1, sizeof(*w));

	if (!w)
		return -ENOMEM;
	w->armed = WAITER_NEVER;
	w->epoll = epoll_create1(EPOLL_CLOEXEC);
	w->timer =
		w->epoll < 0 ? -1 : timerfd_create(CLOCK_OF_DEADLINES, TFD_CLOEXEC | TFD_NONBLOCK);
	// edge-triggered: an expired timer that is not read does not wake the loop again
	int r = w->timer < 0 ? -errno : add(w, w->timer, EPOLLIN | EPOLLET, TIMER_TAG);
	if (r < 0) {
		waiter_free(&w);
		return r;
	}
	*out = w;
	return 0;
}

int waiter_add(struct waiter *w, const struct pidref *ref, uint64_t tag)
{
	// without pidfd support in epoll the kernel cannot report the death
	int r = pidref_watch(ref, w->epoll, tag);

	return r == -ENOSYS ? -EOPNOTSUPP : r;
}

int waiter_watch(struct waiter *w, int fd, uint64_t tag)
{
	return add(w, fd, EPOLLIN, tag | WATCH_BIT);
}

int waiter_add_file(struct waiter *w, int fd, uint64_t tag)
{
	return add(w, fd, EPOLLPRI | EPOLLET, tag);
}

void waiter_remove_file(struct waiter *w, int fd)
{
	epoll_ctl(w->epoll, EPOLL_CTL_DEL, fd, NULL);
}

void waiter_remove(struct waiter *w, const struct pidref *ref)
{
	pidref_unwatch(ref, w->epoll);
}

int64_t waiter_later(int64_t from, int64_t ns)
{
	return ns > WAITER_NEVER - from ? WAITER_NEVER : from + ns;
}

static int arm(struct waiter *w, int64_t until)
{
	struct itimerspec when = {0};

	if (until == w->armed)
		return 0;
	if (until != WAITER_NEVER) {
		int64_t left = until - clock_now();

		// 0 would disarm the timer
		left = left < 1 ? 1 : left;
		when.it_value = (struct timespec){.tv_sec = (time_t)(left / 1000000000),
			.tv_nsec = (long)(left % 1000000000)};
	}
	w->armed = until;
	w->expired = false;
	return timerfd_settime(w->timer, 0, &when, NULL) < 0 ? -errno : 0;
}

// An event of the timer may be left from before it was set again; only the read shows whether it
// fired.
static bool timer_fired(const struct waiter *w)
{
	uint64_t ticks;

	return read(w->timer, &ticks, sizeof(ticks)) >= 0 || errno != EAGAIN;
}

static unsigned meaning(const struct epoll_event *e)
{
	if (e->data.u64 & WATCH_BIT)
		return WAITER_READY;
	return e->events & (EPOLLHUP | EPOLLERR) ? WAITER_DIED | WAITER_REAPED : WAITER_DIED;
}

// Whether the batch has only events of watched descriptors, which may be readable for ever.
static bool has_only_watched(const struct waiter *w, int n)
{
	for (int i = 0; i < n; i++)
		if (w->batch[i].data.u64 == TIMER_TAG || !(w->batch[i].data.u64 & WATCH_BIT))
			return false;
	return n > 0;
}

int waiter_next(struct waiter *w, int64_t until, uint64_t *tag, unsigned *events)
{
	int r = arm(w, until);

	while (!r) {
		while (w->at < w->filled) {
			const struct epoll_event *e = &w->batch[w->at++];

			if (e->data.u64 == TIMER_TAG) {
				w->expired |= timer_fired(w);
				continue;
			}
			*tag = e->data.u64 & ~WATCH_BIT;
			*events = meaning(e);
			return 1;
		}
		// if the deadline has passed, ask without blocking once more: a process that is
		// dead by now is reported before the deadline, however many there are
		int n = epoll_wait(w->epoll, w->batch, BATCH, w->expired ? 0 : -1);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (!n || (w->expired && has_only_watched(w, n))) {
			w->expired = false;
			w->armed = WAITER_NEVER;
			return -ETIMEDOUT;
		}
		w->at = 0;
		w->filled = n < 0 ? 0 : n;
	}
	return r;
}

void waiter_free(struct waiter **w)
{
	if (!*w)
		return;
	if ((*w)->timer >= 0)
		close((*w)->timer);
	if ((*w)->epoll >= 0)
		close((*w)->epoll);
	free(*w);
	*w = NULL;
}
