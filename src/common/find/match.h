// SPDX-License-Identifier: GPL-2.0-or-later
// match.h: the criteria for processes as plain data, and a function that decides from facts alone.
//
// Each fact has its bit, and reading it costs time. A process is described by the facts that are
// known so far. The result has three values: a cheap first look can discard a process on few facts,
// and can never accept it. If facts are missing, the function names the cheapest one that would
// help.
#pragma once

#include "find/file.h"
#include "find/pattern.h"
#include "handle/procid.h"
#include "handle/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Ordered by cost.
enum fact {
	FACT_INODE = 1 << 0,   // from the handle
	FACT_ALIVE = 1 << 1,   // from the handle
	FACT_GROUP = 1 << 2,   // process group: one call, and no file
	FACT_SESSION = 1 << 3, // the same of the session
	// parent, users, groups: the part of FACT_STATUS that the handle can give
	FACT_IDS = 1 << 4,
	FACT_COMM = 1 << 5,	// the kernel's name
	FACT_EXE = 1 << 6,	// its program file
	FACT_CWD = 1 << 7,	// its working folder
	FACT_STATUS = 1 << 8,	// FACT_IDS, FACT_GROUP, FACT_SESSION, state, handlers
	FACT_START = 1 << 9,	// start time, and FACT_TTY if there is no terminal
	FACT_CGROUP = 1 << 10,	// /proc/PID/cgroup
	FACT_TTY = 1 << 11,	// name of the terminal
	FACT_NS = 1 << 12,	// namespaces
	FACT_UNDER = 1 << 13,	// whose descendant it is: its ancestors are held one by one
	FACT_NAME = 1 << 14,	// the full name if comm is cut
	FACT_CMDLINE = 1 << 15, // reading this or the next ones can block
	FACT_SCRIPT = 1 << 16,	// the file of the script that it runs
	FACT_ENVIRON = 1 << 17,
};

// The facts that are one open file each, which can be read again when the handle is held.
#define MATCH_FILES (FACT_COMM | FACT_STATUS | FACT_START | FACT_CGROUP | FACT_CMDLINE)
// Those that the first look can read.
#define MATCH_LOOKS (MATCH_FILES | FACT_GROUP | FACT_SESSION | FACT_EXE | FACT_CWD)

enum { MATCH_NS = 8 }; // kinds of namespaces, see match_ns_names

// The names of the files in /proc/PID/ns, which --nslist also uses.
extern const char *const match_ns_names[MATCH_NS];

// A file or folder of a process.
struct location {
	struct fileid id; // its inode is 0 if there is none
	struct bytes path;
	bool removed; // it was removed or replaced; then `path` is where it was
};

// One process, or one thread. Only the facts in `known` are filled in.
struct proc {
	pid_t pid;
	pid_t leader;	 // the process of a thread, or pid itself
	unsigned known;	 // FACT_* bits
	unsigned denied; // facts that we may not see
	uint64_t inode;	 // 0: this kernel has none
	bool alive;	 // no zombie
	bool under;	 // it descends from a process that facts_source.under knows
	struct bytes comm;
	struct bytes name; // comm, or the full name if comm is cut
	// The words joined by spaces. If there are none, "[comm]", of a zombie "[comm] <defunct>".
	struct bytes cmdline;
	struct bytes defunct; // what cmdline is if it is a zombie; empty: this is decided
	struct bytes words;   // the same, each followed by a NUL; empty if there are none
	struct bytes environ; // NAME=VALUE, each followed by a NUL
	struct bytes cgroup;  // the text of /proc/PID/cgroup
	struct bytes tty;     // "pts/3", "?" for none
	struct location exe;  // the program file
	struct location cwd;  // the working folder
	// the working folder and those above it; only if facts_source.folders
	const struct fileid *folders;
	size_t folder_count;
	struct fileid script; // the file of the script that it runs
	struct status status;
	uint64_t start;	       // clock ticks since the boot
	uint64_t ns[MATCH_NS]; // 0: not known
};

