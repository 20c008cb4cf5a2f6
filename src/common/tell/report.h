// SPDX-License-Identifier: GPL-2.0-or-later
// report.h: one outcome per target, as text and as JSON Lines, and their sum as an exit status.
#pragma once

#include "act/deliver.h"
#include "act/outcome.h"
#include "act/reclaim.h"
#include "handle/ending.h"
#include "handle/pidref.h"
#include "target/bootid.h"
#include "tell/message.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

enum {
	REPORT_STRMAX = 256, // room for report_phrase
};

// Whether the outcome is printed even without --verbose: nothing could be done to the target, or it
// survived.
bool report_is_trouble(enum outcome outcome);

// The outcome as text, without the process ("forced with KILL"). Returns buf.
char *report_phrase(char buf[static REPORT_STRMAX], const struct delivery *d);

// The process of the outcome: the user's text (for a descendant without one, the PID of its root),
// and if that does not show them, the PID and the name ("fd:5: 4711 (sleep)"), safe to print.
// Returns buf.
char *report_label(char buf[static REPORT_STRMAX], const struct delivery *d);

// Write the outcome as one line of text ("4711 (sleep): forced with KILL"), or as one JSON object
// with the keys of record_process, name, target, root (of a descendant), signal, result, advised
// and reclaimed (in bytes, if memory was reclaimed), and if it is dead the keys of record_ending.
// Each line is flushed, so that a reader sees it at once. JSON learns the inode and the boot.
void report_text(FILE *out, const struct delivery *d);
void report_json(FILE *out, struct delivery *d, struct bootid *boot);

// How many targets had each outcome.
struct report_tally {
	size_t count[OUTCOME_MAX];
	bool system; // an error that is a fault of the system
	bool if_any; // set by the caller: that there is no process (any more) counts as done
};

// Count one more, unless tally->if_any and it is absent. OUTCOME_FAILED with an error of the system
// (-ENOSYS, -EOPNOTSUPP, -ENOMEM ...) sets `system`.
void report_count(struct report_tally *tally, enum outcome outcome, int error);

// Whether the outcome means that there is no process: it is gone, or its file or socket does not
// exist.
bool report_is_absent(enum outcome outcome, int error);

// The exit status for these outcomes: EXIT_SYSTEM if the system failed; otherwise 124 if any
// survived; 0 all done; 1 none done (with if_any only if there was any); 64 some done. Skipped
// targets count as neither. Targets that were already dead count as done.
enum exit_status report_status(const struct report_tally *tally);
