// SPDX-License-Identifier: GPL-2.0-or-later
// holders.h: every process that has something open: a search through the descriptors of all.
//
// A process counts by what its descriptors showed while it was held, with a check after the
// reading. The processes are looked at again until no new one is found, because a holder can fork.
#pragma once

#include "handle/pidref.h"
#include "handle/procfs.h"
#include "target/found.h"

#include <stdbool.h>
#include <stddef.h>

// What is searched for. `fds` is the folder fd of a process and `fd` the name of a descriptor in
// it; "../fdinfo/" and the name is the other file about it.
struct holders_query {
	// Whether the descriptor can be one. This discards; it accepts nothing, for the process is
	// not held. 1, 0 or -errno.
	int (*looks)(void *data, int fds, const char *fd);
	// Whether the descriptor of the held process is one. 1, 0 or -errno. The process is
	// verified after it by the caller. *ref holds it; NULL: the folder is that of another
	// thread than the first, whose descriptors pidref_copy_fd does not reach.
	int (*proves)(void *data, const struct pidref *ref, int fds, const char *fd);
	void *data;
	// Ask about the descriptors of each thread: one can have a table of its own (CLONE_FILES of
	// unshare(2)).
	bool threads;
};

enum { HOLDERS_NAME = 12 }; // room for the number of a descriptor

struct holders {
	struct pidref *list; // owned
	size_t count;
	bool hidden; // there are processes whose descriptors we may not see
};

// Find and hold all processes of the query. -errno of reading /proc, of pidref_open or of `proves`.
int holders_find(struct holders *out, const struct procfs *proc, const struct holders_query *query);

// Pass them on; none is left after it. The result of the call, or 0.
int holders_pass(struct holders *h, struct found *f);

// Let those that are left go; may be called twice.
void holders_free(struct holders *h);

// Whether one held process is a holder. 1; 0; -EACCES: we may not see its descriptors; -ESRCH: it
// is gone; -errno as above.
int holders_is_one(
	const struct procfs *proc, const struct holders_query *query, const struct pidref *ref);
