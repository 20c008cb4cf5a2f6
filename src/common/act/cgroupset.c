// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "act/cgroupset.h"
#include "handle/cgroupdir.h"
#include "handle/cgrouptext.h"
#include "handle/idset.h"
#include "handle/pidread.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The path in the line "0::PATH", cut out of *text. NULL: the process is not in the v2 hierarchy.
static const char *path_in(struct buffer *text)
{
	char *line = text->data;

	while (strncmp(line, "0::", 3) != 0) {
		line = strchr(line, '\n');
		if (!line)
			return NULL;
		line++;
	}
	line[strcspn(line, "\n")] = 0;
	return line + 3;
}

static bool is_in_question(const struct pidref *ref)
{
	return pidref_is_held(ref) && pidref_state(ref) == PIDREF_ALIVE;
}

// 1: all are in the same group, whose path is in *path (owned); 0: they are not; -errno.
static int common_path(char **path, const struct procfs *proc, const struct pidref *refs,
	size_t count, struct buffer *text)
{
	int r = 1;

	*path = NULL;
	for (size_t i = 0; r == 1 && i < count; i++) {
		if (!is_in_question(&refs[i]))
			continue;
		int got = pidref_read(&refs[i], proc, "cgroup", text);
		if (got < 0)
			return got;
		const char *in = path_in(text);
		r = in && (!*path || !strcmp(*path, in));
		if (r && !*path && !(*path = strdup(in)))
			r = -ENOMEM;
	}
	return r == 1 && !*path ? 0 : r;
}

static bool is_ours(const char *path, const struct procfs *proc, struct buffer *text)
{
	const char *own = procfs_read(proc, getpid(), "cgroup", text) < 0 ? NULL : path_in(text);

	// if our own group cannot be read, assume that this is ours: we must not freeze ourselves
	return !own || !strcmp(own, path);
}

// Compare the processes in the group with those that are held.
static int compare(
	struct cgroupset *set, const struct pidref *refs, size_t total, struct buffer *text)
{
	struct idset held = {0};
	size_t found = 0;
	size_t count = 0;

	int r = buffer_read_file(text, set->fd, "cgroup.procs");
	for (size_t i = 0; r >= 0 && i < total; i++) {
		if (!is_in_question(&refs[i]))
			continue;
		r = idset_add(&held, (uint64_t)refs[i].pid);
		count++;
	}
	if (r >= 0) {
		r = 0;
		const char *at = buffer_text(text);
		size_t hidden = 0;
		for (pid_t pid; r >= 0 && (pid = cgrouptext_pid(&at, &hidden));) {
			r = idset_add(&held, (uint64_t)pid);
			found += !r;
			set->strangers += r == 1;
		}
		set->strangers += hidden;
	}
	idset_free(&held);
	if (r >= 0)
		r = buffer_read_file(text, set->fd, "cgroup.stat");
	if (r < 0)
		return r;
	// a freeze also stops the groups below, so there must not be any
	bool alone = strstr(buffer_text(text), "nr_descendants 0\n");
	set->whole = alone && found == count && !set->strangers;
	return 0;
}

int cgroupset_find(
	struct cgroupset *out, const struct procfs *proc, const struct pidref *refs, size_t count)
{
	struct cgroupset set = {.fd = -1};
	struct buffer text = {0};

	int r = common_path(&set.path, proc, refs, count, &text);
	if (r == 1 && strcmp(set.path, "/") != 0 && !is_ours(set.path, proc, &text)) {
		r = cgroupdir_open(set.path);
		if (r >= 0) {
			set.fd = r;
			r = compare(&set, refs, count, &text);
		}
	} else if (r >= 0) {
		r = -ENOENT;
	}
	buffer_free(&text);
	if (r < 0) {
		cgroupset_free(&set);
		return r;
	}
	*out = set;
	return 0;
}

void cgroupset_free(struct cgroupset *set)
{
	if (set->fd >= 0)
		close(set->fd);
	free(set->path);
	*set = (struct cgroupset){.fd = -1};
}
