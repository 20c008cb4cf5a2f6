// SPDX-License-Identifier: GPL-2.0-or-later
// pidread.h: what the kernel says about a held process: its files in /proc, and its ids.
//
// Nothing else reads /proc about a held process. Each function reads and then verifies, so what it
// returns was this process's own. `proc` may be NULL: /proc is then opened, checked and closed. It
// is not used for a handle that is a /proc/PID directory, whose files are read through the handle.
//
// 0, or -ESRCH: the process is reaped (never for another reason); -EACCES: it is there, but we may
// not see that; -ENOENT: it is there, but it, or this kernel, has no such file; -EREMOTE: it has no
// PID in our pid namespace; -EXDEV: there is no /proc of our pid namespace; -ENOSYS: it could not
// be verified; or the system failed (-EMFILE, -ENOMEM, -EIO). Outputs are untouched then, but for
// the bytes of a buffer.
#pragma once

#include "base/buffer.h"
#include "handle/pidref.h"
#include "handle/procfs.h"
#include "handle/status.h"

#include <stdbool.h>

// Whether such an error is one of the system, which says nothing about the process.
bool pidref_read_failed(int error);

// Where its files are, for a caller that reads several and verifies once: `by_number`, or the
// handle itself where that is a directory. Both stay borrowed.
struct procdir pidref_dir(const struct pidref *ref, struct procdir by_number);

// Read a file of its directory whole.
int pidref_read(
	const struct pidref *ref, const struct procfs *proc, const char *file, struct buffer *out);

// Where a symbolic link of its directory leads. -ENOENT also of a link that leads nowhere.
int pidref_readlink(const struct pidref *ref, const struct procfs *proc, const char *file,
	char *buf, size_t size);

// A new close-on-exec descriptor of a file or folder of its directory, for reading. What is read
// through it later is of this process, or nothing once that is reaped.
int pidref_open_file(const struct pidref *ref, const struct procfs *proc, const char *file);

// The same (O_PATH) of the folder that a link of its directory leads to.
int pidref_open_folder(const struct pidref *ref, const struct procfs *proc, const char *file);

// The folder of its threads, as procfs_open_tasks. To be closed with procfs_close.
int pidref_open_tasks(const struct pidref *ref, const struct procfs *proc, struct procfs *out);

// The name that the kernel keeps, without a newline; it can hold any byte but NUL.
int pidref_comm(const struct pidref *ref, const struct procfs *proc, struct buffer *out);

// The file "status". Of a process that is hidden from us: -EACCES.
int pidref_status(const struct pidref *ref, const struct procfs *proc, struct status *out);

// The file "stat", with errors as pidref_status.
int pidref_stat(const struct pidref *ref, const struct procfs *proc, struct statline *out);

// Whether it is stopped, as by SIGSTOP: whether one of its threads is. (The first one, whose state
// the two above give, may have ended.) 1; 0; errors as pidref_status.
int pidref_is_stopped(const struct pidref *ref, const struct procfs *proc);

// Parent, user and group ids, in *out, by the handle alone (Linux 6.13): no file, no permission.
// -EOPNOTSUPP: before; -ENODATA: the kernel says nothing about this process.
int pidref_ids(const struct pidref *ref, struct status *out);

// The id of the cgroup (v2) of the process: the inode of its folder. By the handle alone (Linux
// 6.13): no file, no permission. Errors of pidref_ids.
int pidref_cgroup(const struct pidref *ref, uint64_t *id);

// The real user: by the handle, else from /proc.
int pidref_owner(const struct pidref *ref, uid_t *real);

// The PID of its parent when asked (0: outside our pid namespace); by the handle, else from /proc.
// The parent of that PID is known once it is held, see pidref_open_parent.
int pidref_parent(const struct pidref *ref, const struct procfs *proc, pid_t *ppid);

// Hold the parent of *child: *child names it again while it is held and unreaped. 1: *out is it; 0:
// it has none in our pid namespace, or is gone; -EACCES: the parent is not known, as /proc hides
// the child; -ENOMEM, -EMFILE, -ENFILE, -EIO, -ENOSYS, or an error of pidref_open.
int pidref_open_parent(struct pidref *out, const struct pidref *child);

// The number of its process group, or of its session (0: it is outside our pid namespace). No file,
// no permission; errors as above.
int pidref_group(const struct pidref *ref, pid_t *pgid);
int pidref_session(const struct pidref *ref, pid_t *sid);
