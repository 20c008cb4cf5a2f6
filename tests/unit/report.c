// SPDX-License-Identifier: GPL-2.0-or-later
// report.c: unit tests of report.h.
#include "config.h"

#include "check.h"
#include "tell/record.h"
#include "tell/report.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define KNOWN(status)                                        \
	{                                                    \
		.unknown = ENDING_KNOWN, .wstatus = (status) \
	}

static void every_outcome_has_a_word_and_a_phrase(void)
{
	for (int o = OUTCOME_NONE; o < OUTCOME_MAX; o++) {
		struct delivery r = {.outcome = (enum outcome)o, .sig = SIGTERM};
		char phrase[REPORT_STRMAX];

		r.ending.unknown = ENDING_NOT_REAPED;
		CHECK(record_word(r.outcome) && *record_word(r.outcome));
		CHECK(*report_phrase(phrase, &r));
	}
}

static void phrases_say_how_it_ended(void)
{
	static const struct {
		const char *want;
		struct delivery r;
	} rows[] = {
		{"sent RTMAX", {.outcome = OUTCOME_SENT, .sig = 64}},
		{"alive", {.outcome = OUTCOME_SENT, .sig = 0}},
		{"No such process", {.outcome = OUTCOME_GONE}},
		{"no such process group", {.outcome = OUTCOME_GONE, .scope = PIDREF_SCOPE_GROUP}},
		{"recycled: that process is gone", {.outcome = OUTCOME_RECYCLED}},
		{"has no handler for HUP, nothing was sent",
			{.outcome = OUTCOME_SKIPPED, .sig = SIGHUP}},
		{"not permitted", {.outcome = OUTCOME_DENIED}},
		{"not permitted: it belongs to root",
			{.outcome = OUTCOME_DENIED, .owner_known = true, .owner = 0}},
		{"not permitted: it belongs to uid 4000000",
			{.outcome = OUTCOME_DENIED, .owner_known = true, .owner = 4000000}},
		{"the queue of pending signals is full",
			{.outcome = OUTCOME_FAILED, .error = -EAGAIN}},
		{"it leads no process group", {.outcome = OUTCOME_FAILED, .error = -ESRCH}},
		{"already dead (a zombie): exited with status 3",
			{.outcome = OUTCOME_DEAD, .ending = KNOWN(3 << 8)}},
		{"already dead (a zombie)",
			{.outcome = OUTCOME_DEAD, .ending.unknown = ENDING_NOT_REAPED}},
		{"exited with status 0", {.outcome = OUTCOME_ENDED, .ending = KNOWN(0)}},
		{"killed by signal 15 (TERM)",
			{.outcome = OUTCOME_ENDED, .ending = KNOWN(SIGTERM)}},
		{"gone, status unknown",
			{.outcome = OUTCOME_ENDED, .ending.unknown = ENDING_NOT_REAPED}},
		{"forced with KILL",
			{.outcome = OUTCOME_FORCED, .sig = SIGKILL, .ending = KNOWN(SIGKILL)}},
		{"forced with INT: exited with status 2",
			{.outcome = OUTCOME_FORCED, .sig = SIGINT, .ending = KNOWN(2 << 8)}},
		{"forced with KILL: killed by signal 15 (TERM)",
			{.outcome = OUTCOME_FORCED, .sig = SIGKILL, .ending = KNOWN(SIGTERM)}},
		{"forced with KILL", {.outcome = OUTCOME_FORCED,
					     .sig = SIGKILL,
					     .ending.unknown = ENDING_NOT_REAPED}},
		{"all its members are gone",
			{.outcome = OUTCOME_ENDED, .scope = PIDREF_SCOPE_GROUP}},
		{"all its members are gone, forced with KILL",
			{.outcome = OUTCOME_FORCED, .scope = PIDREF_SCOPE_GROUP, .sig = SIGKILL}},
		{"survived KILL", {.outcome = OUTCOME_SURVIVED, .sig = SIGKILL}},
		{"still there", {.outcome = OUTCOME_SURVIVED, .sig = 0}},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char phrase[REPORT_STRMAX];

		check_row = rows[i].want;
		CHECK_STR(report_phrase(phrase, &rows[i].r), rows[i].want);
	}
}

static void labels_name_the_process_and_the_users_word(void)
{
	// a handle is only looked at, never used here
	struct pidref ref = {.pid = 4711, .fd = 0};
	const struct {
		const char *want;
		struct delivery r;
	} rows[] = {
		{"4711", {.target = "4711", .ref = ref}},
		{"4711", {.ref = ref}},
		{"4711 (sleep)", {.target = "4711", .ref = ref, .name = (char[]){"sleep"}}},
		{"fd:5: 4711 (sleep)", {.target = "fd:5", .ref = ref, .name = (char[]){"sleep"}}},
		{"sleep: 4711", {.target = "sleep", .ref = ref}},
		{"4711 (a\\n\\x1b[1mb)", {.ref = ref, .name = (char[]){"a\n\x1b[1mb"}}},
		{"4712:9", {.target = "4712:9", .ref = PIDREF_NULL}},
		{"4712", {.target = "4712"}},
		{"-4711", {.target = "-4711", .ref = ref, .scope = PIDREF_SCOPE_GROUP}},
	};
	char label[REPORT_STRMAX];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		check_row = rows[i].want;
		CHECK_STR(report_label(label, &rows[i].r), rows[i].want);
	}
}

