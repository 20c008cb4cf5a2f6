// SPDX-License-Identifier: GPL-2.0-or-later
// libproc.h: the only user of libproc2: the terminal of a process, and the columns of ps(1).
//
// The library is loaded when it is first needed, not when the program starts: that would take
// longer than a whole search on a small machine. Its numbers for what can be asked belong to the
// soname that configure found, so no other is ever loaded.
//
// The library reads by PID and does not report why it failed. Its results count only for a process
// that is held, and verified afterwards.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

struct libproc;

enum { LIBPROC_COLUMNS = 32 }; // the maximum number in one table

// The column with this name of ps -o; -EINVAL: there is none.
int libproc_column(const char *name, size_t len);

// All its names, separated by spaces; the first is its title. NULL: there are not so many columns.
const char *libproc_column_name(int column);

// Whether its values are numbers or times, which are aligned at the right.
bool libproc_column_is_number(int column);

// The file in the folder of a process that its values come from, if that may be refused where the
// others may be read: then the library says 0. NULL: there is no such file.
const char *libproc_column_file(int column);

// Load the library and begin, for the terminal and `count` columns. -ELIBACC: it cannot be loaded,
// or this program was built without it (libproc_problem); -ENOMEM or the library's error.
int libproc_new(struct libproc **out, const unsigned char *wanted, size_t count);

// A facts_terminal; `lib` is a struct libproc.
int libproc_terminal(void *lib, pid_t pid, const char **name);

// Write the values of the columns of process `pid` to `out`, each followed by a NUL. They are text
// of other processes, not escaped. -ENODATA: there are none; -ENOMEM.
int libproc_values(struct libproc *lib, pid_t pid, FILE *out);

// End; *lib becomes NULL.
void libproc_free(struct libproc **lib);

// For a message: why libproc_new returned -ELIBACC.
const char *libproc_problem(void);

// "libproc2 VERSION", of the version this was built with; NULL if without.
const char *libproc_version(void);
