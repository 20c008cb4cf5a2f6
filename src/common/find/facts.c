// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "find/facts-parts.h"
#include "find/facts.h"
#include "find/fullname.h"
#include "handle/pidread.h"
#include "handle/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct facts facts_new(const struct facts_source *source)
{
	return (struct facts){.source = *source, .fd = -1};
}

void facts_begin(struct facts *f, const struct procfs *dir, pid_t pid, pid_t leader)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	f->dir = procfs_dir(dir, pid);
	f->proc = (struct proc){.pid = pid, .leader = leader};
}

void facts_forget(struct facts *f)
{
	f->proc = (struct proc){.pid = f->proc.pid, .leader = f->proc.leader};
}

void facts_free(struct facts *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	buffer_free(&f->comm);
	buffer_free(&f->status);
	buffer_free(&f->stat);
	buffer_free(&f->name);
	buffer_free(&f->words);
	buffer_free(&f->cmdline);
	buffer_free(&f->environ);
	buffer_free(&f->cgroup);
	buffer_free(&f->tty);
	buffer_free(&f->exe);
	buffer_free(&f->cwd);
	buffer_free(&f->folders);
}

static struct bytes whole(const struct buffer *b)
{
	return (struct bytes){b->data, b->len};
}

// The meaning of an error of open(2) or read(2) below /proc/PID: 0 if we may not see the fact.
static int judge(struct facts *f, unsigned fact, int r)
{
	struct stat st;

	// the file system of its files may answer anything, for example if its server is dead
	if (fact & (FACT_EXE | FACT_CWD) && r != -ENOENT && r != -ESRCH && !facts_is_shortage(r))
		r = -EACCES;

	// a kernel without control groups; all other files are there as long as the process is
	if (r == -ENOENT && fact == FACT_CGROUP && !procdir_stat(&f->dir, "comm", &st))
		r = -EACCES;
	switch (r) {
	case -ENOENT:
	case -ESRCH:
		return -ESRCH;
	case -EACCES:
	case -EPERM:
		f->proc.denied |= fact;
		return 0;
	default:
		return r;
	}
}

// The first file, one of the MATCH_FILES, stays open to be read again. (Not the environment: the
// memory of a process that is gone reads as empty, not as ESRCH.)
static int read_file(struct facts *f, unsigned fact, const char *file, struct buffer *out)
{
	if (f->fd < 0 && fact & MATCH_FILES) {
		int fd = procdir_open(&f->dir, file);

		if (fd < 0)
			return fd;
		f->fd = fd;
		f->fd_fact = fact;
	}
	if (f->fd >= 0 && f->fd_fact == fact)
		return buffer_reread(out, f->fd);
	return procdir_read(&f->dir, file, out);
}

static int learn_comm(struct facts *f)
{
	int r = read_file(f, FACT_COMM, "comm", &f->comm);

	if (r < 0)
		return r;
	if (f->comm.len && f->comm.data[f->comm.len - 1] == '\n')
		f->comm.data[--f->comm.len] = 0;
	f->proc.comm = whole(&f->comm);
	return 0;
}

static int learn_status(struct facts *f)
{
	int r = read_file(f, FACT_STATUS, "status", &f->status);

	return r < 0 ? r : status_parse(f->status.data, &f->proc.status);
}

// These two calls take a PID and only read. As with a file, the answer counts if the process is
// held and verified.
static int learn_group(struct facts *f)
{
	pid_t pgrp = getpgid(f->proc.pid);

	if (pgrp < 0)
		return -errno;
	f->proc.status.pgrp = pgrp;
	return 0;
}

static int learn_session(struct facts *f)
{
	pid_t session = getsid(f->proc.pid);

	if (session < 0)
		return -errno;
	f->proc.status.session = session;
	return 0;
}

static int learn_start(struct facts *f)
{
	struct statline line;

	int r = read_file(f, FACT_START, "stat", &f->stat);
	if (!r)
		r = statline_parse(buffer_text(&f->stat), &line);
	if (r < 0)
		return r;
	f->proc.start = line.start;
	if (!line.tty) {
		f->proc.tty = (struct bytes){"?", 1};
		f->proc.known |= FACT_TTY;
	}
	return 0;
}

