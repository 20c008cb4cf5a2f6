// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/kernel.h"
#include "handle/pidref.h"
#include "handle/procfs.h"
#include "handle/status.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

// A /proc/TID exists for every thread; only a leader's answers to its own number.
static int check_leader(int fd, pid_t pid)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	struct status status;

	int r = buffer_read_file(&text, fd, "status");
	if (!r)
		r = status_parse(buffer_text(&text), &status);
	if (r == -ENOENT || (!r && status.tgid != pid))
		r = -ESRCH;
	return r;
}

static int open_procdir(struct pidref *out, pid_t pid)
{
	CLEANUP(procfs_close) struct procfs proc = PROCFS_NULL;
	CLEANUP(pidref_close) struct pidref ref = PIDREF_NULL;

	if (procfs_open(&proc) < 0)
		return -ENOSYS;
	int fd = procfs_open_pid(&proc, pid);
	// EPERM is hidepid=1 here, and must not be taken for a sandbox's
	if (fd < 0)
		return fd == -ENOENT ? -ESRCH : fd == -EPERM ? -EACCES : fd;
	ref = (struct pidref){.pid = pid, .fd = fd, .kind = PIDREF_PROCDIR};
	int r = check_leader(fd, pid);
	if (r < 0)
		return r;
	// the call that the directory stands in for must be there, or it is no handle at all
	r = kernel_pidfd_send_signal(fd, 0, NULL, 0);
	if (r < 0 && r != -EPERM)
		return r;
	*out = pidref_take(&ref);
	return 0;
}

static int open_number(struct pidref *out, pid_t pid, unsigned flags)
{
	int fd = kernel_pidfd_open(pid, flags);

	if (fd < 0)
		return fd;
	*out = (struct pidref){.pid = pid, .fd = fd, .kind = PIDREF_PIDFD};
	return 0;
}

int pidref_open(struct pidref *out, pid_t pid)
{
	if (pid <= 0)
		return -EINVAL;
	int r = open_number(out, pid, 0);
	if (r == -ENOSYS)
		return open_procdir(out, pid);
	// before 6.16 a thread, and a process reaped within the call, were EINVAL; now ENOENT
	return r == -EINVAL || r == -ENOENT ? -ESRCH : r;
}

int pidref_open_thread(struct pidref *out, pid_t tid)
{
	return open_number(out, tid, KERNEL_PIDFD_THREAD);
}

int pidref_check_inode(struct pidref *ref, uint64_t inode)
{
	int r = pidref_learn_inode(ref);

	return r < 0 ? r : ref->inode != inode ? -ESTALE : 0;
}

int pidref_open_exact(struct pidref *out, pid_t pid, uint64_t inode)
{
	CLEANUP(pidref_close) struct pidref ref = PIDREF_NULL;

	int r = pidref_open(&ref, pid);
	if (!r)
		r = pidref_check_inode(&ref, inode);
	if (!r)
		*out = pidref_take(&ref);
	return r;
}

int pidref_open_id(struct pidref *out, const struct procid *id)
{
	return id->inode ? pidref_open_exact(out, id->pid, id->inode) : pidref_open(out, id->pid);
}

// Number and thread group by the handle alone; the numbers are those of our pid namespace.
static int learn_pid(int fd, pid_t *pid, pid_t *tgid)
{
	struct kernel_pidfd_info info;

	int r = kernel_pidfd_info(fd, KERNEL_INFO_PID, &info);
	if (r < 0)
		return r;
	if (!(info.mask & KERNEL_INFO_PID))
		return -ENODATA;
	*pid = (pid_t)info.pid;
	*tgid = (pid_t)info.tgid;
	return 0;
}

