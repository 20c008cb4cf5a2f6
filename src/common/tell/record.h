// SPDX-License-Identifier: GPL-2.0-or-later
// record.h: one process in the JSON of every program, with the same keys.
//
// Every program describes a process with the same keys, and the same ending with the same words.
#pragma once

#include "act/outcome.h"
#include "handle/ending.h"
#include "handle/pidref.h"
#include "target/bootid.h"
#include "tell/json.h"

// The word for an outcome, the value of "result": "sent", "gone", ... A static string.
const char *record_word(enum outcome outcome);

// Add "pid", "pidfdId", "bootId" and "handle"; null if they are not known. For a process that was
// never held, the PID is the one in the user's text. Learns the inode of *ref, which may be NULL,
// and the id of this boot.
void record_process(struct json *j, struct pidref *ref, struct bootid *boot);

// Add "ending" ("exited" or "killed") with "exitStatus", or with "killedBy" (the name of the
// signal) and "coreDumped". If the ending is not known, it is null, and "reason" gives the reason.
void record_ending(struct json *j, const struct ending *e);
