// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/signame.h"
#include "handle/ending.h"
#include "handle/pidcall.h"
#include "handle/pidread.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

struct ending ending_of_child(const siginfo_t *info)
{
	struct ending e = {.unknown = ENDING_KNOWN};

	if (info->si_code == CLD_EXITED)
		e.wstatus = (info->si_status & 0xff) << 8;
	else
		e.wstatus = (info->si_status & 0x7f) | (info->si_code == CLD_DUMPED ? 0x80 : 0);
	return e;
}

// Reap our own child.
static int from_wait(const struct pidref *ref, int *wstatus)
{
	siginfo_t info = {0};

	int r = pidref_waitid(ref, &info, WEXITED | WNOHANG);
	if (r < 0)
		return r;
	if (!info.si_pid)
		return -EAGAIN;
	*wstatus = ending_of_child(&info).wstatus;
	return 0;
}

// Field 52 of a zombie's stat. A process that may not see it gets a 0 there that looks like "exit
// 0"; the same right is asked for the link exe, which a zombie has not: ENOENT says we have the
// right.
static int from_stat(const struct pidref *ref, const struct procfs *proc, int *wstatus)
{
	struct statline line;
	char link[8];

	int r = pidref_readlink(ref, proc, "exe", link, sizeof(link));
	if (r != -ENOENT)
		return r < 0 ? r : 1;
	r = pidref_stat(ref, proc, &line);
	// in another state than Z the field is no exit status
	if (!r && line.state != 'Z')
		return 1;
	if (!r)
		*wstatus = line.wstatus;
	return r;
}

// Its parent is reaping it at this moment: it is no zombie any more, and its record is not there
// yet.
static void await_record(const struct pidref *ref)
{
	enum { LIMIT_MS = 1000 };
	struct pollfd p = pidref_poll(ref);

	p.events = 0; // POLLHUP comes unasked
	poll(&p, 1, LIMIT_MS);
}

struct ending ending_learn(const struct pidref *ref, const struct procfs *proc)
{
	struct ending e = {.unknown = ENDING_KNOWN};

	int r = pidref_wstatus(ref, &e.wstatus);
	if (!r || !from_wait(ref, &e.wstatus))
		return e;
	enum pidref_state state = pidref_state(ref);
	if (state == PIDREF_ZOMBIE && proc) {
		int told = from_stat(ref, proc, &e.wstatus);
		if (!told)
			return e;
		if (told == 1 && r == -ENODATA)
			await_record(ref);
	}
	// reaped while we looked: the record is there now
	if (!pidref_wstatus(ref, &e.wstatus))
		return e;
	if (r == -EREMOTE)
		e.unknown = ENDING_OUTSIDE;
	else if (state != PIDREF_ZOMBIE || r == -EOPNOTSUPP)
		e.unknown = ENDING_NO_RECORD;
	else
		e.unknown = proc ? ENDING_NOT_REAPED : ENDING_NO_PROC;
	return e;
}

bool ending_may_come(const struct ending *e)
{
	return e->unknown == ENDING_NOT_REAPED || e->unknown == ENDING_NO_PROC;
}

int ending_status(const struct ending *e)
{
	if (e->unknown)
		return -1;
	return WIFSIGNALED(e->wstatus) ? 128 + WTERMSIG(e->wstatus) : WEXITSTATUS(e->wstatus);
}

char *ending_format(char buf[static ENDING_STRMAX], const struct ending *e)
{
	char name[SIGNAME_MAX];

	if (e->unknown)
		snprintf(buf, ENDING_STRMAX, "%s",
			e->unknown == ENDING_MANY ? "no process is left in it"
						  : "gone, status unknown");
	else if (WIFSIGNALED(e->wstatus))
		snprintf(buf, ENDING_STRMAX, "killed by signal %d (%s)%s", WTERMSIG(e->wstatus),
			signame_format(name, WTERMSIG(e->wstatus)),
			WCOREDUMP(e->wstatus) ? ", core dumped" : "");
	else
		snprintf(buf, ENDING_STRMAX, "exited with status %d", WEXITSTATUS(e->wstatus));
	return buf;
}

const char *ending_reason(const struct ending *e)
{
	switch (e->unknown) {
	case ENDING_NOT_REAPED:
		return "its parent has not reaped it, and we may not read a zombie's status";
	case ENDING_NO_PROC:
		return "its parent has not reaped it, and there is no /proc of our pid namespace";
	case ENDING_NO_RECORD:
		return "this kernel keeps no record of it (Linux 6.15 does)";
	case ENDING_OUTSIDE:
		return "it was outside our pid namespace, the kernel does not report it here";
	case ENDING_BEFORE:
		return "it was gone before we looked";
	case ENDING_RECYCLED:
		return "it was gone before we looked, its number is another process's now";
	case ENDING_NOT_ASKED:
		return "it was not asked for";
	case ENDING_MANY:
		return "a control group has no status of its own";
	default:
		return "";
	}
}
