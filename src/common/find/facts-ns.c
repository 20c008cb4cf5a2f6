// SPDX-License-Identifier: GPL-2.0-or-later
// facts-ns.c: the namespaces of a process.
#include "config.h"

#include "find/facts-parts.h"
#include "handle/pidcall.h"
#include "handle/pidread.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

// Open a namespace through the handle, or below `dir` if the handle does not support that.
static int open_ns(const struct pidref *ref, const struct procdir *dir, unsigned kind)
{
	static const enum kernel_ns kinds[MATCH_NS] = {KERNEL_NS_IPC, KERNEL_NS_MNT, KERNEL_NS_NET,
		KERNEL_NS_PID, KERNEL_NS_USER, KERNEL_NS_UTS, KERNEL_NS_CGROUP, KERNEL_NS_TIME};
	char file[16];

	int fd = ref ? pidref_namespace(ref, kinds[kind]) : -ENOSYS;
	// before Linux 6.11, or of a zombie, only /proc has it
	if (fd != -ENOTTY && fd != -EINVAL && fd != -EOPNOTSUPP && fd != -ESRCH && fd != -ENOSYS)
		return fd;
	snprintf(file, sizeof(file), "ns/%s", match_ns_names[kind]);
	return procdir_open(dir, file);
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

	for (unsigned i = 0; i < MATCH_NS; i++) {
		if (!(f->source.ns_kinds >> i & 1))
			continue;
		int fd = open_ns(own ? ref : NULL, &f->dir, i);
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

int facts_hold_ns(const struct pidref *ref, const struct procfs *proc, unsigned kind,
	uint64_t *inode, int *out)
{
	const struct procdir dir = pidref_dir(ref, procfs_dir(proc, ref->pid));

	int fd = open_ns(ref, &dir, kind);
	int r = fd < 0 ? fd : inode_of(fd, inode);
	// /proc was read by PID, so the process must still have it
	int verified = pidref_verify(ref);
	if (verified < 0)
		r = verified;
	if (r < 0 && fd >= 0)
		close(fd);
	if (!r)
		*out = fd;
	return r;
}
