// SPDX-License-Identifier: GPL-2.0-or-later
// facts.h: read the facts about one process that are asked for, and no others.
//
// What is read with the handle held is the process's own once pidref_verify says that it still
// is unreaped. A file opened before that may be read again: it stays with the process it was
// opened for and answers ESRCH when that one is gone, so a look and a proof cost one open.
#pragma once

#include "base/buffer.h"
#include "find/libproc.h"
#include "find/match.h"
#include "handle/pidref.h"
#include "handle/procfs.h"

struct facts {
	struct proc proc; // the texts are in the buffers below

	// the rest is facts_*'s own
	struct procdir dir;  // where its files are
	struct libproc *lib; // borrowed; NULL while no FACT_START or FACT_TTY is asked for
	unsigned ns_kinds;   // which namespaces FACT_NS means
	bool no_ids;	     // handles do not tell FACT_IDS, so FACT_STATUS is read
	int fd;		     // of the file that was looked at first, or -1
	unsigned fd_fact;
	struct buffer comm, status, name, words, cmdline, environ, cgroup, tty;
};

// Ready to be begun; nothing is read yet.
struct facts facts_new(struct libproc *lib, unsigned ns_kinds);

// Forget what was known and turn to `pid` under `dir`, which is or belongs to `leader`.
void facts_begin(struct facts *f, const struct procfs *dir, pid_t pid, pid_t leader);

// Look at one fact before the process is held. The file of the first, one of MATCH_LOOKS, is kept;
// FACT_NAME can be the second. Errors as facts_learn.
int facts_look(struct facts *f, unsigned fact);

// What was looked at is forgotten (the file is kept): all has to be learned again.
void facts_forget(struct facts *f);

// Learn one fact of the process that *ref holds; `leader` is the handle of its process (the
// same, but for a thread). 0: it is known, or denied; -ESRCH: the process is gone, or not
// shown to us; else the system failed (-EMFILE, -ENOMEM, -EIO ...), which says nothing about
// the process.
int facts_learn(struct facts *f, unsigned fact, const struct pidref *ref, struct pidref *leader);

// Learn those of the mask `facts` that are not known, as facts_learn does.
int facts_learn_all(
	struct facts *f, unsigned facts, const struct pidref *ref, struct pidref *leader);

// Learn the facts of the mask about the held process *ref, and verify: 0: *f are its own, those
// that are denied but not known; else as facts_learn, or -ENOSYS of pidref_verify.
int facts_of(struct facts *f, const struct procfs *proc, unsigned facts, struct pidref *ref);

// Hold one of the namespaces (an index of match_ns_names) of the held process: *out is its
// descriptor, and *inode its number, which is no other namespace's while that is open. -ENOENT:
// this kernel, or the process, a zombie, has none; -ESRCH: the process is gone; -EACCES.
int facts_hold_ns(const struct pidref *ref, const struct procfs *proc, unsigned kind,
	uint64_t *inode, int *out);

void facts_free(struct facts *f);
