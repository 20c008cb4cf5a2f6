// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/buffer.h"
#include "base/fdlimit.h"
#include "handle/cgroupdir.h"
#include "handle/cgrouptext.h"
#include "handle/idset.h"
#include "handle/pidread.h"
#include "target/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { AT_ONCE = 64 }; // processes that wait for the proof of their membership

// ---- the folders ----

// A walk over a folder and all below it. `visit` gets each of them with its path.
struct folders {
	int (*visit)(struct folders *w, int fd);
	struct buffer path;
};

// Visit all folders below the folder `fd`, which is closed.
static int walk_opened(struct folders *w, int fd);

// The folder is removed meanwhile, so nothing is in it.
static bool is_removed(int error)
{
	return error == -ENOENT || error == -ENODEV;
}

// One descriptor is open for each level.
static int open_folder(int fd, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
	struct rlimit before;

	int folder = openat(fd, name, flags);
	if (folder < 0 && errno == EMFILE && !fdlimit_raise(&before))
		folder = openat(fd, name, flags);
	return folder < 0 ? -errno : folder;
}

static int enter(struct folders *w, int fd, const char *name)
{
	size_t before = w->path.len;
	size_t len = strlen(name);

	int below = open_folder(fd, name);
	if (below < 0)
		return is_removed(below) ? 0 : below;
	int r = buffer_reserve(&w->path, before + len + 1);
	if (!r) {
		w->path.data[before] = '/';
		memcpy(w->path.data + before + 1, name, len + 1);
		w->path.len = before + len + 1;
		r = w->visit(w, below);
	}
	if (r < 0)
		close(below);
	else
		r = walk_opened(w, below);
	w->path.len = before;
	return r;
}

static int walk_opened(struct folders *w, int fd)
{
	const struct dirent *entry;
	int r = 0;

	DIR *dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return -ENOMEM;
	}
	while (!r && (errno = 0, entry = readdir(dir))) {
		const char *name = entry->d_name;

		if (entry->d_type == DT_DIR && strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
			r = enter(w, fd, name);
	}
	if (!entry && !is_removed(-errno))
		r = -errno;
	closedir(dir);
	return r;
}

// Visit all folders below the folder `fd`.
static int walk_folders(struct folders *w, int fd)
{
	int copy = open_folder(fd, ".");

	return is_removed(copy) ? 0 : copy < 0 ? copy : walk_opened(w, copy);
}

// ---- open ----

struct units {
	struct folders folders; // the first member
	const char *name;
	int (*found)(const char *path, void *data);
	void *data;
	int count;
};

static int visit_unit(struct folders *w, int fd)
{
	struct units *u = (struct units *)w;

	(void)fd;
	if (strcmp(strrchr(w->path.data, '/') + 1, u->name) != 0)
		return 0;
	u->count++;
	return u->found(w->path.data, u->data);
}

int cgroup_units(const char *name, int (*found)(const char *path, void *data), void *data)
{
	struct units u = {.folders.visit = visit_unit, .name = name, .found = found, .data = data};

	int top = cgroupdir_open_top(&u.folders.path);
	int r = top < 0 ? top : walk_folders(&u.folders, top);
	if (top >= 0)
		close(top);
	buffer_free(&u.folders.path);
	return r == -ENODEV ? -FAULT_NO_HIERARCHY : r < 0 ? r : u.count;
}

// The cgroup that was found, if it is the only one.
struct choice {
	struct buffer path;
};

static int choose(const char *path, void *data)
{
	struct choice *c = data;
	size_t size = strlen(path) + 1;

	int r = buffer_reserve(&c->path, size);
	if (!r)
		memcpy(c->path.data, path, size);
	return r;
}

static int open_path(const char *path, int absent)
{
	int fd = cgroupdir_open(path);

	return fd == -ENODEV ? -FAULT_NO_HIERARCHY : fd == -ENOENT || fd == -ENOTDIR ? -absent : fd;
}

static int open_unit(const char *name)
{
	struct choice c = {{0}};

	int r = cgroup_units(name, choose, &c);
	if (r == 1)
		r = open_path(c.path.data, FAULT_NO_UNIT);
	else if (r >= 0)
		r = r ? -FAULT_SEVERAL_UNITS : -FAULT_NO_UNIT;
	buffer_free(&c.path);
	return r;
}

int cgroup_open(struct cgroup *out, const struct target *t)
{
	char unit[TARGET_UNIT_MAX];

	int fd = t->kind == TARGET_UNIT ? open_unit(target_unit(unit, t))
					: open_path(t->name, FAULT_NO_CGROUP);
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0) {
		close(fd);
		return -ENOENT;
	}
	*out = (struct cgroup){.fd = fd, .events = -1, .id = st.st_ino};
	return 0;
}

void cgroup_close(struct cgroup *c)
{
	if (c->fd >= 0)
		close(c->fd);
	if (c->events >= 0)
		close(c->events);
	*c = CGROUP_NULL;
}

// ---- members ----

struct members {
	struct folders folders; // the first member
	struct found *found;
	struct buffer text;
	size_t hidden; // processes outside our pid namespace
	// processes whose membership is not proved yet
	struct pidref held[AT_ONCE];
	size_t count;
};