static void labels_of_any_length_fit(void)
{
	struct pidref ref = {.pid = 4711, .fd = 0};
	char label[REPORT_STRMAX];
	char longest[2000];

	memset(longest, '\1', sizeof(longest));
	longest[sizeof(longest) - 1] = 0;
	struct delivery r = {.target = longest, .ref = ref, .name = longest};
	CHECK(strlen(report_label(label, &r)) < REPORT_STRMAX);
	CHECK(strstr(label, "4711 (") != NULL);
}

static const char *json_of(struct delivery *r)
{
	static char text[1000];
	FILE *out = fmemopen(text, sizeof(text), "w");

	if (!out)
		return "";
	report_json(out, r, &(struct bootid){0});
	fclose(out);
	return text;
}

static void json_has_what_is_known(void)
{
	struct delivery gone = {.target = "4712", .sig = SIGTERM, .outcome = OUTCOME_GONE};
	struct delivery forced = {
		.sig = SIGKILL, .outcome = OUTCOME_FORCED, .ending = KNOWN(SIGKILL)};
	struct delivery denied = {.target = "1",
		.sig = 0,
		.outcome = OUTCOME_DENIED,
		.owner_known = true,
		.owner = 7,
		.name = (char[]){"a\"\xff"}};
	struct delivery owned = {.outcome = OUTCOME_SENT, .owner_known = true, .owner = 7};
	struct delivery nobodys = {.outcome = OUTCOME_DENIED};

	CHECK_STR(json_of(&owned),
		"{\"pid\":null,\"pidfdId\":null,\"bootId\":null,\"handle\":null,\"name\":null,"
		"\"signal\":\"0\",\"result\":\"sent\"}\n");
	CHECK_STR(json_of(&nobodys),
		"{\"pid\":null,\"pidfdId\":null,\"bootId\":null,\"handle\":null,\"name\":null,"
		"\"signal\":\"0\",\"result\":\"denied\"}\n");
	CHECK_STR(json_of(&gone),
		"{\"pid\":null,\"pidfdId\":null,\"bootId\":null,\"handle\":null,\"name\":null,"
		"\"target\":\"4712\",\"signal\":\"TERM\",\"result\":\"gone\"}\n");
	CHECK_STR(json_of(&forced),
		"{\"pid\":null,\"pidfdId\":null,\"bootId\":null,\"handle\":null,\"name\":null,"
		"\"signal\":\"KILL\",\"result\":\"forced\",\"ending\":\"killed\",\"killedBy\":\"KILL\",\"coreDumped\":false}\n");
	CHECK_STR(json_of(&denied),
		"{\"pid\":null,\"pidfdId\":null,\"bootId\":null,\"handle\":null,\"name\":\"a\\\"\xef\xbf\xbd\","
		"\"target\":\"1\",\"signal\":\"0\",\"result\":\"denied\",\"uid\":7}\n");
}

static void the_status_follows_from_the_outcomes(void)
{
	static const struct {
		const char *outcomes; // a letter each
		int want;
	} rows[] = {
		{"", EXIT_NONE},
		{"s", EXIT_DONE},
		{"ss", EXIT_DONE},
		{"e", EXIT_DONE},
		{"f", EXIT_DONE},
		{"d", EXIT_DONE},
		{"p", EXIT_DONE},
		{"sefdp", EXIT_DONE},
		{"g", EXIT_NONE},
		{"r", EXIT_NONE},
		{"n", EXIT_NONE},
		{"x", EXIT_NONE},
		{"grnx", EXIT_NONE},
		{"k", EXIT_NONE},
		{"sk", EXIT_DONE},
		{"gk", EXIT_NONE},
		{"sg", EXIT_PARTIAL},
		{"er", EXIT_PARTIAL},
		{"fn", EXIT_PARTIAL},
		{"dx", EXIT_PARTIAL},
		{"v", EXIT_DEADLINE},
		{"sv", EXIT_DEADLINE},
		{"gv", EXIT_DEADLINE},
		{"fvg", EXIT_DEADLINE},
		{"Y", EXIT_SYSTEM},
		{"sY", EXIT_SYSTEM},
		{"vY", EXIT_SYSTEM},
	};
	static const char letters[] = "?psgrdknxefv";

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct report_tally tally = {0};

		check_row = rows[i].outcomes;
		for (const char *p = rows[i].outcomes; *p; p++) {
			const char *at = strchr(letters, *p);

			if (at)
				report_count(&tally, (enum outcome)(at - letters), -EAGAIN);
			else
				report_count(&tally, OUTCOME_FAILED, -EOPNOTSUPP);
		}
		CHECK_INT(report_status(&tally), rows[i].want);
	}
}

int main(void)
{
	static const struct check_test tests[] = {
		{"every outcome has a word and a phrase", every_outcome_has_a_word_and_a_phrase},
		{"a phrase says how it ended", phrases_say_how_it_ended},
		{"a label names the process and the user's word",
			labels_name_the_process_and_the_users_word},
		{"a label of any length fits", labels_of_any_length_fit},
		{"JSON has what is known and null for the rest", json_has_what_is_known},
		{"the exit status follows from the outcomes", the_status_follows_from_the_outcomes},
	};

	// as root or the owner a sandbox would be named
	if (geteuid() == 0 && setresuid(4000001, 4000001, 4000001) < 0)
		return 1;
	return check_run(tests, sizeof(tests) / sizeof(*tests));
}