// Before Linux 6.17 pidfs is reached through a pidfd, our own. A kernel without such handles
// answers ESTALE, as one that has them does for a process that is gone: our own process, which is
// not, tells them apart.
static int open_through_self(uint64_t inode)
{
	CLEANUP(pidref_close) struct pidref self = PIDREF_NULL;

	int r = pidref_open(&self, getpid());
	if (!r)
		r = pidref_learn_inode(&self);
	if (r < 0)
		return r == -ENOSYS ? -EOPNOTSUPP : r;
	int own = kernel_open_by_inode(self.fd, self.inode);
	if (own == -EPERM) {
		// an older kernel gives this error to an ordinary user, which may not open other
		// handles
		int named = kernel_name_inode(self.fd);
		return named >= 0 || named == -EPERM ? -EPERM : -EOPNOTSUPP;
	}
	if (own < 0)
		return -EOPNOTSUPP;
	close(own);
	return kernel_open_by_inode(self.fd, inode);
}

// Where the kernel, or a sandbox, does not give the number of the process *ref. (6.14 and some 6.15
// gave ESRCH for a living process without a parent in sight.)
static int open_by_fdinfo(struct pidref *out, const struct pidref *ref, int error)
{
	pid_t pid = procfs_fdinfo_pid(ref->fd);

	if (pid > 0)
		return pidref_open_exact(out, pid, ref->inode);
	return !pid || pid == -ESRCH ? -ESRCH : error;
}

int pidref_open_inode(struct pidref *out, uint64_t inode)
{
	CLEANUP(pidref_close) struct pidref ref = {.fd = -1, .inode = inode};
	pid_t tgid = 0;

	int fd = kernel_open_by_inode(-1, inode);
	if (fd < 0 && fd != -EMFILE && fd != -ENFILE && fd != -ENOMEM)
		fd = open_through_self(inode);
	if (fd < 0)
		return fd == -ESTALE ? -ESRCH : fd;
	ref.fd = fd;
	int r = learn_pid(fd, &ref.pid, &tgid);
	if (r < 0)
		return r == -EREMOTE ? -ESRCH : open_by_fdinfo(out, &ref, r);
	if (ref.pid != tgid)
		return -ECHILD;
	*out = pidref_take(&ref);
	return 0;
}

void pidref_adopt_fd(struct pidref *out, int fd)
{
	pid_t pid = 0;
	pid_t tgid = 0;

	// the number is for display: not knowing it (another pid namespace) is no error
	if (learn_pid(fd, &pid, &tgid) < 0)
		pid = procfs_fdinfo_pid(fd);
	*out = (struct pidref){.pid = pid > 0 ? pid : 0, .fd = fd, .kind = PIDREF_PIDFD};
}

struct pidref pidref_of_child(pid_t pid, int pidfd)
{
	return (struct pidref){.pid = pid, .fd = pidfd, .kind = PIDREF_PIDFD};
}

static int dup_cloexec(int fd)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 3);

	return own < 0 ? -errno : own;
}

int pidref_dup(struct pidref *out, const struct pidref *ref)
{
	int fd = dup_cloexec(ref->fd);

	if (fd < 0)
		return fd;
	*out = *ref;
	out->fd = fd;
	return 0;
}

// From 6.9 on pidfds are on a file system of their own.
static bool is_on_pidfs(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && fs.f_type == KERNEL_PIDFS_MAGIC;
}

// Decided without sending a signal: a sandbox can answer anything to that, about any descriptor.
static bool is_pidfd(int fd)
{
	siginfo_t info;

	if (is_on_pidfs(fd))
		return true;
	// a process that is not our child, or is: both are processes (Linux 5.4)
	if (!waitid((idtype_t)KERNEL_WAIT_PIDFD, (id_t)fd, &info, WEXITED | WNOHANG | WNOWAIT) ||
		errno == ECHILD)
		return true;
	pid_t pid = procfs_fdinfo_pid(fd);
	return pid >= 0 || pid == -ESRCH;
}

