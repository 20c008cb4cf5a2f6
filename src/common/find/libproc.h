// SPDX-License-Identifier: GPL-2.0-or-later
// libproc.h: the only door to libproc2: the start time of a process and the name of its terminal.
//
// The library reads by number and hides why it could not: what it says is only believed for a
// process that is held, and verified afterwards.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct libproc;

enum {
	LIBPROC_DESCRIPTORS = 4, // that it may need at once
};

// Begin; `tty` says whether names of terminals will be asked for. -ENOMEM or the library's error.
int libproc_new(struct libproc **out, bool tty);

// *start gets the clock ticks between the boot and the start of `pid` (a process or a thread),
// *tty, unless it was not asked for, the name of its terminal ("pts/3", "?" for none), valid
// until the next call. -ENODATA: the library has nothing, it does not say why.
int libproc_read(struct libproc *lib, pid_t pid, uint64_t *start, const char **tty);

// End; *lib becomes NULL.
void libproc_free(struct libproc **lib);

// "libproc2 VERSION", of the one this was built against.
const char *libproc_version(void);
