// SPDX-License-Identifier: GPL-2.0-or-later
// status.c: the text of /proc/PID/status as numbers.
#include "config.h"

#include "status.h"

#include <errno.h>
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

// One number for each namespace from this /proc's down to the process's own; how many.
static unsigned take_numbers(const char *p, pid_t *ours, pid_t *innermost)
{
	unsigned count = 0;
	char *end;

	for (; *p == '\t'; p = end) {
		*innermost = (pid_t)strtol(p, &end, 10);
		if (!count++)
			*ours = *innermost;
	}
	return count;
}

static void take_line(const char *line, struct status *s)
{
	const char *v;
	pid_t pid;

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
	else if ((v = value_of(line, "NSpid")))
		s->namespaces = take_numbers(v, &pid, &s->innermost);
	else if ((v = value_of(line, "NSpgid")))
		take_numbers(v, &s->pgrp, &pid);
	else if ((v = value_of(line, "NSsid")))
		take_numbers(v, &s->session, &pid);
	else if ((v = value_of(line, "Kthread")))
		s->kthread = strtol(v, NULL, 10) != 0;
	else if ((v = value_of(line, "SigPnd")))
		s->pending_thread = strtoull(v, NULL, 16);
	else if ((v = value_of(line, "ShdPnd")))
		s->pending_process = strtoull(v, NULL, 16);
	else if ((v = value_of(line, "SigBlk")))
		s->blocked = strtoull(v, NULL, 16);
	else if ((v = value_of(line, "SigIgn")))
		s->ignored = strtoull(v, NULL, 16);
	else if ((v = value_of(line, "SigCgt")))
		s->caught = strtoull(v, NULL, 16);
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
	if (!s.state || !s.tgid)
		return -ENODATA;
	s.pending = s.pending_thread | s.pending_process;
	// before Linux 6.8 there is no such line; who lives without memory is the kernel's
	if (!strstr(text, "\nKthread:"))
		s.kthread = !strstr(text, "\nVmSize:") && s.state != 'Z' && s.state != 'X';
	*out = s;
	return 0;
}