// Processes that are held and listed again are members, because they are not reaped since.
static int prove(struct members *m, int fd)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	struct idset listed = {0};
	size_t count = m->count;

	m->count = 0;
	int r = count ? buffer_read_file(&text, fd, "cgroup.procs") : 0;
	const char *at = buffer_text(&text);
	for (pid_t pid; r >= 0 && (pid = cgrouptext_pid(&at, NULL));)
		r = idset_add(&listed, (uint64_t)pid);
	for (size_t i = 0; i < count; i++) {
		struct pidref *ref = &m->held[i];

		if (r >= 0 && idset_has(&listed, (uint64_t)ref->pid) && !(r = pidref_verify(ref)))
			r = found_pass(m->found, ref);
		else
			pidref_close(ref);
		r = r == -ESRCH ? 0 : r;
	}
	idset_free(&listed);
	return is_removed(r) || r > 0 ? 0 : r;
}

static int examine(struct members *m, int fd, uint64_t id, pid_t pid)
{
	struct pidref ref;
	uint64_t of = 0;

	int r = pidref_open(&ref, pid);
	// any process may be opened, so this error comes from a sandbox, not from the process
	if (r == -EPERM || r == -EACCES)
		return -ENOSYS;
	if (r < 0)
		return r == -ESRCH ? 0 : r;
	if (!pidref_cgroup(&ref, &of) && of == id)
		return found_pass(m->found, &ref);
	// before Linux 6.13; or its main thread is in a threaded cgroup below
	m->held[m->count++] = ref;
	return m->count == AT_ONCE ? prove(m, fd) : 0;
}

static int visit_members(struct folders *w, int fd)
{
	struct members *m = (struct members *)w;
	struct stat st;

	int r = buffer_read_file(&m->text, fd, "cgroup.procs");
	if (!r && fstat(fd, &st) < 0)
		r = -errno;
	// the processes of a threaded cgroup are listed by a cgroup above it
	if (r < 0)
		return is_removed(r) || r == -EOPNOTSUPP ? 0 : r;
	const char *at = buffer_text(&m->text);
	for (pid_t pid; !r && (pid = cgrouptext_pid(&at, &m->hidden));)
		r = examine(m, fd, st.st_ino, pid);
	if (!r)
		return prove(m, fd);
	while (m->count)
		pidref_close(&m->held[--m->count]);
	return r;
}

// Whether the cgroup itself is threaded: then cgroup.procs cannot be read.
static bool is_threaded(const struct cgroup *c)
{
	CLEANUP(buffer_free) struct buffer text = {0};

	return buffer_read_file(&text, c->fd, "cgroup.procs") == -EOPNOTSUPP;
}

int cgroup_find(const struct cgroup *c, struct found *f)
{
	struct members m = {.folders.visit = visit_members, .found = f};

	if (is_threaded(c))
		return -FAULT_THREADED;
	int r = visit_members(&m.folders, c->fd);
	if (!r)
		r = walk_folders(&m.folders, c->fd);
	buffer_free(&m.folders.path);
	buffer_free(&m.text);
	return !r && m.hidden ? -FAULT_OUTSIDE : r;
}

struct search {
	struct folders folders; // the first member
	pid_t pid;
	struct buffer text;
};

static int visit_one(struct folders *w, int fd)
{
	struct search *s = (struct search *)w;

	int r = buffer_read_file(&s->text, fd, "cgroup.procs");
	if (r < 0)
		return is_removed(r) || r == -EOPNOTSUPP ? 0 : r;
	const char *at = buffer_text(&s->text);
	for (pid_t pid; (pid = cgrouptext_pid(&at, NULL));)
		if (pid == s->pid)
			return 1;
	return 0;
}

int cgroup_has(const struct cgroup *c, pid_t pid)
{
	struct search s = {.folders.visit = visit_one, .pid = pid};

	int r = visit_one(&s.folders, c->fd);
	if (!r)
		r = walk_folders(&s.folders, c->fd);
	buffer_free(&s.folders.path);
	buffer_free(&s.text);
	return r;
}

int cgroup_kill(const struct cgroup *c)
{
	int fd = openat(c->fd, "cgroup.kill", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	int r = write(fd, "1", 1) < 0 ? -errno : 0;
	close(fd);
	return r;
}

int cgroup_watch(struct cgroup *c)
{
	int fd = openat(c->fd, "cgroup.events", O_RDONLY | O_CLOEXEC);

	// an open folder without its files is removed, or it is the root
	if (fd < 0)
		return errno != ENOENT				   ? -errno
		       : faccessat(c->fd, "cgroup.procs", F_OK, 0) ? -FAULT_NO_CGROUP
								   : -FAULT_ROOT_CGROUP;
	c->events = fd;
	return 0;
}

int cgroup_is_populated(const struct cgroup *c)
{
	CLEANUP(buffer_free) struct buffer text = {0};

	int r = buffer_reread(&text, c->events);
	if (r < 0)
		return is_removed(r) ? 0 : r;
	return cgrouptext_populated(buffer_text(&text));
}
