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

// Find the next lock on the file in the text at *at, and move *at behind it. *pid gets the PID that
// the text names, which may have ended; -1: it names none.
static bool find_lock(const char *locks, const char **at, const struct lock_file *file, int *pid)
{
	char wanted[64];
	int used = 0;

	if (file->has_device)
		used = snprintf(wanted, sizeof(wanted), " %02x:%02x", file->major, file->minor);
	snprintf(wanted + used, sizeof(wanted) - (size_t)used, ":%" PRIu64 " ", file->inode);
	while ((*at = strstr(*at, wanted))) {
		const char *newline = memrchr(locks, '\n', (size_t)(*at - locks));
		const char *line = newline ? newline + 1 : locks;

		*at = strchrnul(*at, '\n');
		*pid = -1;
		if (is_lock(line, *at)) {
			sscanf(line, "%*d: %*s %*s %*s %d", pid);
			return true;
		}
	}
	return false;
}

bool lock_is_listed(const char *locks, const struct lock_file *file)
{
	int pid;

	return find_lock(locks, &(const char *){locks}, file, &pid);
}

static bool is_holder(const struct holders *all, pid_t pid)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->list[i].pid == pid)
			return true;
	return false;
}

void lock_file_of(struct lock_file *file, const char *fdinfo, const char *mountinfo)
{
	const char *inode = strstr(fdinfo, "\nino:");
	const char *mount = strstr(fdinfo, "\nmnt_id:");
	int wanted = 0;

	// on overlayfs it is not the inode of stat(2)
	if (inode)
		sscanf(inode, " ino: %" SCNu64, &file->inode);
	if (!mount || sscanf(mount, " mnt_id: %d", &wanted) != 1)
		return;
	for (const char *line = mountinfo; line && *line; line = strchr(line, '\n')) {
		unsigned device[2];
		int id;

		line += *line == '\n';
		if (sscanf(line, "%d %*d %u:%u ", &id, &device[0], &device[1]) == 3 &&
			id == wanted) {
			file->has_device = true;
			file->major = device[0];
			file->minor = device[1];
		}
	}
}

// Whether the descriptor shows a lock, and is open on the file.
static int has_lock(void *data, int fds, const char *fd)
{
	struct search *s = data;
	char path[HOLDERS_NAME + sizeof("../fdinfo/")];
	struct stat st;

	snprintf(path, sizeof(path), "../fdinfo/%s", fd);
	int r = buffer_read_file(&s->text, fds, path);
	if (r < 0 || !lock_is_shown(buffer_text(&s->text)))
		return r;
	// closed by now; or its file system does not say what it is
	r = procfs_stat_at(fds, fd, &st);
	if (r < 0)
		return r == -ENOENT || r == -ESRCH ? r : -EACCES;
	return st.st_dev == s->file->st_dev && st.st_ino == s->file->st_ino;
}

static int is_lock_of(void *data, const struct pidref *ref, int fds, const char *fd)
{
	(void)ref;
	return has_lock(data, fds, fd);
}

static struct holders_query query_of(struct search *s, bool threads)
{
	return (struct holders_query){
		.looks = has_lock, .proves = is_lock_of, .data = s, .threads = threads};
}

int lock_is_held_by(const struct procfs *proc, const struct pidref *ref, const struct stat *st)
{
	struct search s = {.file = st};
	const struct holders_query query = query_of(&s, true);

	int r = holders_is_one(proc, &query, ref);
	buffer_free(&s.text);
	return r;
}

// The file whose locks are searched for.
struct file {
	const struct procfs *proc;
	struct stat st;
	struct lock_file name; // what the kernel calls it
};

// The device of its file system can be another than that of stat(2).
static struct lock_file name_file(const struct procfs *proc, int fd, const struct stat *st)
{
	CLEANUP(buffer_free) struct buffer info = {0};
	CLEANUP(buffer_free) struct buffer mounts = {0};
	struct lock_file file = {.inode = st->st_ino};
	char name[32];

	snprintf(name, sizeof(name), "fdinfo/%d", fd);
	if (!procfs_read(proc, getpid(), name, &info) &&
		!procfs_read(proc, getpid(), "mountinfo", &mounts))
		lock_file_of(&file, buffer_text(&info), buffer_text(&mounts));
	return file;
}

// Whether a lock on the file is listed that a living process made, which is none of its holders.
// (One that has ended left it to those who have the descriptor, as in a shell `exec 9>file; flock
// 9`.)
static bool is_shared(const struct holders *all, const struct file *file)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	int pid;

	if (buffer_read_file(&text, file->proc->fd, "locks") < 0)
		return false;
	for (const char *at = buffer_text(&text);
		find_lock(buffer_text(&text), &at, &file->name, &pid);) {
		CLEANUP(pidref_close) struct pidref ref = PIDREF_NULL;

		if (pid > 0 && !is_holder(all, pid) && pidref_open(&ref, pid) != -ESRCH)
			return true;
	}
	return false;
}

// All locks are listed only to the first pid namespace.
static bool sees_all_locks(const struct procfs *proc)
{
	char ns[64];

	return procfs_readlink(proc, getpid(), "ns/pid", ns, sizeof(ns)) >= 0 &&
	       !strcmp(ns, "pid:[4026531836]");
}

// No holder was found: whether there is a lock all the same. 0 or the fault.
static int check_unheld(const struct file *file, bool hidden)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	const int fault = hidden ? -FAULT_HIDDEN_LOCK : -FAULT_UNHELD_LOCK;

	if (hidden && !sees_all_locks(file->proc))
		return fault;
	// of several files with this inode it may be another one
	if (!hidden && !file->name.has_device)
		return 0;
	if (buffer_read_file(&text, file->proc->fd, "locks") < 0)
		return hidden ? fault : 0;
	return lock_is_listed(buffer_text(&text), &file->name) ? fault : 0;
}

static int find_holders(struct holders *out, const struct file *file, bool threads)
{
	struct search s = {.file = &file->st};
	const struct holders_query query = query_of(&s, threads);

	int r = holders_find(out, file->proc, &query);
	buffer_free(&s.text);
	return r < 0 || out->count ? r : check_unheld(file, out->hidden);
}

static int find(int fd, const struct stat *st, struct found *f)
{
	CLEANUP(procfs_close) struct procfs proc = PROCFS_NULL;
	struct holders all = {0};

	int r = procfs_open(&proc);
	if (r < 0)
		return r == -ENOENT || r == -EXDEV ? -FAULT_NO_SEARCH : r;
	const struct file file = {.proc = &proc, .st = *st, .name = name_file(&proc, fd, st)};
	r = find_holders(&all, &file, false);
	// it may have been locked after the search, or a thread has descriptors of its own
	if (r == -FAULT_UNHELD_LOCK || r == -FAULT_HIDDEN_LOCK || (!r && is_shared(&all, &file))) {
		holders_free(&all);
		r = find_holders(&all, &file, true);
	}
	f->shared = !r && all.hidden && geteuid() && is_shared(&all, &file);
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
		return errno == ENOENT || errno == ENOTDIR ? -FAULT_NO_FILE : fault_of_file(-errno);
	int r = fstat(fd, &st) < 0 ? fault_of_file(-errno) : find(fd, &st, f);
	close(fd);
	return r;
}
