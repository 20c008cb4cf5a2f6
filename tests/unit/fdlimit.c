// SPDX-License-Identifier: GPL-2.0-or-later
// fdlimit.c: unit tests of fdlimit.h.
#include "config.h"

#include "base/fdlimit.h"
#include "check.h"

#include <errno.h>
#include <fcntl.h>

enum { SOFT = 40, HARD = 60, MORE = 5 };

static void open_descriptors_take_room(void)
{
	int fds[MORE];
	size_t room;

	CHECK_INT(setrlimit(RLIMIT_NOFILE, &(struct rlimit){SOFT, HARD}), 0);
	room = fdlimit_room();
	CHECK(room > MORE && room < SOFT - 2);
	// the question itself takes none
	for (int i = 0; i < SOFT; i++)
		CHECK_INT(fdlimit_room(), room);
	for (size_t i = 0; i < MORE; i++)
		fds[i] = open("/", O_PATH | O_CLOEXEC);
	CHECK_INT(fdlimit_room(), room - MORE);
	for (size_t i = 0; i < MORE; i++)
		close(fds[i]);
	CHECK_INT(fdlimit_room(), room);
}

static void the_limit_is_raised_only_if_it_is_too_low(void)
{
	struct rlimit limit;
	size_t allowed = 0;
	size_t room = fdlimit_room();

	CHECK_INT(fdlimit_reserve(room, &allowed), 0);
	CHECK_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
	CHECK_INT(limit.rlim_cur, SOFT);
	CHECK_INT(fdlimit_reserve(room + 1, &allowed), 0);
	CHECK_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
	CHECK_INT(limit.rlim_cur, HARD);
	CHECK_INT(fdlimit_room(), room + HARD - SOFT);
	CHECK_INT(fdlimit_reserve(room + HARD - SOFT, &allowed), 0);
	CHECK_INT(allowed, 0);
	CHECK_INT(fdlimit_reserve(room + HARD - SOFT + 1, &allowed), -EMFILE);
	CHECK_INT(allowed, room + HARD - SOFT);
}

static void a_command_gets_the_old_limit_back(void)
{
	struct rlimit before, limit;

	CHECK_INT(setrlimit(RLIMIT_NOFILE, &(struct rlimit){SOFT, HARD}), 0);
	CHECK_INT(fdlimit_raise(&before), 0);
	CHECK_INT(before.rlim_cur, SOFT);
	CHECK_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
	CHECK_INT(limit.rlim_cur, HARD);
	CHECK_INT(fdlimit_restore(&before), 0);
	CHECK_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
	CHECK_INT(limit.rlim_cur, SOFT);
	CHECK_INT(limit.rlim_max, HARD);
}

int main(void)
{
	static const struct check_test tests[] = {
		{"open descriptors take room, and the question takes none",
			open_descriptors_take_room},
		{"the limit is raised only if it is too low",
			the_limit_is_raised_only_if_it_is_too_low},
		{"a command gets the old limit back", a_command_gets_the_old_limit_back},
	};

	return check_run(tests, sizeof(tests) / sizeof(*tests));
}