// The whole of a file.
static int learn_text(
	struct facts *f, unsigned fact, const char *file, struct buffer *text, struct bytes *out)
{
	int r = read_file(f, fact, file, text);

	if (!r)
		*out = whole(text);
	return r;
}

static int need_comm(struct facts *f)
{
	if (f->proc.known & FACT_COMM)
		return 0;
	int r = learn_comm(f);
	if (!r)
		f->proc.known |= FACT_COMM;
	return r;
}

// The form in which ps shows processes without a command line: threads of the kernel, zombies and
// the like. The name can contain any byte but NUL.
static int name_in_brackets(struct facts *f)
{
	static const char defunct[] = " <defunct>";
	int r = need_comm(f);
	size_t len = f->comm.len + 2;

	if (!r)
		r = buffer_reserve(&f->cmdline, len + 1 + len + sizeof(defunct));
	if (r < 0)
		return r;
	char *text = f->cmdline.data;
	text[0] = '[';
	memcpy(text + 1, f->comm.data, f->comm.len);
	text[len - 1] = ']';
	text[len] = 0;
	f->cmdline.len = len;
	// the second form stands behind the first
	char *zombie = text + len + 1;
	memcpy(zombie, text, len);
	memcpy(zombie + len, defunct, sizeof(defunct));
	f->proc.defunct = (struct bytes){zombie, len + sizeof(defunct) - 1};
	return 0;
}

static int learn_cmdline(struct facts *f)
{
	int r = read_file(f, FACT_CMDLINE, "cmdline", &f->words);

	if (r < 0)
		return r;
	// drop the NUL of the last word, and those that a program left when it changed its title
	while (f->words.len && !f->words.data[f->words.len - 1])
		f->words.len--;
	f->proc.defunct = (struct bytes){0};
	r = f->words.len ? buffer_reserve(&f->cmdline, f->words.len) : name_in_brackets(f);
	if (r < 0)
		return r;
	if (f->words.len) {
		f->cmdline.len = f->words.len;
		memcpy(f->cmdline.data, f->words.data, f->words.len + 1);
		for (size_t i = 0; i < f->cmdline.len; i++)
			if (!f->cmdline.data[i])
				f->cmdline.data[i] = ' ';
	}
	f->proc.words = whole(&f->words);
	f->proc.cmdline = whole(&f->cmdline);
	return 0;
}

static int learn_name(struct facts *f)
{
	int r = need_comm(f);

	if (r < 0)
		return r;
	r = fullname_read(&f->dir, f->comm.data, f->comm.len, &f->name);
	if (!r)
		f->proc.name = whole(&f->name);
	return r;
}

// The library treats a file that it cannot open as a process that is gone. So make sure that enough
// descriptors are free.
static int spare_descriptors(int any)
{
	int spare[FACTS_TERMINAL_DESCRIPTORS];
	int r = 0;
	int n = 0;

	for (; !r && n < FACTS_TERMINAL_DESCRIPTORS; n++) {
		spare[n] = fcntl(any, F_DUPFD_CLOEXEC, 0);
		if (spare[n] < 0)
			r = -errno;
	}
	if (r < 0)
		n--;
	while (n > 0)
		close(spare[--n]);
	return r;
}

static int learn_tty(struct facts *f)
{
	const char *tty = "";
	int r;

	if (!(f->proc.known & FACT_START)) {
		r = learn_start(f);
		if (r < 0)
			return r;
		f->proc.known |= FACT_START;
	}
	if (f->proc.known & FACT_TTY)
		return 0;
	r = spare_descriptors(f->dir.fd);
	if (r < 0)
		return r;
	r = f->source.terminal(f->source.data, f->proc.pid, &tty);
	if (r == -ENODATA) {
		// the library does not report the error, so find it out
		int fd = procdir_open(&f->dir, "stat");

		if (fd < 0)
			return fd;
		close(fd);
		return -EIO;
	}
	if (r < 0)
		return r;
	size_t len = strlen(tty);
	r = buffer_reserve(&f->tty, len);
	if (r < 0)
		return r;
	memcpy(f->tty.data, tty, len + 1);
	f->tty.len = len;
	f->proc.tty = whole(&f->tty);
	return 0;
}

