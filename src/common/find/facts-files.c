// SPDX-License-Identifier: GPL-2.0-or-later
// facts-files.c: the program file, the working folder and the script of a process.
#include "config.h"

#include "find/facts-parts.h"
#include "find/fullname.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct fileid id_of(const struct stat *st)
{
	return (struct fileid){st->st_dev, st->st_ino};
}

// Where the link leads: 1, or 0 if there is nothing, as for a thread of the kernel or a zombie (or
// the process is gone, which the handle shows).
static int follow(struct facts *f, const char *link, struct stat *st, struct buffer *text)
{
	int r = procdir_stat(&f->dir, link, st);

	if (!r)
		r = buffer_reserve(text, PATH_MAX);
	if (!r)
		r = procdir_readlink(&f->dir, link, text->data, PATH_MAX);
	if (r == -ENOENT || r == -ESRCH)
		return 0;
	// the path is longer than the kernel can say
	if (r == -ENAMETOOLONG)
		*text->data = 0;
	else if (r < 0)
		return r;
	text->len = strlen(text->data);
	return 1;
}

// Cut off what the kernel appends to the path of a file that was removed or replaced.
static void cut_removed(struct facts *f, const char *link, struct buffer *text, struct location *at)
{
	size_t len = procdir_path_length(&f->dir, link, text->data);

	at->removed = len < text->len;
	text->len = len;
	text->data[len] = 0;
	at->path = (struct bytes){text->data, len};
}

int facts_learn_exe(struct facts *f)
{
	struct stat st;

	int r = follow(f, "exe", &st, &f->exe);
	f->proc.exe = (struct location){.path = {"", 0}};
	if (r != 1)
		return r;
	f->proc.exe.id = id_of(&st);
	cut_removed(f, "exe", &f->exe, &f->proc.exe);
	return 0;
}

static int add_folder(struct facts *f, const struct fileid *id)
{
	size_t at = f->folders.len;

	int r = buffer_reserve(&f->folders, at + sizeof(*id));
	if (r < 0)
		return r;
	memcpy(f->folders.data + at, id, sizeof(*id));
	f->folders.len += sizeof(*id);
	return 0;
}

// The folder that is open, and those above it; `fd` is closed.
static int climb(struct facts *f, int fd)
{
	struct fileid last = {0};
	struct stat st;
	int r = 0;

	f->folders.len = 0;
	while (!r && fd >= 0) {
		r = procfs_stat_at(fd, "", &st);
		struct fileid id = id_of(&st);
		// the root is above itself
		if (!r && f->folders.len && id.dev == last.dev && id.inode == last.inode)
			break;
		if (!r)
			r = add_folder(f, &id);
		int above = r < 0 ? -1 : openat(fd, "..", O_PATH | O_CLOEXEC);
		if (!r && above < 0)
			r = -errno;
		close(fd);
		fd = above;
		last = id;
	}
	if (fd >= 0)
		close(fd);
	f->proc.folders = (const void *)f->folders.data;
	f->proc.folder_count = f->folders.len / sizeof(struct fileid);
	return r;
}

int facts_learn_cwd(struct facts *f)
{
	struct stat st;

	int r = follow(f, "cwd", &st, &f->cwd);
	f->proc.cwd = (struct location){.path = {"", 0}};
	if (r != 1)
		return r;
	f->proc.cwd.id = id_of(&st);
	cut_removed(f, "cwd", &f->cwd, &f->proc.cwd);
	if (!f->source.folders)
		return 0;
	int fd = procdir_open_folder(&f->dir, "cwd");
	return fd < 0 ? fd : climb(f, fd);
}

// Whether an absolute path means the same to it as to us.
static bool has_our_root(struct facts *f)
{
	struct stat its;
	struct stat ours;

	return !procdir_stat(&f->dir, "root", &its) && !stat("/", &ours) &&
	       its.st_dev == ours.st_dev && its.st_ino == ours.st_ino;
}

// Whether the argument is a script that the process runs, and not any file ("vi script"): the
// kernel has its name if it was started as a program, and that of the interpreter if env(1) started
// it.
static bool runs(const struct facts *f, const struct bytes *word)
{
	const char *interpreter = f->source.interpreter;

	return word->len &&
	       (fullname_fits(&f->proc.comm, fullname_base(word)) ||
		       (interpreter && *interpreter && fullname_fits(&f->proc.comm, interpreter)));
}

int facts_find_script(struct facts *f)
{
	struct stat st;

	f->proc.script = (struct fileid){0};
	struct bytes word = fullname_script(&f->proc.words);
	if (!runs(f, &word) || !has_our_root(f))
		return 0;
	int folder = procdir_open_folder(&f->dir, *word.data == '/' ? "root" : "cwd");
	const char *path = word.data + strspn(word.data, "/");
	int r = folder < 0 ? folder : procfs_stat_cached(folder, path, &st);
	if (folder >= 0)
		close(folder);
	if (!r)
		f->proc.script = id_of(&st);
	return r == -EACCES || r == -EPERM || facts_is_shortage(r) ? r : 0;
}
