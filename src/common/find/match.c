// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/array.h"
#include "find/fullname.h"
#include "find/match.h"
#include "find/quote.h"

#include <string.h>

// In the order of `kinds` in facts.c.
const char *const match_ns_names[MATCH_NS] = {
	"ipc", "mnt", "net", "pid", "user", "uts", "cgroup", "time"};

static uint64_t number_of(const void *number)
{
	return *(const uint64_t *)number;
}

static bool in_numbers(const struct numbers *n, uint64_t value)
{
	size_t i = array_first(n->list, n->count, sizeof(*n->list), number_of, value);

	return i < n->count && n->list[i] == value;
}

static int fits(const struct match *m, const struct bytes *text)
{
	return pattern_matches(m->pattern, text->data, text->len);
}

static enum match_verdict verdict_of(int holds)
{
	return holds < 0 ? MATCH_FAILED : holds ? MATCH_YES : MATCH_NO;
}

// ---- one row per criterion: is it given, which fact does it need, does the process fulfil it ----

static bool pid_given(const struct match *m)
{
	return m->pids.given;
}

static bool parent_given(const struct match *m)
{
	return m->parents.given || m->parents.count;
}

static int parent_holds(const struct match *m, const struct proc *p)
{
	return in_numbers(&m->parents, (uint64_t)p->status.ppid);
}

static bool group_given(const struct match *m)
{
	return m->groups.given || m->groups.count;
}

static int group_holds(const struct match *m, const struct proc *p)
{
	return in_numbers(&m->groups, (uint64_t)p->status.pgrp);
}

static bool session_given(const struct match *m)
{
	return m->sessions.given || m->sessions.count;
}

static int session_holds(const struct match *m, const struct proc *p)
{
	return in_numbers(&m->sessions, (uint64_t)p->status.session);
}

static bool euid_given(const struct match *m)
{
	return m->euids.count;
}

static int euid_holds(const struct match *m, const struct proc *p)
{
	return in_numbers(&m->euids, p->status.uid[STATUS_EFFECTIVE]);
}

static bool ruid_given(const struct match *m)
{
	return m->ruids.count;
}

static int ruid_holds(const struct match *m, const struct proc *p)
{
	return in_numbers(&m->ruids, p->status.uid[STATUS_REAL]);
}

static bool rgid_given(const struct match *m)
{
	return m->rgids.count;
}

static int rgid_holds(const struct match *m, const struct proc *p)
{
	return in_numbers(&m->rgids, p->status.gid[STATUS_REAL]);
}

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

		if (kind ? !list_has(kinds + 1, have, want, kind) : have)
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

static bool full_given(const struct match *m)
{
	return m->full && m->pattern;
}

static int full_holds(const struct match *m, const struct proc *p)
{
	return fits(m, &p->cmdline);
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
	return full_given(m) || args_given(m);
}

