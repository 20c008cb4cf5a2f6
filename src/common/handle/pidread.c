// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/kernel.h"
#include "handle/pidread.h"
#include "handle/walk.h"

#include <errno.h>
#include <unistd.h>

// A parent that dies meanwhile is replaced by the next one up; at most this often.
enum { PARENT_TRIES = 100 };

bool pidref_read_failed(int error)
{
	return error == -ENOMEM || error == -EMFILE || error == -ENFILE || error == -EIO;
}

struct procdir pidref_dir(const struct pidref *ref, struct procdir by_number)
{
	const struct procdir own = {.fd = ref->fd};

	return ref->kind == PIDREF_PROCDIR ? own : by_number;
}

// What the result `r` of a reading is worth.
static int prove(const struct pidref *ref, int r)
{
	int verified = pidref_verify(ref);

	if (verified < 0)
		return verified;
	// EPERM is hidepid=1 here, and must not be taken for a sandbox's
	return r == -EPERM ? -EACCES : r;
}

// Its directory; /proc is opened as *own where the caller has none and it is needed.
static int find_dir(struct procdir *out, const struct pidref *ref, const struct procfs *proc,
	struct procfs *own)
{
	int r = 0;

	if (ref->kind == PIDREF_PROCDIR) {
		*out = (struct procdir){.fd = ref->fd};
		return 0;
	}
	if (!ref->pid)
		return prove(ref, -EREMOTE);
	if (!proc) {
		r = procfs_open(own);
		proc = own;
	}
	*out = procfs_dir(proc, ref->pid);
	return r == -ENOENT ? -EXDEV : r;
}

int pidref_read(
	const struct pidref *ref, const struct procfs *proc, const char *file, struct buffer *out)
{
	CLEANUP(procfs_close) struct procfs own = PROCFS_NULL;
	struct procdir dir;

	int r = find_dir(&dir, ref, proc, &own);
	if (r < 0)
		return r;
	r = procdir_read(&dir, file, out);
	// what a zombie has no more
	return prove(ref, r == -ESRCH ? -ENOENT : r);
}

int pidref_readlink(const struct pidref *ref, const struct procfs *proc, const char *file,
	char *buf, size_t size)
{
	CLEANUP(procfs_close) struct procfs own = PROCFS_NULL;
	struct procdir dir;

	int r = find_dir(&dir, ref, proc, &own);
	return r < 0 ? r : prove(ref, procdir_readlink(&dir, file, buf, size));
}

static int open_by(int (*open)(const struct procdir *dir, const char *file),
	const struct pidref *ref, const struct procfs *proc, const char *file)
{
	CLEANUP(procfs_close) struct procfs own = PROCFS_NULL;
	struct procdir dir;

	int r = find_dir(&dir, ref, proc, &own);
	if (r < 0)
		return r;
	int fd = open(&dir, file);
	r = prove(ref, fd < 0 ? fd : 0);
	if (r < 0 && fd >= 0)
		close(fd);
	return r < 0 ? r : fd;
}

int pidref_open_file(const struct pidref *ref, const struct procfs *proc, const char *file)
{
	return open_by(procdir_open, ref, proc, file);
}

int pidref_open_folder(const struct pidref *ref, const struct procfs *proc, const char *file)
{
	return open_by(procdir_open_folder, ref, proc, file);
}

int pidref_open_tasks(const struct pidref *ref, const struct procfs *proc, struct procfs *out)
{
	int fd = pidref_open_file(ref, proc, "task");

	if (fd < 0)
		return fd;
	out->fd = fd;
	return 0;
}

// A file that every process has: where it is missing, the process is hidden (hidepid=2).
static int read_always(
	const struct pidref *ref, const struct procfs *proc, const char *file, struct buffer *out)
{
	int r = pidref_read(ref, proc, file, out);

	return r == -ENOENT ? -EACCES : r;
}

int pidref_comm(const struct pidref *ref, const struct procfs *proc, struct buffer *out)
{
	int r = read_always(ref, proc, "comm", out);

	if (r < 0)
		return r;
	if (out->len && out->data[out->len - 1] == '\n')
		out->data[--out->len] = 0;
	return 0;
}

int pidref_status(const struct pidref *ref, const struct procfs *proc, struct status *out)
{
	CLEANUP(buffer_free) struct buffer text = {0};

	int r = read_always(ref, proc, "status", &text);
	return r < 0 ? r : status_parse(buffer_text(&text), out);
}

int pidref_stat(const struct pidref *ref, const struct procfs *proc, struct statline *out)
{
	CLEANUP(buffer_free) struct buffer text = {0};

	int r = read_always(ref, proc, "stat", &text);
	return r < 0 ? r : statline_parse(buffer_text(&text), out);
}

