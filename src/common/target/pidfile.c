// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/procfs.h"
#include "target/age.h"
#include "target/exact.h"
#include "target/fault.h"
#include "target/lock.h"
#include "target/notes.h"
#include "target/pidfile.h"
#include "target/target.h"
#include "target/writers.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	ROOM = 256, // more than a handle and anything else on its line needs
	READ = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
};

struct pidfile {
	const struct pidfile_demands *demands;
	int fd;
	bool input;  // it is standard input, whose flags must not be changed
	bool judges; // whether it matters which users could choose the contents
	struct writers writers;
	char text[ROOM];
	struct target target;
};

static bool is_regular(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISREG(st.st_mode);
}

// Root signals the process that the file names, so it matters which users can write it. A pipe on
// standard input comes from the caller, so it is trusted.
static int open_file(struct pidfile *f, const char *path)
{
	f->input = !strcmp(path, "-");
	f->judges = !geteuid() && !f->demands->trusted && (!f->input || is_regular(STDIN_FILENO));
	// each folder on the path is checked as it is opened, so that none can be exchanged after
	// its check
	if (f->judges && !f->input)
		return f->fd = writers_open(path, READ, &f->writers);
	f->fd = f->input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : open(path, READ);
	if (f->fd < 0)
		return -errno;
	return f->judges ? writers_of(f->fd, &f->writers.file) : 0;
}

// Whether only root and `uid` could choose the contents.
static int check_writers(const struct pidfile *f, uid_t uid)
{
	if (!f->judges)
		return 0;
	if (!users_are(&f->writers.file, uid))
		return -FAULT_UNTRUSTED;
	return users_are(&f->writers.way, uid) ? 0 : -FAULT_WAY;
}

static void await_input(int fd)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};

	while (poll(&ready, 1, -1) < 0 && errno == EINTR)
		;
}

// A FIFO opened with O_NONBLOCK becomes readable when a writer has written, or has opened and
// closed it.
static int unblock(int fd)
{
	await_input(fd);
	return fcntl(fd, F_SETFL, 0) < 0 ? -errno : 0;
}

static size_t drop_blanks(char *text, size_t len)
{
	size_t blanks = 0;

	while (blanks < len && text[blanks] && strchr(TARGET_BLANKS, text[blanks]))
		blanks++;
	memmove(text, text + blanks, len - blanks);
	return len - blanks;
}

// Stop after the first line of a pipe, which may stay open after it. Read on in a regular file, to
// see whether there is a second word.
static int read_text(struct pidfile *f)
{
	bool regular = is_regular(f->fd);
	size_t len = 0;
	ssize_t n;

	while (len < ROOM - 1 && (n = read(f->fd, f->text + len, ROOM - 1 - len)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		// standard input can be non-blocking, and its flags are not ours to change
		if (n < 0 && errno == EAGAIN) {
			await_input(f->fd);
			continue;
		}
		if (n < 0)
			return -errno;
		len += (size_t)n;
		if (!regular && memchr(f->text, '\n', len))
			break;
		len = drop_blanks(f->text, len);
	}
	f->text[len] = 0;
	return 0;
}

static int parse_text(struct pidfile *f, unsigned *notes)
{
	char *word = f->text + strspn(f->text, TARGET_BLANKS);
	char *end = word + strcspn(word, TARGET_BLANKS);
	const char *why;

	if (end == word)
		return -FAULT_EMPTY;
	// a part of a number would be another process's
	if (end == f->text + ROOM - 1)
		return -FAULT_NO_PID;
	if (end[strspn(end, TARGET_BLANKS)])
		*notes |= NOTE_MORE;
	*end = 0;
	return target_parse(&f->target, word, TARGET_PID | TARGET_EXACT, &why) < 0 ? -FAULT_NO_PID
										   : 0;
}

// Whether the held process holds the lock that was asked for.
static int check_lock(const struct pidfile *f, const struct pidref *ref, const struct procfs *proc)
{
	struct stat st;

	if (!f->demands->locked)
		return 0;
	if (fstat(f->fd, &st) < 0)
		return fault_of_file(-errno);
	int r = lock_is_held_by(proc, ref, &st);
	return r == -EACCES || r == -EPERM ? -FAULT_UNSEEN : r == 0 ? -FAULT_UNLOCKED : r;
}

// Judge the held process and the file by what /proc shows.
static int judge(const struct pidfile *f, const struct pidref *ref, unsigned *notes)
{
	const struct pidfile_demands *demands = f->demands;
	bool exact = f->target.kind == TARGET_EXACT;
	struct age_facts facts = {.real = 0};
	struct procfs proc;

	// use /proc only if something needs it
	if ((demands->stale_ok || *f->target.boot) && !demands->locked && !check_writers(f, 0))
		return 0;
	int r = procfs_open(&proc);
	if (r < 0)
		return r == -ENOENT || r == -EXDEV ? -FAULT_NO_PROC : r;
	r = age_facts_read(&facts, &proc, ref);
	if (r == -EACCES)
		r = demands->stale_ok && demands->locked ? -FAULT_UNSEEN : -FAULT_HIDDEN;
	// the user of the process may write the file, if the process belongs to that user entirely:
	// a set-user-ID program does not
	if (!r)
		r = check_writers(f, facts.real == facts.saved ? facts.real : 0);
	if (!r)
		r = check_lock(f, ref, &proc);
	// the id of this boot in the file is proof enough
	if (r >= 0 && !demands->stale_ok && !*f->target.boot)
		r = age_judge(f->fd, exact, &proc, ref, &facts, notes);
	procfs_close(&proc);
	return r < 0 ? r : 0;
}

static int open_named(struct pidfile *f, struct pidref *out, unsigned *notes)
{
	struct pidref ref = PIDREF_NULL;

	// a FIFO that another user controls is not waited for
	int r = is_regular(f->fd) ? 0 : check_writers(f, 0);
	// it was opened with O_NONBLOCK so that the open could not hang
	if (!r && !f->input)
		r = fault_of_file(unblock(f->fd));
	if (!r)
		r = fault_of_file(read_text(f));
	if (!r)
		r = parse_text(f, notes);
	if (!r)
		r = exact_open(&f->target, &ref);
	// it is held now, so what /proc shows from here on is about this process
	if (!r)
		r = judge(f, &ref, notes);
	if (r < 0) {
		pidref_close(&ref);
		return r;
	}
	*out = ref;
	return 0;
}

int pidfile_open(struct pidref *out, const char *path, const struct pidfile_demands *demands,
	unsigned *notes)
{
	struct pidfile f = {.demands = demands, .fd = -1};
	unsigned found = 0;

	int r = fault_of_file(open_file(&f, path));
	if (r >= 0)
		r = open_named(&f, out, &found);
	if (f.fd >= 0)
		close(f.fd);
	if (!r)
		*notes |= found;
	if (r == -ENOENT || r == -ENOTDIR)
		return -FAULT_NO_FILE;
	return r == -ENXIO ? -FAULT_SOCKET : r;
}
