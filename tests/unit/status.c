// SPDX-License-Identifier: GPL-2.0-or-later
// status.c: unit tests of status.h.
#include "config.h"

#include "check.h"
#include "handle/status.h"

#include <errno.h>
#include <signal.h>

static const char whole[] = "Name:\tevil\\nUid:\\t0\n"
			    "Umask:\t0022\n"
			    "State:\tS (sleeping)\n"
			    "Tgid:\t4711\n"
			    "Ngid:\t0\n"
			    "Pid:\t4711\n"
			    "PPid:\t4700\n"
			    "TracerPid:\t12\n"
			    "Uid:\t1000\t1001\t1002\t1003\n"
			    "Gid:\t100\t101\t102\t4294967294\n"
			    "NStgid:\t4711\n"
			    "NSpid:\t4711\t12\t3\n"
			    "NSpgid:\t4710\n"
			    "NSsid:\t4709\n"
			    "SigPnd:\t0000000000000001\n"
			    "ShdPnd:\t0000000000000002\n"
			    "SigBlk:\t0000000000010000\n"
			    "SigIgn:\t8000000000000000\n"
			    "SigCgt:\t0000000180004002\n";

static void reads_every_field(void)
{
	struct status s;

	CHECK_INT(status_parse(whole, &s), 0);
	CHECK_INT(s.state, 'S');
	CHECK_INT(s.tgid, 4711);
	CHECK_INT(s.ppid, 4700);
	CHECK_INT(s.tracer, 12);
	CHECK_INT(s.uid[STATUS_REAL], 1000);
	CHECK_INT(s.uid[STATUS_EFFECTIVE], 1001);
	CHECK_INT(s.uid[STATUS_SAVED], 1002);
	CHECK_INT(s.uid[STATUS_FS], 1003);
	CHECK_INT(s.gid[STATUS_REAL], 100);
	CHECK(s.gid[STATUS_FS] == 4294967294u);
	CHECK_INT(s.namespaces, 3);
	CHECK_INT(s.pgrp, 4710);
	CHECK_INT(s.session, 4709);
	CHECK(s.pending == 3);
	CHECK(s.blocked == UINT64_C(1) << (17 - 1));
	CHECK(s.ignored == UINT64_C(1) << (64 - 1));
	CHECK(s.caught & (UINT64_C(1) << (SIGINT - 1)));
	CHECK(s.caught & (UINT64_C(1) << (33 - 1)));
}

// As on MIPS, whose signals have 128 bits.
static void reads_the_first_64_signals_of_a_longer_mask(void)
{
	struct status s;

	CHECK_INT(status_parse("Name:\tx\nState:\tS\nTgid:\t1\n"
			       "SigCgt:\t80000000000000010000000000004002\n"
			       "SigIgn:\t00000000000000000000000000000001\n",
			  &s),
		0);
	CHECK(s.caught == 0x4002);
	CHECK(s.ignored == 1);
}

static void refuses_other_text(void)
{
	static const char *const rows[] = {"", "\n", "State:\tS\n", "Name:\tx\n",
		"Name:\tx\nState:\tS (sleeping)\n", "Name:\tx\nTgid:\t5\n", "garbage"};
	struct status s = {.tgid = 77};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		check_row = rows[i];
		CHECK_INT(status_parse(rows[i], &s), -ENODATA);
		CHECK_INT(s.tgid, 77);
	}
}

static void without_a_number_it_is_reaped(void)
{
	struct status s = {.tgid = 77};

	CHECK_INT(status_parse("Name:\tx\nState:\tX (dead)\nTgid:\t0\nNgid:\t0\nPid:\t0\n", &s),
		-ESRCH);
	CHECK_INT(s.tgid, 77);
}

static void a_list_of_numbers_ends_where_they_do(void)
{
	struct status s = {0};

	CHECK_INT(status_parse("Name:\tx\nState:\tS (sleeping)\nTgid:\t5\nNSpid:\t7\tno\n", &s), 0);
	CHECK_INT(s.namespaces, 1);
	CHECK_INT(s.innermost, 7);
}

