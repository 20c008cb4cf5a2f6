// SPDX-License-Identifier: GPL-2.0-or-later
// lineage.h: our ancestors, and their forks: processes that they have forked, over any number of
// forks, and that have not called exec.
//
// When a shell starts a pipe, each part of it is such a fork until it runs its own program. The
// kernel shows whether a process has called exec since it was forked. A fork also has the addresses
// of the program that was forked, which exec chooses at random; where we may not see them, the
// parents decide, as long as none of them has called exec.
#pragma once

#include "find/ancestors.h"
#include "handle/pidref.h"
#include "handle/procfs.h"
#include "handle/status.h"

#include <stdbool.h>
#include <stddef.h>

// How often a search waits, a millisecond each time, for a process that is in execve(2).
enum { LINEAGE_PATIENCE = 100 };
void lineage_pause(void);

struct forebear;

// {0}: not begun yet.
struct lineage {
	bool begun;
	struct ancestors ancestors;
	struct forebear *facts; // owned; of the first `known` ancestors
	size_t known;
};

// Find our ancestors, unless they are known. The functions below do so as well. 0, or the errors of
// ancestors_find.
int lineage_begin(struct lineage *l);

// Whether the held process is an ancestor; learns its inode. 1, 0, -errno.
int lineage_has(struct lineage *l, struct pidref *ref);

// What /proc/PID/stat says of the held process; all 0 if that is hidden from us. 0, -ESRCH: it is
// gone; or the system failed.
int lineage_line(const struct procfs *proc, const struct pidref *ref, struct statline *out);

// Whether the held process is a fork of the nearest ancestor that has called exec, or of one that
// is nearer, or of what we were before we called exec ourselves. As long as it is in execve(2), ask
// again. 1, also if that does not end within 100 ms; 0; other errors as above.
int lineage_forked_settled(struct lineage *l, const struct procfs *proc, const struct pidref *ref);

// Whether the held process is a fork with the command line of an ancestor (`words` of `len` bytes,
// each followed by a NUL, was read while it was held), or of what we were before we called exec.
// 1, 0, errors as of lineage_line.
int lineage_forked_with(struct lineage *l, const struct procfs *proc, const struct pidref *ref,
	const char *words, size_t len);

void lineage_free(struct lineage *l);
