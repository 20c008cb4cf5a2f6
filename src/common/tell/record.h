// SPDX-License-Identifier: GPL-2.0-or-later
// record.h: what the JSON of every program says of one process, under the same keys.
//
// A process is described by the same keys in every program, and the same death has the same
// words.
#pragma once

#include "act/outcome.h"
#include "handle/ending.h"
#include "handle/pidref.h"
#include "tell/json.h"

// The word of an outcome, the value of "result": "sent", "gone", ... A static string.
const char *record_word(enum outcome outcome);

// Add "pid", "pidfdId" and "handle"; null where they are not known. The number of a process that
// was never held is that of the user's word. Learns the inode of *ref, which may be NULL.
void record_process(struct json *j, struct pidref *ref);

// Add "ending" ("exited" or "killed") with "exitStatus", or with "killedBy" (the name of the
// signal) and "coreDumped". Where it is not known "ending" is null, and "reason" says why.
void record_ending(struct json *j, const struct ending *e);
