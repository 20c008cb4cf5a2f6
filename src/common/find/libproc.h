// SPDX-License-Identifier: GPL-2.0-or-later
// libproc.h: the only user of libproc2: the name of the terminal of a process.
//
// The library reads by PID and does not report why it failed. Its results count only for a process
// that is held, and verified afterwards.
#pragma once

#include <sys/types.h>

struct libproc;

enum {
	LIBPROC_DESCRIPTORS = 4, // that it may need at once
};

// Begin. -ENOMEM or the library's error.
int libproc_new(struct libproc **out);

// A facts_terminal; `lib` is a struct libproc.
int libproc_terminal(void *lib, pid_t pid, const char **name);

// End; *lib becomes NULL.
void libproc_free(struct libproc **lib);

// "libproc2 VERSION", of the version this was built with.
const char *libproc_version(void);
