// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/escape.h"
#include "base/signame.h"
#include "target/target.h"
#include "tell/json.h"
#include "tell/report.h"

#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

struct report report_of(struct delivery *d)
{
	return (struct report){
		.target = d->target,
		.ref = &d->ref,
		.name = d->name,
		.group = d->scope == PIDREF_SCOPE_GROUP,
		.root = d->root,
		.sig = d->sig,
		.outcome = d->outcome,
		.error = d->error,
		.owner_known = d->owner_known,
		.owner = d->owner,
		.ending = d->ending,
		.reclaimed = d->reclaimed,
	};
}

static const char *const words[OUTCOME_MAX] = {
	[OUTCOME_NONE] = "none",
	[OUTCOME_PLANNED] = "planned",
	[OUTCOME_SENT] = "sent",
	[OUTCOME_GONE] = "gone",
	[OUTCOME_RECYCLED] = "recycled",
	[OUTCOME_DEAD] = "dead",
	[OUTCOME_SKIPPED] = "skipped",
	[OUTCOME_DENIED] = "denied",
	[OUTCOME_FAILED] = "failed",
	[OUTCOME_EXITED] = "exited",
	[OUTCOME_FORCED] = "forced",
	[OUTCOME_SURVIVED] = "survived",
};

const char *report_word(enum outcome outcome)
{
	return words[outcome];
}

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

static void phrase_denied(char *buf, const struct report *r)
{
	const struct passwd *user = r->owner_known ? getpwuid(r->owner) : NULL;
	char name[64];

	if (user)
		snprintf(buf, REPORT_STRMAX, "not permitted: it belongs to %s",
			escape_format(name, sizeof(name), user->pw_name, strlen(user->pw_name)));
	else if (r->owner_known)
		snprintf(buf, REPORT_STRMAX, "not permitted: it belongs to uid %u",
			(unsigned)r->owner);
	else
		snprintf(buf, REPORT_STRMAX, "not permitted");
}

static const char *failure(const struct report *r)
{
	switch (r->error) {
	case -EAGAIN:
		return "the queue of pending signals is full";
	case -EINVAL:
		return "it lives outside our pid namespace, the kernel passes no signals there";
	case -ESRCH:
		return "it leads no process group";
	case -EADV:
		return "its memory is not ours to reclaim: that needs CAP_SYS_NICE and the right "
		       "to trace it";
	case -EDEADLK:
		return "that is this program itself, which is left out of a tree";
	case -EOPNOTSUPP:
		return "signals to one thread or to a process group need Linux 6.9";
	default:
		return target_problem(r->error);
	}
}

static void phrase_end(char *buf, const struct report *r, const char *sig)
{
	const struct ending *e = &r->ending;
	char text[ENDING_STRMAX];

	ending_format(text, e);
	if (r->outcome == OUTCOME_DEAD)
		snprintf(buf, REPORT_STRMAX, "already dead (a zombie)%s%s", e->unknown ? "" : ": ",
			e->unknown ? "" : text);
	else if (r->group && r->outcome == OUTCOME_EXITED)
		snprintf(buf, REPORT_STRMAX, "all its members are gone");
	else if (r->group)
		snprintf(buf, REPORT_STRMAX, "all its members are gone, forced with %s", sig);
	else if (r->outcome == OUTCOME_EXITED)
		snprintf(buf, REPORT_STRMAX, "%s", text);
	else if (e->unknown || (WIFSIGNALED(e->wstatus) && WTERMSIG(e->wstatus) == r->sig))
		snprintf(buf, REPORT_STRMAX, "forced with %s", sig);
	else
		snprintf(buf, REPORT_STRMAX, "forced with %s: %s", sig, text);
}

static void phrase_planned(char *buf, const struct report *r, const char *sig)
{
	if (!r->reclaimed.how)
		snprintf(buf, REPORT_STRMAX, "would get %s", sig);
	else
		snprintf(buf, REPORT_STRMAX, "would %s%s%shave its memory %s", r->sig ? "get " : "",
			r->sig ? sig : "", r->sig ? " and " : "",
			r->reclaimed.how == RECLAIM_COLD ? "marked cold" : "paged out");
}

static void phrase_sent(char *buf, const struct report *r, const char *sig)
{
	const struct reclaimed *m = &r->reclaimed;
	char sent[SIGNAME_MAX + 8] = "";

	if (!m->how) {
		snprintf(buf, REPORT_STRMAX, r->sig ? "sent %s" : "alive", sig);
		return;
	}
	if (r->sig)
		snprintf(sent, sizeof(sent), "sent %s, ", sig);
	if (m->how == RECLAIM_COLD)
		snprintf(buf, REPORT_STRMAX,
			"%s%" PRIu64 " bytes marked cold, gave back %" PRIu64 " bytes", sent,
			m->advised, m->given);
	else
		snprintf(buf, REPORT_STRMAX, "%sgave back %" PRIu64 " bytes", sent, m->given);
}

