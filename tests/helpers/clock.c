// SPDX-License-Identifier: GPL-2.0-or-later
// clock.so: preloaded into a program by tests of pidfiles, never part of one.
//
// CLOCK_STEP=SECONDS: the time of day is as if the clock had been set forward by so much just now.
// CLOCK_FS=0xMAGIC: every file is on a file system of that type, but for those of /proc and pidfds.
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name)
int clock_gettime(clockid_t id, struct timespec *out)
{
	int r = (int)syscall(SYS_clock_gettime, id, out);
	const char *step = getenv("CLOCK_STEP");

	if (!r && step && id == CLOCK_REALTIME)
		out->tv_sec += atoi(step);
	return r;
}

// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name)
int fstatfs(int fd, struct statfs *out)
{
	int r = (int)syscall(SYS_fstatfs, fd, out);
	const char *type = getenv("CLOCK_FS");

	// /proc and pidfs stay what they are, or they are not believed
	if (!r && type && out->f_type != 0x9fa0 && out->f_type != 0x50494446)
		out->f_type = (__typeof__(out->f_type))strtoul(type, NULL, 0);
	return r;
}

// musl has one name for both
#ifdef __GLIBC__
// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name)
int fstatfs64(int fd, struct statfs64 *out)
{
	return fstatfs(fd, (struct statfs *)out);
}
#endif
