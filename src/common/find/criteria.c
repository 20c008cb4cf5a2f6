// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/array.h"
#include "find/criteria.h"

#include <string.h>

// In the order of `kinds` in facts-ns.c.
const char *const match_ns_names[MATCH_NS] = {
	"ipc", "mnt", "net", "pid", "user", "uts", "cgroup", "time"};

// ---- numbers ----

static uint64_t number_of(const void *number)
{
	return *(const uint64_t *)number;
}

static bool in_numbers(const struct numbers *n, uint64_t value)
{
	size_t i = array_first(n->list, n->count, sizeof(*n->list), number_of, value);

	return i < n->count && n->list[i] == value;
}

static uint64_t parent_of(const struct proc *p)
{
	return (uint64_t)p->status.ppid;
}

static uint64_t group_of(const struct proc *p)
{
	return (uint64_t)p->status.pgrp;
}

static uint64_t session_of(const struct proc *p)
{
	return (uint64_t)p->status.session;
}

static uint64_t euid_of(const struct proc *p)
{
	return p->status.uid[STATUS_EFFECTIVE];
}

static uint64_t ruid_of(const struct proc *p)
{
	return p->status.uid[STATUS_REAL];
}

static uint64_t rgid_of(const struct proc *p)
{
	return p->status.gid[STATUS_REAL];
}

// ---- other criteria: whether one is given, and whether the process fulfils it ----

static bool states_given(const struct match *m)
{
	return m->states;
}

static int states_hold(const struct match *m, const struct proc *p)
{
	return p->status.state && strchr(m->states, p->status.state);
}

static bool handler_given(const struct match *m)
{
	return m->handler;
}

static int handler_holds(const struct match *m, const struct proc *p)
{
	return p->status.caught >> (m->handler - 1) & 1;
}

static bool cgroup_given(const struct match *m)
{
	return m->cgroups.count;
}

// Whether the comma list of `len` bytes at `list` contains the word of `want` bytes at `word`.
static bool list_has(const char *list, size_t len, const char *word, size_t want)
{
	while (len) {
		const char *comma = memchr(list, ',', len);
		size_t item = comma ? (size_t)(comma - list) : len;

		if (item == want && !memcmp(list, word, want))
			return true;
		len -= item + (comma != NULL);
		list += item + (comma != NULL);
	}
	return false;
}

// Whether the path of a control group fits `want`, in which "**" is any number of components, or
// none. Both begin with a slash.
static bool path_fits(const char *path, const char *end, const char *want)
{
	const char *rest = NULL; // what is behind the last "**" ...
	const char *from = NULL; // ... and where it was tried last

	while (*want || path < end) {
		size_t len = *want ? strcspn(want + 1, "/") + 1 : 0;

		if (len == 3 && !memcmp(want, "/**", 3)) {
			rest = want += 3;
			from = path;
		} else if (len && (size_t)(end - path) >= len && !memcmp(path, want, len) &&
			   (path + len == end || path[len] == '/')) {
			path += len;
			want += len;
		} else if (rest && from < end) {
			// the last "**" is one component longer; that of an earlier one would not
			// help
			const char *slash = memchr(from + 1, '/', (size_t)(end - from - 1));

			path = from = slash ? slash : end;
			want = rest;
		} else {
			return false;
		}
	}
	return true;
}

// A line is "0::/path" (v2), or "7:cpu,cpuacct:/path" or "1:name=systemd:/path" (v1). The user
// writes "/path", "cpu:/path", "name=systemd:/path" or ":/path" (only v2).
static bool cgroup_line_fits(const char *line, size_t len, const char *want)
{
	const char *slash = strchr(want, '/');
	const char *end = line + len;
	const char *kinds = memchr(line, ':', len);
	const char *path = kinds ? memchr(kinds + 1, ':', (size_t)(end - kinds - 1)) : NULL;

	if (!path || !slash)
		return false;
	if (slash != want) {
		size_t kind = (size_t)(slash - want) - 1;
		size_t have = (size_t)(path - kinds) - 1;

		const bool whole = kind == have && !memcmp(kinds + 1, want, kind);
		if (kind ? !whole && !list_has(kinds + 1, have, want, kind) : have)
			return false;
	}
	return path_fits(path + 1, end, slash);
}

static int cgroup_holds(const struct match *m, const struct proc *p)
{
	const char *line = p->cgroup.data;
	const char *end = line + p->cgroup.len;

	while (line < end) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t len = (size_t)((stop ? stop : end) - line);

		for (size_t i = 0; i < m->cgroups.count; i++)
			if (cgroup_line_fits(line, len, m->cgroups.list[i]))
				return 1;
		line += len + 1;
	}
	return 0;
}

static bool older_given(const struct match *m)
{
	return m->older;
}

static int older_holds(const struct match *m, const struct proc *p)
{
	return (int64_t)p->start <= m->older_than;
}

static bool younger_given(const struct match *m)
{
	return m->younger;
}

static int younger_holds(const struct match *m, const struct proc *p)
{
	return (int64_t)p->start >= m->younger_than;
}

static bool tty_given(const struct match *m)
{
	return m->ttys.count;
}

static int tty_holds(const struct match *m, const struct proc *p)
{
	for (size_t i = 0; i < m->ttys.count; i++)
		if (!strcmp(m->ttys.list[i], p->tty.data))
			return true;
	return false;
}

static bool ns_given(const struct match *m)
{
	return m->ns_kinds;
}

