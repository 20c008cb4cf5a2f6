// SPDX-License-Identifier: GPL-2.0-or-later
// warden.h: the parent of a command in another pid namespace.
//
// A process whose parent ends becomes a child of a subreaper of its own pid namespace, so we cannot
// be it there. The warden is a child of ours inside: the subreaper of all that the command starts.
// It tells us what happens to the command, and ends when nothing of it is left, or when we end.
#pragma once

#include "handle/pidref.h"

#include <stdnoreturn.h>

enum {
	WARDEN_GATE = 3, // the descriptors of a process that has entered other namespaces
	WARDEN_LINE = 4,
};

// What happened to the command: si_code and si_status of waitid(2).
struct warden_news {
	int code;
	int status;
};

// In the process that is to be the warden, with the descriptors above: create the command. Returns
// 0 there; in the warden -errno, or not at all.
int warden_part(int parent_death);

// Receive the handle of the command from `line`: the first message there. -errno; -EIO: the warden
// has ended.
int warden_receive(int line, struct pidref *out);

// The next news from `line`, which never blocks. 1; 0: none yet; -ESRCH: the warden has ended.
int warden_next(int line, struct warden_news *out);
