// SPDX-License-Identifier: GPL-2.0-or-later
// waitline.h: the line that a wait tells about one process, for people or as JSON.
#pragma once

#include "act/outcome.h"
#include "wait/await.h"

#include <stdio.h>

enum {
	WAITLINE_WHO = 16, // room for waitline_who
};

// "4711: exited with status 42.", "4711: killed by signal 15 (TERM).",
// "4711: gone, status unknown."; one fwrite and one flush, so that a reader sees it at once and
// lines of several writers never mix. The process is named by its number, or by the user's
// word, made safe to print, where that is not known or is a thread's.
void waitline_text(FILE *out, const struct awaited *a);

// The same as a JSON object: the keys of record_process, name, target, result (ended, gone,
// recycled, or for one that is not gone the word of `left`), and with "ended" the keys of
// record_ending. `name` is its comm as read while it lived, or NULL.
void waitline_json(FILE *out, const struct awaited *a, const char *name, enum outcome left);

// What to call it in a message: the user's word; or its number, written into `buf`.
const char *waitline_who(char buf[static WAITLINE_WHO], const struct awaited *a);
