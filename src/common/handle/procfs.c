// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/kernel.h"
#include "handle/procfs.h"
#include "handle/status.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { PROC_ROOT_INODE = 1 };

// /proc of an ancestor namespace lists us with several numbers, of any other not at all; that
// /proc/self shows our number is no proof, numbers of two namespaces can coincide.
static int check(int fd)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	struct statfs fs;
	struct stat st;
	pid_t number;

	if (fstatfs(fd, &fs) < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (fs.f_type != KERNEL_PROCFS_MAGIC || st.st_ino != PROC_ROOT_INODE)
		return -ENOENT;
	int r = buffer_read_file(&text, fd, "self/status");
	if (r < 0)
		return r == -ENOENT ? -EXDEV : r;
	if (strncmp(buffer_text(&text), "Name:", 5) != 0)
		return -ENODATA;
	// a kernel without pid namespaces has no such line, and no other /proc
	return status_numbers(buffer_text(&text), "NSpid", 0, &number) > 1 ? -EXDEV : 0;
}

int procfs_open(struct procfs *out)
{
	int fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOTDIR ? -ENOENT : -errno;
	int r = check(fd);
	if (r < 0) {
		close(fd);
		return r;
	}
	*out = (struct procfs){.fd = fd};
	return 0;
}

void procfs_close(struct procfs *proc)
{
	if (proc->fd >= 0)
		close(proc->fd);
	proc->fd = -1;
}

const char *procfs_problem(int error)
{
	switch (error) {
	case -ENOENT:
		return "/proc is not mounted";
	case -EXDEV:
		return "/proc belongs to another pid namespace, its numbers are not ours";
	default:
		return strerror(-error);
	}
}

struct procdir procfs_dir(const struct procfs *proc, pid_t pid)
{
	return (struct procdir){.fd = proc->fd, .pid = pid};
}

enum { PATH_ROOM = 64 };

// The path of `file` relative to dir->fd. Written by hand, for it is made for every process of a
// search: snprintf takes a fifth of what the search costs outside of the kernel.
static void path_of(char path[static PATH_ROOM], const struct procdir *dir, const char *file)
{
	char digits[16];
	size_t at = sizeof(digits);
	size_t len = strnlen(file, PATH_ROOM - sizeof(digits) - 1);

	if (dir->pid)
		digits[--at] = '/';
	for (unsigned pid = (unsigned)dir->pid; pid; pid /= 10)
		digits[--at] = (char)('0' + pid % 10);
	memcpy(path, digits + at, sizeof(digits) - at);
	memcpy(path + sizeof(digits) - at, file, len);
	path[sizeof(digits) - at + len] = 0;
}

