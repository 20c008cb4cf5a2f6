// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/pidread.h"
#include "target/pidfile.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

static bool is_locked(int fd)
{
	struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
	char path[32];

	// what is taken here goes with the descriptor, so with one of our own: standard input can
	// be the very one that holds the lock
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	int own = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (own < 0)
		return false;
	bool locked = flock(own, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
	if (!locked)
		locked = !fcntl(own, F_GETLK, &lock) && lock.l_type != F_UNLCK;
	close(own);
	return locked;
}

// Whoever can write the file chooses whom root signals. What is written into a device is not what
// is read from it, so there only its owner matters.
static bool is_writable_by_others(const struct stat *st)
{
	if (st->st_uid != 0 || S_ISCHR(st->st_mode))
		return st->st_uid != 0;
	return st->st_mode & S_IWOTH || (st->st_mode & S_IWGRP && st->st_gid != 0);
}

static int check(struct pidfile *f, int fd, bool named, const struct pidfile_demands *demands,
	const char **why)
{
	struct statfs fs;
	struct stat st;

	if (fstat(fd, &st) < 0 || fstatfs(fd, &fs) < 0) {
		*why = strerror(errno);
		return -errno;
	}
	f->regular = S_ISREG(st.st_mode);
	f->written = st.st_mtim;
	f->in_memory = fs.f_type == TMPFS_MAGIC || fs.f_type == RAMFS_MAGIC;
	if (demands->locked && !is_locked(fd)) {
		*why = "nobody holds a lock on it";
		return -EPERM;
	}
	// a pipe on standard input is what the caller put there, one with a name is not
	if ((f->regular || named) && !demands->trusted && !geteuid() &&
		is_writable_by_others(&st)) {
		*why = "other users can write it, so it could name anybody "
		       "(--trust-pidfile takes it nevertheless)";
		return -EPERM;
	}
	return 0;
}

// Opened without blocking, a FIFO is ready only when somebody has written, or come and gone.
static int unblock(int fd)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};

	while (poll(&ready, 1, -1) < 0 && errno == EINTR)
		;
	return fcntl(fd, F_SETFL, 0) < 0 ? -errno : 0;
}

// The checks are made before it blocks: a FIFO in place of the file would hold us up for ever.
static int open_checked(struct pidfile *f, const char *path, const struct pidfile_demands *demands,
	const char **why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0) {
		*why = strerror(errno);
		return -errno;
	}
	int r = check(f, fd, true, demands, why);
	if (!r && (r = unblock(fd)) < 0)
		*why = strerror(-r);
	if (r < 0) {
		close(fd);
		return r;
	}
	return fd;
}

static int read_first(struct pidfile *f, int fd, const char **why)
{
	char text[PIDFILE_ROOM];
	size_t len = 0;
	ssize_t n;

	while (len < sizeof(text) - 1 && (n = read(fd, text + len, sizeof(text) - 1 - len)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			*why = strerror(errno);
			return -errno;
		}
		len += (size_t)n;
	}
	text[len] = 0;
	const char *p = text + strspn(text, " \t\r\n\v\f");
	size_t size = strcspn(p, " \t\r\n\v\f");
	memcpy(f->first, p, size);
	f->first[size] = 0;
	p += size;
	p += strspn(p, " \t\r");
	f->has_more = *p && *p != '\n';
	if (!size) {
		*why = "it is empty";
		return -EINVAL;
	}
	return 0;
}

int pidfile_read(struct pidfile *out, const char *path, const struct pidfile_demands *demands,
	const char **why)
{
	bool input = !strcmp(path, "-");
	int fd = STDIN_FILENO;
	int r;

	if (input)
		r = check(out, fd, false, demands, why);
	else
		r = fd = open_checked(out, path, demands, why);
	if (r < 0)
		return r;
	r = read_first(out, fd, why);
	if (!input)
		close(fd);
	if (r < 0)
		return r;
	r = target_parse(&out->target, out->first, TARGET_PID | TARGET_EXACT, why);
	if (r < 0)
		*why = "its first word is neither PID nor PID:INODE";
	return r;
}

static int64_t nanoseconds(const struct timespec *t)
{
	return (int64_t)t->tv_sec * 1000000000 + t->tv_nsec;
}

enum pidfile_age pidfile_age(const struct pidfile *file, uint64_t start)
{
	int64_t tick = 1000000000 / sysconf(_SC_CLK_TCK);
	int64_t written = nanoseconds(&file->written);
	struct timespec now;
	struct timespec uptime;

	if (!file->regular)
		return PIDFILE_FRESH;
	clock_gettime(CLOCK_REALTIME, &now);
	clock_gettime(CLOCK_BOOTTIME, &uptime);
	int64_t boot = nanoseconds(&now) - nanoseconds(&uptime);
	if (written > nanoseconds(&now) + tick)
		return PIDFILE_STEPPED;
	if (written + tick < boot)
		return file->in_memory ? PIDFILE_STEPPED : PIDFILE_OLD_BOOT;
	return written + tick < boot + (int64_t)start * tick ? PIDFILE_STALE : PIDFILE_FRESH;
}

int pidfile_age_of(const struct pidfile *file, const struct pidref *ref, const struct procfs *proc,
	enum pidfile_age *age)
{
	struct statline line;

	// an inode names its process, but for one boot only
	if (file->target.kind == TARGET_EXACT || !file->regular) {
		*age = pidfile_age(file, 0) == PIDFILE_OLD_BOOT ? PIDFILE_OLD_BOOT : PIDFILE_FRESH;
		return 0;
	}
	int r = pidref_stat(ref, proc, &line);
	if (!r)
		*age = pidfile_age(file, line.start);
	return r;
}
