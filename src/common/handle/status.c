// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/status.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// The value of the line "key:\t..." at `text`, or NULL.
static const char *value_of(const char *text, const char *key)
{
	// most lines are not the one: say so without a call
	if (text[0] != key[0] || text[1] != key[1])
		return NULL;
	size_t len = strlen(key);

	return !strncmp(text, key, len) && text[len] == ':' ? text + len + 1 : NULL;
}

static void take_ids(const char *p, unsigned ids[4])
{
	char *end;

	for (int i = 0; i < 4; i++, p = end)
		ids[i] = (unsigned)strtoul(p, &end, 10);
}

// One number for each namespace from this /proc's down to the process's own; how many. *out is that
// at `level`, if there is one.
static unsigned take_numbers(const char *p, unsigned level, pid_t *out)
{
	unsigned count = 0;
	char *end;

	for (; *p == '\t'; p = end) {
		pid_t number = (pid_t)strtol(p, &end, 10);

		if (end == p)
			break;
		if (count++ == level)
			*out = number;
	}
	return count;
}

// The signals 1 to 64. MIPS has 127, in twice as many digits; the digits of the others, if they
// were read too, would overflow the number into a set of all signals.
static uint64_t take_mask(const char *p)
{
	enum { DIGITS = 16 };

	p += strspn(p, " \t");
	size_t len = strspn(p, "0123456789abcdef");
	return strtoull(len > DIGITS ? p + len - DIGITS : p, NULL, 16);
}

static void take_line(const char *line, struct status *s)
{
	const char *v;

	// most lines are none of these
	if (!strchr("SPTUGNK", *line))
		return;
	if ((v = value_of(line, "State")))
		s->state = v[0] ? v[1] : 0;
	else if ((v = value_of(line, "Tgid")))
		s->tgid = (pid_t)strtol(v, NULL, 10);
	else if ((v = value_of(line, "PPid")))
		s->ppid = (pid_t)strtol(v, NULL, 10);
	else if ((v = value_of(line, "TracerPid")))
		s->tracer = (pid_t)strtol(v, NULL, 10);
	else if ((v = value_of(line, "Uid")))
		take_ids(v, s->uid);
	else if ((v = value_of(line, "Gid")))
		take_ids(v, s->gid);
	else if ((v = value_of(line, "NSpid"))) {
		s->namespaces = take_numbers(v, 0, &s->innermost);
		take_numbers(v, s->namespaces - 1, &s->innermost);
	} else if ((v = value_of(line, "NSpgid")))
		take_numbers(v, 0, &s->pgrp);
	else if ((v = value_of(line, "NSsid")))
		take_numbers(v, 0, &s->session);
	else if ((v = value_of(line, "Kthread")))
		s->kthread = strtol(v, NULL, 10) != 0;
	else if ((v = value_of(line, "SigPnd")))
		s->pending_thread = take_mask(v);
	else if ((v = value_of(line, "ShdPnd")))
		s->pending_process = take_mask(v);
	else if ((v = value_of(line, "SigBlk")))
		s->blocked = take_mask(v);
	else if ((v = value_of(line, "SigIgn")))
		s->ignored = take_mask(v);
	else if ((v = value_of(line, "SigCgt")))
		s->caught = take_mask(v);
}

int status_parse(const char *text, struct status *out)
{
	struct status s = {0};

	// the name comes first and is escaped by the kernel: it cannot forge a line
	if (strncmp(text, "Name:", 5) != 0)
		return -ENODATA;
	for (const char *line = text; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		take_line(line, &s);
	}
	if (!s.state || !s.tgid) // without a number: it gave it back while this was written
		return strstr(text, "\nTgid:\t0\n") ? -ESRCH : -ENODATA;
	s.pending = s.pending_thread | s.pending_process;
	// before Linux 6.8 there is no such line; who lives without memory is the kernel's
	if (!strstr(text, "\nKthread:"))
		s.kthread = !strstr(text, "\nVmSize:") && s.state != 'Z' && s.state != 'X';
	*out = s;
	return 0;
}

unsigned status_numbers(const char *text, const char *key, unsigned level, pid_t *out)
{
	const char *v = NULL;

	// the name, which comes first, is escaped: it cannot forge a line
	for (const char *line = text; line && !v; line = strchr(line, '\n')) {
		line += *line == '\n';
		v = value_of(line, key);
	}
	return v ? take_numbers(v, level, out) : 0;
}

// The flag that fork(2) sets and execve(2) clears.
static bool has_forked(const char *flags)
{
	enum { PF_FORKNOEXEC = 0x40 };

	return strtoul(flags, NULL, 10) & PF_FORKNOEXEC;
}

int statline_parse(const char *text, struct statline *out)
{
	enum { STATE = 3, TTY = 7, FLAGS = 9, THREADS = 20, START = 22, SIZE = 23, CODE = 26 };
	enum { STACK = 28, ARG_START = 48, ENV_END = 51, EXIT_CODE = 52 };
	struct statline line = {0};
	bool has_memory = false;
	int field = STATE;

	if (!*text)
		return -ESRCH;
	// counted from the last ')': a name may hold anything, and later kernels may add fields
	const char *at = strrchr(text, ')');
	at = at && at[1] == ' ' ? at + 1 : NULL;
	for (; at; at = strchr(at + 1, ' '), field++) {
		if (field == STATE)
			line.state = at[1];
		else if (field == TTY)
			line.tty = (int)strtol(at, NULL, 10);
		else if (field == FLAGS)
			line.forked = has_forked(at);
		else if (field == THREADS)
			line.threads = (int)strtol(at, NULL, 10);
		else if (field == START)
			line.start = strtoull(at, NULL, 10);
		else if (field == SIZE)
			has_memory = strtoull(at, NULL, 10) != 0;
		else if (field == CODE)
			// 1: it is hidden from us
			line.in_exec = has_memory && !strtoull(at, NULL, 10);
		else if (field == STACK)
			line.image[0] = strtoull(at, NULL, 10);
		else if (field >= ARG_START && field <= ENV_END)
			line.image[1 + field - ARG_START] = strtoull(at, NULL, 10);
		else if (field == EXIT_CODE)
			line.wstatus = (int)strtol(at, NULL, 10);
	}
	if (field <= EXIT_CODE)
		return -ENODATA;
	*out = line;
	return 0;
}

pid_t status_of_fdinfo(const char *fdinfo)
{
	const char *line = strstr(fdinfo, "\nPid:");
	long long pid = line ? strtoll(line + 5, NULL, 10) : 0;

	return !line ? -EBADF : pid < 0 ? -ESRCH : pid > INT_MAX ? -EBADF : (pid_t)pid;
}
