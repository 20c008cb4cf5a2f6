// SPDX-License-Identifier: GPL-2.0-or-later
// hidepid.c: unit tests of hidepid.h.
#include "config.h"

#include "check.h"
#include "handle/hidepid.h"

static void the_option_of_that_file_system_is_read(void)
{
	static const char text[] =
		"22 27 0:21 / /proc rw,relatime - proc proc rw,gid=7,hidepid=invisible\n"
		"23 27 0:22 / /a rw shared:1 - proc proc rw,hidepid=2\n"
		"24 27 0:23 / /b rw - proc proc rw\n"
		"25 27 0:24 / /hidepid=2 rw - proc proc rw,xhidepid=2\n"
		"26 27 0:25 / /c rw - proc proc rw,hidepid=off\n"
		"27 27 0:26 / /d rw - proc proc rw,hidepid=longer-than-any-value\n"
		"28 27 1:21 / /e rw - proc proc rw,hidepid=4,gid=9";
	static const struct {
		const char *value;
		unsigned major, minor;
		gid_t gid;
	} rows[] = {
		{"invisible", 0, 21, 7},
		{"2", 0, 22, 0},
		{"", 0, 23, 0},
		{"", 0, 24, 0},
		{"", 0, 25, 0},
		{"", 0, 26, 0},
		{"", 0, 27, 0},
		{"4", 1, 21, 9},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct hidepid got = hidepid_parse(text, rows[i].major, rows[i].minor);

		check_row = rows[i].value;
		CHECK_STR(got.value, rows[i].value);
		CHECK_INT(got.gid, rows[i].gid);
	}
	check_row = NULL;
	CHECK_STR(hidepid_parse("", 0, 21).value, "");
	CHECK_STR(hidepid_parse("no mountinfo\n\n", 0, 21).value, "");
}

int main(void)
{
	static const struct check_test tests[] = {
		{"the option of that file system is read", the_option_of_that_file_system_is_read},
	};

	return check_run(tests, sizeof(tests) / sizeof(*tests));
}
