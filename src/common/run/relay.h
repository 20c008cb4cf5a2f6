// SPDX-License-Identifier: GPL-2.0-or-later
// relay.h: signals to us as events; those meant for a command of ours are passed on to it.
//
// A command on a terminal behaves as if we were not there: what the terminal sends reaches it
// once, a stop of the command stops us too, so that the shell takes the terminal back, and
// whoever continues us continues it. A command that ignores Ctrl-Z, or takes its time to put the
// terminal in order before it stops, does not lose the terminal: we stop after it.
#pragma once

#include "handle/pidref.h"

#include <signal.h>
#include <stdbool.h>

enum relay_signals {
	RELAY_REPORT = 1,  // SIGUSR1, and SIGINFO where there is one
	RELAY_RESIZE = 2,  // SIGWINCH
	RELAY_COMMAND = 4, // TERM INT HUP QUIT, TSTP TTIN TTOU CONT, CHLD
};

struct relay {
	int fd;		  // can be read when a signal came
	sigset_t before;  // the mask as it was, for the command
	bool ignore_chld; // SIGCHLD was ignored, as it is to be in the command
	int unsent;	  // the last signal that could not be passed on, 0: none ...
	int error;	  // ... and why
	bool asked;	  // relay's own: we were asked to stop
};

// Take the signals of these kinds as events from now on. Those that we were started to ignore
// stay ignored. With RELAY_COMMAND, SIGCHLD is not ignored any more, for an ignored one would
// let the kernel throw the status away. Uses one descriptor. -EMFILE, -ENOMEM.
int relay_begin(struct relay *relay, unsigned kinds);

// Take what came: pass it on to *command (NULL: none), stop with it. Returns which of
// RELAY_REPORT and RELAY_RESIZE are wanted. relay->unsent is the caller's to clear.
unsigned relay_take(struct relay *relay, const struct pidref *command);

// The command is gone: what was meant for it is for us from now on.
void relay_give_up(const struct relay *relay);

// Die of `sig` as the command did, without a core file of ours; returns when that cannot be.
void relay_die_of(int sig);
