// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "find/fullname.h"
#include "find/group.h"
#include "handle/idset.h"
#include "handle/walk.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct search {
	const struct procfs *proc;
	const struct group_query *query;
	group_found *found;
	void *data;
	struct idset seen;
	struct anchor anchor; // keeps the number of the process group
	struct buffer text, name;
	struct walk walk;
};

// The errors for "the process does not exist, or is hidden from us": no match, but no failure.
static bool is_absence(int error)
{
	return error == -ENOENT || error == -ESRCH || error == -EACCES || error == -EPERM;
}

static bool text_is(const struct buffer *b, size_t len, const char *text)
{
	return len == strlen(text) && !memcmp(b->data, text, len);
}

// Whether it runs this file, by the kernel's name for it or by argv[0].
static int runs_file(struct search *s, pid_t pid, const char *path)
{
	int r = buffer_reserve(&s->text, 4096);

	if (r < 0)
		return r;
	r = procfs_readlink(s->proc, pid, "exe", s->text.data, s->text.room);
	if (!r && !strcmp(s->text.data, path))
		return 1;
	r = procfs_read(s->proc, pid, "cmdline", &s->text);
	return r < 0 ? r : text_is(&s->text, strnlen(s->text.data, s->text.len), path);
}

static int has_name(struct search *s, pid_t pid, const char *name)
{
	int r = procfs_read(s->proc, pid, "comm", &s->text);

	if (r < 0)
		return r;
	// the kernel ends it with a newline; everything before belongs to the name
	size_t len = s->text.len ? s->text.len - 1 : 0;
	if (len != FULLNAME_COMM_MAX)
		return text_is(&s->text, len, name);
	if (strncmp(name, s->text.data, len) != 0)
		return 0;
	const struct procdir dir = procfs_dir(s->proc, pid);
	r = fullname_read(&dir, s->text.data, len, &s->name);
	return r < 0 ? r : text_is(&s->name, s->name.len, name);
}

// The process group in the numbers of the namespace that was asked for.
static pid_t group_of(const struct search *s, const struct status *status)
{
	pid_t pgrp = 0;

	if (!s->query->in)
		return status->pgrp;
	status_numbers(s->text.data, "NSpgid", s->query->in->level, &pgrp);
	return pgrp;
}

// Whether the facts of `pid` match the query. They count only while the process is held. 1, 0 or
// -errno; *out gets its status.
static int matches(struct search *s, pid_t pid, struct status *out)
{
	const struct group_query *q = s->query;
	int r = 1;

	if (q->kind == GROUP_NAME)
		r = strchr(q->name, '/') ? runs_file(s, pid, q->name) : has_name(s, pid, q->name);
	if (r < 1)
		return r;
	r = procfs_read(s->proc, pid, "status", &s->text);
	if (!r)
		r = status_parse(s->text.data, out);
	if (r < 0)
		return r == -ENODATA ? 0 : r;
	switch (q->kind) {
	case GROUP_PGRP:
		return group_of(s, out) == q->pgrp;
	case GROUP_NAME:
		return q->any_user || out->uid[STATUS_REAL] == getuid();
	default:
		return pid != 1 && !out->kthread;
	}
}

// Whether the held process is in the namespace that was asked for. 1, 0 or -errno.
static int is_inside(const struct search *s, const struct pidref *ref)
{
	if (!s->query->in)
		return 1;
	int number = pidns_number(s->query->in, ref);
	if (number == 1 && s->query->kind == GROUP_EVERY)
		return 0;
	return number < 0 ? number : number > 0;
}

// Whether the held process, whose group number was read, is a member of the group in question, and
// not of a later group with the same number. 1, 0 or -errno.
static int is_member(struct search *s, const struct pidref *ref, pid_t pgrp)
{
	struct anchor *a = &s->anchor;

	if (!a->begun)
		a->number = pgrp;
	else if (pgrp != a->number)
		return 0;
	int r = a->begun ? anchor_holds(a) : 1;
	if (r == 1)
		r = anchor_add(a, ref) < 0 ? -EMFILE : 1;
	return r;
}

// Hold `pid`, check it, and pass it on if it matches. 1: it is new.
static int examine(struct search *s, pid_t pid)
{
	struct pidref ref;
	struct status status = {0};

	int r = pidref_open(&ref, pid);
	// any process may be opened, so this error comes from a sandbox, not from the process
	if (r == -EPERM || r == -EACCES)
		return -ENOSYS;
	if (r < 0)
		return r;
	r = matches(s, pid, &status);
	if (r == 1)
		r = is_inside(s, &ref);
	if (r == 1) {
		int verified = pidref_verify(&ref);

		r = verified < 0 ? verified : idset_add_pidref(&s->seen, &ref);
	}
	if (r == 1 && s->query->kind == GROUP_PGRP)
		r = is_member(s, &ref, status.pgrp);
	if (r == 1) {
		r = s->found(&ref, &status, s->data);
		return r < 0 ? r : 1;
	}
	pidref_close(&ref);
	return r;
}

// The first look, without a handle. It may discard a process, but never accepts it.
static int look(struct search *s, pid_t pid)
{
	struct status status = {0};

	if (pid == getpid())
		return 0;
	if (s->query->kind == GROUP_PGRP && !s->query->in)
		return getpgid(pid) == s->query->pgrp;
	return matches(s, pid, &status);
}

// One walk over /proc. 1: it found a new process; 0: it did not.
static int pass(struct search *s)
{
	int found = 0;
	pid_t pid;

	int r = walk_begin(&s->walk, s->proc);
	while (!r && (r = walk_next(&s->walk, &pid)) == 1) {
		r = look(s, pid);
		if (r == 1)
			r = examine(s, pid);
		found |= r == 1;
		if (r > 0 || is_absence(r))
			r = 0;
	}
	return r < 0 ? r : found;
}

int group_find(
	const struct procfs *proc, const struct group_query *query, group_found *found, void *data)
{
	struct search s = {.proc = proc, .query = query, .found = found, .data = data};
	s.anchor = ANCHOR_NULL;
	s.anchor.kind = ANCHOR_GROUP;
	int r = query->leader ? anchor_lead(&s.anchor, ANCHOR_GROUP, query->leader) : 0;
	// processes are born during a walk, so repeat it until one finds nothing new
	for (int i = 0; r >= 0 && i < GROUP_PASSES; i++) {
		r = pass(&s);
		if (!r)
			break;
	}
	anchor_close(&s.anchor);
	idset_free(&s.seen);
	buffer_free(&s.text);
	buffer_free(&s.name);
	return r < 0 ? r : 0;
}
