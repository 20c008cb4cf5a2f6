// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/array.h"
#include "handle/hidepid.h"
#include "handle/idset.h"
#include "handle/pidread.h"
#include "handle/walk.h"
#include "target/holders.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PASSES = 32 }; // limits the search for holders that never stop forking

struct search {
	const struct procfs *proc;
	const struct holders_query *query;
	struct idset seen; // the holders found
	struct holders all;
	struct walk processes, threads, fds;
};

static bool is_absence(int error)
{
	return error == -ENOENT || error == -ESRCH || error == -ENOTDIR;
}

static bool is_refusal(int error)
{
	return error == -EACCES || error == -EPERM;
}

// ---- the descriptors of one process ----

// What holds the descriptors that are asked about.
struct holder {
	const struct pidref *ref; // NULL: nothing is held
	bool thread;		  // of it, not the first
};

// Ask about each descriptor in the folder `fds`. 1: one of them is what is searched for; 0; -errno.
// Of a held process all are asked about. *any: whether there are any.
static int ask_each(struct search *s, int fds, struct holder of, bool *any)
{
	const struct holders_query *q = s->query;
	const struct procfs folder = {.fd = fds};
	bool found = false;
	pid_t number;

	int r = walk_begin(&s->fds, &folder);
	while (!r && (of.ref || !found) && (r = walk_next(&s->fds, &number)) == 1) {
		char fd[HOLDERS_NAME];

		*any = true;
		snprintf(fd, sizeof(fd), "%d", (int)number);
		r = of.ref ? q->proves(q->data, of.thread ? NULL : of.ref, fds, fd)
			   : q->looks(q->data, fds, fd);
		found |= r == 1;
		// it was closed in the meantime
		if (r == 1 || is_absence(r))
			r = 0;
	}
	return r < 0 ? r : found;
}

static int ask_folder(struct search *s, const struct procdir *dir, struct holder of, bool *any)
{
	int fds = procdir_open(dir, "fd");

	if (fds < 0)
		return fds;
	int r = ask_each(s, fds, of, any);
	close(fds);
	return r;
}

// A process whose first thread has ended shows its descriptors with the other threads only, and may
// refuse to show those of the first.
static int ask_threads(struct search *s, pid_t pid, const struct pidref *ref)
{
	CLEANUP(procfs_close) struct procfs tasks = PROCFS_NULL;
	const struct holder of = {.ref = ref, .thread = true};
	bool any = false;
	int found = 0;
	pid_t tid;

	int r = procfs_open_tasks(s->proc, pid, &tasks);
	if (!r)
		r = walk_begin(&s->threads, &tasks);
	while (!r && (s->query->threads || !any) && (r = walk_next(&s->threads, &tid)) == 1) {
		const struct procdir dir = procfs_dir(&tasks, tid);

		r = tid == pid ? 0 : ask_folder(s, &dir, of, &any);
		if (is_absence(r))
			r = 0;
		// all descriptors of a held process are asked about
		if (r == 1 && ref) {
			found = 1;
			r = 0;
		}
	}
	return r ? r : found;
}

// What the descriptors of the process say; of the held *ref, or if that is NULL, of whichever has
// the number now. 1, 0 or -errno.
static int ask(struct search *s, pid_t pid, const struct pidref *ref)
{
	struct procdir dir = procfs_dir(s->proc, pid);
	bool any = false;

	if (ref)
		dir = pidref_dir(ref, dir);
	int r = ask_folder(s, &dir, (struct holder){.ref = ref}, &any);
	if ((any && !s->query->threads) || (r && !is_refusal(r)))
		return r;
	int rest = ask_threads(s, pid, ref);
	return r == 1 || !rest ? r : rest;
}

// The same for the held process, verified.
static int ask_held(struct search *s, const struct pidref *ref)
{
	int r = ask(s, ref->pid, ref);
	int verified = pidref_verify(ref);

	return verified < 0 ? verified : is_absence(r) ? 0 : is_refusal(r) ? -EACCES : r;
}

// ---- all processes ----

static int keep(struct holders *h, struct pidref *ref)
{
	struct pidref *list = array_grow(h->list, h->count, sizeof(*list));

	if (!list)
		return -ENOMEM;
	h->list = list;
	h->list[h->count++] = pidref_take(ref);
	return 1;
}

// Hold `pid` and keep it if it is a holder. 1: it is new.
static int examine(struct search *s, pid_t pid)
{
	CLEANUP(pidref_close) struct pidref ref = PIDREF_NULL;

	int r = pidref_open(&ref, pid);
	// any process may be opened, so this error comes from a sandbox, not from the process
	if (is_refusal(r))
		return -ENOSYS;
	if (!r)
		r = ask_held(s, &ref);
	if (r == 1)
		r = idset_add_pidref(&s->seen, &ref);
	return r == 1 ? keep(&s->all, &ref) : r;
}

// One walk over /proc. 1: it found a new holder; 0: it did not.
static int pass(struct search *s)
{
	int found = 0;
	pid_t pid;

	int r = walk_begin(&s->processes, s->proc);
	while (!r && (r = walk_next(&s->processes, &pid)) == 1) {
		r = ask(s, pid, NULL);
		if (r == 1)
			r = examine(s, pid);
		s->all.hidden |= is_refusal(r);
		found |= r == 1;
		if (r > 0 || is_absence(r) || is_refusal(r))
			r = 0;
	}
	return r < 0 ? r : found;
}

static void end(struct search *s)
{
	walk_end(&s->processes);
	walk_end(&s->threads);
	walk_end(&s->fds);
	holders_free(&s->all);
	idset_free(&s->seen);
}

int holders_find(struct holders *out, const struct procfs *proc, const struct holders_query *query)
{
	CLEANUP(end) struct search s = {.proc = proc, .query = query};
	int r = 1;

	for (int i = 0; r == 1 && i < PASSES; i++)
		r = pass(&s);
	if (r < 0)
		return r;
	s.all.hidden |= hidepid_applies(proc, &(struct hidepid){.gid = 0});
	*out = s.all;
	s.all = (struct holders){0};
	return 0;
}

int holders_pass(struct holders *h, struct found *f)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < h->count; i++) {
		struct pidref ref = pidref_take(&h->list[i]);

		r = found_pass(f, &ref);
	}
	holders_free(h);
	return r < 0 ? r : 0;
}

void holders_free(struct holders *h)
{
	for (size_t i = 0; i < h->count; i++)
		pidref_close(&h->list[i]);
	free(h->list);
	*h = (struct holders){0};
}

int holders_is_one(
	const struct procfs *proc, const struct holders_query *query, const struct pidref *ref)
{
	CLEANUP(end) struct search s = {.proc = proc, .query = query};

	return ask_held(&s, ref);
}
