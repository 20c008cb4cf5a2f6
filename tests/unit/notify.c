// SPDX-License-Identifier: GPL-2.0-or-later
// notify.c: unit tests of what notify.h reads in a message.
#include "config.h"

#include "check.h"
#include "run/notify.h"

static struct notice read_lines(char *room, const char *text)
{
	struct notice n;

	strcpy(room, text);
	notice_parse(&n, room);
	return n;
}

static void reads_several_lines(void)
{
	char room[256];
	struct notice n = read_lines(room,
		"READY=1\nSTATUS=a=b: 100 %\nMAINPID=4711\nMAINPIDFDID=18446744073709551615\n"
		"MAINPIDFD=1\n"
		"ERRNO=2\nEXIT_STATUS=0\nEXTEND_TIMEOUT_USEC=5000000\nSTOPPING=1\nRELOADING=1");

	CHECK(n.ready && n.stopping && n.has_error && n.has_exit);
	CHECK_STR(n.status, "a=b: 100 %");
	CHECK_INT(n.main_pid, 4711);
	CHECK(n.main_inode == UINT64_MAX && n.main_pidfd);
	CHECK_INT(n.error, 2);
	CHECK_INT(n.exit, 0);
	CHECK_INT(n.extend, 5000000);
}

static void passes_over_the_rest(void)
{
	static const char *const rows[] = {
		"",
		"\n\n\n",
		"READY",
		"READY=",
		"READY=0",
		"READY=11",
		"XREADY=1",
		" READY=1",
		"ready=1",
		"=",
		"=1",
		"MAINPID=",
		"MAINPID=-1",
		"MAINPID=0x10",
		"MAINPID=99999999999",
		"ERRNO=x",
		"ERRNO=-2",
		"EXTEND_TIMEOUT_USEC=1s",
		"EXTEND_TIMEOUT_USEC=99999999999999999999",
		"WATCHDOG=1\nX_OWN=2\nFDSTORE=1",
	};
	char room[256];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		check_row = rows[i];
		struct notice n = read_lines(room, rows[i]);

		CHECK(!n.ready && !n.stopping && !n.has_error && !n.has_exit && !n.status);
		CHECK(!n.main_pid && !n.main_inode && !n.extend);
	}
}

static void keeps_the_last_status(void)
{
	char room[256];

	CHECK_STR(read_lines(room, "STATUS=one\nSTATUS=two\n").status, "two");
	CHECK_STR(read_lines(room, "STATUS=").status, "");
	CHECK(read_lines(room, "STATUS=x\nREADY=1\n").ready);
}

int main(void)
{
	static const struct check_test tests[] = {
		{"a message of several lines says all of them", reads_several_lines},
		{"what is no line of sd_notify, or has no number, is passed over",
			passes_over_the_rest},
		{"of two texts the last one holds", keeps_the_last_status},
	};
	return check_run(tests, sizeof(tests) / sizeof(*tests));
}
