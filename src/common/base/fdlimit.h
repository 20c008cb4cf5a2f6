// SPDX-License-Identifier: GPL-2.0-or-later
// fdlimit.h: how many descriptors this program may have open.
#pragma once

#include <stddef.h>
#include <sys/resource.h>

// Raise the soft RLIMIT_NOFILE to the hard limit, which needs no privilege. *before gets the old
// limits, for a command that is started; it is filled in on failure too.
int fdlimit_raise(struct rlimit *before);

// Give a command the old descriptor limit back. For use between fork and exec.
int fdlimit_restore(const struct rlimit *before);

// How many more descriptors can be opened under the current soft limit.
size_t fdlimit_room(void);

// Make sure that `need` more descriptors can be opened. The soft limit is raised only if it is too
// low. -EMFILE: the hard limit is too low as well; *allowed then gets how many can be opened.
int fdlimit_reserve(size_t need, size_t *allowed);
