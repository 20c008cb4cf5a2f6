// SPDX-License-Identifier: GPL-2.0-or-later
// relay.h: receive signals as events, and pass those that are for our command on to it.
//
// On a terminal, a command behaves as if it had been started without us. A signal from the terminal
// reaches it once; a hangup reaches it even if it is reported to us alone. If the command stops, we
// stop too, so that the shell takes the terminal back; what continues us continues the command. We
// stop only after the command has stopped, so a command that ignores Ctrl-Z, or restores the
// terminal first, keeps the terminal.
#pragma once

#include "handle/pidref.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

enum relay_signals {
	RELAY_REPORT = 1,  // SIGUSR1, and SIGINFO if the system has it
	RELAY_RESIZE = 2,  // SIGWINCH
	RELAY_COMMAND = 4, // TERM INT HUP QUIT, TSTP TTIN TTOU CONT
	RELAY_CHILD = 8,   // SIGCHLD
	RELAY_OTHERS = 16, // all others that can be passed on, also those above that are not wanted
};

struct relay {
	int fd;		  // readable when a signal arrived
	sigset_t before;  // the old signal mask, for the command
	unsigned kinds;	  // private
	bool ignore_chld; // SIGCHLD was ignored; the command gets it ignored too
	int unsent;	  // the last signal that could not be passed on; 0: none ...
	int error;	  // ... and the error
	// If the caller sets this, TERM INT HUP and QUIT are not passed on: one that arrived, TERM
	// rather than others, otherwise the last, is in `end` until the caller clears it.
	bool keep_ends;
	int end;
	bool end_by_terminal; // it went to the foreground process group of the terminal
	bool asked;	      // private: a stop signal was received
	sigset_t early;	      // private: signals that arrived before the command was born
};

// From now on receive the signals of these kinds as events. Signals that were ignored at the start
// stay ignored. With RELAY_CHILD, SIGCHLD is no longer ignored: if it were, the kernel would
// discard the status of the command. Uses one descriptor. -EMFILE, -ENOMEM.
int relay_begin(struct relay *relay, unsigned kinds);

// Call this when the command is born: signals that arrived before did not reach it, whatever sent
// them.
void relay_born(struct relay *relay);

// Wait until a signal has arrived, or until the clock in clock.h reaches `until` (INT64_MAX:
// never). Whether one has arrived.
bool relay_wait(const struct relay *relay, int64_t until);

// Handle the signals that arrived: pass them on to *command (NULL: none), and stop if it stopped.
// Returns which of RELAY_REPORT, RELAY_RESIZE and RELAY_CHILD arrived. The caller clears
// relay->unsent.
unsigned relay_take(struct relay *relay, const struct pidref *command);

// Call this when the command is gone: the signals meant for it affect us from now on, but with
// keep_ends those that it keeps.
void relay_give_up(const struct relay *relay);

// Die from `sig` as the command did, but without a core file. Returns only if that is not possible.
void relay_die_of(int sig);
