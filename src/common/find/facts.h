// SPDX-License-Identifier: GPL-2.0-or-later
// facts.h: read the facts about one process that are needed, and no others.
//
// What is read while the handle is held belongs to the process if pidref_verify then shows that it
// is not reaped. A file opened before may be read again: it stays with the process for which it was
// opened, and gives ESRCH when that is gone. So the first look and the proof need only one open.
#pragma once

#include "base/buffer.h"
#include "find/match.h"
#include "handle/pidref.h"
#include "handle/procfs.h"

enum {
	FACTS_TERMINAL_DESCRIPTORS = 4, // that a facts_terminal may need at once
};

// *name gets the name of the terminal of `pid` (a process or a thread; "pts/3", "?" for none),
// valid until the next call. -ENODATA: there is no result, and it is not known why. (A function,
// so that only a search for terminals needs the library that knows their names.)
typedef int facts_terminal(void *data, pid_t pid, const char **name);

struct facts_source {
	facts_terminal *terminal; // NULL: FACT_TTY is not needed
	void *data;
	unsigned ns_kinds;	 // the namespaces of FACT_NS
	bool folders;		 // FACT_CWD is also about the folders above it
	const char *interpreter; // FACT_SCRIPT is also about what this program runs, or NULL
	// Whether the held process descends from ...: 1, 0 or -errno; NULL: FACT_UNDER is not
	// needed
	int (*under)(const void *data, const struct pidref *ref);
	const void *under_data;
};

struct facts {
	struct proc proc; // its strings are in the buffers below

	// the rest is private
	struct procdir dir; // the folder of its files
	struct facts_source source;
	bool no_ids; // handles do not give FACT_IDS, so FACT_STATUS is read
	int fd;	     // of the first file that was read, or -1
	unsigned fd_fact;
	struct buffer comm, status, stat, name, words, cmdline, environ, cgroup, tty;
	struct buffer exe, cwd, folders;
};

// Ready for facts_begin; nothing is read yet.
struct facts facts_new(const struct facts_source *source);

// Forget all facts and turn to `pid` below `dir`, which is, or belongs to, the process `leader`.
void facts_begin(struct facts *f, const struct procfs *dir, pid_t pid, pid_t leader);

// Read one fact before the process is held. The file of the first, one of MATCH_FILES, stays open;
// FACT_NAME can be the second. Errors as in facts_learn.
int facts_look(struct facts *f, unsigned fact);

// Forget what was read (the file stays open): everything must be learned again.
void facts_forget(struct facts *f);

// Learn one fact of the process that *ref holds; `leader` is the handle of its process (the same,
// except for a thread). 0: it is known or denied; -ESRCH: the process is gone, or hidden from us;
// otherwise the system failed (-EMFILE, -ENOMEM, -EIO ...), and nothing follows about the process.
int facts_learn(struct facts *f, unsigned fact, const struct pidref *ref, struct pidref *leader);

// Learn the facts of the mask `facts` that are not known yet, as facts_learn does.
int facts_learn_all(
	struct facts *f, unsigned facts, const struct pidref *ref, struct pidref *leader);

// A copy of the name of the held process, in full where the kernel cuts it and the process is not
// dead; to be freed. NULL: it cannot be read, or there is no memory.
char *facts_name(const struct procfs *proc, struct pidref *ref);

// Hold one namespace (an index of match_ns_names) of the held process: *out is its descriptor, and
// *inode its number, which no other namespace gets while the descriptor is open. -ENOENT: this
// kernel, or this process (a zombie), does not have it; -ESRCH: the process is gone; -EACCES.
int facts_hold_ns(const struct pidref *ref, const struct procfs *proc, unsigned kind,
	uint64_t *inode, int *out);

void facts_free(struct facts *f);