static int open_folder(const struct procfs *proc, pid_t pid, const char *file)
{
	const struct procdir dir = procfs_dir(proc, pid);
	char path[PATH_ROOM];

	path_of(path, &dir, file);
	int fd = openat(proc->fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int procfs_open_pid(const struct procfs *proc, pid_t pid)
{
	return open_folder(proc, pid, ".");
}

int procfs_open_tasks(const struct procfs *proc, pid_t pid, struct procfs *out)
{
	int fd = open_folder(proc, pid, "task");

	if (fd < 0)
		return fd;
	out->fd = fd;
	return 0;
}

int procdir_open(const struct procdir *dir, const char *file)
{
	char path[PATH_ROOM];

	path_of(path, dir, file);
	int fd = openat(dir->fd, path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int procdir_read(const struct procdir *dir, const char *file, struct buffer *out)
{
	char path[PATH_ROOM];

	path_of(path, dir, file);
	return buffer_read_file(out, dir->fd, path);
}

int procdir_readlink(const struct procdir *dir, const char *file, char *buf, size_t size)
{
	char path[PATH_ROOM];

	path_of(path, dir, file);
	ssize_t n = readlinkat(dir->fd, path, buf, size - 1);
	if (n < 0)
		return -errno;
	buf[n] = 0;
	return 0;
}

int procfs_stat_at(int folder, const char *path, struct stat *out)
{
#ifdef STATX_BASIC_STATS // older musl does not have it
	struct statx st;

	if (!statx(folder, path, AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_BASIC_STATS, &st)) {
		*out = (struct stat){
			.st_dev = makedev(st.stx_dev_major, st.stx_dev_minor),
			.st_ino = st.stx_ino,
			.st_mode = st.stx_mode,
			.st_nlink = st.stx_nlink,
			.st_uid = st.stx_uid,
			.st_gid = st.stx_gid,
			.st_rdev = makedev(st.stx_rdev_major, st.stx_rdev_minor),
		};
		return 0;
	}
	// before Linux 4.11, or a sandbox refuses it
	if (errno != ENOSYS && errno != EPERM)
		return -errno;
#endif
	return fstatat(folder, path, out, AT_EMPTY_PATH) < 0 ? -errno : 0;
}

enum { CACHE_TRIES = 10 };

// This file system gave us our program, so it answers.
static bool is_on_root(int folder)
{
	struct stat root;
	struct stat st;

	return !procfs_stat_at(folder, "", &st) && !stat("/", &root) && st.st_dev == root.st_dev;
}

int procfs_stat_cached(int folder, const char *path, struct stat *out)
{
	int fd = -EAGAIN;

	// it can also fail because others mount or rename something at this moment
	for (int i = 0; fd == -EAGAIN && i < CACHE_TRIES; i++)
		fd = kernel_open_path(folder, path, KERNEL_RESOLVE_CACHED);
	if (fd == -EAGAIN && (*path == '/' || is_on_root(folder)))
		fd = kernel_open_path(folder, path, KERNEL_RESOLVE_NO_XDEV);
	if (fd == -ENOSYS || fd == -EINVAL || fd == -EPERM)
		return procfs_stat_at(folder, path, out);
	if (fd < 0)
		return fd == -EAGAIN || fd == -EXDEV ? -EACCES : fd;
	int r = procfs_stat_at(fd, "", out);
	close(fd);
	return r;
}

int procdir_stat(const struct procdir *dir, const char *file, struct stat *out)
{
	char path[PATH_ROOM];

	path_of(path, dir, file);
	return procfs_stat_at(dir->fd, path, out);
}

size_t procdir_path_length(const struct procdir *dir, const char *link, const char *text)
{
	static const char deleted[] = " (deleted)";
	size_t tail = sizeof(deleted) - 1;
	size_t len = strlen(text);
	struct stat named;
	struct stat st;

	if (len <= tail || strcmp(text + len - tail, deleted) != 0)
		return len;
	// a removed folder has no links, a removed file can have others
	if (procdir_stat(dir, link, &st) < 0 || !st.st_nlink)
		return len - tail;
	if (S_ISDIR(st.st_mode) || (!procfs_stat_cached(AT_FDCWD, text, &named) &&
					   named.st_dev == st.st_dev && named.st_ino == st.st_ino))
		return len;
	return len - tail;
}

int procdir_open_folder(const struct procdir *dir, const char *link)
{
	char path[PATH_ROOM];

	path_of(path, dir, link);
	int fd = openat(dir->fd, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int procfs_read(const struct procfs *proc, pid_t pid, const char *file, struct buffer *out)
{
	const struct procdir dir = procfs_dir(proc, pid);

	return procdir_read(&dir, file, out);
}

int procfs_readlink(const struct procfs *proc, pid_t pid, const char *file, char *buf, size_t size)
{
	const struct procdir dir = procfs_dir(proc, pid);

	return procdir_readlink(&dir, file, buf, size);
}

int procfs_last_pid(const struct procfs *proc, pid_t *last)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	struct statfs fs;

	int fd = openat(proc->fd, "loadavg", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	// a container manager may mount its own file there
	int r = fstatfs(fd, &fs) < 0 ? -errno : buffer_read(&text, fd);
	close(fd);
	if (r < 0)
		return r;
	// "0.20 0.18 0.12 1/80 11206": the PID is the last word
	const char *word = strrchr(buffer_text(&text), ' ');
	long long pid = word ? strtoll(word, NULL, 10) : 0;
	if (fs.f_type != KERNEL_PROCFS_MAGIC || pid <= 0 || pid > INT_MAX)
		return -ENODATA;
	*last = (pid_t)pid;
	return 0;
}

pid_t procfs_fdinfo_pid(int pidfd)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	CLEANUP(procfs_close) struct procfs proc = PROCFS_NULL;
	char path[48];

	// the /proc of another namespace gives the number that the process has there
	int r = procfs_open(&proc);
	if (r < 0)
		return r;
	snprintf(path, sizeof(path), "self/fdinfo/%d", pidfd);
	r = buffer_read_file(&text, proc.fd, path);
	return r < 0 ? r : status_of_fdinfo(buffer_text(&text));
}
