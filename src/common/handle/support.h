// SPDX-License-Identifier: GPL-2.0-or-later
// support.h: what the running kernel offers around pidfds, found by trying.
#pragma once

#include <stdbool.h>

struct support {
	bool open;     // pidfd_open, 5.3 (or a sandbox refuses it)
	bool signal;   // pidfd_send_signal, 5.1
	bool scope;    // thread and process group scope, 6.9
	bool inode;    // one inode a process: PID:INODE, 6.9
	bool by_inode; // open by inode alone: :INODE, 6.14
	bool info;     // PIDFD_GET_INFO, 6.13
	bool exit;     // the exit status of processes that are not our children, 6.15
	bool peer;     // SO_PEERPIDFD, 6.5
};

// Try everything on our own process and on one child made for it; nothing else is touched.
struct support support_probe(void);

enum { SUPPORT_ROWS = 8 };

struct support_row {
	const char *what;  // in words
	const char *key;   // in JSON
	const char *since; // the version of Linux that introduced it
	bool found;
};

// The answers of support_probe, one row for each, in the order of their versions.
void support_table(struct support_row rows[static SUPPORT_ROWS]);
