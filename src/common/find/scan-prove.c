// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "find/quote.h"
#include "find/scan-prove.h"

#include <errno.h>
#include <string.h>
#include <time.h>

// The handle of the process that *ref holds, or whose thread it holds.
static struct pidref *leader_of(struct scan *s, struct pidref *ref)
{
	return s->plan->threads ? &s->leader : ref;
}

// Learn the facts that the criteria need until they are decided. -ESRCH: it is gone.
static int decide(struct scan *s, struct pidref *ref, enum match_verdict *verdict)
{
	unsigned want = 0;

	while ((*verdict = match(s->plan->match, &s->now.proc, &want)) == MATCH_UNKNOWN && want) {
		int r = facts_learn(&s->now, want, ref, leader_of(s, ref));

		if (r < 0)
			return r;
	}
	return *verdict == MATCH_FAILED ? -ENOMEM : 0;
}

// Learn everything about the held process: whether it matches, and if so the extra facts. Facts
// that are denied stay unknown.
static int learn(struct scan *s, struct pidref *ref, enum match_verdict *verdict)
{
	const struct scan_plan *plan = s->plan;
	unsigned start = plan->which == SCAN_ALL ? 0 : FACT_START;
	unsigned line = plan->skip_quotes ? FACT_CMDLINE : 0;
	int r = 0;

	// what was read without a handle could be another process's
	facts_forget(&s->now);
	// to explain why it is skipped, all facts are needed
	if (plan->explain)
		r = facts_learn_all(&s->now,
			match_facts(plan->match) | FACT_COMM | FACT_EXE | FACT_CMDLINE, ref,
			leader_of(s, ref));
	if (!r)
		r = decide(s, ref, verdict);
	if (!r && *verdict == MATCH_YES)
		r = facts_learn_all(&s->now, plan->extra | start | line, ref, leader_of(s, ref));
	// if we may not see its age, it is neither the newest nor the oldest; if we may not see its
	// command line, it could quote a search
	if (*verdict == MATCH_YES && (start | line) & ~s->now.proc.known)
		*verdict = MATCH_UNKNOWN;
	return r;
}

// All that was read belongs to this process if it is not reaped now.
static int verify(struct scan *s, const struct pidref *ref)
{
	int r = pidref_verify(ref);

	return !r && s->plan->threads ? pidref_verify(&s->leader) : r;
}

void scan_refuse(const struct scan *s, const struct proc *p, enum scan_reason reason)
{
	const struct scan_refusal why = {.reason = reason};

	if (s->plan->refused)
		s->plan->refused(p, &why, s->plan->refused_data);
}

// The process whose facts are known does not match: report the reason if there is one.
static void refuse_by_option(struct scan *s)
{
	bool denied;
	const char *option = match_failed_option(s->plan->match, &s->now.proc, &denied);
	const struct scan_refusal why = {denied ? SCAN_DENIED : SCAN_FAILED, option};

	if (option) {
		s->plan->refused(&s->now.proc, &why, s->plan->refused_data);
		return;
	}
	enum match_near near = match_nearly(s->plan->match, &s->now.proc);
	if (near)
		scan_refuse(
			s, &s->now.proc, near == MATCH_NEAR_LINE ? SCAN_NEAR_LINE : SCAN_NEAR_FILE);
}

// ---- searches that find themselves ----

// Whether the process was in execve(2) neither at *a nor at *b, nor between them.
static bool is_settled(const struct statline *a, const struct statline *b)
{
	return !a->in_exec && !b->in_exec && a->forked == b->forked &&
	       !memcmp(a->image, b->image, sizeof(a->image));
}

// Learn everything about the held process, as `learn` does. In execve(2) it has no command line,
// and the name in brackets that stands for it is that of the old program: wait until it has the new
// one.
static int learn_settled(struct scan *s, struct pidref *ref, enum match_verdict *verdict)
{
	struct statline before = {.in_exec = true};
	struct statline after;

	for (int tries = 0; tries < LINEAGE_PATIENCE; tries++, before = after) {
		int r = learn(s, ref, verdict);

		if (r < 0 || *verdict != MATCH_YES || !match_has_line(s->plan->match) ||
			s->now.proc.words.len)
			return r;
		r = lineage_line(s->dir, leader_of(s, ref), &after);
		if (r < 0 || is_settled(&before, &after))
			return r;
		if (after.in_exec)
			lineage_pause();
	}
	*verdict = MATCH_UNKNOWN;
	return 0;
}

