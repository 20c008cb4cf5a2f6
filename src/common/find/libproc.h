// SPDX-License-Identifier: GPL-2.0-or-later
// libproc.h: the only user of libproc2: the start time of a process and the name of its terminal.
//
// The library reads by PID and does not report why it failed. Its results count only for a process
// that is held, and verified afterwards.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct libproc;

enum {
	LIBPROC_DESCRIPTORS = 4, // that it may need at once
};

// Begin; `tty`: names of terminals will be needed. -ENOMEM or the library's error.
int libproc_new(struct libproc **out, bool tty);

// *start gets the clock ticks from the boot to the start of `pid` (a process or a thread); *tty, if
// wanted, the name of its terminal ("pts/3", "?" for none), valid until the next call. -ENODATA:
// the library has no result; it does not say why.
int libproc_read(struct libproc *lib, pid_t pid, uint64_t *start, const char **tty);

// End; *lib becomes NULL.
void libproc_free(struct libproc **lib);

// "libproc2 VERSION", of the version this was built with.
const char *libproc_version(void);