static int ns_holds(const struct match *m, const struct proc *p)
{
	for (unsigned i = 0; i < MATCH_NS; i++)
		if (m->ns_kinds >> i & 1 && (!p->ns[i] || p->ns[i] != m->ns[i]))
			return false;
	return true;
}

static int full_holds(const struct match *m, const struct proc *p)
{
	return pattern_matches(m->pattern, p->cmdline.data, p->cmdline.len);
}

static bool args_given(const struct match *m)
{
	return m->arg_count;
}

static int all_args(const struct match *m, const struct bytes *text)
{
	int r = 1;

	for (size_t i = 0; r == 1 && i < m->arg_count; i++)
		r = pattern_matches(&m->args[i], text->data, text->len);
	return r;
}

static int args_hold(const struct match *m, const struct proc *p)
{
	return all_args(m, &p->cmdline);
}

bool match_has_line(const struct match *m)
{
	return match_has_full(m) || args_given(m);
}

int match_line(const struct match *m, const struct bytes *text)
{
	int r = match_has_full(m) ? pattern_matches(m->pattern, text->data, text->len) : 1;

	return r == 1 ? all_args(m, text) : r;
}

static bool under_given(const struct match *m)
{
	return m->under;
}

static int under_holds(const struct match *m, const struct proc *p)
{
	(void)m;
	return p->under;
}

static bool exe_given(const struct match *m)
{
	return m->exes;
}

static int exe_holds(const struct match *m, const struct proc *p)
{
	for (size_t i = 0; i < m->exes->count; i++)
		if (file_is(&m->exes->list[i], &p->exe))
			return true;
	return false;
}

static bool cwd_given(const struct match *m)
{
	return m->cwds;
}

static int cwd_holds(const struct match *m, const struct proc *p)
{
	for (size_t i = 0; i < m->cwds->count; i++) {
		const struct file *f = &m->cwds->list[i];

		if (f->below ? file_holds(f, &p->cwd, p->folders, p->folder_count)
			     : file_is(f, &p->cwd))
			return true;
	}
	return false;
}

static bool environ_given(const struct match *m)
{
	return m->environs.count;
}

static bool environ_fits(const char *entry, const char *want)
{
	size_t len = strlen(want);

	// NAME without a value matches every value
	return strchr(want, '=') ? !strcmp(entry, want)
				 : !strncmp(entry, want, len) && entry[len] == '=';
}

static int environ_holds(const struct match *m, const struct proc *p)
{
	const char *end = p->environ.data + p->environ.len;

	for (const char *entry = p->environ.data; entry < end; entry += strlen(entry) + 1)
		for (size_t i = 0; i < m->environs.count; i++)
			if (environ_fits(entry, m->environs.list[i]))
				return true;
	return false;
}

// Of a list of numbers: where it is in struct match, and the number of the process.
#define NUMBERS(list, number) offsetof(struct match, list), number, NULL, NULL
// Any other one.
#define OTHER(given, holds) 0, NULL, given, holds

static const struct criterion rows[] = {
	{"--pgroup", FACT_GROUP, NUMBERS(groups, group_of)},
	{"--session", FACT_SESSION, NUMBERS(sessions, session_of)},
	{"--parent", FACT_IDS, NUMBERS(parents, parent_of)},
	{"--euid", FACT_IDS, NUMBERS(euids, euid_of)},
	{"--uid", FACT_IDS, NUMBERS(ruids, ruid_of)},
	{"--group", FACT_IDS, NUMBERS(rgids, rgid_of)},
	{"--exe", FACT_EXE, OTHER(exe_given, exe_holds)},
	{"--cwd", FACT_CWD, OTHER(cwd_given, cwd_holds)},
	{"--runstates", FACT_STATUS, OTHER(states_given, states_hold)},
	{"--require-handler", FACT_STATUS, OTHER(handler_given, handler_holds)},
	{"--older", FACT_START, OTHER(older_given, older_holds)},
	{"--younger", FACT_START, OTHER(younger_given, younger_holds)},
	{"--cgroup", FACT_CGROUP, OTHER(cgroup_given, cgroup_holds)},
	{"--terminal", FACT_TTY, OTHER(tty_given, tty_holds)},
	{"--ns", FACT_NS, OTHER(ns_given, ns_holds)},
	{"--under", FACT_UNDER, OTHER(under_given, under_holds)},
	{NULL, FACT_CMDLINE, OTHER(match_has_full, full_holds)},
	{"--args", FACT_CMDLINE, OTHER(args_given, args_hold)},
	{"--env", FACT_ENVIRON, OTHER(environ_given, environ_holds)},
};

static const struct numbers *numbers_of(const struct criterion *row, const struct match *m)
{
	return (const void *)((const char *)m + row->numbers);
}

static bool is_given(const struct criterion *row, const struct match *m)
{
	if (row->given)
		return row->given(m);
	const struct numbers *n = numbers_of(row, m);
	return n->given || n->count;
}

const struct criterion *criterion_next(const struct match *m, const struct criterion *row)
{
	row = row ? row + 1 : rows;
	while (row < rows + sizeof(rows) / sizeof(*rows) && !is_given(row, m))
		row++;
	return row < rows + sizeof(rows) / sizeof(*rows) ? row : NULL;
}

int criterion_holds(const struct criterion *row, const struct match *m, const struct proc *p)
{
	return row->holds ? row->holds(m, p) : in_numbers(numbers_of(row, m), row->number(p));
}
