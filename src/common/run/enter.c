// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/pidcall.h"
#include "handle/pidread.h"
#include "run/enter.h"
#include "target/target.h"

#include <errno.h>
#include <grp.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

enum { LINK_ROOM = 64 };

static const struct {
	const char *file;
	int kind;
} namespaces[] = {
	{"ns/user", CLONE_NEWUSER},
	{"ns/mnt", CLONE_NEWNS},
	{"ns/pid", CLONE_NEWPID},
	{"ns/net", CLONE_NEWNET},
	{"ns/ipc", CLONE_NEWIPC},
	{"ns/uts", CLONE_NEWUTS},
	{"ns/cgroup", CLONE_NEWCGROUP},
	{"ns/time", CLONE_NEWTIME},
};

// Compare one namespace with ours. The link contains its inode, which is not reused while we and
// the held process are in it.
static int compare(const struct pidref *ref, const struct procfs *proc, size_t i, int *kinds)
{
	char ours[LINK_ROOM];
	char theirs[LINK_ROOM];

	// this kernel may lack the kind
	if (procfs_readlink(proc, getpid(), namespaces[i].file, ours, sizeof(ours)) < 0)
		return 0;
	int r = pidref_readlink(ref, proc, namespaces[i].file, theirs, sizeof(theirs));
	if (r < 0)
		return r == -ENOENT ? -ENODATA : r;
	if (strcmp(ours, theirs))
		*kinds |= namespaces[i].kind;
	return 0;
}

int entry_open(struct entry *out, const struct pidref *ref, const struct procfs *proc)
{
	struct entry e = {.ref = ref, .root = -1};
	char root[LINK_ROOM];
	int r = 0;

	for (size_t i = 0; !r && i < sizeof(namespaces) / sizeof(*namespaces); i++)
		r = compare(ref, proc, i, &e.kinds);
	if (!r)
		r = pidref_readlink(ref, proc, "root", root, sizeof(root));
	if (r < 0)
		return r;
	// the link is relative to our root, if the mounts are the same
	if (e.kinds & CLONE_NEWNS || strcmp(root, "/"))
		e.root = r = pidref_open_folder(ref, proc, "root");
	if (r < 0)
		return r;
	*out = e;
	return 0;
}

bool entry_has_pids(const struct entry *e)
{
	return e->kinds & CLONE_NEWPID;
}

int entry_enter(const struct entry *e)
{
	int r = e->kinds ? pidref_enter(e->ref, e->kinds) : 0;

	if (r < 0)
		return r;
	if (e->root >= 0 && (fchdir(e->root) < 0 || chroot(".") < 0 || chdir("/") < 0))
		return -errno;
	if (!(e->kinds & CLONE_NEWUSER))
		return 0;
	// an ordinary user may not drop its groups in its own user namespace
	if ((setgroups(0, NULL) < 0 && errno != EPERM) || setgid(0) < 0 || setuid(0) < 0)
		return -errno;
	return 0;
}

const char *entry_problem(int error)
{
	switch (error) {
	case -ENODATA:
		return "it is dead, and has no namespaces";
	case -EACCES:
		return "its namespaces may not be read: that needs the right to trace it";
	case -EPERM:
		return "its namespaces may not be entered: that needs CAP_SYS_ADMIN there";
	case -EINVAL:
		return "to enter its namespaces needs Linux 5.8";
	default:
		return target_problem(error);
	}
}

void entry_close(struct entry *e)
{
	if (e->root >= 0)
		close(e->root);
	*e = ENTRY_NULL;
}
