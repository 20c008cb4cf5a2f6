// SPDX-License-Identifier: GPL-2.0-or-later
// cgroup.c: whatever stands in mountinfo, cgroup.procs and cgroup.events, it is read or skipped,
// and nothing behind it is; and how /proc is mounted is read or is nothing.
#include "config.h"

#include "handle/cgrouptext.h"
#include "handle/hidepid.h"
#include "text.h"

#include <errno.h>

static void read_mounts(char *text)
{
	const char *end = text + strlen(text);
	struct cgroupmount m;
	char *at = text;

	while (cgroupmount_next(&at, &m)) {
		PROMISE(at > text && at <= end);
		PROMISE(m.root >= text && m.root + strlen(m.root) < end);
		PROMISE(m.point > m.root && m.point + strlen(m.point) < end);
		const char *below = cgroupmount_below(&m, m.root);
		PROMISE(!below || !strcmp(below, "."));
		below = cgroupmount_below(&m, "/a/b");
		PROMISE(!below || (*below && *below != '/'));
	}
	PROMISE(at == end);
}

static void read_procs(const char *text)
{
	const char *end = text + strlen(text);
	size_t hidden = 0;

	for (const char *at = text, *before = text;; before = at) {
		pid_t pid = cgrouptext_pid(&at, &hidden);

		PROMISE(pid >= 0 && at <= end);
		if (!pid)
			break;
		PROMISE(at > before);
	}
	PROMISE(hidden <= strlen(text));
}

static void read_hidepid(const char *text)
{
	const struct hidepid found = hidepid_parse(text, 0, 22);
	const size_t len = strnlen(found.value, sizeof(found.value));

	PROMISE(len < sizeof(found.value));
	PROMISE(!strpbrk(found.value, ", \n"));
	PROMISE(strcmp(found.value, "0") != 0 && strcmp(found.value, "off") != 0);
	PROMISE(len == 0 || strstr(text, "hidepid="));
	PROMISE(len > 0 || found.gid == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);

	int r = cgrouptext_populated(text);
	PROMISE(r == 0 || r == 1 || r == -ENODATA);
	PROMISE(r < 0 || strstr(text, "populated "));
	read_procs(text);
	read_hidepid(text);
	read_mounts(text);
	free(text);
	return 0;
}
