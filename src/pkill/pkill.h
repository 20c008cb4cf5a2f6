// SPDX-License-Identifier: GPL-2.0-or-later
// pkill.h: what the command lines of pgrep, pkill and pidwait say, and how it becomes criteria.
#pragma once

#include "act/deliver.h"
#include "find/anchor.h"
#include "find/match.h"
#include "find/scan.h"
#include "mode/mode.h"
#include "target/targets.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PKILL_STEPS = 32 }; // the most --timeout options

struct options {
	struct match match;  // but for what is named by other processes, see pkill_resolve
	struct targets pids; // of --pid, or the file of --pidfile
	struct targets named[ANCHOR_KINDS]; // of --parent, --pgroup and --session
	bool ns_given;
	struct target ns;	// of --ns
	int64_t older, younger; // nanoseconds
	enum scan_which which;
	bool threads;
	bool ancestors;	       // they may be selected in any case
	bool ignore_ancestors; // they may not, in any case

	bool count, quiet, list_name, list_full, shell_quote, null, json, verbose, explain;
	bool handle, boot_handle;
	bool echo, interactive, tree, signal_given;
	const char *delimiter;
	int sig;
	bool queue;
	int value; // of --queue
	struct deliver_step steps[PKILL_STEPS];
	struct deliver_plan plan; // of pkill; value and steps are set where the options live
	int64_t limit;		  // of pidwait
	int64_t reap_grace;
	size_t enough; // of pidwait; 0: all
	bool status, progress;
};

// Read the command line; leaves with EXIT_USAGE on any mistake. Nobody is looked at yet.
struct options pkill_parse(int argc, char **argv);

// The criteria that depend on other processes and on the time: opens what --pid, --pidfile and
// --ns name, and completes o->match. Leaves with a message where that cannot be done.
// *held gets what keeps the numbers in the criteria from changing hands.
struct held {
	struct pidref *list; // of processes named exactly, before Linux 6.9
	size_t count;
	int ns[MATCH_NS];	// the namespaces of --ns, or -1
	struct anchor *anchors; // of --parent, --pgroup and --session
	size_t anchor_count;
};
#define HELD_NULL ((struct held){.ns = {-1, -1, -1, -1, -1, -1, -1, -1}})
void pkill_resolve(struct options *o, const struct procfs *proc, struct held *held);

// Whether the process *p, which fits the criteria and is held by *ref, is meant by the numbers in
// them: they still are those of the processes, groups and sessions that were named.
bool pkill_is_meant(
	const struct options *o, struct held *held, const struct proc *p, struct pidref *ref);

// Close what is held.
void pkill_let_go(struct held *held);
