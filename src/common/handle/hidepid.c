// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/hidepid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

// The value of the option `key` ("hidepid=") in the `len` bytes at `line`, or NULL. Options are
// separated by commas, the groups of them by blanks.
static const char *find_option(const char *line, size_t len, const char *key)
{
	size_t size = strlen(key);

	for (size_t i = 1; i + size <= len; i++)
		if ((line[i - 1] == ',' || line[i - 1] == ' ') && !memcmp(line + i, key, size))
			return line + i + size;
	return NULL;
}

struct hidepid hidepid_parse(const char *mountinfo, unsigned major, unsigned minor)
{
	struct hidepid found = {0};

	for (const char *line = mountinfo; line && *line; line = strchr(line, '\n')) {
		unsigned have[2];

		line += *line == '\n';
		size_t len = strcspn(line, "\n");
		if (sscanf(line, "%*d %*d %u:%u ", &have[0], &have[1]) != 2 || have[0] != major ||
			have[1] != minor)
			continue;
		const char *value = find_option(line, len, "hidepid=");
		const char *gid = find_option(line, len, "gid=");
		size_t size = value ? strcspn(value, ", \n") : 0;
		if (!size || size >= HIDEPID_ROOM)
			continue;
		memcpy(found.value, value, size);
		found.value[size] = 0;
		found.gid = gid ? (gid_t)strtoul(gid, NULL, 10) : 0;
		if (!strcmp(found.value, "0") || !strcmp(found.value, "off"))
			found = (struct hidepid){0};
	}
	return found;
}

static bool is_in_group(gid_t gid)
{
	if (getegid() == gid)
		return true;
	int count = getgroups(0, NULL);
	gid_t *list = count > 0 ? calloc((size_t)count, sizeof(*list)) : NULL;
	bool found = false;

	count = list ? getgroups(count, list) : 0;
	for (int i = 0; i < count && !found; i++)
		found = list[i] == gid;
	free(list);
	return found;
}

static bool may_trace(const char *status)
{
	enum { CAP_SYS_PTRACE = 19 };
	const char *line = strstr(status, "\nCapEff:");

	return line && strtoull(line + strlen("\nCapEff:"), NULL, 16) >> CAP_SYS_PTRACE & 1;
}

bool hidepid_applies(const struct procfs *proc, struct hidepid *out)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	struct stat st;

	if (fstat(proc->fd, &st) < 0 || procfs_read(proc, getpid(), "mountinfo", &text) < 0)
		return false;
	*out = hidepid_parse(buffer_text(&text), major(st.st_dev), minor(st.st_dev));
	if (!*out->value || procfs_read(proc, getpid(), "status", &text) < 0)
		return false;
	// "ptraceable" has no group
	return !may_trace(buffer_text(&text)) && !is_in_group(out->gid);
}