int match_line(const struct match *m, const struct bytes *text)
{
	int r = full_given(m) ? fits(m, text) : 1;

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

static const struct criterion {
	const char *option;
	unsigned fact;
	bool (*given)(const struct match *m);
	int (*holds)(const struct match *m, const struct proc *p); // 1, 0 or -ENOMEM
} criteria[] = {
	{"--pgroup", FACT_GROUP, group_given, group_holds},
	{"--session", FACT_SESSION, session_given, session_holds},
	{"--parent", FACT_IDS, parent_given, parent_holds},
	{"--euid", FACT_IDS, euid_given, euid_holds},
	{"--uid", FACT_IDS, ruid_given, ruid_holds},
	{"--group", FACT_IDS, rgid_given, rgid_holds},
	{"--exe", FACT_EXE, exe_given, exe_holds},
	{"--cwd", FACT_CWD, cwd_given, cwd_holds},
	{"--runstates", FACT_STATUS, states_given, states_hold},
	{"--require-handler", FACT_STATUS, handler_given, handler_holds},
	{"--older", FACT_START, older_given, older_holds},
	{"--younger", FACT_START, younger_given, younger_holds},
	{"--cgroup", FACT_CGROUP, cgroup_given, cgroup_holds},
	{"--terminal", FACT_TTY, tty_given, tty_holds},
	{"--ns", FACT_NS, ns_given, ns_holds},
	{"--under", FACT_UNDER, under_given, under_holds},
	{NULL, FACT_CMDLINE, full_given, full_holds},
	{"--args", FACT_CMDLINE, args_given, args_hold},
	{"--env", FACT_ENVIRON, environ_given, environ_holds},
};

enum { CRITERIA = sizeof(criteria) / sizeof(*criteria) };

// ---- criteria that can be decided before all their facts are known ----

static uint64_t pid_of(const void *id)
{
	return (uint64_t)((const struct procid *)id)->pid;
}

// Whether the process is in the list.
static enum match_verdict check_pid(
	const struct match_pids *pids, const struct proc *p, unsigned *missing)
{
	enum match_verdict verdict = MATCH_NO;

	size_t i = array_first(
		pids->list, pids->count, sizeof(*pids->list), pid_of, (uint64_t)p->leader);
	for (; i < pids->count; i++) {
		const struct procid *want = &pids->list[i];

		if (want->pid != p->leader)
			break;
		if (!want->inode || (p->known & FACT_INODE && p->inode == want->inode))
			return MATCH_YES;
		if (!(p->known & FACT_INODE)) {
			*missing |= FACT_INODE;
			verdict = MATCH_UNKNOWN;
		}
	}
	return verdict;
}

// By comm, and if that is cut, by the full name too.
static enum match_verdict check_name(const struct match *m, const struct proc *p, unsigned *missing)
{
	if (!(p->known & FACT_COMM)) {
		*missing |= FACT_COMM & ~p->denied;
		return MATCH_UNKNOWN;
	}
	enum match_verdict verdict = verdict_of(fits(m, &p->comm));
	if (p->comm.len != FULLNAME_COMM_MAX || verdict == MATCH_FAILED ||
		(verdict == MATCH_YES && !m->uncut))
		return verdict;
	// a cut name decides only if no longer name could match either
	if (verdict == MATCH_NO && !pattern_may_match_longer(m->pattern, p->comm.data, p->comm.len))
		return MATCH_NO;
	if (p->known & FACT_NAME)
		return verdict_of(fits(m, &p->name));
	*missing |= FACT_NAME & ~p->denied;
	return MATCH_UNKNOWN;
}

static bool is_text(const char *text, size_t len, const char *want)
{
	return len == strlen(want) && !memcmp(text, want, len);
}

// Whether argv[0], or the script that it interprets, has the name in the path.
static bool has_typed_name(const struct match *m, const struct proc *p)
{
	const char *typed = m->program->typed;
	struct bytes zero = {p->words.data, strnlen(p->words.data, p->words.len)};
	struct bytes script = fullname_script(&p->words);
	const char *base = fullname_base(&zero);
	size_t len = (size_t)(zero.data + zero.len - base);
	bool login = len && *base == '-';

	if (is_text(base + login, len - login, typed))
		return true;
	base = fullname_base(&script);
	return script.len && is_text(base, (size_t)(script.data + script.len - base), typed);
}

// Whether the executable interprets a script that was started as a program: then the kernel has the
// name of the script.
static bool is_interpreter(const struct proc *p)
{
	struct bytes script = fullname_script(&p->words);

	return script.len && fullname_fits(&p->comm, fullname_base(&script)) &&
	       !fullname_fits(&p->comm, fullname_base(&p->exe.path));
}

static enum match_verdict check_program(
	const struct match *m, const struct proc *p, unsigned *missing)
{
	const struct file *f = m->program;
	unsigned first = f->script ? FACT_SCRIPT : FACT_EXE;
	unsigned names = FACT_COMM | FACT_CMDLINE;

	if (!(p->known & first)) {
		*missing |= first & ~p->denied;
		return MATCH_UNKNOWN;
	}
	const struct location script = {.id = p->script};
	if (!file_is(f, f->script ? &script : &p->exe))
		return MATCH_NO;
	if ((p->known & names) != names) {
		*missing |= names & ~p->known & ~p->denied;
		return MATCH_UNKNOWN;
	}
	if (!f->linked && (f->script || !is_interpreter(p)))
		return MATCH_YES;
	return has_typed_name(m, p) ? MATCH_YES : MATCH_NO;
}

static enum match_verdict check_row(
	const struct criterion *row, const struct match *m, const struct proc *p, unsigned *missing)
{
	if (!(p->known & row->fact)) {
		*missing |= row->fact & ~p->denied;
		return MATCH_UNKNOWN;
	}
	enum match_verdict verdict = verdict_of(row->holds(m, p));
	if (!(row->fact & FACT_CMDLINE) || !p->defunct.len || verdict == MATCH_FAILED)
		return verdict;
	// whether it is a zombie is known when it is held
	struct proc zombie = *p;
	zombie.cmdline = p->defunct;
	enum match_verdict other = verdict_of(row->holds(m, &zombie));
	if (other == verdict || other == MATCH_FAILED)
		return other;
	*missing |= FACT_ALIVE;
	return MATCH_UNKNOWN;
}

static enum match_verdict worse(enum match_verdict a, enum match_verdict b)
{
	if (a == MATCH_NO || b == MATCH_NO)
		return MATCH_NO;
	if (a == MATCH_FAILED || b == MATCH_FAILED)
		return MATCH_FAILED;
	return a == MATCH_UNKNOWN ? a : b;
}

static enum match_verdict check_all(const struct match *m, const struct proc *p, unsigned *missing)
{
	enum match_verdict verdict = MATCH_YES;

	if (pid_given(m))
		verdict = check_pid(&m->pids, p, missing);
	if (verdict != MATCH_NO && m->pattern && !m->full)
		verdict = worse(verdict, check_name(m, p, missing));
	if (verdict != MATCH_NO && m->program)
		verdict = worse(verdict, check_program(m, p, missing));
	for (size_t i = 0; i < CRITERIA && verdict != MATCH_NO; i++)
		if (criteria[i].given(m))
			verdict = worse(verdict, check_row(&criteria[i], m, p, missing));
	return verdict;
}

// What leaves out processes in any case. MATCH_YES: they stay.
static enum match_verdict check_spared(
	const struct match *m, const struct proc *p, unsigned *missing)
{
	enum match_verdict verdict = check_pid(&m->spared, p, missing);

	if (verdict != MATCH_UNKNOWN)
		verdict = verdict == MATCH_NO ? MATCH_YES : MATCH_NO;
	if (m->alive && !(p->known & FACT_ALIVE)) {
		*missing |= FACT_ALIVE;
		return worse(verdict, MATCH_UNKNOWN);
	}
	return m->alive && !p->alive ? MATCH_NO : verdict;
}

enum match_verdict match(const struct match *m, const struct proc *p, unsigned *want)
{
	unsigned missing = 0;
	enum match_verdict verdict = check_all(m, p, &missing);

	// an unknown verdict stays unknown when inverted
	if (m->inverse && verdict != MATCH_UNKNOWN && verdict != MATCH_FAILED)
		verdict = verdict == MATCH_YES ? MATCH_NO : MATCH_YES;
	if (verdict != MATCH_NO && (m->alive || m->spared.count))
		verdict = worse(verdict, check_spared(m, p, &missing));
	// the lowest bit is the cheapest fact
	if (verdict == MATCH_UNKNOWN)
		*want = missing & -missing;
	return verdict;
}

unsigned match_facts(const struct match *m)
{
	unsigned facts =
		(pid_given(m) || m->spared.count ? FACT_INODE : 0) | (m->alive ? FACT_ALIVE : 0);

	if (m->pattern && !m->full)
		facts |= FACT_COMM | FACT_NAME;
	for (size_t i = 0; i < CRITERIA; i++)
		if (criteria[i].given(m))
			facts |= criteria[i].fact;
	return facts;
}

static unsigned look_for(unsigned fact)
{
	// most processes have no terminal, which their start time's file shows
	return fact == FACT_TTY ? FACT_START : fact & (MATCH_LOOKS | FACT_IDS);
}

unsigned match_first_look(const struct match *m)
{
	if (m->pattern && !m->full)
		return FACT_COMM;
	if (m->program)
		return m->program->script ? FACT_CMDLINE : FACT_EXE;
	for (size_t i = 0; i < CRITERIA; i++)
		if (criteria[i].given(m))
			return look_for(criteria[i].fact);
	return FACT_COMM;
}

enum match_near match_nearly(const struct match *m, const struct proc *p)
{
	struct match others = *m;
	unsigned missing = 0;

	others.pattern = NULL;
	if (!m->pattern || m->full || m->inverse || check_name(m, p, &missing) != MATCH_NO ||
		check_all(&others, p, &missing) != MATCH_YES)
		return MATCH_FAR;
	if (p->known & FACT_EXE && p->exe.path.len) {
		const char *slash = strrchr(p->exe.path.data, '/');
		const char *name = slash ? slash + 1 : p->exe.path.data;
		const struct bytes base = {name, strlen(name)};

		if (fits(m, &base) == 1)
			return MATCH_NEAR_FILE;
	}
	bool line = p->known & FACT_CMDLINE && p->words.len && fits(m, &p->cmdline) == 1;
	return line && !quote_behind(p->cmdline.data, p->cmdline.len) ? MATCH_NEAR_LINE : MATCH_FAR;
}

const char *match_failed_option(const struct match *m, const struct proc *p, bool *denied)
{
	unsigned missing = 0;
	const char *unseen = NULL;

	*denied = false;

	if (m->pattern && !m->full && check_name(m, p, &missing) != MATCH_YES)
		return NULL;
	if (full_given(m) && (!(p->known & FACT_CMDLINE) || !full_holds(m, p)))
		return NULL;
	if (pid_given(m) && check_pid(&m->pids, p, &missing) == MATCH_NO)
		return "--pid";
	if (check_pid(&m->spared, p, &missing) == MATCH_YES)
		return "--not-pid";
	if (m->alive && p->known & FACT_ALIVE && !p->alive)
		return "--alive";
	for (size_t i = 0; i < CRITERIA; i++) {
		const struct criterion *row = &criteria[i];

		if (!row->given(m))
			continue;
		if (p->known & row->fact && !row->holds(m, p))
			return row->option;
		if (p->denied & row->fact)
			unseen = row->option;
	}
	*denied = unseen;
	return unseen;
}
