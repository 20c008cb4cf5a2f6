// SPDX-License-Identifier: GPL-2.0-or-later
// facts-ns.c: the namespaces of a process.
#include "config.h"

#include "base/cleanup.h"
#include "find/facts-parts.h"
#include "handle/pidcall.h"
#include "handle/pidread.h"
#include "handle/walk.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_ROOM = 16 };

static int open_by_handle(const struct pidref *ref, unsigned kind)
{
	static const enum kernel_ns kinds[MATCH_NS] = {KERNEL_NS_IPC, KERNEL_NS_MNT, KERNEL_NS_NET,
		KERNEL_NS_PID, KERNEL_NS_USER, KERNEL_NS_UTS, KERNEL_NS_CGROUP, KERNEL_NS_TIME};

	return pidref_namespace(ref, kinds[kind]);
}

// Whether only /proc can have it; of a zombie it has some.
static bool is_unsupported(int error)
{
	return error == -EOPNOTSUPP || error == -ESRCH;
}

static const char *file_of(char room[static FILE_ROOM], unsigned kind)
{
	snprintf(room, FILE_ROOM, "ns/%s", match_ns_names[kind]);
	return room;
}

static int inode_of(int fd, uint64_t *inode)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	*inode = st.st_ino;
	return 0;
}

int facts_learn_ns(struct facts *f, const struct pidref *ref)
{
	// before Linux 6.9 the handle of a thread is that of its process
	bool own = ref->pid == f->proc.pid;
	char file[FILE_ROOM];

	for (unsigned i = 0; i < MATCH_NS; i++) {
		if (!(f->source.ns_kinds >> i & 1))
			continue;
		int fd = own ? open_by_handle(ref, i) : -EOPNOTSUPP;
		if (is_unsupported(fd))
			fd = procdir_open(&f->dir, file_of(file, i));
		int r = fd < 0 ? fd : inode_of(fd, &f->proc.ns[i]);
		if (fd >= 0)
			close(fd);
		// a zombie has only some namespaces, and an old kernel knows only some
		if (r == -ENOENT)
			f->proc.ns[i] = 0;
		else if (r < 0)
			return r;
	}
	return 0;
}

// The file of a thread of the held process. -ENOENT: no thread has it.
static int open_of_thread(const struct pidref *ref, const struct procfs *proc, const char *file)
{
	CLEANUP(procfs_close) struct procfs tasks = PROCFS_NULL;
	CLEANUP(walk_end) struct walk walk = {0};
	int fd = -ENOENT;
	pid_t tid;

	int r = pidref_open_tasks(ref, proc, &tasks);
	if (!r)
		r = walk_begin(&walk, &tasks);
	while (!r && fd == -ENOENT && (r = walk_next(&walk, &tid)) == 1) {
		const struct procdir dir = procfs_dir(&tasks, tid);

		fd = procdir_open(&dir, file);
		// it has ended
		if (fd == -ESRCH)
			fd = -ENOENT;
		r = 0;
	}
	return r < 0 ? r : fd;
}

int facts_hold_ns(const struct pidref *ref, const struct procfs *proc, unsigned kind,
	uint64_t *inode, int *out)
{
	char file[FILE_ROOM];

	int fd = open_by_handle(ref, kind);
	if (is_unsupported(fd))
		fd = pidref_open_file(ref, proc, file_of(file, kind));
	// its first thread has ended, and shows nothing
	if (fd == -ENOENT && pidref_state(ref) == PIDREF_ALIVE)
		fd = open_of_thread(ref, proc, file_of(file, kind));
	int r = fd < 0 ? fd : inode_of(fd, inode);
	if (r < 0 && fd >= 0)
		close(fd);
	if (!r)
		*out = fd;
	return r;
}
