// SPDX-License-Identifier: GPL-2.0-or-later
// libproc.h: the only user of libproc2: the name of the terminal of a process.
//
// The library is loaded when it is first needed, not when the program starts: that would take
// longer than a whole search on a small machine. Its numbers for what can be asked belong to the
// soname that configure found, so no other is ever loaded.
//
// The library reads by PID and does not report why it failed. Its results count only for a process
// that is held, and verified afterwards.
#pragma once

#include <sys/types.h>

struct libproc;

// Load the library and begin. -ELIBACC: it cannot be loaded, or this program was built without it
// (libproc_problem); -ENOMEM or the library's error.
int libproc_new(struct libproc **out);

// A facts_terminal; `lib` is a struct libproc.
int libproc_terminal(void *lib, pid_t pid, const char **name);

// End; *lib becomes NULL.
void libproc_free(struct libproc **lib);

// For a message: why libproc_new returned -ELIBACC.
const char *libproc_problem(void);

// "libproc2 VERSION", of the version this was built with; NULL if without.
const char *libproc_version(void);
