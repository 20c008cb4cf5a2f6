// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/hidepid.h"
#include "handle/kernel.h"
#include "handle/pidcall.h"
#include "handle/pidns.h"
#include "handle/pidread.h"
#include "handle/status.h"
#include "handle/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

// A number whose owner ends between two questions is asked for again, at most this often.
enum { ATTEMPTS = 100 };

typedef int open_number(struct pidref *out, pid_t pid);

// Errors of a kernel, or a sandbox, that does not translate numbers.
static bool is_unsupported(int error)
{
	return error == -ENOTTY || error == -EINVAL || error == -ENOSYS || error == -EOPNOTSUPP ||
	       error == -EPERM;
}

// ---- namespaces ----

static int namespace_by_proc(const struct procfs *proc, const struct pidref *ref)
{
	struct statline line;

	if (!ref->pid)
		return -EXDEV;
	if (proc->fd < 0)
		return -ENOENT;
	int fd = pidref_open_file(ref, proc, "ns/pid");
	if (fd != -ENOENT)
		return fd;
	// one that is ending has none; otherwise it is hidden from us
	int r = pidref_stat(ref, proc, &line);
	return r ? r : -ESRCH;
}

// A descriptor of the pid namespace of the held process.
static int namespace_of(const struct procfs *proc, const struct pidref *ref)
{
	int fd = pidref_namespace(ref, KERNEL_NS_PID);

	// -ESRCH also of a process whose first thread has ended
	return fd == -EOPNOTSUPP || fd == -ESRCH ? namespace_by_proc(proc, ref) : fd;
}

// 1 or 0; both are open, so equal numbers are one namespace. -errno.
static int is_same(int a, int b)
{
	struct stat x;
	struct stat y;

	if (fstat(a, &x) < 0 || fstat(b, &y) < 0)
		return -errno;
	return x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

// The namespace `up` levels above `fd`.
static int ancestor_of(int fd, unsigned up)
{
	int at = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	if (at < 0)
		return -errno;
	for (; up && at >= 0; up--) {
		int parent = kernel_ns_parent(at);

		close(at);
		at = parent;
	}
	return at;
}

// How many levels the namespace is below ours; 0: it is ours; -EXDEV: it is not below ours.
static int level_of(int fd, int own)
{
	int level = 0;
	int at = ancestor_of(fd, 0);
	int r = at < 0 ? at : 0;

	for (; at >= 0; level++) {
		r = is_same(at, own);
		int parent = r ? -1 : kernel_ns_parent(at);
		close(at);
		if (r)
			break;
		// the kernel shows us no namespace above ours
		if (parent < 0)
			return parent == -EPERM ? -EXDEV : parent;
		at = parent;
	}
	return r < 0 ? r : level;
}

// Whether the process has one number only in our /proc. Everyone may read that, while its
// namespace may be refused.
static bool is_at_home(const struct procfs *proc, const struct pidref *target)
{
	struct status status = {0};

	return proc->fd >= 0 && !pidref_status(target, proc, &status) && status.namespaces == 1;
}

static int own_namespace(const struct procfs *proc)
{
	CLEANUP(pidref_close) struct pidref self = PIDREF_NULL;
	int r = pidref_open(&self, getpid());

	return r < 0 ? r : namespace_of(proc, &self);
}

// 0, 1: it is ours; -errno.
static int enter(struct pidns *ns, const struct pidref *target)
{
	if (is_at_home(&ns->proc, target))
		return 1;
	ns->fd = namespace_of(&ns->proc, target);
	if (ns->fd < 0)
		return ns->fd;
	int own = own_namespace(&ns->proc);
	if (own < 0)
		return own;
	int level = level_of(ns->fd, own);
	close(own);
	if (level < 1)
		return level < 0 ? level : 1;
	ns->level = (unsigned)level;
	return 0;
}

int pidns_open(struct pidns *out, const struct pidref *target)
{
	CLEANUP(pidns_close) struct pidns ns = PIDNS_NULL;

	if (pidref_state(target) != PIDREF_ALIVE)
		return -ESRCH;
	int r = procfs_open(&ns.proc);
	// without a /proc of ours the kernel may still translate
	if (pidref_read_failed(r))
		return r;
	r = enter(&ns, target);
	if (r)
		return r;
	*out = ns;
	ns = PIDNS_NULL;
	return 0;
}

void pidns_close(struct pidns *ns)
{
	if (ns->fd >= 0)
		close(ns->fd);
	ns->fd = -1;
	procfs_close(&ns->proc);
}

// ---- numbers, before Linux 6.11 ----

// Whether the namespace of the held process, which has `count` numbers, is *ns or below it.
static int is_inside(const struct pidns *ns, const struct pidref *ref, unsigned count)
{
	int fd = namespace_by_proc(&ns->proc, ref);

	if (fd < 0)
		return fd;
	int up = ancestor_of(fd, count - 1 - ns->level);
	close(fd);
	if (up < 0)
		return up;
	int r = is_same(up, ns->fd);
	close(up);
	return r;
}

static int number_by_proc(const struct pidns *ns, const struct pidref *ref)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	pid_t number = 0;

	if (ns->proc.fd < 0)
		return -ENOENT;
	int r = pidref_read(ref, &ns->proc, "status", &text);
	if (r < 0)
		return r == -ENOENT ? -EACCES : r;
	unsigned count = status_numbers(buffer_text(&text), "NSpid", ns->level, &number);
	if (count <= ns->level)
		return 0;
	r = is_inside(ns, ref, count);
	// what it is in is what its handle proves
	int verified = pidref_verify(ref);
	if (verified < 0)
		return verified;
	return r < 0 ? r : r ? number : 0;
}