static int learn_inode(struct facts *f, struct pidref *leader)
{
	int r = pidref_learn_inode(leader);

	if (r < 0 && r != -EOPNOTSUPP)
		return r;
	f->proc.inode = leader->inode;
	return 0;
}

static int learn_script(struct facts *f)
{
	int r = need_comm(f);

	if (!r && !(f->proc.known & FACT_CMDLINE))
		r = learn_cmdline(f);
	if (r < 0)
		return r;
	f->proc.known |= FACT_CMDLINE;
	return facts_find_script(f);
}

static int learn_under(struct facts *f, const struct pidref *leader)
{
	int r = f->source.under(f->source.under_data, leader);

	if (r < 0)
		return r;
	f->proc.under = r;
	return 0;
}

// The handle gives these since Linux 6.13. Before, and for a process of another pid namespace, the
// file must be read.
static int learn_ids(struct facts *f, const struct pidref *ref)
{
	// before Linux 6.9 the handle of a thread is that of its process
	int r = ref->pid == f->proc.pid ? pidref_ids(ref, &f->proc.status) : -EOPNOTSUPP;
	if (!r)
		return 0;
	if (r == -EOPNOTSUPP)
		f->no_ids = true;
	r = learn_status(f);
	if (!r)
		f->proc.known |= FACT_STATUS;
	return r;
}

// A process without memory, such as a zombie, has none.
static int learn_environ(struct facts *f)
{
	int r = learn_text(f, FACT_ENVIRON, "environ", &f->environ, &f->proc.environ);

	if (r != -ESRCH)
		return r;
	f->proc.environ = (struct bytes){"", 0};
	return 0;
}

static int learn(struct facts *f, unsigned fact)
{
	switch (fact) {
	case FACT_COMM:
		return learn_comm(f);
	case FACT_STATUS:
		return learn_status(f);
	case FACT_CGROUP:
		return learn_text(f, fact, "cgroup", &f->cgroup, &f->proc.cgroup);
	case FACT_EXE:
		return facts_learn_exe(f);
	case FACT_CWD:
		return facts_learn_cwd(f);
	case FACT_SCRIPT:
		return learn_script(f);
	case FACT_GROUP:
		return learn_group(f);
	case FACT_SESSION:
		return learn_session(f);
	case FACT_START:
		return learn_start(f);
	case FACT_TTY:
		return learn_tty(f);
	case FACT_NAME:
		return learn_name(f);
	case FACT_CMDLINE:
		return learn_cmdline(f);
	default:
		return learn_environ(f);
	}
}

// By the handle or a file; without a handle by the file.
static int learn_by(struct facts *f, unsigned fact, const struct pidref *ref, struct pidref *leader)
{
	if (ref && fact == FACT_ALIVE)
		f->proc.alive = pidref_state(ref) == PIDREF_ALIVE;
	return !ref		    ? learn(f, fact)
	       : fact == FACT_ALIVE ? 0
	       : fact == FACT_INODE ? learn_inode(f, leader)
	       : fact == FACT_UNDER ? learn_under(f, leader)
	       : fact == FACT_IDS   ? learn_ids(f, ref)
	       : fact == FACT_NS    ? facts_learn_ns(f, ref)
				    : learn(f, fact);
}

static bool has_namespaces(const struct facts *f)
{
	for (unsigned i = 0; i < MATCH_NS; i++)
		if (f->source.ns_kinds >> i & 1 && !f->proc.ns[i])
			return false;
	return true;
}

