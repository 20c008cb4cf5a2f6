// SPDX-License-Identifier: GPL-2.0-or-later
// procfs.h: /proc, once it is proved to be procfs and of our own pid namespace.
//
// Numbers in another namespace's /proc mean other processes, so nothing is read before
// procfs_open has looked. What is read by number is only believed after pidref_verify.
#pragma once

#include "base/buffer.h"

#include <sys/types.h>

struct procfs {
	int fd; // the root directory, owned
};

// Open /proc and check it. -ENOENT: not there or not procfs; -EXDEV: it shows another pid
// namespace than ours (the NSpid line of self/status has to name exactly one); -EMFILE ...
int procfs_open(struct procfs *out);

void procfs_close(struct procfs *proc);

// What to say of procfs_open's error.
const char *procfs_problem(int error);

// A descriptor of the directory of `pid`, owned by the caller; usable as a signal handle.
int procfs_open_pid(const struct procfs *proc, pid_t pid);

// The folder of the threads of `pid`, in which they stand as processes do in /proc. To be closed
// with procfs_close. Errors as procfs_open_file.
int procfs_open_tasks(const struct procfs *proc, pid_t pid, struct procfs *out);

// 1 if the directory `dirfd` is that of the thread group leader `pid`, 0 if of another
// thread; -errno.
int procfs_is_leader(int dirfd, pid_t pid);

// Open "PID/file" for reading. -ENOENT or -ESRCH: no such process (or not shown to us).
int procfs_open_file(const struct procfs *proc, pid_t pid, const char *file);

// Read "PID/file" whole into *out (see buffer_read).
int procfs_read(const struct procfs *proc, pid_t pid, const char *file, struct buffer *out);

// Where the symbolic link "PID/file" leads: 0 or -errno. Only the error is of interest.
int procfs_readlink(const struct procfs *proc, pid_t pid, const char *file, char *buf, size_t size);

// The number behind a pidfd by /proc/self/fdinfo: > 0, 0 when it has none here, -ESRCH when
// reaped, or -errno. For kernels without PIDFD_GET_INFO.
pid_t procfs_fdinfo_pid(int pidfd);
