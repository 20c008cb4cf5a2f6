// SPDX-License-Identifier: GPL-2.0-or-later
// waitline.h: the line that a wait prints about one process, as text or as JSON.
#pragma once

#include "act/outcome.h"
#include "target/bootid.h"
#include "wait/await.h"

#include <stdio.h>

enum {
	WAITLINE_WHO = 16, // room for waitline_who
};

// Print "4711: exited with status 42.", "4711: killed by signal 15 (TERM)." or "4711: gone, status
// unknown." One fwrite and one flush, so that a reader sees it at once and lines of several writers
// never mix. The process is named by its PID; if that is not known or is a thread's, by the user's
// text, safe to print.
void waitline_text(FILE *out, const struct awaited *a);

// The same as a JSON object: the keys of record_process, name, target, result (ended, gone,
// recycled, or the word for `left` if it is not gone), and with "ended" the keys of record_ending.
// `name` is its comm, read while it was alive, or NULL.
void waitline_json(FILE *out, const struct awaited *a, const char *name, enum outcome left,
	struct bootid *boot);

// The name of the process in a message: the user's text, or its PID, written to `buf`.
const char *waitline_who(char buf[static WAITLINE_WHO], const struct awaited *a);