struct numbers {
	uint64_t *list; // ascending; owned by its creator
	size_t count;
	bool given; // also true for a list that is empty after all, which matches nothing
};

struct texts {
	const char **list; // owned by its creator; the strings are not
	size_t count;
};

// Processes named by PID, or exactly, by PID and inode.
struct match_pids {
	struct procid *list; // ascending by PID; owned by its creator
	size_t count;
	bool given;	    // an empty list matches nothing
	const char *option; // its name, for --explain
};

// All given criteria must be fulfilled; of a list, one item, unless it says something else.
struct match {
	const struct pattern *pattern; // NULL: not given
	bool full;    // the pattern is for the command line, otherwise for the name
	bool uncut;   // a name that the kernel cut does not match, only the full name does
	bool inverse; // select the processes that do not fulfil all
	// these two leave out processes also if `inverse`
	bool alive;		  // no zombies
	struct match_pids spared; // nor these
	// all of these have to match the command line, besides the pattern
	const struct pattern *args;
	size_t arg_count;
	bool under; // only descendants of what facts_source.under knows
	struct match_pids pids;
	struct numbers parents, groups, sessions, euids, ruids, rgids;
	const struct files *exes, *cwds; // NULL: not given
	// The process runs this file: an executable, or a script. If the path of the file ended in
	// a link with another name, or if an executable is used as an interpreter, the name in the
	// path must be that of argv[0], or of the script. NULL: not given
	const struct file *program;
	struct texts ttys; // in the form of struct proc
	struct texts cgroups;
	struct texts environs; // NAME or NAME=VALUE
	const char *states;    // letters, or NULL
	int handler;	       // the signal for which a handler is required, or 0
	bool older, younger;
	int64_t older_than, younger_than; // start times in ticks since the boot, inclusive
	// bits of match_ns_names for the namespaces that must be equal
	unsigned ns_kinds;
	uint64_t ns[MATCH_NS];
};

enum match_verdict { MATCH_NO, MATCH_YES, MATCH_UNKNOWN, MATCH_FAILED };

// Whether the known facts of *p fulfil *m. MATCH_UNKNOWN: they are not enough; *want then gets the
// cheapest missing fact, or 0 if none can be read (denied). Without the facts it is never
// MATCH_YES, even if inverted. MATCH_FAILED: memory ran out while a pattern was tried.
enum match_verdict match(const struct match *m, const struct proc *p, unsigned *want);

// All facts that a criterion may need.
unsigned match_facts(const struct match *m);

// The fact to read first, without a handle: one of MATCH_LOOKS; FACT_IDS: none if the handle gives
// these, otherwise FACT_STATUS; 0: none is cheap enough.
unsigned match_first_look(const struct match *m);

// Whether the pattern is for the command line (-f).
static inline bool match_has_full(const struct match *m)
{
	return m->full && m->pattern;
}

// (criteria.c) Whether there is a pattern for the command line (-f, --args), and whether all match
// `text`: 1, 0 or -ENOMEM.
bool match_has_line(const struct match *m);
int match_line(const struct match *m, const struct bytes *text);

enum match_near { MATCH_FAR, MATCH_NEAR_LINE, MATCH_NEAR_FILE };

// For --explain: whether the name of *p does not match, but all other criteria are fulfilled and
// the pattern matches its command line, which quotes no search, or the name of its program file.
// Only known facts count.
enum match_near match_nearly(const struct match *m, const struct proc *p);

// For --explain: the option whose criterion *p does not fulfil although the pattern matches, or
// NULL; if inverted, the one that leaves it out although it does not fulfil all criteria. Only
// known facts count. *denied: there is no such option, but one for which we may not see
// the fact.
const char *match_failed_option(const struct match *m, const struct proc *p, bool *denied);