// Of the numbers that our /proc lists, the one whose process has `number` inside.
static int hold_by_proc(const struct pidns *ns, pid_t number, struct pidref *out)
{
	CLEANUP(walk_end) struct walk walk = {0};
	struct hidepid hidden;
	pid_t pid;

	if (ns->proc.fd < 0)
		return -ENOENT;
	// a process that /proc does not list may be the one
	int failed = hidepid_applies(&ns->proc, &hidden) ? -EACCES : -ESRCH;
	int r = walk_begin(&walk, &ns->proc);
	while (!r && (r = walk_next(&walk, &pid)) == 1) {
		CLEANUP(pidref_close) struct pidref ref = PIDREF_NULL;

		r = pidref_open(&ref, pid);
		if (!r)
			r = number_by_proc(ns, &ref);
		if (r == number) {
			*out = pidref_take(&ref);
			return 0;
		}
		if (r == -EACCES)
			failed = r;
		if (r > 0 || r == -ESRCH || r == -EACCES)
			r = 0;
	}
	return r < 0 ? r : failed;
}

// ---- numbers ----

int pidns_number(const struct pidns *ns, const struct pidref *ref)
{
	if (!ref->pid)
		return 0;
	int number = kernel_pidns_number(ns->fd, ref->pid);
	if (is_unsupported(number))
		return number_by_proc(ns, ref);
	if (number < 0 && number != -ESRCH)
		return number;
	int r = pidref_verify(ref);
	return r < 0 ? r : number < 0 ? 0 : number;
}

// -EOPNOTSUPP: the kernel does not translate.
static int hold(const struct pidns *ns, pid_t number, open_number *open, struct pidref *out)
{
	for (int i = 0; i < ATTEMPTS; i++) {
		CLEANUP(pidref_close) struct pidref ref = PIDREF_NULL;
		int pid = kernel_pidns_find(ns->fd, number);

		if (is_unsupported(pid))
			return -EOPNOTSUPP;
		if (pid < 0)
			return pid;
		int r = open(&ref, pid);
		// a thread is no process, or the process is gone: only then a new question has
		// another answer
		if (r == -ESRCH && kernel_pidns_find(ns->fd, number) == pid)
			return r;
		if (r == -ESRCH)
			continue;
		if (r < 0)
			return r;
		// it is held now, so check that it is the one, and not a process that has reused
		// its PID
		r = pidns_number(ns, &ref);
		if (r == number) {
			*out = pidref_take(&ref);
			return 0;
		}
		if (r < 0 && r != -ESRCH)
			return r;
	}
	return -ESRCH;
}

int pidns_hold(const struct pidns *ns, pid_t number, struct pidref *out)
{
	int r = hold(ns, number, pidref_open, out);

	return r == -EOPNOTSUPP ? hold_by_proc(ns, number, out) : r;
}

int pidns_hold_thread(const struct pidns *ns, pid_t number, struct pidref *out)
{
	int r = hold(ns, number, pidref_open_thread, out);

	return r == -EOPNOTSUPP ? -ESRCH : r;
}
