// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "act/reclaim.h"
#include "handle/pidcall.h"
#include "handle/pidread.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 256 }; // for one call, which takes at most 1024

struct ranges {
	struct iovec list[BATCH];
	size_t count;
	unsigned advice;
	uint64_t advised;
};

enum reclaim_how reclaim_parse(const char *text)
{
	return !strcmp(text, "cold")	  ? RECLAIM_COLD
	       : !strcmp(text, "pageout") ? RECLAIM_PAGEOUT
					  : RECLAIM_NONE;
}

// Remove from the front the `bytes` that are done.
static void advance(struct ranges *r, size_t *at, size_t bytes)
{
	r->advised += bytes;
	while (bytes) {
		size_t part = bytes < r->list[*at].iov_len ? bytes : r->list[*at].iov_len;

		r->list[*at].iov_base = (char *)r->list[*at].iov_base + part;
		r->list[*at].iov_len -= part;
		bytes -= part;
		if (!r->list[*at].iov_len)
			++*at;
	}
}

// Advise the kernel about the collected ranges, and empty the list.
static int flush(struct ranges *r, const struct pidref *ref)
{
	size_t at = 0;

	while (at < r->count) {
		ssize_t n = pidref_madvise(ref, r->list + at, r->count - at, r->advice);

		if (n == -EPERM || n == -EACCES)
			return -EADV;
		if (n == -ESRCH || n == -ENOSYS)
			return (int)n;
		if (n > 0)
			advance(r, &at, (size_t)n);
		else if (n != -EINTR && n != -EAGAIN)
			at++; // this range cannot be reclaimed, or does not exist any more
	}
	r->count = 0;
	return 0;
}

// Read "START-END PERMISSIONS ...". 1; 0: it is no memory that can be reclaimed; -EOVERFLOW: its
// addresses are longer than ours, as those of a 64-bit process are in a 32-bit program.
static int parse_line(const char *line, struct iovec *out)
{
	uint64_t start;
	uint64_t end;
	const char *newline = strchr(line, '\n');
	const char *name = strchr(line, '[');

	if (sscanf(line, "%" SCNx64 "-%" SCNx64, &start, &end) != 2 || end <= start)
		return 0;
	// skip the mappings of the kernel itself, such as [vdso]
	if (name && newline && name < newline && !strncmp(name, "[v", 2))
		return 0;
	if (start > UINTPTR_MAX || end - start > SIZE_MAX)
		return -EOVERFLOW;
	*out = (struct iovec){
		.iov_base = (char *)(uintptr_t)start, .iov_len = (size_t)(end - start)};
	return 1;
}

static int advise_all(struct ranges *r, const char *maps, const struct pidref *ref)
{
	int result = 0;

	for (const char *line = maps; !result && *line;) {
		const char *newline = strchr(line, '\n');

		result = parse_line(line, &r->list[r->count]);
		if (result > 0)
			result = ++r->count == BATCH ? flush(r, ref) : 0;
		line = newline ? newline + 1 : "";
	}
	return result ? result : flush(r, ref);
}

// Read its resident memory in bytes.
static int read_resident(
	const struct procfs *proc, const struct pidref *ref, struct buffer *text, uint64_t *bytes)
{
	int r = pidref_read(ref, proc, "smaps_rollup", text);
	if (r < 0)
		return r;
	const char *line = strstr(buffer_text(text), "\nRss:");
	*bytes = line ? strtoull(line + 5, NULL, 10) * 1024 : 0;
	return 0;
}

int reclaim_process(struct reclaimed *out, const struct procfs *proc, const struct pidref *ref,
	enum reclaim_how how)
{
	struct ranges ranges = {
		.advice = how == RECLAIM_COLD ? KERNEL_MADV_COLD : KERNEL_MADV_PAGEOUT};
	CLEANUP(buffer_free) struct buffer text = {0};
	uint64_t before = 0;
	uint64_t after = 0;

	int r = read_resident(proc, ref, &text, &before);
	if (!r)
		r = pidref_read(ref, proc, "maps", &text);
	if (!r)
		r = advise_all(&ranges, buffer_text(&text), ref);
	if (!r)
		r = read_resident(proc, ref, &text, &after);
	// a zombie has no such files, and no memory; of any other process they are hidden from us
	if (r == -ENOENT)
		r = pidref_state(ref) == PIDREF_ALIVE ? -EACCES : -ESRCH;
	if (r < 0)
		return r == -EACCES ? -EADV : r;
	*out = (struct reclaimed){
		.how = how,
		.advised = ranges.advised,
		.given = before > after ? before - after : 0,
	};
	return 0;
}