// Whether the thread has lost it, as all have that ended.
static bool is_lost(const struct facts *f, unsigned fact)
{
	return fact == FACT_EXE	      ? !f->proc.exe.id.inode
	       : fact == FACT_CWD     ? !f->proc.cwd.id.inode
	       : fact == FACT_ENVIRON ? !f->proc.environ.len
	       : fact == FACT_NS      ? !has_namespaces(f)
				      : false;
}

// Each thread has a folder in this one, which counts as a link of it.
static bool has_other_threads(const struct procdir *dir)
{
	enum { LINKS = 3 };
	struct stat st;

	return !procdir_stat(dir, "task", &st) && st.st_nlink > LINKS;
}

// The same. What a first thread that has ended does not show, the other threads do. (Threads that
// are searched for one by one have no folder of threads.)
static int learn_of_any(
	struct facts *f, unsigned fact, const struct pidref *ref, struct pidref *leader)
{
	const struct procdir dir = f->dir;
	struct walk w = {0};
	pid_t tid;

	const int first = learn_by(f, fact, ref, leader);
	// the environment of a thread that has ended belongs to root
	const bool hidden = first == -EACCES && fact == FACT_ENVIRON;
	if ((first < 0 && !hidden) || !is_lost(f, fact) || !has_other_threads(&dir))
		return first;
	struct procfs tasks = {.fd = procdir_open(&dir, "task")};
	if (tasks.fd < 0)
		return facts_is_shortage(tasks.fd) ? tasks.fd : first;
	int r = walk_begin(&w, &tasks);
	while (!r && is_lost(f, fact) && (r = walk_next(&w, &tid)) == 1) {
		f->dir = procfs_dir(&tasks, tid);
		r = tid == f->proc.pid ? 0 : learn_by(f, fact, ref, leader);
		// it has ended
		if (r == -ENOENT || r == -ESRCH)
			r = 0;
	}
	walk_end(&w);
	close(tasks.fd);
	f->dir = dir;
	return !r && is_lost(f, fact) ? first : r;
}

static void know(struct facts *f, unsigned fact)
{
	f->proc.known |= fact;
	// the file says all of it
	if (fact == FACT_STATUS)
		f->proc.known |= FACT_IDS | FACT_GROUP | FACT_SESSION;
}

int facts_look(struct facts *f, unsigned fact)
{
	int r = learn_of_any(f, fact, NULL, NULL);

	if (r < 0)
		return judge(f, fact, r);
	know(f, fact);
	return 0;
}

int facts_learn(struct facts *f, unsigned fact, const struct pidref *ref, struct pidref *leader)
{
	f->dir = pidref_dir(ref, f->dir);
	int r = learn_of_any(f, fact, ref, leader);

	if (f->proc.defunct.len && pidref_state(ref) != PIDREF_ALIVE)
		f->proc.cmdline = f->proc.defunct;
	f->proc.defunct = (struct bytes){0};
	if (!r) {
		know(f, fact);
		return 0;
	}
	r = judge(f, fact, r);
	// a dying process can return any error; only an error for a living one is a failure
	if (r < 0 && !facts_is_shortage(r) && pidref_state(ref) != PIDREF_ALIVE)
		return -ESRCH;
	return r;
}

int facts_learn_all(
	struct facts *f, unsigned facts, const struct pidref *ref, struct pidref *leader)
{
	int r = 0;

	for (unsigned fact = 1; !r && fact <= facts; fact <<= 1)
		if (facts & fact & ~f->proc.known)
			r = facts_learn(f, fact, ref, leader);
	return r;
}

char *facts_name(const struct procfs *proc, struct pidref *ref)
{
	struct facts f = facts_new(&(struct facts_source){0});
	const struct proc *p = &f.proc;
	char *name = NULL;

	facts_begin(&f, proc, ref->pid, ref->pid);
	if (!facts_learn_all(&f, FACT_COMM | FACT_NAME, ref, ref) && !pidref_verify(ref) &&
		p->known & FACT_COMM)
		name = strdup(p->known & FACT_NAME ? p->name.data : p->comm.data);
	facts_free(&f);
	return name;
}
