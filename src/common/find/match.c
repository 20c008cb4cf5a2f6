// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/array.h"
#include "find/criteria.h"
#include "find/fullname.h"
#include "find/match.h"
#include "find/quote.h"

#include <string.h>

static int fits(const struct match *m, const struct bytes *text)
{
	return pattern_matches(m->pattern, text->data, text->len);
}

static enum match_verdict verdict_of(int holds)
{
	return holds < 0 ? MATCH_FAILED : holds ? MATCH_YES : MATCH_NO;
}

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
	enum match_verdict verdict = verdict_of(criterion_holds(row, m, p));
	if (!(row->fact & FACT_CMDLINE) || !p->defunct.len || verdict == MATCH_FAILED)
		return verdict;
	// whether it is a zombie is known when it is held
	struct proc zombie = *p;
	zombie.cmdline = p->defunct;
	enum match_verdict other = verdict_of(criterion_holds(row, m, &zombie));
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

	if (m->pids.given)
		verdict = check_pid(&m->pids, p, missing);
	if (verdict != MATCH_NO && m->pattern && !m->full)
		verdict = worse(verdict, check_name(m, p, missing));
	if (verdict != MATCH_NO && m->program)
		verdict = worse(verdict, check_program(m, p, missing));
	const struct criterion *row = criterion_next(m, NULL);
	for (; row && verdict != MATCH_NO; row = criterion_next(m, row))
		verdict = worse(verdict, check_row(row, m, p, missing));
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
		(m->pids.given || m->spared.count ? FACT_INODE : 0) | (m->alive ? FACT_ALIVE : 0);

	if (m->pattern && !m->full)
		facts |= FACT_COMM | FACT_NAME;
	const struct criterion *row = NULL;
	while ((row = criterion_next(m, row)))
		facts |= row->fact;
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
	const struct criterion *first = criterion_next(m, NULL);
	return first ? look_for(first->fact) : FACT_COMM;
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
		const char *name = fullname_base(&p->exe.path);
		const struct bytes base = {name, strlen(name)};

		if (fits(m, &base) == 1)
			return MATCH_NEAR_FILE;
	}
	bool line = p->known & FACT_CMDLINE && p->words.len && fits(m, &p->cmdline) == 1;
	return line && !quote_behind(p->cmdline.data, p->cmdline.len) ? MATCH_NEAR_LINE : MATCH_FAR;
}

// Whether *p matches the patterns; if inverted, whether it does not fulfil all criteria.
static bool is_wanted(const struct match *m, const struct proc *p)
{
	unsigned missing = 0;

	if (m->inverse)
		return check_all(m, p, &missing) != MATCH_YES;
	if (m->pattern && !m->full && check_name(m, p, &missing) != MATCH_YES)
		return false;
	return !match_has_full(m) || (p->known & FACT_CMDLINE && fits(m, &p->cmdline));
}

const char *match_failed_option(const struct match *m, const struct proc *p, bool *denied)
{
	unsigned missing = 0;
	const char *unseen = NULL;

	*denied = false;
	if (!is_wanted(m, p))
		return NULL;
	if (m->pids.given && !m->inverse && check_pid(&m->pids, p, &missing) == MATCH_NO)
		return m->pids.option;
	if (check_pid(&m->spared, p, &missing) == MATCH_YES)
		return "--not-pid";
	if (m->alive && p->known & FACT_ALIVE && !p->alive)
		return "--alive";
	const struct criterion *row = NULL;
	while ((row = criterion_next(m, row))) {
		if (!m->inverse && p->known & row->fact && !criterion_holds(row, m, p))
			return row->option;
		if (p->denied & row->fact)
			unseen = row->option;
	}
	*denied = unseen;
	return unseen;
}
