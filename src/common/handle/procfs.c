// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/kernel.h"
#include "handle/procfs.h"
#include "handle/status.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { PROC_ROOT_INODE = 1 };

static int read_at(int dirfd, const char *path, struct buffer *out)
{
	int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	int r = buffer_read(out, fd);
	close(fd);
	return r;
}

// /proc of an ancestor namespace lists us with several numbers, of any other not at all; that
// /proc/self shows our number is no proof, numbers of two namespaces can coincide.
static int check(int fd)
{
	struct buffer text = {0};
	struct status status = {0};
	struct statfs fs;
	struct stat st;

	if (fstatfs(fd, &fs) < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (fs.f_type != KERNEL_PROCFS_MAGIC || st.st_ino != PROC_ROOT_INODE)
		return -ENOENT;
	int r = read_at(fd, "self/status", &text);
	if (!r)
		r = status_parse(buffer_text(&text), &status);
	buffer_free(&text);
	if (r == -ENOENT)
		return -EXDEV;
	// a kernel without pid namespaces has no such line, and no other /proc
	if (!r && status.namespaces > 1)
		return -EXDEV;
	return r;
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

int procfs_open_pid(const struct procfs *proc, pid_t pid)
{
	char name[16];

	snprintf(name, sizeof(name), "%d", (int)pid);
	int fd = openat(proc->fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int procfs_open_tasks(const struct procfs *proc, pid_t pid, struct procfs *out)
{
	char name[24];

	snprintf(name, sizeof(name), "%d/task", (int)pid);
	int fd = openat(proc->fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	out->fd = fd;
	return 0;
}

int procfs_is_leader(int dirfd, pid_t pid)
{
	struct buffer text = {0};
	struct status status = {0};

	int r = read_at(dirfd, "status", &text);
	if (!r)
		r = status_parse(buffer_text(&text), &status);
	buffer_free(&text);
	return r < 0 ? r : status.tgid == pid;
}

static void path_of(char path[static 64], pid_t pid, const char *file)
{
	snprintf(path, 64, "%d/%s", (int)pid, file);
}

int procfs_open_file(const struct procfs *proc, pid_t pid, const char *file)
{
	char path[64];

	path_of(path, pid, file);
	int fd = openat(proc->fd, path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int procfs_read(const struct procfs *proc, pid_t pid, const char *file, struct buffer *out)
{
	char path[64];

	path_of(path, pid, file);
	return read_at(proc->fd, path, out);
}

int procfs_readlink(const struct procfs *proc, pid_t pid, const char *file, char *buf, size_t size)
{
	char path[64];

	path_of(path, pid, file);
	ssize_t n = readlinkat(proc->fd, path, buf, size - 1);
	if (n < 0)
		return -errno;
	buf[n] = 0;
	return 0;
}

pid_t procfs_fdinfo_pid(int pidfd)
{
	struct buffer text = {0};
	char path[48];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
	int r = read_at(AT_FDCWD, path, &text);
	pid_t pid = r < 0 ? r : status_of_fdinfo(buffer_text(&text));
	buffer_free(&text);
	return pid;
}
