// SPDX-License-Identifier: GPL-2.0-or-later
// holdoff.h: signals to ourselves put off while others depend on us.
#pragma once

#include <signal.h>
#include <stdbool.h>

struct holdoff {
	sigset_t before; // holdoff_*'s own
};

// From here on nothing but SIGKILL and SIGSTOP ends or stops this (single-threaded) program.
void holdoff_begin(struct holdoff *out);

// From here on no terminal ends or stops it: HUP comes when our own signals end the leader of our
// session, TTOU when we write from the background.
void holdoff_terminal(struct holdoff *out);

// Whether a signal has come that will end this program at holdoff_end.
bool holdoff_interrupted(const struct holdoff *h);

// What has come meanwhile takes effect now. May be called again.
void holdoff_end(const struct holdoff *h);

// From here on a write that fails does not end this program: it fails with EPIPE where the reader
// is gone, and with EFBIG at a limit of file size. Where SIGPIPE or SIGXFSZ is ignored it stays so.
// A COMMAND has the defaults again: its exec resets them.
void holdoff_lost_output(void);

// Whether SIGPIPE would have ended this program but for holdoff_lost_output.
bool holdoff_survived_pipe(void);
