// SPDX-License-Identifier: GPL-2.0-or-later
// cgrouptext.c: unit tests of cgrouptext.h and cgroupdir.h.
#include "config.h"

#include "check.h"
#include "handle/cgroupdir.h"
#include "handle/cgrouptext.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void mounts_of_version_2_are_found(void)
{
	char text[] = "22 1 0:21 / /proc rw,nosuid shared:5 - proc proc rw\n"
		      "30 24 0:27 / /sys/fs/cgroup ro - tmpfs tmpfs rw,mode=755\n"
		      "31 30 0:28 / /sys/fs/cgroup/unified rw shared:9 master:3 - cgroup2 c rw\n"
		      "32 30 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
		      "\n"
		      "33 30 0:28 /a\\040b/c /mnt/x\\134y\\012z rw - cgroup2 none rw\n"
		      "34 30 0:28 / /cgroup2 rw\n"
		      "35 30 0:28 - cgroup2 / / rw - ext4 none rw\n"
		      "36 30 0:28 /../.. /up rw -  cgroup2";
	static const char *const rows[][2] = {
		{"/", "/sys/fs/cgroup/unified"}, {"/a b/c", "/mnt/x\\y\nz"}, {"/../..", "/up"}};
	struct cgroupmount m;
	char *at = text;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		CHECK_INT(cgroupmount_next(&at, &m), 1);
		CHECK_STR(m.root, rows[i][0]);
		CHECK_STR(m.point, rows[i][1]);
	}
	CHECK_INT(cgroupmount_next(&at, &m), 0);
}

static void a_path_is_found_below_a_mount(void)
{
	static const struct {
		const char *root, *path, *below;
	} rows[] = {
		{"/", "/", "."},
		{"/", "/x", "x"},
		{"/", "//x/y/", "x/y/"},
		{"/a", "/a", "."},
		{"/a", "/a/", "."},
		{"/a", "/a/b", "b"},
		{"/a", "/ab", NULL},
		{"/a", "/", NULL},
		{"/a", "/b/a", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct cgroupmount m = {.root = rows[i].root, .point = "/m"};
		const char *below = cgroupmount_below(&m, rows[i].path);

		check_row = rows[i].path;
		CHECK(!below == !rows[i].below);
		if (below && rows[i].below)
			CHECK_STR(below, rows[i].below);
	}
}

static void processes_are_numbers_above_0(void)
{
	size_t hidden = 0;
	const char *at = "0\n12\n0\n\nx\n3x\n-4\n99999999999\n2147483647\n5";

	CHECK_INT(cgrouptext_pid(&at, &hidden), 12);
	CHECK_INT(cgrouptext_pid(&at, &hidden), 2147483647);
	CHECK_INT(cgrouptext_pid(&at, &hidden), 5);
	CHECK_INT(cgrouptext_pid(&at, &hidden), 0);
	CHECK_INT(cgrouptext_pid(&at, NULL), 0);
	CHECK_INT(hidden, 2);
}

static void events_tell_whether_processes_are_left(void)
{
	static const struct {
		const char *text;
		int populated;
	} rows[] = {
		{"populated 0\nfrozen 0\n", 0},
		{"frozen 1\npopulated 1\n", 1},
		{"populated 1", 1},
		{"", -ENODATA},
		{"populated", -ENODATA},
		{"populated x\n", -ENODATA},
		{"unpopulated 0\n", -ENODATA},
		{"frozen 0\n", -ENODATA},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		check_row = rows[i].text;
		CHECK_INT(cgrouptext_populated(rows[i].text), rows[i].populated);
	}
}

static void a_file_of_a_cgroup_is_no_cgroup(void)
{
	int fd = cgroupdir_open("/");

	// cgroup v2 may not be mounted
	if (fd < 0)
		return;
	CHECK_INT(faccessat(fd, "cgroup.procs", F_OK, 0), 0);
	close(fd);
	CHECK_INT(cgroupdir_open("/cgroup.procs"), -ENOTDIR);
	CHECK_INT(cgroupdir_open("/no-such-cgroup"), -ENOENT);
	CHECK_INT(cgroupdir_open("no-such-folder"), -ENOENT);
}

int main(void)
{
	static const struct check_test tests[] = {
		{"mounts of cgroup v2 are found in mountinfo", mounts_of_version_2_are_found},
		{"a path is found below the mount of a part", a_path_is_found_below_a_mount},
		{"the processes of a cgroup are numbers above 0", processes_are_numbers_above_0},
		{"cgroup.events tells whether processes are left",
			events_tell_whether_processes_are_left},
		{"a file of a cgroup is no cgroup", a_file_of_a_cgroup_is_no_cgroup},
	};

	return check_run(tests, sizeof(tests) / sizeof(*tests));
}
