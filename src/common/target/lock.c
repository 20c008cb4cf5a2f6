// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "target/fault.h"
#include "target/holders.h"
#include "target/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct search {
	const struct stat *file;
	struct buffer text;
};

// Whether the line, up to `end`, describes a lock: "1: FLOCK  ADVISORY ...".
static bool is_lock(const char *line, const char *end)
{
	const char *kind = strstr(line, ": ");

	return kind && kind < end &&
	       (!strncmp(kind, ": POSIX", 7) || !strncmp(kind, ": FLOCK", 7) ||
		       !strncmp(kind, ": OFDLCK", 8));
}

bool lock_is_shown(const char *fdinfo)
{
	for (const char *line = fdinfo; (line = strstr(line, "\nlock:")); line++)
		if (is_lock(line + 1, strchrnul(line + 1, '\n')))
			return true;
	return false;
}

bool lock_is_listed(const char *locks, uint64_t inode)
{
	char wanted[32];

	snprintf(wanted, sizeof(wanted), ":%" PRIu64 " ", inode);
	for (const char *at = locks; (at = strstr(at, wanted)); at++) {
		const char *newline = memrchr(locks, '\n', (size_t)(at - locks));

		if (is_lock(newline ? newline + 1 : locks, strchrnul(at, '\n')))
			return true;
	}
	return false;
}

// Whether the descriptor shows a lock, and is open on the file. The second is asked only if the
// first is true: stat(2) waits for the server if the file system of a descriptor needs one, and any
// process can have such a file open.
static int has_lock(void *data, int fds, const char *fd)
{
	struct search *s = data;
	char path[HOLDERS_NAME + sizeof("../fdinfo/")];
	struct stat st;

	snprintf(path, sizeof(path), "../fdinfo/%s", fd);
	int r = buffer_read_file(&s->text, fds, path);
	if (r < 0 || !lock_is_shown(buffer_text(&s->text)))
		return r;
	if (fstatat(fds, fd, &st, 0) < 0)
		return -errno;
	return st.st_dev == s->file->st_dev && st.st_ino == s->file->st_ino;
}

static int is_lock_of(void *data, const struct pidref *ref, int fds, const char *fd)
{
	(void)ref;
	return has_lock(data, fds, fd);
}

static struct holders_query query_of(struct search *s)
{
	return (struct holders_query){.looks = has_lock, .proves = is_lock_of, .data = s};
}

int lock_is_held_by(const struct procfs *proc, const struct pidref *ref, const struct stat *st)
{
	struct search s = {.file = st};
	const struct holders_query query = query_of(&s);

	int r = holders_is_one(proc, &query, ref);
	buffer_free(&s.text);
	return r;
}

// Whether the kernel lists a lock on the file at all. It lists all only to the first pid namespace;
// devices are shown differently here than by stat(2), so only the inode is compared. 1, 0, -errno.
static int is_listed(const struct procfs *proc, const struct stat *st)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	char ns[64];

	int r = procfs_readlink(proc, getpid(), "ns/pid", ns, sizeof(ns));
	if (r < 0 || strcmp(ns, "pid:[4026531836]") != 0)
		return r < 0 ? r : 1;
	r = buffer_read_file(&text, proc->fd, "locks");
	return r < 0 ? r : lock_is_listed(buffer_text(&text), st->st_ino);
}

static int find(const struct stat *st, struct found *f)
{
	CLEANUP(procfs_close) struct procfs proc = PROCFS_NULL;
	struct search s = {.file = st};
	const struct holders_query query = query_of(&s);
	struct holders all = {0};

	int r = procfs_open(&proc);
	if (r < 0)
		return r == -ENOENT || r == -EXDEV ? -FAULT_NO_SEARCH : r;
	r = holders_find(&all, &proc, &query);
	buffer_free(&s.text);
	if (!r && !all.count && all.hidden && is_listed(&proc, st))
		r = -FAULT_HIDDEN_LOCK;
	if (!r)
		r = holders_pass(&all, f);
	holders_free(&all);
	return r < 0 ? r : f->count ? 0 : found_none(f, -FAULT_NO_LOCK);
}

int lock_find(const char *path, struct found *f)
{
	struct stat st;

	// while it is open, no other file gets its inode
	int fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? -FAULT_NO_FILE : -errno;
	int r = fstat(fd, &st) < 0 ? -errno : find(&st, f);
	close(fd);
	return r;
}
