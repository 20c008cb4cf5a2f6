// SPDX-License-Identifier: GPL-2.0-or-later
// fdlimit.h: how many descriptors we may hold.
#pragma once

#include <stddef.h>
#include <sys/resource.h>

// Raise the soft RLIMIT_NOFILE to the hard one (needs no right). *before gets what to give
// back to a command that is started; it is filled in on failure too.
int fdlimit_raise(struct rlimit *before);

// Give a command its descriptor limit back. For use between fork and exec.
int fdlimit_restore(const struct rlimit *before);

// How many more descriptors can be opened under the present soft limit.
size_t fdlimit_room(void);

// Make room for `need` more descriptors, raising the soft limit only if the present one does
// not do. -EMFILE: not even the hard limit does; *allowed then says how many there are.
int fdlimit_reserve(size_t need, size_t *allowed);
