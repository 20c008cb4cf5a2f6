// SPDX-License-Identifier: GPL-2.0-or-later
// report.h: one outcome per target, as text, as JSON Lines, and folded into an exit status.
#pragma once

#include "act/deliver.h"
#include "act/outcome.h"
#include "act/reclaim.h"
#include "handle/ending.h"
#include "handle/pidref.h"
#include "tell/message.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

enum {
	REPORT_STRMAX = 256, // room for report_phrase
};

// Whether the outcome is worth a message when nobody asked for any: nothing could be done to
// the target, or it survived.
bool report_is_trouble(enum outcome outcome);

// What became of it, for people, without saying of whom ("forced with KILL"); returns buf.
char *report_phrase(char buf[static REPORT_STRMAX], const struct delivery *d);

// Of whom: the user's word (of a descendant without one its root's number), and where that does
// not say it the number and the name ("fd:5: 4711 (sleep)"), made safe to print; returns buf.
char *report_label(char buf[static REPORT_STRMAX], const struct delivery *d);

// Write the outcome as one line for people ("4711 (sleep): forced with KILL"), or as one JSON
// object: the keys of record_process, name, target, root (of a descendant), signal, result,
// advised and reclaimed (bytes, where memory was given back), and the keys of record_ending
// where it is dead. One flush a line, so that a reader sees each at once; JSON learns the inode.
void report_text(FILE *out, const struct delivery *d);
void report_json(FILE *out, struct delivery *d);

// How many targets ended in each outcome.
struct report_tally {
	size_t count[OUTCOME_MAX];
	bool system; // something failed for which the system is to blame
};

// Count one more. OUTCOME_FAILED with an error of the kernel's own (-ENOSYS, -EOPNOTSUPP,
// -ENOMEM ...) sets `system`.
void report_count(struct report_tally *tally, enum outcome outcome, int error);

// The exit status that follows: EXIT_SYSTEM where the system failed; else survivors 124; all
// done 0; none 1; some 64. Skipped targets are neither done nor undone. The dead are done.
enum exit_status report_status(const struct report_tally *tally);
