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

struct report {
	const char *target; // the user's word, or NULL for a process found by criteria
	struct pidref *ref; // NULL or empty when nothing is held
	const char *name;   // its name, raw bytes, or NULL when it was not read
	bool group;	    // it stands for a whole process group
	pid_t root;	    // of a descendant: the number of the process whose; else 0
	int sig;	    // the last signal sent, or the one that would have been
	enum outcome outcome;
	int error;	  // of OUTCOME_FAILED, negative
	bool owner_known; // of OUTCOME_DENIED: whether owner, its real user, is known
	uid_t owner;
	struct reclaimed reclaimed;
	struct ending ending; // of OUTCOME_DEAD, OUTCOME_EXITED and OUTCOME_FORCED
};

// The delivery as a report; borrows from *d.
struct report report_of(struct delivery *d);

enum {
	REPORT_STRMAX = 256, // room for report_phrase
};

// The word for an outcome in JSON: "sent", "gone", ...
const char *report_word(enum outcome outcome);

// Whether the outcome is worth a message when nobody asked for any: nothing could be done to
// the target, or it survived.
bool report_is_trouble(enum outcome outcome);

// What became of it, for people, without saying of whom ("forced with KILL"); returns buf.
char *report_phrase(char buf[static REPORT_STRMAX], const struct report *r);

// Of whom: the user's word (of a descendant without one its root's number), and where that does
// not say it the number and the name ("fd:5: 4711 (sleep)"), made safe to print; returns buf.
char *report_label(char buf[static REPORT_STRMAX], const struct report *r);

// Write the outcome as one line for people ("4711 (sleep): forced with KILL"), or as one JSON
// object: pid, inode, handle, name, target, root (of a descendant), signal, result, advised and
// reclaimed (bytes, where memory was given back), and status (as
// a shell would say it) when known. One flush a line, so that a reader sees each at once; JSON
// learns the inode.
void report_text(FILE *out, const struct report *r);
void report_json(FILE *out, const struct report *r);

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
