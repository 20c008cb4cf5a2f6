// SPDX-License-Identifier: GPL-2.0-or-later
// pkill.h: the options of pgrep, pkill and pidwait, and how they become criteria.
#pragma once

#include "act/deliver.h"
#include "find/anchor.h"
#include "find/libproc.h"
#include "find/match.h"
#include "find/scan.h"
#include "find/under.h"
#include "mode/mode.h"
#include "pkill/terminals.h"
#include "target/found.h"
#include "target/targets.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PKILL_STEPS = 32 }; // the maximum number of --timeout options

// Columns of ps(1), see find/libproc.h.
struct columns {
	unsigned char list[LIBPROC_COLUMNS];
	size_t count;
};

// Const after pkill_parse.
struct options {
	// complete except for criteria that name other processes, see pkill_resolve
	const char *pattern; // as it was given; NULL: only criteria
	struct match match;
	struct targets pids;		    // of --pid, or the file of --pidfile
	struct targets named[ANCHOR_KINDS]; // of --parent, --pgroup and --session
	struct texts exes, cwds;	    // paths, of --exe and --cwd
	struct targets under, spared;	    // of --under and --not-pid
	bool ns_given;
	struct target ns;	// of --ns
	int64_t older, younger; // nanoseconds
	enum scan_which which;
	bool threads;
	bool ignore_ancestors; // skip them and their forks
	bool mentions;	       // do not skip command lines that only quote a search

	bool count, quiet, list_name, list_full, table, shell_quote, null, json, verbose, explain;
	bool handle, boot_handle;
	bool if_any;	// no match is a success
	size_t at_most; // 0: no limit
	bool echo, interactive, tree, signal_given;
	struct columns columns; // of --columns
	const char *delimiter;
	int sig;
	bool queue;
	int value; // of --queue
	struct deliver_step steps[PKILL_STEPS];
	// of pkill; value and steps point into this struct
	struct deliver_plan plan;
	int64_t limit; // of pidwait
	int64_t reap_grace;
	size_t enough; // of pidwait; 0: all
	int64_t settle;
	bool status, progress, until_none, appear, resume;
};

// Read the command line. Exits with EXIT_USAGE on any mistake. No process is looked at yet.
void pkill_parse(struct options *o, int argc, char **argv);

// The processes that the targets of one option name. Those of targets that are looked up again come
// after the others.
struct resolved {
	const struct targets *targets; // borrowed
	target_found *take;	       // adds a process
	struct match_pids ids;	       // owned
	struct under held; // those without an inode (before Linux 6.9), and all of --under
	size_t fixed_ids, fixed_held;
	bool *again; // for each target whether it is looked up again; owned
};

// What the command line asks for, complete: also what depends on other processes and on the time.
struct criteria {
	struct match match;

	// the rest is private: what is held, so that the numbers in `match` cannot change owner
	int ns[MATCH_NS];	// the namespaces of --ns, or -1
	struct anchor *anchors; // of --parent, --pgroup and --session
	size_t anchor_count;
	struct files exes, cwds;
	struct terminals terminals;
	struct resolved pids, under, spared; // of --pid, --under and --not-pid
};

// Open what --pid, --pidfile, --ns and the like name. Exits with a message if that fails. *out
// borrows from *o.
void pkill_resolve(const struct options *o, const struct procfs *proc, struct criteria *out);

// The part of it that changes with time, again before each further search: ages, and which
// processes a cgroup, port, lock, socket or pidfile names now. Exits with a message if the system
// fails.
void pkill_resolve_again(const struct options *o, struct criteria *c);

// Whether the process *p, which matches the criteria and is held by *ref, is really meant: the
// numbers in the criteria still belong to the processes, groups and sessions that were named. 1, 0
// or -errno.
int pkill_is_meant(struct criteria *c, const struct proc *p, struct pidref *ref);

// Whether --not-pid names the held process. 1, 0, -ENOSYS.
int pkill_is_spared(const struct criteria *c, struct pidref *ref);

// Close everything that is held.
void pkill_let_go(struct criteria *c);