// Whether a thread in the folder is stopped: 1, 0, -errno.
static int has_stopped(const struct procfs *tasks)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	CLEANUP(walk_end) struct walk walk = {0};
	struct statline line = {0};
	pid_t tid;

	int r = walk_begin(&walk, tasks);
	while (!r && (r = walk_next(&walk, &tid)) == 1) {
		const struct procdir thread = procfs_dir(tasks, tid);

		r = procdir_read(&thread, "stat", &text);
		if (!r)
			r = statline_parse(buffer_text(&text), &line);
		// it has ended
		if (r == -ENOENT || r == -ESRCH)
			r = 0;
		else if (!r)
			r = line.state == 'T';
	}
	return r;
}

int pidref_is_stopped(const struct pidref *ref, const struct procfs *proc)
{
	CLEANUP(procfs_close) struct procfs tasks = PROCFS_NULL;

	int r = pidref_open_tasks(ref, proc, &tasks);
	int stopped = r < 0 ? r : has_stopped(&tasks);
	r = prove(ref, stopped < 0 ? stopped : 0);
	return r == -ENOENT ? -EACCES : r < 0 ? r : stopped;
}

// PIDFD_GET_INFO as far as `mask`. -EOPNOTSUPP: there is no such call; -ENODATA: it says nothing
// about this process. Its ESRCH is no proof of a reap: 6.13 to 6.15 gave it for living processes
// without a parent in sight.
static int get_info(const struct pidref *ref, uint64_t mask, struct kernel_pidfd_info *info)
{
	int r = ref->kind == PIDREF_PIDFD ? kernel_pidfd_info(ref->fd, mask, info) : -ENOTTY;

	if (r == -ENOTTY || r == -EINVAL)
		return -EOPNOTSUPP;
	return r < 0 || (info->mask & mask) != mask ? -ENODATA : 0;
}

int pidref_ids(const struct pidref *ref, struct status *out)
{
	struct kernel_pidfd_info info;

	int r = get_info(ref, KERNEL_INFO_PID | KERNEL_INFO_CREDS, &info);
	if (r < 0)
		return r;
	out->ppid = (pid_t)info.ppid;
	out->uid[STATUS_REAL] = info.ruid;
	out->uid[STATUS_EFFECTIVE] = info.euid;
	out->gid[STATUS_REAL] = info.rgid;
	return 0;
}

int pidref_cgroup(const struct pidref *ref, uint64_t *id)
{
	struct kernel_pidfd_info info;

	int r = get_info(ref, KERNEL_INFO_CGROUP, &info);
	if (!r)
		*id = info.cgroupid;
	return r;
}

int pidref_owner(const struct pidref *ref, uid_t *real)
{
	struct kernel_pidfd_info info;
	struct status status;

	if (!get_info(ref, KERNEL_INFO_CREDS, &info)) {
		*real = info.ruid;
		return 0;
	}
	int r = pidref_status(ref, NULL, &status);
	if (!r)
		*real = status.uid[STATUS_REAL];
	return r;
}

int pidref_parent(const struct pidref *ref, const struct procfs *proc, pid_t *ppid)
{
	struct kernel_pidfd_info info;
	struct status status;

	if (!get_info(ref, KERNEL_INFO_PID, &info)) {
		*ppid = (pid_t)info.ppid;
		return 0;
	}
	int r = pidref_status(ref, proc, &status);
	if (!r)
		*ppid = status.ppid;
	return r;
}

int pidref_open_parent(struct pidref *out, const struct pidref *child)
{
	pid_t pid = 0;
	pid_t again = 0;

	for (int i = 0; i < PARENT_TRIES; i++) {
		CLEANUP(pidref_close) struct pidref parent = PIDREF_NULL;

		int r = pidref_parent(child, NULL, &pid);
		if (r == -ESRCH || (!r && pid <= 0))
			return 0;
		if (r < 0)
			return r == -ENOSYS || pidref_read_failed(r) ? r : -EACCES;
		r = pidref_open(&parent, pid);
		if (r == -ESRCH)
			continue;
		if (r < 0)
			return r;
		// an unreaped process that the child names before and after the open is its parent
		r = pidref_parent(child, NULL, &again);
		if (!r && again == pid)
			r = pidref_verify(&parent);
		if (r == -ENOSYS || pidref_read_failed(r))
			return r;
		if (!r && again == pid) {
			*out = pidref_take(&parent);
			return 1;
		}
	}
	return -EACCES;
}

// What getpgid(2) and getsid(2) said of the number.
static int prove_number(const struct pidref *ref, pid_t number, pid_t *out)
{
	int r = prove(ref, number < 0 ? -errno : 0); // before any other call

	if (!r)
		*out = number;
	return r;
}

int pidref_group(const struct pidref *ref, pid_t *pgid)
{
	return ref->pid ? prove_number(ref, getpgid(ref->pid), pgid) : prove(ref, -EREMOTE);
}

int pidref_session(const struct pidref *ref, pid_t *sid)
{
	return ref->pid ? prove_number(ref, getsid(ref->pid), sid) : prove(ref, -EREMOTE);
}
