// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "target/fault.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

enum class {
	// the system cannot do it, or does not permit it; all errors not listed are of this class
	SYSTEM,
	WRONG, // what is named is not a process
	GONE,
	UNCLEAR, // what is named can be several things, and the user has to say which
};

#define STALE_OK " (use --stale-ok to accept it)"
#define TRUST	 ", so it could name any process (use --trust-pidfile to accept it)"

static const struct row {
	int error;
	enum class class;
	const char *sentence;
} rows[] = {
	// the C library's words, which scripts look for
	{ESRCH, GONE, "No such process"},
	{ESTALE, GONE, "recycled: that process is gone"},
	{FAULT_OTHER_BOOT, GONE, "of another boot: that process is gone"},
	{ECONNREFUSED, GONE, "no process listens on that socket"},
	{FAULT_NO_LISTENER, GONE, "no process listens there"},
	{FAULT_NO_LOCK, GONE, "no process holds a lock on it"},
	{FAULT_STALE, GONE, "stale: that process started after the file was written" STALE_OK},
	{FAULT_OLD_BOOT, GONE, "stale: the file is older than this boot" STALE_OK},
	{FAULT_KTHREAD, GONE, "stale: a kernel thread has that PID now" STALE_OK},

	{FAULT_NO_CGROUP, GONE, "no such cgroup (v2)"},
	{FAULT_NO_UNIT, GONE, "no cgroup (v2) has the name of that unit"},
	{FAULT_EMPTY_CGROUP, GONE, "no process is in that cgroup"},
	{FAULT_ONLY_SELF, GONE, "it names only this program itself, which is skipped"},

	{FAULT_SEVERAL, UNCLEAR, "it names several processes, and one is needed here"},
	{FAULT_SEVERAL_UNITS, UNCLEAR, "several cgroups have that name: write one as cgroup:PATH"},

	{FAULT_ONLY_MANAGER, WRONG,
		"it names only a service manager, which is skipped (its PID names it)"},
	{FAULT_ROOT_CGROUP, WRONG, "the root of all cgroups is never empty"},
	{FAULT_IN_CGROUP, WRONG, "this program is in that cgroup, so it would never be empty"},
	{FAULT_THREADED, WRONG, "that cgroup has threads only: name the one above it"},
	{ECHILD, WRONG, "that inode is a thread's, not a process's"},
	{EBADF, WRONG, "no such descriptor is open"},
	{ENOTTY, WRONG, "that descriptor is neither a pidfd nor a Unix socket"},
	{ENODATA, WRONG, "that socket has no process at its other end"},
	{EPROTOTYPE, WRONG, "a datagram socket has no listener"},
	{ENAMETOOLONG, WRONG, "the name is too long"},
	{FAULT_NO_SOCKET, WRONG, "no such socket"},
	{FAULT_NO_FILE, WRONG, "no such file"},
	{FAULT_EMPTY, WRONG, "it is empty"},
	{FAULT_NO_PID, WRONG, "its first word is neither PID nor PID:INODE nor PID:INODE:BOOT"},
	{FAULT_UNTRUSTED, WRONG, "other users can write it" TRUST},
	{FAULT_WAY, WRONG, "other users can put another file in its place" TRUST},
	{FAULT_UNLOCKED, WRONG, "its process holds no lock on it"},

	{FAULT_OUTSIDE, SYSTEM,
		"processes of it are outside our pid namespace, and have no PID here"},
	{FAULT_FORKS, SYSTEM,
		"processes are born in it faster than they get the signal, so it was not sent to "
		"all (KILL reaches all at once)"},
	{FAULT_NO_HIERARCHY, SYSTEM, "cgroup v2 is not mounted"},
	{FAULT_HELD, SYSTEM, "it is held by a process that we may not look into; try as root"},
	{FAULT_UNHELD, SYSTEM,
		"it is held by the kernel, or by a process that has no PID in our pid namespace"},
	{FAULT_UNLISTED, SYSTEM,
		"its holders cannot be found: it may be of another network namespace"},
	{FAULT_NO_DIAG, SYSTEM, "this kernel, or a sandbox, does not list sockets (sock_diag)"},
	{FAULT_HIDDEN_LOCK, SYSTEM,
		"a process that we may not look into may hold a lock on it; try as root"},
	{FAULT_UNHELD_LOCK, SYSTEM,
		"it is locked, but no process that can be seen has the descriptor of the lock"},
	{FAULT_NO_SEARCH, SYSTEM,
		"its holders cannot be found without the /proc of our pid namespace"},
	{FAULT_SOCKET, SYSTEM, "it is a socket, which cannot be read"},
	{FAULT_UNSEEN, SYSTEM, "we may not see which locks its process holds"},
	{FAULT_NO_PROC, SYSTEM,
		"its age cannot be checked without the /proc of our pid namespace" STALE_OK},
	{FAULT_HIDDEN, SYSTEM, "its age cannot be checked: /proc hides its process" STALE_OK},
	{FAULT_NO_BOOT, SYSTEM, "the boot id cannot be read from /proc"},
	{FAULT_NO_THREADS, SYSTEM, "holding a thread needs Linux 6.9"},
	{ENOPROTOOPT, SYSTEM, "processes behind sockets need Linux 6.5"},
	{EOPNOTSUPP, SYSTEM,
		"this kernel has no such handles (PID:INODE needs Linux 6.9, :INODE 6.14)"},
	{ENOSYS, SYSTEM, "this kernel has no pidfds (Linux 5.3), or a sandbox hides them"},
	{EAGAIN, SYSTEM, "its listener accepts no connection, so its process cannot be found"},
	{EACCES, SYSTEM, "we have no right to it"},
	{EREMOTE, SYSTEM, "it has no PID in our pid namespace"},
	{EPERM, SYSTEM, "a sandbox refuses pidfds here"},
};

static const struct row *find(int error)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].error == -error)
			return &rows[i];
	return NULL;
}

static enum class class_of(int error) {
	const struct row *row = find(error);

	return row ? row->class : SYSTEM;
}

int fault_of_file(int result)
{
	bool same = result == -EACCES || result == -EBADF || result == -ENAMETOOLONG;

	return same || result <= -FAULT_OTHER_BOOT || !find(result) ? result : result - FAULT_FILE;
}

const char *target_problem(int error)
{
	const struct row *row = find(error);

	return row ? row->sentence : strerror(error < -FAULT_FILE ? -error - FAULT_FILE : -error);
}

bool target_is_gone(int error)
{
	return class_of(error) == GONE;
}

bool target_is_absent(int error)
{
	return target_is_gone(error) || error == -FAULT_NO_FILE || error == -FAULT_NO_SOCKET;
}

enum exit_status target_status(int error)
{
	enum class class = class_of(error);

	return class == SYSTEM ? EXIT_SYSTEM : class == UNCLEAR ? EXIT_USAGE : EXIT_NONE;
}
