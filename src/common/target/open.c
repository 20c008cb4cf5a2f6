// SPDX-License-Identifier: GPL-2.0-or-later
// open.c: hold the process that a target names.
#include "config.h"

#include "handle/pidcall.h"
#include "handle/pidns.h"
#include "target/exact.h"
#include "target/notes.h"
#include "target/sockets.h"
#include "target/target.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int open_thread(const struct target *t, struct pidref *out)
{
	int r = t->in ? pidns_hold_thread(t->in, t->pid, out) : pidref_open_thread(out, t->pid);

	// EINVAL: the kernel does not know the flag, or (before Linux 6.16) the thread was reaped
	// during the call. A thread that exists, our own, shows which.
	if (r == -EINVAL) {
		pid_t self = getpid();
		struct pidref ref = PIDREF_NULL;

		r = pidref_open_thread(&ref, self);
		pidref_close(&ref);
		return r < 0 ? -FAULT_NO_THREADS : -ESRCH;
	}
	return r == -ENOSYS ? -FAULT_NO_THREADS : r == -ENOENT ? -ESRCH : r;
}

// The holder is a target itself: the same rules as for PID and PID:INODE apply.
static int find_fd_of(const struct target *t, struct found *f)
{
	CLEANUP(pidref_close) struct pidref holder = PIDREF_NULL;

	int r = exact_open(t, &holder);
	if (r < 0)
		return r;
	int copy = pidref_copy_fd(&holder, t->fd);
	if (copy < 0)
		return copy;
	r = sockets_find_fd(copy, f);
	close(copy);
	return r;
}

// An inherited descriptor survived our exec. All descriptors that we open are close-on-exec, so
// they are never mistaken for one that the user meant.
static int find_inherited(int fd, struct found *f)
{
	int flags = fcntl(fd, F_GETFD);

	if (flags < 0 || flags & FD_CLOEXEC)
		return -EBADF;
	return sockets_find_fd(fd, f);
}

int target_find_behind(const struct target *t, struct found *f)
{
	switch (t->kind) {
	case TARGET_FD:
		return find_inherited(t->fd, f);
	case TARGET_FD_OF:
		return find_fd_of(t, f);
	default:
		return sockets_find_unix(t->name, f);
	}
}

// Take the first process that is found. A second one is an error.
static int take_only(struct pidref *ref, void *data)
{
	struct pidref *out = data;

	if (pidref_is_held(out)) {
		pidref_close(ref);
		return -FAULT_SEVERAL;
	}
	*out = pidref_take(ref);
	return 0;
}

static int open_behind(const struct target *t, struct pidref *out, unsigned *notes)
{
	CLEANUP(pidref_close) struct pidref ref = PIDREF_NULL;
	struct found f = {.call = take_only, .data = &ref};

	int r = target_find_behind(t, &f);
	if (!r)
		*out = pidref_take(&ref);
	if (f.shared)
		*notes |= NOTE_SHARED;
	return r;
}

int target_open_noting(const struct target *t, struct pidref *out, unsigned *notes)
{
	unsigned unheard = 0;

	if (!notes)
		notes = &unheard;
	switch (t->kind) {
	case TARGET_NONE:
		return -ESRCH;
	case TARGET_PID:
	case TARGET_PROC:
	case TARGET_EXACT:
		return exact_open(t, out);
	case TARGET_INODE:
		return pidref_open_inode(out, t->inode);
	case TARGET_FD:
	case TARGET_FD_OF:
	case TARGET_UNIX:
		return open_behind(t, out, notes);
	case TARGET_PIDFILE:
		return pidfile_open(out, t->name, &t->demands, notes);
	case TARGET_THREAD:
		return open_thread(t, out);
	default:
		return -EINVAL;
	}
}

int target_open(const struct target *t, struct pidref *out)
{
	return target_open_noting(t, out, NULL);
}
