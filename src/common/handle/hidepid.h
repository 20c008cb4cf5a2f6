// SPDX-License-Identifier: GPL-2.0-or-later
// hidepid.h: whether /proc hides processes from us by its mount option hidepid.
#pragma once

#include "handle/procfs.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { HIDEPID_ROOM = 16 };

struct hidepid {
	char value[HIDEPID_ROOM]; // "invisible", "2" ...; "" if the option is not set
	gid_t gid;		  // the group that sees all processes
};

// Find the options of the file system with the device number major:minor in the text of a file
// mountinfo. "off" and "0" count as not set.
struct hidepid hidepid_parse(const char *mountinfo, unsigned major, unsigned minor);

// Whether that /proc hides processes from us: it has the option, and we are neither in that group
// nor have CAP_SYS_PTRACE. *out gets the options. False also if it cannot be found out.
bool hidepid_applies(const struct procfs *proc, struct hidepid *out);
