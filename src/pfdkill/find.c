// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/pidread.h"
#include "pfdkill/find.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct search {
	const struct procfs *proc;
	const struct query *query;
	struct anchor anchor; // keeps the number of the process group
	struct pattern name;
	struct file file;
	uint64_t number; // of the process group, or the user
	struct match match;
};

// Any process may be opened, so this error comes from a sandbox, not from the process.
static bool is_refusal(int error)
{
	return error == -EPERM || error == -EACCES;
}

// The process does not exist, or is hidden from us: no match, but no failure.
static bool is_absence(int error)
{
	return error == -ENOENT || error == -ESRCH || is_refusal(error);
}

// Whether the held process is in the namespace that was asked for. 1, 0 or -errno.
static int is_inside(const struct search *s, const struct pidref *ref)
{
	int number = pidns_number(s->query->in, ref);

	if (number == 1 && s->query->kind == FIND_EVERY)
		return 0;
	return number < 0 ? number : number > 0;
}

// Whether its group has the number in that namespace. *pgrp gets the number here. 1, 0 or -errno.
static int is_of_group(void *data, struct pidref *ref, pid_t *pgrp)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	const struct search *s = data;
	pid_t inside = 0;

	if (!s->query->in) {
		*pgrp = s->query->pgrp;
		return 1;
	}
	int r = is_inside(s, ref);
	if (r < 1)
		return r;
	r = pidref_read(ref, s->proc, "status", &text);
	if (!r)
		r = pidref_group(ref, pgrp);
	if (r < 0)
		return r;
	status_numbers(buffer_text(&text), "NSpgid", s->query->in->level, &inside);
	return inside == s->query->pgrp;
}

static int check(struct search *s, const struct proc *p, struct pidref *ref)
{
	pid_t pgrp = 0;
	int r;

	if (s->query->kind == FIND_GROUP) {
		r = is_of_group(s, ref, &pgrp);
		return r == 1 ? anchor_takes(&s->anchor, pgrp, ref) : r;
	}
	r = s->query->in ? is_inside(s, ref) : 1;
	if (r == 1 && s->query->kind == FIND_EVERY)
		r = p->pid != 1 && p->known & FACT_STATUS && !p->status.kthread;
	return r;
}

static int is_meant(const struct proc *p, struct pidref *ref, void *data)
{
	int r = check(data, p, ref);

	return is_absence(r) ? 0 : r;
}

static int begin(struct search *s)
{
	const struct query *q = s->query;
	struct match *m = &s->match;
	char why[64];

	s->anchor = ANCHOR_NULL;
	s->anchor.kind = ANCHOR_GROUP;
	if (q->kind == FIND_NAME && !q->any_user) {
		s->number = getuid();
		m->ruids = (struct numbers){.list = &s->number, .count = 1};
	}
	if (q->kind == FIND_NAME && strchr(q->name, '/')) {
		m->program = &s->file;
		int r = file_open(&s->file, q->name);
		// there cannot be such a file
		return r == -ENOTDIR ? -ESRCH : r;
	}
	if (q->kind == FIND_NAME) {
		m->uncut = true;
		m->pattern = &s->name;
		return pattern_compile(
			&s->name, q->name, PATTERN_FIXED | PATTERN_WHOLE, why, sizeof(why));
	}
	if (q->kind == FIND_GROUP && !q->in) {
		s->number = (uint64_t)q->pgrp;
		m->groups = (struct numbers){.list = &s->number, .count = 1};
	}
	if (q->kind != FIND_GROUP)
		return 0;
	if (q->leader)
		return anchor_lead(&s->anchor, ANCHOR_GROUP, q->leader);
	const struct anchor_query group = {
		.kind = ANCHOR_GROUP,
		.number = q->in ? 0 : q->pgrp,
		.is_member = q->in ? is_of_group : NULL,
		.data = s,
	};
	int r = anchor_search(&s->anchor, &group, s->proc);
	return is_refusal(r) ? -ENOSYS : r;
}

static int search(struct search *s, found_process *found, void *data)
{
	const struct scan_plan plan = {
		.match = &s->match,
		.extra = s->query->kind == FIND_EVERY ? FACT_STATUS : 0,
		.repeat = true,
		.meant = is_meant,
		.meant_data = s,
	};
	const struct proc *p;
	struct pidref ref;
	struct scan scan;

	int r = scan_begin(&scan, &plan, s->proc);
	if (r < 0)
		return r;
	while ((r = scan_next(&scan, &ref, &p)) > 0) {
		r = found(&ref, data);
		if (r < 0)
			break;
	}
	scan_end(&scan);
	return is_refusal(r) ? -ENOSYS : r;
}

int pfdkill_find(
	const struct procfs *proc, const struct query *query, found_process *found, void *data)
{
	struct search s = {.proc = proc, .query = query, .file = FILE_NULL};

	int r = begin(&s);
	if (!r)
		r = search(&s, found, data);
	// there is no such group, or file
	else if (r == -ESRCH)
		r = 0;
	if (s.match.pattern && s.name.exact)
		pattern_free(&s.name);
	file_close(&s.file);
	anchor_close(&s.anchor);
	return r;
}
