// SPDX-License-Identifier: GPL-2.0-or-later
// holdoff.h: delay signals to this program while others depend on it.
#pragma once

#include <signal.h>
#include <stdbool.h>

struct holdoff {
	sigset_t before; // holdoff_*'s own
};

// From now on only SIGKILL and SIGSTOP can end or stop this (single-threaded) program.
void holdoff_begin(struct holdoff *out);

// From now on a terminal cannot end or stop it: HUP comes when our signals end the leader of our
// session, TTOU when we write from the background.
void holdoff_terminal(struct holdoff *out);

// Whether a signal is pending that will end this program at holdoff_end.
bool holdoff_interrupted(const struct holdoff *h);

// Pending signals take effect now. May be called again.
void holdoff_end(const struct holdoff *h);

// From now on a failed write does not end this program: it fails with EPIPE if the reader is gone,
// and with EFBIG at a limit of file size. If SIGPIPE or SIGXFSZ is ignored, it stays ignored. A
// COMMAND has the default actions, because exec resets handlers.
void holdoff_lost_output(void);

// Whether SIGPIPE would end this program without holdoff_lost_output.
bool holdoff_survived_pipe(void);
