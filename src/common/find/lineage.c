// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "find/lineage.h"
#include "handle/pidread.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct forebear {
	struct statline line; // all 0 if it is not known
	struct buffer words;  // without the NULs at the end
};

int lineage_begin(struct lineage *l)
{
	if (l->begun)
		return 0;
	int r = ancestors_find(&l->ancestors);
	l->begun = !r;
	return r;
}

int lineage_has(struct lineage *l, struct pidref *ref)
{
	int r = lineage_begin(l);
	return r < 0 ? r : ancestors_index(&l->ancestors, ref) < l->ancestors.count;
}

void lineage_free(struct lineage *l)
{
	for (size_t i = 0; i < l->known; i++)
		buffer_free(&l->facts[i].words);
	free(l->facts);
	ancestors_free(&l->ancestors);
	*l = (struct lineage){0};
}

// Whether the error is about the process, not the system: then its facts are not known.
static bool is_unknown(int r)
{
	return r == -ESRCH || r == -ESTALE || r == -ENOENT || r == -EACCES || r == -EREMOTE ||
	       r == -ENODATA;
}

// The facts of an ancestor, read while it is held. It may be gone by now.
static int read_forebear(struct forebear *out, const struct procfs *proc, const struct procid *id)
{
	CLEANUP(pidref_close) struct pidref ref = PIDREF_NULL;
	struct forebear found = {0};

	int r = pidref_open_id(&ref, id);
	if (!r)
		r = pidref_stat(&ref, proc, &found.line);
	if (!r)
		r = pidref_read(&ref, proc, "cmdline", &found.words);
	if (r < 0 && !is_unknown(r)) {
		buffer_free(&found.words);
		return r;
	}
	if (r < 0)
		found.words.len = 0;
	while (found.words.len && !found.words.data[found.words.len - 1])
		found.words.len--;
	*out = found;
	return 0;
}

// The facts of ancestor `i`; they are read when they are needed first, in their order.
static int forebear_of(
	struct lineage *l, const struct procfs *proc, size_t i, const struct forebear **out)
{
	if (!l->facts)
		l->facts = calloc(l->ancestors.count, sizeof(*l->facts));
	if (!l->facts)
		return -ENOMEM;
	for (; l->known <= i; l->known++) {
		int r = read_forebear(&l->facts[l->known], proc, &l->ancestors.list[l->known]);
		if (r < 0)
			return r;
	}
	*out = &l->facts[i];
	return 0;
}

// ---- the parents of a fork ----

enum { TO_NONE, TO_US, TO_ANCESTOR };

// Walk up from the fork *ref as long as no parent has called exec. TO_US, or TO_ANCESTOR with its
// index: it is a fork of that process. TO_NONE, -errno.
static int walk_forks(
	struct lineage *l, const struct procfs *proc, const struct pidref *ref, size_t *index)
{
	CLEANUP(pidref_close) struct pidref child = PIDREF_NULL;

	for (const struct pidref *of = ref;; of = &child) {
		struct pidref parent = PIDREF_NULL;
		struct statline line;

		// the parent is held while its child is, so that the link is true when it is read
		int r = pidref_open_parent(&parent, of);
		if (r <= 0)
			return is_unknown(r) ? TO_NONE : r;
		pidref_close(&child);
		child = parent;
		if (child.pid == getpid())
			return TO_US;
		*index = ancestors_index(&l->ancestors, &child);
		if (*index < l->ancestors.count)
			return TO_ANCESTOR;
		r = pidref_stat(&child, proc, &line);
		if (r < 0 || !line.forked)
			return r < 0 && !is_unknown(r) ? r : TO_NONE;
	}
}

static bool has_image(const struct statline *line)
{
	return line->image[0] && line->image[1];
}

// Whether the fork is one of the program that ancestor `i` runs, or of one that is nearer to us.
static int is_fork_of(struct lineage *l, const struct procfs *proc, size_t i,
	const struct pidref *ref, const struct statline *line)
{
	const struct forebear *of = NULL;
	size_t reached = 0;

	int r = i < l->ancestors.count ? forebear_of(l, proc, i, &of) : 0;
	if (r < 0)
		return r;
	bool known = of && has_image(line) && has_image(&of->line);
	if (known && !memcmp(line->image, of->line.image, sizeof(line->image)))
		return 1;
	r = walk_forks(l, proc, ref, &reached);
	// a process that an ancestor has adopted is not its fork, so addresses prove more
	return r < 0 ? r : r == TO_US || (r == TO_ANCESTOR && !known && reached <= i);
}

int lineage_line(const struct procfs *proc, const struct pidref *ref, struct statline *out)
{
	int r = pidref_stat(ref, proc, out);

	if (r == -ESRCH || !is_unknown(r))
		return r;
	*out = (struct statline){0};
	return 0;
}

// As lineage_forked_settled, but -EAGAIN: it is in execve(2).
static int is_forked(struct lineage *l, const struct procfs *proc, const struct pidref *ref)
{
	struct statline line = {0};
	size_t i = 0;

	int r = lineage_begin(l);
	if (!r)
		r = lineage_line(proc, ref, &line);
	if (r < 0 || !line.forked)
		return r < 0 ? r : line.in_exec ? -EAGAIN : 0;
	for (; i < l->ancestors.count; i++) {
		const struct forebear *of;

		r = forebear_of(l, proc, i, &of);
		if (r < 0)
			return r;
		if (!of->line.forked)
			break;
	}
	return is_fork_of(l, proc, i, ref, &line);
}

void lineage_pause(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

int lineage_forked_settled(struct lineage *l, const struct procfs *proc, const struct pidref *ref)
{
	int tries = 0;
	int r;

	while ((r = is_forked(l, proc, ref)) == -EAGAIN) {
		if (tries++ == LINEAGE_PATIENCE)
			return 1;
		lineage_pause();
	}
	return r;
}

int lineage_forked_with(struct lineage *l, const struct procfs *proc, const struct pidref *ref,
	const char *words, size_t len)
{
	struct statline line = {0};
	size_t reached;

	int r = lineage_begin(l);
	if (!r)
		r = lineage_line(proc, ref, &line);
	if (r < 0 || !line.forked)
		return r;
	for (size_t i = 0; i < l->ancestors.count; i++) {
		const struct forebear *of;

		r = forebear_of(l, proc, i, &of);
		if (r < 0)
			return r;
		if (of->words.len != len || (len && memcmp(of->words.data, words, len) != 0))
			continue;
		r = is_fork_of(l, proc, i, ref, &line);
		if (r)
			return r;
	}
	// our command line has changed since
	r = walk_forks(l, proc, ref, &reached);
	return r < 0 ? r : r == TO_US;
}
