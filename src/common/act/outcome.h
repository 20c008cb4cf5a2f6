// SPDX-License-Identifier: GPL-2.0-or-later
// outcome.h: the result of an action on one target.
#pragma once

// The result for one target. Every target has exactly one in the end.
enum outcome {
	OUTCOME_NONE,	  // not decided yet
	OUTCOME_PLANNED,  // a dry run: it would be signalled
	OUTCOME_SENT,	  // the signal was sent (signal 0: it could be); nothing more was asked for
	OUTCOME_GONE,	  // the process does not exist (any more); nothing was sent
	OUTCOME_RECYCLED, // another process has the PID now; nothing was sent
	OUTCOME_DEAD,	  // a zombie: already dead, a signal has no effect
	OUTCOME_SKIPPED,  // it has no handler for the signal, and one was required
	OUTCOME_DENIED,	  // we are not permitted to signal it
	OUTCOME_FAILED,	  // it failed for another reason (see error)
	OUTCOME_ENDED,	  // waited for: gone after the first signal
	OUTCOME_FORCED,	  // waited for: gone after a follow-up signal
	OUTCOME_SURVIVED, // waited for: still there at the deadline
	OUTCOME_RUNNING,  // waited for: still there when the wait ended
	OUTCOME_READY,	  // started: it reported that it is ready
	OUTCOME_MAX,
};