char *report_phrase(char buf[static REPORT_STRMAX], const struct report *r)
{
	char sig[SIGNAME_MAX];

	signame_format(sig, r->sig);
	switch (r->outcome) {
	case OUTCOME_PLANNED:
		phrase_planned(buf, r, sig);
		break;
	case OUTCOME_SENT:
		phrase_sent(buf, r, sig);
		break;
	case OUTCOME_GONE:
		snprintf(buf, REPORT_STRMAX, "%s",
			r->group ? "no such process group"
				 : target_problem(r->error ? r->error : -ESRCH));
		break;
	case OUTCOME_RECYCLED:
		snprintf(buf, REPORT_STRMAX, "%s", target_problem(-ESTALE));
		break;
	case OUTCOME_SKIPPED:
		snprintf(buf, REPORT_STRMAX, "has no handler for %s, nothing was sent", sig);
		break;
	case OUTCOME_DENIED:
		phrase_denied(buf, r);
		break;
	case OUTCOME_FAILED:
		snprintf(buf, REPORT_STRMAX, "%s", failure(r));
		break;
	case OUTCOME_DEAD:
	case OUTCOME_EXITED:
	case OUTCOME_FORCED:
		phrase_end(buf, r, sig);
		break;
	case OUTCOME_SURVIVED:
		snprintf(buf, REPORT_STRMAX, r->sig ? "survived %s" : "still there", sig);
		break;
	default:
		snprintf(buf, REPORT_STRMAX, "%s", words[r->outcome]);
	}
	return buf;
}

static pid_t pid_of(const struct report *r)
{
	return r->ref && r->ref->fd >= 0 ? r->ref->pid : 0;
}

char *report_label(char buf[static REPORT_STRMAX], const struct report *r)
{
	pid_t pid = r->group && r->target ? 0 : pid_of(r);
	size_t size = REPORT_STRMAX;
	char number[16] = "";
	char *at = buf;

	*buf = 0;
	if (pid)
		snprintf(number, sizeof(number), "%d", (int)pid);
	if (!r->target && r->root) {
		at += snprintf(at, 2 * sizeof(number), "%d: ", (int)r->root);
	} else if (r->target && strcmp(r->target, number) != 0) {
		escape_format(buf, size / 2, r->target, strlen(r->target));
		at += strlen(at);
		if (pid)
			at += snprintf(at, 3, ": ");
	}
	at += snprintf(at, sizeof(number), "%s", number);
	if (pid && r->name) {
		char name[REPORT_STRMAX / 3];

		escape_format(name, sizeof(name), r->name, strlen(r->name));
		snprintf(at, size - (size_t)(at - buf), " (%s)", name);
	}
	return buf;
}

void report_text(FILE *out, const struct report *r)
{
	char label[REPORT_STRMAX];
	char phrase[REPORT_STRMAX];

	fprintf(out, "%s: %s\n", report_label(label, r), report_phrase(phrase, r));
	fflush(out);
}

// What names the process, as every program's JSON has it.
static void json_process(struct json *j, const struct report *r)
{
	char handle[TARGET_STRMAX];

	if (!pid_of(r)) {
		json_null(j, "pid");
		json_null(j, "inode");
		json_null(j, "handle");
		return;
	}
	json_number(j, "pid", pid_of(r));
	if (pidref_learn_inode(r->ref) < 0)
		json_null(j, "inode");
	else
		json_unsigned(j, "inode", r->ref->inode);
	json_text(j, "handle", target_format(handle, r->ref));
}

void report_json(FILE *out, const struct report *r)
{
	struct json j = json_begin(out);
	char sig[SIGNAME_MAX];

	json_process(&j, r);
	json_text(&j, "name", r->name);
	if (r->target)
		json_text(&j, "target", r->target);
	if (r->root)
		json_number(&j, "root", r->root);
	json_text(&j, "signal", signame_format(sig, r->sig));
	json_text(&j, "result", report_word(r->outcome));
	if (r->reclaimed.how && r->outcome != OUTCOME_PLANNED) {
		json_unsigned(&j, "advised", r->reclaimed.advised);
		json_unsigned(&j, "reclaimed", r->reclaimed.given);
	}
	if (r->outcome == OUTCOME_FAILED)
		json_text(&j, "error", failure(r));
	if (r->outcome == OUTCOME_DENIED && r->owner_known)
		json_unsigned(&j, "uid", r->owner);
	bool ended = r->outcome == OUTCOME_DEAD || r->outcome == OUTCOME_EXITED ||
		     r->outcome == OUTCOME_FORCED;
	if (ended && !r->group && !r->ending.unknown)
		json_number(&j, "status", ending_status(&r->ending));
	json_end(&j);
}

void report_count(struct report_tally *tally, enum outcome outcome, int error)
{
	tally->count[outcome]++;
	if (outcome != OUTCOME_FAILED)
		return;
	switch (error) {
	case -ENOSYS:
	case -EOPNOTSUPP:
	case -ENOMEM:
	case -EMFILE:
	case -ENFILE:
		tally->system = true;
	}
}

enum exit_status report_status(const struct report_tally *tally)
{
	const size_t *n = tally->count;
	size_t done = n[OUTCOME_PLANNED] + n[OUTCOME_SENT] + n[OUTCOME_DEAD] + n[OUTCOME_EXITED] +
		      n[OUTCOME_FORCED];
	size_t undone =
		n[OUTCOME_GONE] + n[OUTCOME_RECYCLED] + n[OUTCOME_DENIED] + n[OUTCOME_FAILED];

	if (tally->system)
		return EXIT_SYSTEM;
	if (n[OUTCOME_SURVIVED])
		return EXIT_DEADLINE;
	if (!done)
		return EXIT_NONE;
	return undone ? EXIT_PARTIAL : EXIT_DONE;
}