// Whether the held process is an ancestor to be skipped, or a fork of one. A fork can call exec at
// any time, so this is found out before the criteria read its facts: if it has called exec by now,
// they are those of its own program. 1 with *reason, 0 or -errno.
static int is_spared(struct scan *s, struct pidref *ref, enum scan_reason *reason)
{
	struct pidref *leader = leader_of(s, ref);

	if (!s->plan->ignore_ancestors)
		return 0;
	*reason = SCAN_ANCESTOR;
	int r = lineage_has(&s->lineage, leader);
	if (r)
		return r;
	*reason = SCAN_FORK;
	return lineage_forked_settled(&s->lineage, s->dir, leader);
}

// Whether the command line of the held process quotes a search as in (a) or (b) of scan.h.
static int quotes(struct scan *s, struct pidref *ref, enum scan_reason *reason)
{
	const struct proc *p = &s->now.proc;
	const char *behind = quote_behind(p->cmdline.data, p->cmdline.len);
	struct pidref *leader = leader_of(s, ref);

	if (!behind)
		return 0;
	*reason = SCAN_OURS;
	int r = lineage_has(&s->lineage, leader);
	if (!r)
		r = lineage_forked_with(&s->lineage, s->dir, leader, p->words.data, p->words.len);
	if (r)
		return r;
	const struct bytes rest = {behind, p->cmdline.len - (size_t)(behind - p->cmdline.data)};
	*reason = SCAN_QUOTES;
	return match_line(s->plan->match, &rest);
}

// Whether the held process, which matches, only quotes a search. If it does not, *verdict is found
// out once more: a fork can have called exec since its command line was read, and then what matched
// was not its own.
static int only_quotes(
	struct scan *s, struct pidref *ref, enum match_verdict *verdict, enum scan_reason *reason)
{
	const struct proc *p = &s->now.proc;

	if (!s->plan->skip_quotes || !quote_behind(p->cmdline.data, p->cmdline.len))
		return 0;
	int r = quotes(s, ref, reason);
	if (r)
		return r;
	r = learn_settled(s, ref, verdict);
	return r < 0 || *verdict != MATCH_YES ? r : quotes(s, ref, reason);
}

// Whether the held process, which matches, is to be found. 1, 0 or -errno.
static int accept(struct scan *s, struct pidref *ref)
{
	const struct scan_plan *plan = s->plan;

	int r = plan->repeat ? idset_add_pidref(&s->seen, ref) : 1;
	if (r == 1 && plan->meant)
		r = plan->meant(&s->now.proc, ref, plan->meant_data);
	return r;
}

int scan_prove(struct scan *s, struct pidref *ref)
{
	enum match_verdict verdict = MATCH_UNKNOWN;
	enum scan_reason reason = SCAN_FAILED;

	int spared = is_spared(s, ref, &reason);
	int r = spared < 0 ? spared : learn_settled(s, ref, &verdict);
	if (!r && !spared && verdict == MATCH_YES) {
		r = only_quotes(s, ref, &verdict, &reason);
		spared = r > 0;
	}
	// if a process is skipped silently, it does not matter whose facts were read
	if (!r && verdict != MATCH_YES && !s->plan->explain)
		return 0;
	if (r >= 0)
		r = verify(s, ref);
	if (r < 0)
		return r == -ESRCH ? 0 : r;
	if (verdict != MATCH_YES) {
		refuse_by_option(s);
		return 0;
	}
	r = accept(s, ref);
	if (r == 1 && spared) {
		scan_refuse(s, &s->now.proc, reason);
		return 0;
	}
	s->news |= r == 1;
	return r;
}
