// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/number.h"
#include "handle/pidns.h"
#include "handle/procfs.h"
#include "target/pidfile.h"
#include "target/target.h"
#include "target/unixpeer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// A phrase for a number that could not be read.
static const char *number_reason(int error, const char *range)
{
	return error == -ERANGE ? range
				: "not a target; PID, PID:INODE, :INODE, fd:N and unix:PATH are";
}

// "tid:", "name:" and the like: letters and a colon.
static bool has_prefix(const char *text)
{
	size_t letters = strspn(text, "abcdefghijklmnopqrstuvwxyz");

	return letters && text[letters] == ':';
}

// ":INODE", the colon included.
static int parse_inode(struct target *t, const char *text, const char **why)
{
	int r = number_parse(text + 1, UINT64_MAX, &t->inode);

	if (!r && t->inode)
		return 0;
	*why = r == -ERANGE ? "the INODE is too large for any process"
			    : "an INODE behind the colon has to be a number above 0";
	return -EINVAL;
}

static int parse_thread(struct target *t, const char *text, const char **why)
{
	uint64_t tid;

	int r = number_parse(text, INT_MAX, &tid);
	if (r < 0 || !tid) {
		*why = r == -ERANGE ? "the number is too large for any thread"
				    : "tid: has to be followed by the number of a thread";
		return -EINVAL;
	}
	t->kind = TARGET_THREAD;
	t->pid = (pid_t)tid;
	return 0;
}

static int parse_name(struct target *t, const char *text, const char **why)
{
	if (!*text) {
		*why = "name: has to be followed by the name of a process";
		return -EINVAL;
	}
	t->kind = TARGET_NAME;
	t->name = text;
	return 0;
}

