// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/escape.h"
#include "base/signame.h"
#include "target/target.h"
#include "tell/json.h"
#include "tell/record.h"
#include "tell/refusal.h"
#include "tell/report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

bool report_is_trouble(enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_GONE:
	case OUTCOME_RECYCLED:
	case OUTCOME_DENIED:
	case OUTCOME_FAILED:
	case OUTCOME_SURVIVED:
		return true;
	default:
		return false;
	}
}

static bool is_group(const struct delivery *d)
{
	return d->scope == PIDREF_SCOPE_GROUP;
}

static const char *failure(const struct delivery *d)
{
	switch (d->error) {
	case -EAGAIN:
		return "the queue of pending signals is full";
	case -EINVAL:
		return "it lives outside our pid namespace, the kernel passes no signals there";
	case -ESRCH:
		return "it leads no process group";
	case -EADV:
		return "its memory is not ours to reclaim: that needs CAP_SYS_NICE and the right "
		       "to trace it";
	case -EOVERFLOW:
		return "it is a 64-bit process, whose memory a 32-bit program cannot name";
	case -EDEADLK:
		return "that is this program itself, which is skipped in a tree";
	case -EOPNOTSUPP:
		return "signals to one thread or to a process group need Linux 6.9";
	default:
		return target_problem(d->error);
	}
}

static void phrase_end(char *buf, const struct delivery *d, const char *sig)
{
	const struct ending *e = &d->ending;
	char text[ENDING_STRMAX];

	ending_format(text, e);
	if (d->outcome == OUTCOME_DEAD)
		snprintf(buf, REPORT_STRMAX, "already dead (a zombie)%s%s", e->unknown ? "" : ": ",
			e->unknown ? "" : text);
	else if (is_group(d) && d->outcome == OUTCOME_ENDED)
		snprintf(buf, REPORT_STRMAX, "all its members are gone");
	else if (is_group(d))
		snprintf(buf, REPORT_STRMAX, "all its members are gone, forced with %s", sig);
	else if (d->outcome == OUTCOME_ENDED)
		snprintf(buf, REPORT_STRMAX, "%s", text);
	else if (e->unknown || (WIFSIGNALED(e->wstatus) && WTERMSIG(e->wstatus) == d->sig))
		snprintf(buf, REPORT_STRMAX, "forced with %s", sig);
	else
		snprintf(buf, REPORT_STRMAX, "forced with %s: %s", sig, text);
}

static void phrase_sent(char *buf, const struct delivery *d, const char *sig)
{
	const struct reclaimed *m = &d->reclaimed;
	char sent[SIGNAME_MAX + 8] = "";

	if (!m->how) {
		snprintf(buf, REPORT_STRMAX, d->sig ? "sent %s%s" : "alive", sig,
			d->resumed ? " and CONT" : "");
		return;
	}
	if (d->sig)
		snprintf(sent, sizeof(sent), "sent %s, ", sig);
	if (m->how == RECLAIM_COLD)
		snprintf(buf, REPORT_STRMAX,
			"%s%" PRIu64 " bytes marked cold, gave back %" PRIu64 " bytes", sent,
			m->advised, m->given);
	else
		snprintf(buf, REPORT_STRMAX, "%sgave back %" PRIu64 " bytes", sent, m->given);
}

char *report_phrase(char buf[static REPORT_STRMAX], const struct delivery *d)
{
	char refusal[REFUSAL_STRMAX];
	char sig[SIGNAME_MAX];

	signame_format(sig, d->sig);
	switch (d->outcome) {
	case OUTCOME_SENT:
		phrase_sent(buf, d, sig);
		break;
	case OUTCOME_GONE:
		snprintf(buf, REPORT_STRMAX, "%s",
			is_group(d) ? "no such process group"
				    : target_problem(d->error ? d->error : -ESRCH));
		break;
	case OUTCOME_RECYCLED:
		snprintf(buf, REPORT_STRMAX, "%s", target_problem(-ESTALE));
		break;
	case OUTCOME_SKIPPED:
		snprintf(buf, REPORT_STRMAX, "has no handler for %s, nothing was sent", sig);
		break;
	case OUTCOME_DENIED:
		snprintf(buf, REPORT_STRMAX, "%s",
			refusal_phrase(refusal, d->owner_known ? &d->owner : NULL));
		break;
	case OUTCOME_FAILED:
		snprintf(buf, REPORT_STRMAX, "%s", failure(d));
		break;
	case OUTCOME_DEAD:
	case OUTCOME_ENDED:
	case OUTCOME_FORCED:
		phrase_end(buf, d, sig);
		break;
	case OUTCOME_SURVIVED:
		snprintf(buf, REPORT_STRMAX, d->sig ? "survived %s%s%s" : "still there", sig,
			d->reason ? ": " : "", d->reason ? d->reason : "");
		break;
	default:
		snprintf(buf, REPORT_STRMAX, "%s", record_word(d->outcome));
	}
	return buf;
}

