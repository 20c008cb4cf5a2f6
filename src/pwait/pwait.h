// SPDX-License-Identifier: GPL-2.0-or-later
// pwait.h: the parts of pwait and waitpid: the command line, targets, what is told, a command.
#pragma once

#include "handle/procfs.h"
#include "run/notify.h"
#include "run/relay.h"
#include "target/targets.h"
#include "tell/message.h"
#include "tell/waiting.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct options {
	int64_t limit;
	int64_t reap_grace;
	size_t count; // 0: all
	int kill;
	bool any; // count is 1 then
	bool verbose, print, exited, reaped, status, nohang, strict, json, progress;
	struct targets targets;
	bool stale_ok, trust_pidfile;
	const char *in; // whose pid namespace the numbers are of, or NULL: ours
	struct target in_target;
	char **command; // behind "--", or NULL
	const char *handle_file;
	const char *cgroup;
	bool ready;
};

// One wait, and what its callbacks share.
struct session {
	struct waiting w; // the first, see waiting.h
	const struct options *o;
	struct procfs procfs;
	const struct procfs *proc;    // procfs, once it was wanted and is ours
	const struct pidref *command; // to be passed signals on to, or NULL
	struct relay relay;
};

// Read the command line into *o; leaves with EXIT_USAGE on any mistake. Nobody is opened yet.
void pwait_parse(struct options *o, int argc, char **argv);

// The exit status where the system cannot: EXIT_SYSTEM, or what util-linux's waitpid has.
enum exit_status pwait_system_status(void);

// Have /proc in s->proc: for names, and for the status of a zombie. An error of procfs_open.
int pwait_want_proc(struct session *s);

// Make room for `count` handles and what a wait needs besides; leaves where there is none.
void pwait_reserve(size_t count);

// Hold every target, each process once, and tell of those that are gone already.
void pwait_hold(struct session *s);

// Read the names of those that are held, for JSON: after the reap they cannot be read.
// s->w.names is ours until pwait_forget_names, which may be called twice.
void pwait_learn_names(struct session *s);
void pwait_forget_names(struct session *s);

// Take the signals of these kinds (enum relay_signals), and those that ask for the progress.
void pwait_take_signals(struct session *s, unsigned kinds);

// Wait for all of the session's list, and tell. What await_run returns of what has to be acted
// upon: 0 or -ETIMEDOUT; leaves on other errors.
int pwait_wait(struct session *s, struct await_tally *tally);

// Callbacks of an await_plan beside those of waiting.h; `data` is the session.
void pwait_tell_unsent(const struct awaited *a, int error, void *data);
void pwait_act_on_signals(void *data);

// Tell of those that were not waited for to the end; `late`: they were there at the deadline.
void pwait_tell_left(const struct session *s, bool late);

// Offer a command that is not started yet a socket to say that it is ready; leaves where that
// cannot be.
void pwait_offer_socket(struct notify *n);

// Wait until the command, which is the session's list, is ready: EXIT_DONE, or the exit status of
// what came instead; -1: the command ended otherwise than with 0, as its entry of the list says.
int pwait_until_ready(struct session *s, const struct notify *n);

// Run the command of o->command and wait for it; the exit status, unless we end as it did.
int pwait_command(const struct options *o);
