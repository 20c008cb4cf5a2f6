// SPDX-License-Identifier: GPL-2.0-or-later
// cgroups.c: the control groups of --cgroup, in the form that the criteria compare.
#include "config.h"

#include "base/buffer.h"
#include "handle/cgrouptext.h"
#include "pkill/lists.h"
#include "tell/memory.h"
#include "tell/message.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char folder[] = "/sys/fs/cgroup/";

static char *join(const char *a, const char *b, const char *c)
{
	char *text;

	if (asprintf(&text, "%s%s%s", a, b, c) < 0)
		memory_checked(NULL);
	return text;
}

// Whether the path is at the mount point of cgroup v2, or below it. *out gets the name of the
// cgroup.
static bool is_below(const struct cgroupmount *m, const char *path, char **out)
{
	size_t len = strlen(m->point);
	const char *root = strcmp(m->root, "/") != 0 ? m->root : "";

	if (strncmp(path, m->point, len) != 0 || (path[len] && path[len] != '/'))
		return false;
	*out = join(":", root, path[len] ? path + len : "/");
	return true;
}

// The cgroup of a folder below /sys/fs/cgroup: ":/a", or for version 1, whose hierarchies each have
// a folder there, "cpu:/a" and "name=systemd:/a".
static char *of_folder(const char *path)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	const char *kind = path + sizeof(folder) - 1;
	size_t len = strcspn(kind, "/");
	struct cgroupmount m;
	char *found;

	if (buffer_read_file(&text, AT_FDCWD, "/proc/self/mountinfo") < 0)
		return join(":/", kind, "");
	for (char *at = text.data; cgroupmount_next(&at, &m);)
		if (is_below(&m, path, &found))
			return found;
	char *name = memory_checked(strndup(kind, len));
	found = join(strcmp(name, "systemd") ? "" : "name=", name, ":");
	free(name);
	char *all = join(found, kind[len] ? kind + len : "/", "");
	free(found);
	return all;
}

char *cgroups_item(const char *option, char *item)
{
	size_t digits = strspn(item, "0123456789");
	char *rest = digits && item[digits] == ':' && strchr(item + digits + 1, ':')
			     ? item + digits + 1
			     : item;
	char *out;

	// "0::/a" and "4:memory:/a" are lines of /proc/PID/cgroup
	if (!strncmp(rest, folder, sizeof(folder) - 1))
		out = of_folder(rest);
	else
		out = join(!strncmp(rest, "**", 2) ? "/" : "", rest, "");
	char *path = strchr(out, '/');
	if (!path || (path != out && path[-1] != ':'))
		message_usage(
			"%s: '%s' is not PATH, CONTROLLER:PATH or :PATH with a PATH that begins "
			"with '/' (a group of that name anywhere: '**/%s/**')",
			option, item, item);
	for (size_t len = strlen(path); len > 1 && path[len - 1] == '/'; len--)
		path[len - 1] = 0;
	free(item);
	return out;
}
