// SPDX-License-Identifier: GPL-2.0-or-later
// proc.c: whatever stands in /proc/PID/status, stat, cgroup and fdinfo, it is read or refused, and
// a cgroup is not matched that is not there.
#include "config.h"

#include "find/match.h"
#include "handle/status.h"
#include "text.h"

#include <errno.h>

static void read_status(const char *text)
{
	struct status status;

	memset(&status, 0x5a, sizeof(status));
	const struct status before = status;
	int r = status_parse(text, &status);
	PROMISE(r == 0 || r == -ENODATA || r == -ESRCH);
	// every byte is meant
	// NOLINTNEXTLINE(bugprone-suspicious-memory-comparison)
	PROMISE(r == 0 || memcmp(&status, &before, sizeof(status)) == 0);
}

static void read_stat(const char *text)
{
	struct statline line;

	memset(&line, 0x5a, sizeof(line));
	const struct statline before = line;
	int r = statline_parse(text, &line);
	PROMISE(r == 0 || r == -ENODATA || (r == -ESRCH && *text == '\0'));
	// NOLINTNEXTLINE(bugprone-suspicious-memory-comparison)
	PROMISE(r == 0 || memcmp(&line, &before, sizeof(line)) == 0);
	// a name may hold anything; what counts stands behind the last ')'
	const char *end = strrchr(text, ')');
	PROMISE(r < 0 || (end != NULL && end[1] == ' ' && end[2] == line.state));
}

static void read_fdinfo(const char *text)
{
	int pid = status_of_fdinfo(text);

	PROMISE(pid >= 0 || pid == -EBADF || pid == -ESRCH);
}

// Whether the components of `path` are those of `want`, where "**" is any of them, tried one by
// one.
static bool path_fits(const char *path, const char *want)
{
	size_t len = *want ? strcspn(want + 1, "/") + 1 : 0;

	if (len == 3 && strncmp(want, "/**", 3) == 0) {
		for (; *path; path++)
			if (*path == '/' && path_fits(path, want + 3))
				return true;
		return path_fits(path, want + 3);
	}
	if (!*want || !*path)
		return !*want && !*path;
	return strncmp(path, want, len) == 0 && (!path[len] || path[len] == '/') &&
	       path_fits(path + len, want + len);
}

// The input as the path of a cgroup.
static void fit_path(const char *text)
{
	const char *wanted[] = {"/**/a", "/**/a/**/b", "/a/**/b/**", "/**/a/**", "/**/a/b/**/a"};
	char line[128];

	int len = snprintf(line, sizeof(line), "0::/%s", text);
	if (len >= (int)sizeof(line) || strchr(text, '\n'))
		return;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		struct match m = {.cgroups = {.list = wanted + i, .count = 1}};
		struct proc p = {
			.known = FACT_CGROUP, .cgroup = {.data = line, .len = (size_t)len}};
		unsigned want = 0;

		PROMISE((match(&m, &p, &want) == MATCH_YES) == path_fits(line + 3, wanted[i]));
	}
}

static void read_cgroup(const char *text, size_t size)
{
	const char *wanted[] = {"/a/b", "/a/**", ":/a", "cpu:/a", "name=systemd:/a/**", "/**"};

	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		struct match m = {.cgroups = {.list = wanted + i, .count = 1}};
		struct proc p = {
			.known = FACT_CGROUP, .cgroup = {.data = text, .len = strlen(text)}};
		unsigned want = 0;

		PROMISE(strlen(text) <= size);
		enum match_verdict verdict = match(&m, &p, &want);
		PROMISE(verdict == MATCH_YES || verdict == MATCH_NO);
		PROMISE(verdict == MATCH_NO || strchr(text, ':') != NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);

	read_status(text);
	read_stat(text);
	read_fdinfo(text);
	read_cgroup(text, size);
	fit_path(text);
	free(text);
	return 0;
}
