// SPDX-License-Identifier: GPL-2.0-or-later
// signame.c: unit tests of signame.h.
#include "config.h"

#include "base/signame.h"
#include "check.h"

#include <errno.h>
#include <signal.h>

enum { UNTOUCHED = -77 };

static void reads_every_spelling(void)
{
	const struct {
		const char *text;
		int want;
	} rows[] = {
		{"TERM", SIGTERM},
		{"SIGTERM", SIGTERM},
		{"term", SIGTERM},
		{"sigTerm", SIGTERM},
		{"15", SIGTERM},
		{"0", 0},
		{"64", 64},
		{"IOT", SIGABRT},
		{"CLD", SIGCHLD},
		{"POLL", SIGIO},
		{"RTMIN", SIGRTMIN},
		{"RTMAX", SIGRTMAX},
		{"SIGRTMIN+3", SIGRTMIN + 3},
		{"rtmin+3", SIGRTMIN + 3},
		{"RTMAX-2", SIGRTMAX - 2},
		{"RT3", SIGRTMIN + 3},
		{"RTMIN+29", SIGRTMIN + 29},
		{"RTMAX-29", SIGRTMAX - 29},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int got = UNTOUCHED;

		check_row = rows[i].text;
		CHECK_INT(signame_parse(rows[i].text, &got), 0);
		CHECK_INT(got, rows[i].want);
	}
}

static void refuses_what_is_none(void)
{
	static const char *const rows[] = {"", "SIG", "BOGUS", "-1", "65", "015x", "TERMX", "RT",
		"RTMIN+", "RTMIN-1", "RTMIN+31", "RTMAX+1", "RTMAX-31", "RT31", "RTMIN+0x1",
		" TERM", "SIGSIGTERM", "SIG15", "99999999999999999999"};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int got = UNTOUCHED;

		check_row = rows[i];
		CHECK_INT(signame_parse(rows[i], &got), -EINVAL);
		CHECK_INT(got, UNTOUCHED);
	}
}

static void every_number_comes_back(void)
{
	char buf[SIGNAME_MAX];

	for (int sig = 0; sig <= signame_last(); sig++) {
		int got = UNTOUCHED;

		check_row = signame_format(buf, sig);
		CHECK_INT(signame_parse(buf, &got), 0);
		CHECK_INT(got, sig);
	}
	CHECK_STR(signame_format(buf, SIGTERM), "TERM");
	CHECK_STR(signame_format(buf, SIGABRT), "ABRT");
	CHECK_STR(signame_format(buf, SIGRTMIN), "RTMIN");
	CHECK_STR(signame_format(buf, SIGRTMAX), "RTMAX");
	CHECK_STR(signame_format(buf, SIGRTMIN + 1), "RTMIN+1");
	CHECK_STR(signame_format(buf, 0), "0");
}

static void numbers_are_no_names(void)
{
	int got = UNTOUCHED;

	CHECK_INT(signame_parse_name("9", &got), -EINVAL);
	CHECK_INT(signame_parse_name("KILL", &got), 0);
	CHECK_INT(got, SIGKILL);
}

int main(void)
{
	static const struct check_test tests[] = {
		{"every spelling of a signal is read", reads_every_spelling},
		{"what is no signal is refused", refuses_what_is_none},
		{"every number has a text that reads back", every_number_comes_back},
		{"names can be told from numbers", numbers_are_no_names},
	};

	return check_run(tests, sizeof(tests) / sizeof(*tests));
}