// The pidfd of the process at the other end of a Unix socket; -ENOTTY: no Unix socket.
static int open_peer(int fd)
{
	int kind;
	socklen_t size = sizeof(kind);

	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &kind, &size) < 0)
		return errno == EBADF ? -EBADF : -ENOTTY;
	if (kind != AF_UNIX)
		return -ENOTTY;
	int r = kernel_peer_pidfd(fd);
	// 6.5 to 6.15 say EINVAL for a peer that is reaped
	return r == -EINVAL ? -ESRCH : r;
}

int pidref_dup_fd(struct pidref *out, int fd)
{
	CLEANUP(pidref_close) struct pidref ref = PIDREF_NULL;

	int own = open_peer(fd);
	bool peer = own != -ENOTTY;
	if (!peer && is_pidfd(fd))
		own = dup_cloexec(fd);
	if (own < 0)
		return own;
	pidref_adopt_fd(&ref, own);
	int r = peer ? 0 : pidref_verify(&ref);
	if (!r)
		*out = pidref_take(&ref);
	return r;
}

int pidref_learn_inode(struct pidref *ref)
{
	struct statfs fs;
	struct stat st;

	if (ref->inode)
		return 0;
	if (fstatfs(ref->fd, &fs) < 0 || fstat(ref->fd, &st) < 0)
		return -errno;
	if (fs.f_type != KERNEL_PIDFS_MAGIC)
		return -EOPNOTSUPP;
	uint64_t inode = st.st_ino;
	if (sizeof(long) < 8) {
		// a 32-bit kernel has the upper half elsewhere; a 64-bit one answers 0
		uint32_t upper = 0;

		kernel_inode_upper(ref->fd, &upper);
		inode |= (uint64_t)upper << 32;
	}
	ref->inode = inode;
	return 0;
}

struct procid pidref_id(struct pidref *ref)
{
	pidref_learn_inode(ref);
	return (struct procid){.pid = ref->pid, .inode = ref->inode};
}

bool pidref_is(struct pidref *ref, const struct procid *id)
{
	if (ref->pid != id->pid)
		return false;
	return !id->inode || pidref_learn_inode(ref) < 0 || ref->inode == id->inode;
}

int pidref_same(struct pidref *a, struct pidref *b)
{
	if (!pidref_learn_inode(a) && !pidref_learn_inode(b))
		return a->inode == b->inode;
	// a process outside our pid namespace has no number
	if (!a->pid || a->pid != b->pid)
		return 0;
	int r = pidref_verify(a);
	if (!r)
		r = pidref_verify(b);
	return !r ? 1 : r == -ESRCH ? 0 : r;
}

// EPERM is the target's, unless we may not ask ourselves either: then a sandbox refuses the call.
static int refusal(int error)
{
	CLEANUP(pidref_close) struct pidref self = PIDREF_NULL;

	if (error == -EPERM && !pidref_open(&self, getpid()) &&
		kernel_pidfd_send_signal(self.fd, 0, NULL, 0) == -EPERM)
		return -ENOSYS;
	return error;
}

// Whether it is unreaped, by signal 0: 0, -ESRCH; -ENOSYS: no answer, which is also EINVAL, for a
// process outside our pid namespace.
static int ask_by_signal(int fd)
{
	int r = refusal(kernel_pidfd_send_signal(fd, 0, NULL, 0));

	return !r || r == -EPERM ? 0 : r == -ESRCH ? r : -ENOSYS;
}

static int poll_state(int fd, enum pidref_state *state)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	int dead = poll(&p, 1, 0);
	*state = PIDREF_ALIVE;
	if (!dead)
		return 0;
	if (dead > 0)
		*state = p.revents & POLLHUP ? PIDREF_REAPED : PIDREF_ZOMBIE;
	if (*state == PIDREF_REAPED || (dead > 0 && is_on_pidfs(fd)))
		return 0;
	// before 6.9 there is no POLLHUP, zombie and reaped look alike; and poll can fail
	int r = ask_by_signal(fd);
	// where nothing tells, the PID of one that is dead may be another process's
	if (r == -ESRCH || (r < 0 && dead > 0))
		*state = PIDREF_REAPED;
	return r == -ESRCH ? 0 : r;
}

