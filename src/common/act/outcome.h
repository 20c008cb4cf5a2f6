// SPDX-License-Identifier: GPL-2.0-or-later
// outcome.h: the result of an action on one target.
#pragma once

// What became of one target. Every target ends in exactly one.
enum outcome {
	OUTCOME_NONE,	  // not decided yet
	OUTCOME_PLANNED,  // a dry run: it would have been signalled
	OUTCOME_SENT,	  // the signal was sent (signal 0: it could be); nothing more was asked for
	OUTCOME_GONE,	  // no such process (any more), nothing was sent
	OUTCOME_RECYCLED, // the number lives, but it is another process's: nothing was sent
	OUTCOME_DEAD,	  // a zombie: dead already, a signal does nothing
	OUTCOME_SKIPPED,  // has no handler for the signal, and one was required
	OUTCOME_DENIED,	  // we may not signal it
	OUTCOME_FAILED,	  // it could not be done for another reason (see error)
	OUTCOME_ENDED,	  // waited for: it is gone after the first signal
	OUTCOME_FORCED,	  // waited for: it is gone after a follow-up signal
	OUTCOME_SURVIVED, // waited for: it was still there at the deadline
	OUTCOME_RUNNING,  // waited for: it was still there when that was over
	OUTCOME_READY,	  // started: it reported that it is ready
	OUTCOME_MAX,
};