static pid_t pid_of(const struct delivery *d)
{
	return pidref_is_held(&d->ref) ? d->ref.pid : 0;
}

char *report_label(char buf[static REPORT_STRMAX], const struct delivery *d)
{
	pid_t pid = is_group(d) && d->target ? 0 : pid_of(d);
	size_t size = REPORT_STRMAX;
	char number[16] = "";
	char *at = buf;

	*buf = 0;
	if (pid)
		snprintf(number, sizeof(number), "%d", (int)pid);
	if (!d->target && d->root) {
		at += snprintf(at, 2 * sizeof(number), "%d: ", (int)d->root);
	} else if (d->target && strcmp(d->target, number) != 0) {
		escape_format(buf, size / 2, d->target, strlen(d->target));
		at += strlen(at);
		if (pid)
			at += snprintf(at, 3, ": ");
	}
	at += snprintf(at, sizeof(number), "%s", number);
	if (pid && d->name) {
		char name[REPORT_STRMAX / 3];

		escape_format(name, sizeof(name), d->name, strlen(d->name));
		snprintf(at, size - (size_t)(at - buf), " (%s)", name);
	}
	return buf;
}

void report_text(FILE *out, const struct delivery *d)
{
	char label[REPORT_STRMAX];
	char phrase[REPORT_STRMAX];

	fprintf(out, "%s: %s\n", report_label(label, d), report_phrase(phrase, d));
	fflush(out);
}

static bool is_dead(enum outcome outcome)
{
	return outcome == OUTCOME_DEAD || outcome == OUTCOME_ENDED || outcome == OUTCOME_FORCED;
}

void report_json(FILE *out, struct delivery *d, struct bootid *boot)
{
	struct json j = json_begin(out);
	char sig[SIGNAME_MAX];

	// the handle of a group is that of its leader, which has its own outcome
	record_process(&j, is_group(d) ? NULL : &d->ref, boot);
	json_text(&j, "name", d->name);
	if (is_group(d) && d->ref.pid)
		json_number(&j, "pgid", d->ref.pid);
	if (d->target)
		json_text(&j, "target", d->target);
	if (d->root)
		json_number(&j, "root", d->root);
	json_text(&j, "signal", signame_format(sig, d->sig));
	json_text(&j, "result", record_word(d->outcome));
	if (d->reclaimed.how && d->outcome != OUTCOME_PLANNED) {
		json_unsigned(&j, "advised", d->reclaimed.advised);
		json_unsigned(&j, "reclaimed", d->reclaimed.given);
	}
	if (d->outcome == OUTCOME_FAILED)
		json_text(&j, "error", failure(d));
	if (d->outcome == OUTCOME_SURVIVED && d->reason)
		json_text(&j, "reason", d->reason);
	if (d->outcome == OUTCOME_DENIED && d->owner_known)
		json_unsigned(&j, "uid", d->owner);
	if (is_dead(d->outcome) && !is_group(d))
		record_ending(&j, &d->ending);
	json_end(&j);
}

bool report_is_absent(enum outcome outcome, int error)
{
	return outcome == OUTCOME_GONE || outcome == OUTCOME_RECYCLED ||
	       (outcome == OUTCOME_FAILED && target_is_absent(error));
}

void report_count(struct report_tally *tally, enum outcome outcome, int error)
{
	if (tally->if_any && report_is_absent(outcome, error))
		return;
	tally->count[outcome]++;
	if (outcome != OUTCOME_FAILED)
		return;
	switch (error) {
	case -ENOSYS:
	case -EOPNOTSUPP:
	case -EOVERFLOW:
	case -ENOMEM:
	case -EMFILE:
	case -ENFILE:
		tally->system = true;
	}
}

enum exit_status report_status(const struct report_tally *tally)
{
	const size_t *n = tally->count;
	size_t done = n[OUTCOME_PLANNED] + n[OUTCOME_SENT] + n[OUTCOME_DEAD] + n[OUTCOME_ENDED] +
		      n[OUTCOME_FORCED];
	size_t undone =
		n[OUTCOME_GONE] + n[OUTCOME_RECYCLED] + n[OUTCOME_DENIED] + n[OUTCOME_FAILED];

	if (tally->system)
		return EXIT_SYSTEM;
	if (n[OUTCOME_SURVIVED])
		return EXIT_DEADLINE;
	if (!done)
		return tally->if_any && !undone ? EXIT_DONE : EXIT_NONE;
	return undone ? EXIT_PARTIAL : EXIT_DONE;
}
