// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/clock.h"
#include "base/duration.h"
#include "pkill/looks.h"
#include "wait/waiter.h"

#include <errno.h>
#include <time.h>

enum {
	PAUSE = 100,  // milliseconds, the shortest
	SHARE = 20,   // of the time, one part is used
	RANGE = 4096, // more PIDs are not tried one by one
	UNPROVED = 3, // searches that must do where nothing can be proved
};

static int64_t processor_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return clock_nanoseconds(&t);
}

static pid_t last_pid(const struct looks *l)
{
	pid_t last;

	return procfs_last_pid(l->proc, &last) < 0 ? 0 : last;
}

void looks_next(struct looks *l)
{
	l->before = l->last;
	l->last = last_pid(l);
	l->began = clock_now();
	l->used = processor_time();
}

void looks_found(struct looks *l)
{
	l->none = l->unproved = 0;
}

// The proof needs two searches, the first of all processes. If no PID was given out from the start
// of the first to the end of the second, a process that matches at the end would have its PID since
// before the first. The second would have found it, unless it did not list it because its birth
// (its parent's fork) went on; then the first would have found its parent, which matches as well.
// Otherwise only those born since the start of the first can match, so the next search is short.
bool looks_prove_none(struct looks *l, struct range *range)
{
	pid_t now = last_pid(l);

	*range = (struct range){0};
	if (!l->none++)
		l->since = l->began;
	if (l->none == 1)
		return false;
	if (!now || !l->before || !l->last)
		return l->none >= UNPROVED;
	if (now == l->before)
		return true;
	// the PIDs began again from the lowest: search all
	if (now < l->before)
		return false;
	// they are given out faster than they can be tried: search all, but not for ever
	if (now - l->before > RANGE)
		return ++l->unproved >= UNPROVED;
	*range = (struct range){.after = l->before, .last = now};
	return false;
}

int looks_pause(const struct looks *l, int64_t until)
{
	int64_t ns = SHARE * (processor_time() - l->used);
	struct waiter *w = NULL;
	unsigned events;
	uint64_t tag;

	int64_t next =
		waiter_later(clock_now(), ns > PAUSE * DURATION_MS ? ns : PAUSE * DURATION_MS);
	int r = waiter_new(&w);
	if (!r)
		r = waiter_next(w, next < until ? next : until, &tag, &events);
	waiter_free(&w);
	return r == -ETIMEDOUT ? 0 : r;
}
