// SPDX-License-Identifier: GPL-2.0-or-later
// pwait.h: the parts of pwait and waitpid: command line, targets, output, and a command.
#pragma once

#include "base/steps.h"
#include "handle/procfs.h"
#include "run/notify.h"
#include "run/relay.h"
#include "run/spawn.h"
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
	struct steps kill;
	bool any; // then count is 1
	bool verbose, print, exited, reaped, status, nohang, strict, json, progress;
	struct targets targets;
	bool stale_ok, trust_pidfile;
	const char *in; // the namespace that the PIDs belong to; NULL: ours
	struct target in_target;
	char **command; // the arguments after "--", or NULL
	const char *handle_file;
	size_t json_fd; // the descriptor for JSON; 0: standard output
	const char *cgroup;
	bool ready;
	bool cleanup, foreground, tree, die_with_parent;
};

// One wait, shared with its callbacks.
struct session {
	struct waiting w; // the first member, see waiting.h
	const struct options *o;
	struct procfs procfs;
	const struct procfs *proc;    // procfs, once it is opened and can be trusted
	const struct pidref *command; // gets the signals that are passed on; NULL: none
	struct relay relay;
	bool reaped;	     // private: the command is, and its entry has its ending already
	bool outside;	     // it is in another pid namespace
	struct pidref host;  // with --in: the process where the command runs
	struct entry entry;  // the same
	struct spawned made; // the process of the command; its handle is in the list
	int64_t until;	     // see pwait_deadline
};

// Read the command line into *o. Exits with EXIT_USAGE on any mistake. No process is opened yet.
void pwait_parse(struct options *o, int argc, char **argv);

// Open /proc in s->proc, for names and for the status of a zombie. An error of procfs_open.
int pwait_want_proc(struct session *s);

// Hold every target, each process once, and report those that are already gone.
void pwait_hold(struct session *s);

// Read the names of the held processes, for JSON: after the reap they cannot be read. s->w.names
// belongs to the session until pwait_forget_names, which may be called twice.
void pwait_learn_names(struct session *s);
void pwait_forget_names(struct session *s);

// Receive the signals of these kinds (enum relay_signals), and those that request the progress.
void pwait_take_signals(struct session *s, unsigned kinds);

// Write the handle of *ref to the file of --handle-file, if there is one. A FIFO is waited for
// until `until`, and meanwhile the signals that arrived are handled. -ETIMEDOUT: it has no reader;
// -EINTR: with --kill, a signal that ends arrived; -ESRCH: the command, which ran, is dead. Exits
// on other errors.
int pwait_write_handle(struct session *s, struct pidref *ref, int64_t until);

// The deadline of --timeout, counted from the first call.
int64_t pwait_deadline(struct session *s);

// Wait for the processes in the session's list, and report. Returns 0 or -ETIMEDOUT as await_run
// does; exits on other errors.
int pwait_wait(struct session *s, struct await_tally *tally);

// More callbacks of an await_plan, besides those of waiting.h; `data` is the session.
void pwait_tell_unsent(const struct awaited *a, int error, void *data);
void pwait_act_on_signals(void *data);

// Report the processes that are not gone; `late`: they were still there at the deadline.
void pwait_tell_left(struct session *s, bool late);

// Create the socket on which a command that is not started yet can report that it is ready; exits
// if that fails.
void pwait_offer_socket(struct notify *n);

// Wait until the command, the only process in the session's list, is ready. EXIT_DONE, or the exit
// status for what happened instead; -1: the command ended, and not with status 0; its entry in the
// list has its ending.
int pwait_until_ready(struct session *s, const struct notify *n);

// Learn and report how the command ended, when it is dead; exits if it could not be run. Signals
// that are passed on to it affect us from now on.
void pwait_bury(struct session *s);

// Reap the dead child `pid`, which is not the command; where that one cannot be held, another dead
// one. Returns its number: if it is the command, pwait_bury has to follow; 0: there is none;
// -errno.
pid_t pwait_reap(struct session *s, pid_t pid);

// Whether, with --kill, a signal that ends was sent to us; it is in s->relay.end. Reads the signals
// that have arrived.
bool pwait_is_to_end(struct session *s);

// Pass the signal in s->relay.end to all that the command started, then send those of --kill, until
// nothing is left. EXIT_DEADLINE: some are left, which was reported; -1: the status is that of the
// command.
int pwait_end_early(struct session *s);

// The deadline passed: report that, and send the signals of --kill, if there are any.
// EXIT_DEADLINE.
int pwait_too_late(struct session *s);

// Wait for the command as the options say. The exit status; -1: that of the command, whose entry in
// the list has its ending.
int pwait_own(struct session *s);

// Run the command o->command and wait for it. Returns the exit status, unless we end by a signal as
// the command did.
int pwait_command(const struct options *o);
