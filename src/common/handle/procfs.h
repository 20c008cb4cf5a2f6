// SPDX-License-Identifier: GPL-2.0-or-later
// procfs.h: /proc, once it is proved to be procfs and of our own pid namespace.
//
// Numbers in another namespace's /proc mean other processes, so nothing is read before
// procfs_open has looked. What is read by number is only believed after pidref_verify.
#pragma once

#include "base/buffer.h"
#include "base/cleanup.h"

#include <sys/stat.h>
#include <sys/types.h>

struct procfs {
	int fd; // the root directory, owned
};

#define PROCFS_NULL ((struct procfs){.fd = -1})

// The directory of one process, or of one thread: where its files are looked for.
struct procdir {
	int fd; // borrowed: of the directory that has `pid`, or the directory of the process itself
	pid_t pid; // 0: it is the directory itself
};

// Open /proc and check it. -ENOENT: not there or not procfs; -EXDEV: it shows another pid
// namespace than ours (the NSpid line of self/status has to name exactly one); -EMFILE ...
int procfs_open(struct procfs *out);

// Close; may be called twice.
void procfs_close(struct procfs *proc);

// The sentence for an error of procfs_open.
const char *procfs_problem(int error);

// The directory of whatever process has the number `pid` at each call. It borrows *proc.
struct procdir procfs_dir(const struct procfs *proc, pid_t pid);

// A descriptor of the directory of `pid`, owned by the caller; usable as a signal handle.
int procfs_open_pid(const struct procfs *proc, pid_t pid);

// The folder of the threads of `pid`, in which they stand as processes do in /proc. To be closed
// with procfs_close. Errors as procdir_open.
int procfs_open_tasks(const struct procfs *proc, pid_t pid, struct procfs *out);

// Open a file of the directory for reading. -ENOENT or -ESRCH: no such process, not shown to us, or
// no such file.
int procdir_open(const struct procdir *dir, const char *file);

// Read a file of the directory whole into *out (see buffer_read).
int procdir_read(const struct procdir *dir, const char *file, struct buffer *out);

// Where a symbolic link of the directory leads: 0 and a text in buf, cut to `size`, or -errno.
int procdir_readlink(const struct procdir *dir, const char *file, char *buf, size_t size);

// The device, inode, mode, links, owner and group of a file, as the kernel remembers them. The
// server of a file system is not asked, because stat(2) waits for ever if it does not answer, and
// any process can use such a file. An empty path: of `folder` itself. 0 or -errno.
int procfs_stat_at(int folder, const char *path, struct stat *out);

// The same at a path of another process, which can lead to any file system: it is looked up in what
// the kernel has cached, and if that is not enough, on the file system of "/" alone. No other
// server is asked. -EACCES also where one would have to be. Before Linux 5.12, or in a sandbox, the
// path is looked up as any other.
int procfs_stat_cached(int folder, const char *path, struct stat *out);

// How much of `text`, where the link of the directory leads, is the path: " (deleted)", which the
// kernel appends if the file was removed or replaced, is not part of it, unless the file really has
// that name.
size_t procdir_path_length(const struct procdir *dir, const char *link, const char *text);

// The same of the file where a link of the directory leads.
int procdir_stat(const struct procdir *dir, const char *file, struct stat *out);

// Open the folder where a link of the directory leads, with O_PATH. The descriptor or -errno.
int procdir_open_folder(const struct procdir *dir, const char *link);

// The same by number, and read at once.
int procfs_read(const struct procfs *proc, pid_t pid, const char *file, struct buffer *out);
int procfs_readlink(const struct procfs *proc, pid_t pid, const char *file, char *buf, size_t size);

// The PID that our pid namespace gave out last, to a process or to a thread. While it stays the
// same, no process is born. -ENODATA: it is not known here (another file system covers the file).
int procfs_last_pid(const struct procfs *proc, pid_t *last);

// The number behind a pidfd of ours, by the /proc of our pid namespace (self/fdinfo): > 0; 0 when
// it has none here; -ESRCH when it is reaped; -EBADF: that is no pidfd; or an error of procfs_open.
// For kernels without PIDFD_GET_INFO (before 6.13).
pid_t procfs_fdinfo_pid(int pidfd);
