// SPDX-License-Identifier: GPL-2.0-or-later
// match.h: which processes are meant: criteria as plain data, and a pure predicate on facts.
//
// Facts cost: each has its bit, and a process is described by those that are known so far. The
// predicate is three-valued, so that a cheap first look can discard a process on few facts and
// can never accept one; it names the cheapest fact that would help it on.
#pragma once

#include "find/pattern.h"
#include "handle/procid.h"
#include "handle/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// In the order of their price.
enum fact {
	FACT_INODE = 1 << 0,   // of the handle
	FACT_IDS = 1 << 1,     // parent, users, groups: what the handle can tell of FACT_STATUS
	FACT_COMM = 1 << 2,    // the name that the kernel keeps
	FACT_STATUS = 1 << 3,  // these and process group, session, state, handlers
	FACT_CGROUP = 1 << 4,  // /proc/PID/cgroup
	FACT_START = 1 << 5,   // start time
	FACT_TTY = 1 << 6,     // name of the terminal
	FACT_NS = 1 << 7,      // namespaces
	FACT_NAME = 1 << 8,    // the full name, where comm is cut
	FACT_CMDLINE = 1 << 9, // can block on a sick process, as can the next
	FACT_ENVIRON = 1 << 10,
};

// Those that are one open file each, which can be read again once the handle is held.
#define MATCH_LOOKS (FACT_COMM | FACT_STATUS | FACT_CGROUP | FACT_CMDLINE)

enum { MATCH_NS = 8 }; // kinds of namespaces, see match_ns_names

// The files in /proc/PID/ns, and the names that --nslist takes.
extern const char *const match_ns_names[MATCH_NS];

struct bytes {
	const char *data; // followed by a NUL
	size_t len;
};

// One process, or one thread. Only what `known` names is filled in.
struct proc {
	pid_t pid;
	pid_t leader;	 // the process of a thread, or pid itself
	unsigned known;	 // FACT_* bits
	unsigned denied; // facts that we may not see
	uint64_t inode;	 // 0: this kernel has none
	struct bytes comm;
	struct bytes name;    // comm, or the full name where that is cut
	struct bytes cmdline; // words joined by spaces, "[comm]" where there are none
	struct bytes words;   // the same, each followed by a NUL; empty where there are none
	struct bytes environ; // NAME=VALUE, each followed by a NUL
	struct bytes cgroup;  // the text of /proc/PID/cgroup
	struct bytes tty;     // "pts/3", "?" for none
	struct status status;
	uint64_t start;	       // clock ticks since boot
	uint64_t ns[MATCH_NS]; // 0: not known
};

struct numbers {
	uint64_t *list; // ascending; owned by whoever made it
	size_t count;
	bool given; // a list that turned out to be empty matches nothing; or count is not 0
};

struct texts {
	const char **list; // owned by whoever made it, the texts are not
	size_t count;
};

// Processes that were named: by PID, or exactly, by PID and inode.
struct match_pids {
	struct procid *list; // by number, ascending; owned by whoever made it
	size_t count;
	bool given; // an empty list matches nothing
};

// All that is given has to hold; of a list, one.
struct match {
	const struct pattern *patterns;
	size_t pattern_count;
	bool full;    // patterns are for the command line, else for the name
	bool inverse; // those for which not all holds
	struct match_pids pids;
	struct numbers parents, groups, sessions, euids, ruids, rgids;
	struct texts ttys; // as in struct proc
	struct texts cgroups;
	struct texts environs; // NAME or NAME=VALUE
	const char *states;    // letters, or NULL
	int handler;	       // the signal that it has to have a handler for, or 0
	bool older, younger;
	int64_t older_than, younger_than; // start times in ticks since boot, limits included
	unsigned ns_kinds;		  // bits of match_ns_names that have to be equal
	uint64_t ns[MATCH_NS];
};

enum match_verdict { MATCH_NO, MATCH_YES, MATCH_UNKNOWN, MATCH_FAILED };

// Whether the facts known of *p fulfil *m. MATCH_UNKNOWN: they do not say; *want then gets the
// cheapest fact that is missing, 0 when none is to be had (denied). What cannot be known is
// never MATCH_YES, inverted or not. MATCH_FAILED: memory ran out while a pattern was tried.
enum match_verdict match(const struct match *m, const struct proc *p, unsigned *want);

// Every fact that a criterion could ask for.
unsigned match_facts(const struct match *m);

// The fact to look at first, without a handle: of MATCH_LOOKS; FACT_IDS: none, if the handle can
// tell those, else FACT_STATUS; 0: none is cheap enough.
unsigned match_first_look(const struct match *m);

// For people: the option whose criterion *p fails although the pattern fits, or NULL. Only the
// known facts count; *denied: there is none such, but one of which we may not see whether it holds.
const char *match_failed_option(const struct match *m, const struct proc *p, bool *denied);
