// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/cleanup.h"
#include "find/file.h"
#include "find/match.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

// The first part of the path that exists, as an absolute path (owned by the caller). *rest gets
// what follows it. NULL: errno tells why there is none.
static char *find_existing(const char *text, const char **rest)
{
	char *part = strdup(text);
	char *real = NULL;
	size_t len = part ? strlen(part) : 0;

	while (part && !real) {
		while (len && part[len - 1] != '/')
			len--;
		part[len] = 0;
		real = realpath(len ? part : ".", NULL);
		*rest = text + len;
		if (!real && (errno != ENOENT || !len))
			break;
		while (!real && len && part[len - 1] == '/')
			len--;
	}
	free(part);
	return real;
}

// The absolute path of a file that does not exist, and the device of its folder.
static int find_missing(struct file *f, const char *text)
{
	const char *rest = text;
	struct stat st;
	int r = 0;

	char *real = find_existing(text, &rest);
	if (!real || stat(real, &st) < 0)
		r = -errno;
	else if (asprintf(&f->path, "%s/%s", strcmp(real, "/") ? real : "", rest) < 0)
		r = -ENOMEM;
	else
		f->id = (struct fileid){.dev = st.st_dev};
	free(real);
	return r;
}

// The next word of the line, without the folders of a path. NULL: there is none.
static const char *next_word(const char **line, size_t *len)
{
	const char *word = *line + strspn(*line, " \t");

	*len = strcspn(word, " \t\n");
	*line = word + *len;
	if (!*len)
		return NULL;
	const char *slash = memrchr(word, '/', *len);
	const char *base = slash ? slash + 1 : word;
	*len -= (size_t)(base - word);
	return base;
}

bool file_interpreter(const char *text, char *name, size_t size)
{
	const char *line = text + 2;
	size_t len = 0;

	*name = 0;
	if (text[0] != '#' || text[1] != '!')
		return false;
	const char *word = next_word(&line, &len);
	if (word && len == 3 && !memcmp(word, "env", 3))
		// options of env, and variables that it sets
		do
			word = next_word(&line, &len);
		while (word && (*word == '-' || memchr(word, '=', len)));
	if (!word)
		return true;
	len = len < size ? len : size - 1;
	memcpy(name, word, len);
	name[len] = 0;
	return true;
}

// Whether the file is a script, and the program that runs it.
static void read_start(struct file *f)
{
	char start[256] = "";

	int fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return;
	ssize_t n = read(fd, start, sizeof(start) - 1);
	close(fd);
	start[n < 0 ? 0 : n] = 0;
	f->script = file_interpreter(start, f->interpreter, sizeof(f->interpreter));
}

static int find(struct file *f, const char *text)
{
	struct stat st;

	f->fd = open(text, O_PATH | O_CLOEXEC);
	if (f->fd < 0)
		return errno == ENOENT ? find_missing(f, text) : -errno;
	f->path = realpath(text, NULL);
	if (!f->path || fstat(f->fd, &st) < 0)
		return -errno;
	f->id = (struct fileid){st.st_dev, st.st_ino};
	if (S_ISREG(st.st_mode))
		read_start(f);
	f->linked = *f->typed && strcmp(f->typed, base_of(f->path)) != 0;
	return 0;
}

int file_open(struct file *out, const char *text)
{
	struct file f = {.fd = -1, .typed = base_of(text)};

	int r = find(&f, text);
	if (r < 0)
		file_close(&f);
	else
		*out = f;
	return r;
}

void file_close(struct file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	free(f->path);
	f->path = NULL;
}

static bool is_same(const struct fileid *a, const struct fileid *b)
{
	return a->inode && a->inode == b->inode && a->dev == b->dev;
}

bool file_is(const struct file *f, const struct location *at)
{
	// a replaced file was renamed over, so the new one is in the same file system: the same
	// path in a container is another file
	return is_same(&f->id, &at->id) ||
	       (at->removed && at->id.dev == f->id.dev && !strcmp(f->path, at->path.data));
}

bool file_holds(
	const struct file *f, const struct location *at, const struct fileid *ids, size_t count)
{
	size_t len = strcmp(f->path, "/") ? strlen(f->path) : 0;

	for (size_t i = 0; i < count; i++)
		if (is_same(&f->id, &ids[i]))
			return true;
	return at->removed && at->id.dev == f->id.dev && !strncmp(f->path, at->path.data, len) &&
	       (at->path.data[len] == '/' || !at->path.data[len]);
}

void files_free(struct files *all)
{
	for (size_t i = 0; i < all->count; i++)
		file_close(&all->list[i]);
	free(all->list);
	*all = (struct files){0};
}