static void a_cut_text_is_read_as_far_as_it_goes(void)
{
	struct status s;

	CHECK_INT(status_parse("Name:\tx\nState:\tZ (zombie)\nTgid:\t5\nUid:\t1", &s), 0);
	CHECK_INT(s.state, 'Z');
	CHECK_INT(s.uid[STATUS_REAL], 1);
	CHECK_INT(s.pgrp, 0);
}

static void a_stat_line_is_counted_from_its_end(void)
{
	static const char line[] =
		"7 (a) R (b\n) Z 1 2 3 -34815 5 6 7 8 9 10 11 12 13 14 15 16 2 18 987 20 21 22 23 24 25 "
		"26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 10752\n";
	static const char forked[] =
		"7 (a) S 1 2 3 4 5 4194624 7 8 9 10 11 12 13 14 15 16 2 18 987 20 21 22 23 24 25 "
		"26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 0\n";
	static const char in_exec[] =
		"7 (a) R 1 2 3 4 5 4194560 7 8 9 10 11 12 13 14 15 16 2 18 987 139264 1 22 0 0 0 "
		"0 0 29 30 31 32 33 34 35 36 37 38 39 40 0 0 0 0 0 0 0 0 0 0\n";
	struct statline s = {0};
	char cut[sizeof(line)];

	CHECK_INT(statline_parse(line, &s), 0);
	CHECK_INT(s.state, 'Z');
	CHECK_INT(s.tty, -34815);
	CHECK_INT(s.threads, 2);
	CHECK_INT(s.start, 987);
	CHECK_INT(s.wstatus, 42 << 8);
	CHECK(!s.forked);
	CHECK_INT(s.image[0], 25);
	for (int i = 1; i < STATLINE_IMAGE; i++)
		CHECK_INT(s.image[i], 44 + i);
	CHECK_INT(statline_parse(forked, &s), 0);
	CHECK(s.forked);
	CHECK(!s.in_exec);
	CHECK_INT(statline_parse(in_exec, &s), 0);
	CHECK(s.in_exec);
	memcpy(cut, line, sizeof(cut));
	*strrchr(cut, ' ') = 0;
	CHECK_INT(statline_parse(cut, &s), -ENODATA);
	CHECK_INT(statline_parse("7 a Z 1", &s), -ENODATA);
	CHECK_INT(statline_parse("7 (a)Z 1", &s), -ENODATA);
	CHECK_INT(statline_parse("", &s), -ESRCH);
}

static void a_pidfd_has_a_number_or_none(void)
{
	static const struct {
		const char *text;
		pid_t pid;
	} rows[] = {
		{"pos:\t0\nflags:\t02\nPid:\t4711\nNSpid:\t4711\n", 4711},
		{"pos:\t0\nPid:\t2147483647\n", 2147483647},
		{"pos:\t0\nPid:\t0\n", 0},
		{"pos:\t0\nPid:\t-1\n", -ESRCH},
		{"pos:\t0\nPid:\t2147483648\n", -EBADF},
		{"pos:\t0\nNSpid:\t4711\n", -EBADF},
		{"", -EBADF},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		check_row = rows[i].text;
		CHECK_INT(status_of_fdinfo(rows[i].text), rows[i].pid);
	}
}

int main(void)
{
	static const struct check_test tests[] = {
		{"every field is read", reads_every_field},
		{"of a mask of more than 64 signals, the first 64 are read",
			reads_the_first_64_signals_of_a_longer_mask},
		{"other text is refused", refuses_other_text},
		{"a process without a number any more is gone", without_a_number_it_is_reaped},
		{"a text without the last lines is read as far as it goes",
			a_cut_text_is_read_as_far_as_it_goes},
		{"a stat line is counted from behind the name",
			a_stat_line_is_counted_from_its_end},
		{"a list of numbers ends where they do", a_list_of_numbers_ends_where_they_do},
		{"a pidfd has a number, or none here, or none any more",
			a_pidfd_has_a_number_or_none},
	};

	return check_run(tests, sizeof(tests) / sizeof(*tests));
}