// A name that needs no prefix: what it begins with is the beginning of no other form.
static bool is_bare_name(const char *text)
{
	return (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') ||
	       (*text && strchr("_./(", *text));
}

// "-PGID" and "-1", the dash included.
static int parse_group(struct target *t, const char *text, const char **why)
{
	uint64_t pgid;

	int r = number_parse(text + 1, INT_MAX, &pgid);
	if (r < 0 || !pgid) {
		*why = r == -ERANGE ? "the PGID is too large for any process group"
				    : "not a process group: -PGID takes a number above 0";
		return -EINVAL;
	}
	t->kind = pgid == 1 ? TARGET_ALL : TARGET_GROUP;
	t->pid = (pid_t)pgid;
	return 0;
}

static int parse_pid(struct target *t, const char *text, const char **why)
{
	uint64_t pid;

	int r = number_take(&text, INT_MAX, &pid);
	if (r < 0 || (*text && *text != ':')) {
		*why = number_reason(r, "the PID is too large for any process");
		return -EINVAL;
	}
	t->pid = (pid_t)pid;
	if (!*text) {
		t->kind = pid ? TARGET_PID : TARGET_OWN_GROUP;
		return 0;
	}
	if (!pid) {
		*why = "a PID before the colon has to be above 0";
		return -EINVAL;
	}
	t->kind = TARGET_EXACT;
	return parse_inode(t, text, why);
}

// "PID" or "PID:INODE" of the process that has the descriptor.
static int parse_holder(struct target *t, const char *text, const char **why)
{
	struct target holder = {.kind = TARGET_PID};

	int r = parse_pid(&holder, text, why);
	if (r < 0 || holder.kind == TARGET_OWN_GROUP) {
		*why = "fd:N@ has to be followed by PID or PID:INODE";
		return -EINVAL;
	}
	t->kind = TARGET_FD_OF;
	t->pid = holder.pid;
	t->inode = holder.inode;
	return 0;
}

static int parse_fd(struct target *t, const char *text, const char **why)
{
	uint64_t fd;

	if (number_take(&text, INT_MAX, &fd) < 0 || (*text && *text != '@')) {
		*why = "fd: has to be followed by the number of an open descriptor, "
		       "as in fd:5 or fd:5@PID";
		return -EINVAL;
	}
	t->kind = TARGET_FD;
	t->fd = (int)fd;
	return *text ? parse_holder(t, text + 1, why) : 0;
}

static int parse_unix(struct target *t, const char *text, const char **why)
{
	if (!*text || !strcmp(text, "@")) {
		*why = "unix: has to be followed by the path of a socket, or by @ and its "
		       "abstract name";
		return -EINVAL;
	}
	t->kind = TARGET_UNIX;
	t->name = text;
	return 0;
}

static int parse_pidfile(struct target *t, const char *text, const char **why)
{
	if (!*text) {
		*why = "pidfile: has to be followed by the path of a file";
		return -EINVAL;
	}
	t->kind = TARGET_PIDFILE;
	t->name = text;
	return 0;
}

static int parse(struct target *t, const char *text, const char **why)
{
	if (!*text) {
		*why = "an empty word is no target";
		return -EINVAL;
	}
	if (!strncmp(text, "fd:", 3))
		return parse_fd(t, text + 3, why);
	if (!strncmp(text, "unix:", 5))
		return parse_unix(t, text + 5, why);
	if (!strncmp(text, "pidfile:", 8))
		return parse_pidfile(t, text + 8, why);
	if (!strncmp(text, "tid:", 4))
		return parse_thread(t, text + 4, why);
	if (!strncmp(text, "name:", 5))
		return parse_name(t, text + 5, why);
	if (has_prefix(text)) {
		*why = "no such kind of target (a name with a colon is written name:NAME)";
		return -EINVAL;
	}
	if (is_bare_name(text))
		return parse_name(t, text, why);
	if (*text == '-')
		return parse_group(t, text, why);
	if (*text != ':')
		return parse_pid(t, text, why);
	t->kind = TARGET_INODE;
	return parse_inode(t, text, why);
}

int target_parse(struct target *out, const char *text, unsigned kinds, const char **why)
{
	struct target t = {.text = text, .fd = -1};

	int r = parse(&t, text, why);
	if (r < 0)
		return r;
	if (!(t.kind & kinds)) {
		*why = t.kind == TARGET_OWN_GROUP ? "PID 0 names no process"
		       : t.kind == TARGET_NAME	  ? number_reason(-EINVAL, NULL)
		       : t.kind & TARGET_SEVERAL  ? "this program takes no process groups"
						 : "this program does not take this kind of target";
		return -EINVAL;
	}
	*out = t;
	return 0;
}

static int open_number(const struct target *t, struct pidref *out)
{
	return t->in ? pidns_hold(t->in, t->pid, out) : pidref_open(out, t->pid);
}

static int open_exact(const struct target *t, struct pidref *out)
{
	struct pidref ref;

	int r = open_number(t, &ref);
	if (r < 0)
		return r;
	r = pidref_learn_inode(&ref);
	if (!r && ref.inode != t->inode)
		r = -ESTALE;
	if (r < 0) {
		pidref_close(&ref);
		return r;
	}
	*out = ref;
	return 0;
}

static int open_thread(const struct target *t, struct pidref *out)
{
	int r = t->in ? pidns_hold_thread(t->in, t->pid, out) : pidref_open_thread(out, t->pid);

	// EINVAL is the flag's, or a thread's that was reaped within the call (before 6.16)
	if (r == -EINVAL) {
		pid_t self = getpid();
		struct pidref ref = PIDREF_NULL;

		r = pidref_open_thread(&ref, self);
		pidref_close(&ref);
		return r < 0 ? -EPROTONOSUPPORT : -ESRCH;
	}
	return r == -ENOSYS ? -EPROTONOSUPPORT : r == -ENOENT ? -ESRCH : r;
}

// The holder is a target itself: all that is true of PID and PID:INODE is true of it.
static int open_fd_of(const struct target *t, struct pidref *out)
{
	struct pidref holder;

	int r = t->inode ? open_exact(t, &holder) : open_number(t, &holder);
	if (r < 0)
		return r;
	r = pidref_dup_fd_of(out, &holder, t->fd);
	pidref_close(&holder);
	return r;
}

// One that was inherited survived our exec; all that we open ourselves are close-on-exec, and so
// are never taken for what the user meant.
static int open_inherited(int fd, struct pidref *out)
{
	int flags = fcntl(fd, F_GETFD);

	if (flags < 0 || flags & FD_CLOEXEC)
		return -EBADF;
	return pidref_dup_fd(out, fd);
}

// Of the file: what its age says of the process that is held. 0 or -errno.
static int judge(const struct pidfile *file, const struct pidref *ref, enum pidfile_age *age)
{
	struct procfs proc;

	int r = procfs_open(&proc);
	if (r < 0)
		return r == -ENOENT || r == -EXDEV ? -ENODEV : r;
	r = pidfile_age_of(file, ref, &proc, age);
	procfs_close(&proc);
	return r;
}

static int read_pidfile(const struct target *t, struct pidfile *out)
{
	const struct pidfile_demands demands = {.trusted = t->trust_pidfile};
	const char *why;

	int r = pidfile_read(out, t->name, &demands, &why);
	return r == -ENOENT ? -ENXIO : r == -EPERM ? -EKEYREJECTED : r == -EINVAL ? -ENOMSG : r;
}

static int open_pidfile(const struct target *t, struct pidref *out)
{
	struct pidref ref = PIDREF_NULL;
	enum pidfile_age age = PIDFILE_FRESH;
	struct pidfile file = {0};

	int r = read_pidfile(t, &file);
	if (!r)
		r = target_open(&file.target, &ref);
	if (!r && !t->stale_ok)
		r = judge(&file, &ref, &age);
	if (!r && (age == PIDFILE_STALE || age == PIDFILE_OLD_BOOT))
		r = age == PIDFILE_STALE ? -EKEYEXPIRED : -EKEYREVOKED;
	if (r < 0) {
		pidref_close(&ref);
		return r;
	}
	*out = ref;
	return 0;
}

const char *target_doubt(const struct target *t, const struct pidref *ref)
{
	enum pidfile_age age = PIDFILE_FRESH;
	struct pidfile file = {0};

	if (t->kind != TARGET_PIDFILE || t->stale_ok || read_pidfile(t, &file) < 0 ||
		judge(&file, ref, &age) < 0 || age != PIDFILE_STEPPED)
		return NULL;
	return "the clock was set since it was written, so it may be stale; going on";
}

int target_open(const struct target *t, struct pidref *out)
{
	switch (t->kind) {
	case TARGET_PID:
		return open_number(t, out);
	case TARGET_EXACT:
		return open_exact(t, out);
	case TARGET_INODE:
		return pidref_open_inode(out, t->inode);
	case TARGET_FD:
		return open_inherited(t->fd, out);
	case TARGET_FD_OF:
		return open_fd_of(t, out);
	case TARGET_UNIX:
		return unixpeer_open(out, t->name);
	case TARGET_PIDFILE:
		return open_pidfile(t, out);
	case TARGET_THREAD:
		return open_thread(t, out);
	default:
		return -EINVAL;
	}
}

const char *target_problem(int error)
{
	switch (error) {
	case -ESRCH:
		return "no such process";
	case -ESTALE:
		return "recycled: that process is gone";
	case -ECHILD:
		return "that inode is a thread's, not a process's";
	case -EBADF:
		return "no such descriptor is open";
	case -ENOTTY:
		return "that descriptor is neither a pidfd nor a Unix socket";
	case -ENODATA:
		return "that socket has no process at its other end";
	case -ENOPROTOOPT:
		return "processes behind sockets need Linux 6.5";
	case -EPROTONOSUPPORT:
		return "threads can be held from Linux 6.9 on only";
	case -EOPNOTSUPP:
		return "this kernel has no such handles (PID:INODE needs Linux 6.9, :INODE 6.14)";
	case -ENOSYS:
		return "this kernel has no pidfds (Linux 5.3), or a sandbox hides them";
	case -ENXIO:
		return "no such file";
	case -ENOMSG:
		return "its first word is neither PID nor PID:INODE";
	case -EKEYEXPIRED:
		return "stale: that process started after the file was written "
		       "(--stale-ok takes it nevertheless)";
	case -EKEYREVOKED:
		return "stale: the file is older than this boot "
		       "(--stale-ok takes it nevertheless)";
	case -EKEYREJECTED:
		return "other users can write it, so it could name anybody "
		       "(--trust-pidfile takes it nevertheless)";
	case -ENODEV:
		return "its age cannot be told without the /proc of our pid namespace "
		       "(--stale-ok takes it nevertheless)";
	case -ENOENT:
		return "no such socket";
	case -ECONNREFUSED:
		return "nobody listens on that socket";
	case -EPROTOTYPE:
		return "nobody can listen on a datagram socket";
	case -EAGAIN:
		return "its listener accepts nobody, so it cannot be told who that is";
	case -EACCES:
		return "we have no right to it";
	case -EREMOTE:
		return "it has no PID in our pid namespace";
	case -EPERM:
		return "a sandbox refuses pidfds here";
	default:
		return strerror(-error);
	}
}

bool target_is_gone(int error)
{
	switch (error) {
	case -ESRCH:
	case -ESTALE:
	case -ENOENT:
	case -ECONNREFUSED:
	case -ENXIO:
	case -EKEYEXPIRED:
	case -EKEYREVOKED:
		return true;
	default:
		return false;
	}
}

bool target_is_wrong(int error)
{
	return error == -EBADF || error == -ENOTTY || error == -ENODATA || error == -ECHILD ||
	       error == -EPROTOTYPE || error == -ENAMETOOLONG || error == -ENOMSG ||
	       error == -EKEYREJECTED;
}

char *target_format(char buf[static TARGET_STRMAX], struct pidref *ref)
{
	if (pidref_learn_inode(ref) < 0)
		snprintf(buf, TARGET_STRMAX, "%d", (int)ref->pid);
	else if (ref->pid > 0)
		snprintf(buf, TARGET_STRMAX, "%d:%" PRIu64, (int)ref->pid, ref->inode);
	else
		snprintf(buf, TARGET_STRMAX, ":%" PRIu64, ref->inode);
	return buf;
}