// A /proc/PID directory stays with its process: its files answer ESRCH once that is reaped.
static int stat_state(int fd, enum pidref_state *state)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	struct statline line;

	*state = PIDREF_ALIVE;
	int r = buffer_read_file(&text, fd, "stat");
	if (!r)
		r = statline_parse(buffer_text(&text), &line);
	// Z is also the state of a leader thread that waits for the others
	if (!r && strchr("ZX", line.state) && line.threads <= 1)
		*state = PIDREF_ZOMBIE;
	if (r < 0 && r != -ESRCH)
		r = ask_by_signal(fd);
	if (r == -ESRCH)
		*state = PIDREF_REAPED;
	return r == -ESRCH ? 0 : r;
}

// What has become of the process. 0: that is proved, as far as unreaped and reaped go; -ENOSYS:
// nothing could tell, *state is the guess that does no harm.
static int find_state(const struct pidref *ref, enum pidref_state *state)
{
	return ref->kind == PIDREF_PIDFD ? poll_state(ref->fd, state) : stat_state(ref->fd, state);
}

enum pidref_state pidref_state(const struct pidref *ref)
{
	enum pidref_state state;

	find_state(ref, &state);
	return state;
}

bool pidref_all_alive(const struct pidref *const refs[], size_t count)
{
	struct pollfd polls[PIDREF_AT_ONCE];

	for (size_t i = 0; i < count; i++) {
		if (refs[i]->kind != PIDREF_PIDFD)
			return false;
		polls[i] = (struct pollfd){.fd = refs[i]->fd, .events = POLLIN};
	}
	return !poll(polls, count, 0);
}

int pidref_verify(const struct pidref *ref)
{
	enum pidref_state state;

	int r = find_state(ref, &state);
	return r < 0 ? r : state == PIDREF_REAPED ? -ESRCH : 0;
}

int pidref_signal(const struct pidref *ref, int sig, enum pidref_scope scope, const int *value)
{
	static const unsigned flags[] = {
		[PIDREF_SCOPE_DEFAULT] = 0,
		[PIDREF_SCOPE_THREAD] = KERNEL_SIGNAL_THREAD,
		[PIDREF_SCOPE_GROUP] = KERNEL_SIGNAL_PROCESS_GROUP,
	};
	siginfo_t info;

	if (!value)
		return refusal(kernel_pidfd_send_signal(ref->fd, sig, NULL, flags[scope]));
	// the kernel takes our word for the sender, so it has to be true
	memset(&info, 0, sizeof(info));
	info.si_signo = sig;
	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value.sival_int = *value;
	return refusal(kernel_pidfd_send_signal(ref->fd, sig, &info, flags[scope]));
}

int pidref_wstatus(const struct pidref *ref, int *wstatus)
{
	struct kernel_pidfd_info info;

	int r = ref->kind == PIDREF_PIDFD ? kernel_pidfd_info(ref->fd, KERNEL_INFO_EXIT, &info)
					  : -ENOTTY;
	if (r == -ENOTTY || r == -EINVAL)
		return -EOPNOTSUPP;
	if (r < 0) // 6.13 and 6.14 keep no record
		return r == -ESRCH ? -EOPNOTSUPP : r;
	if (!(info.mask & KERNEL_INFO_EXIT))
		return -ENODATA;
	*wstatus = info.exit_code;
	return 0;
}

struct pidref pidref_take(struct pidref *ref)
{
	struct pidref taken = *ref;

	*ref = PIDREF_NULL;
	return taken;
}

void pidref_close(struct pidref *ref)
{
	int saved = errno;

	if (ref->fd >= 0)
		close(ref->fd);
	*ref = PIDREF_NULL;
	errno = saved;
}
