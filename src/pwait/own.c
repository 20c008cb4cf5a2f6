// SPDX-License-Identifier: GPL-2.0-or-later
// own.c: wait for COMMAND as the owner of all that it starts, and end all of it if asked to.
//
// We are the subreaper: a process whose parent ends becomes our child. So waitid(2) says ECHILD
// only if nothing is left, however the processes forked and whatever sessions they made.
#include "config.h"

#include "act/tree.h"
#include "base/clock.h"
#include "base/duration.h"
#include "base/fdlimit.h"
#include "base/sigkind.h"
#include "handle/hidepid.h"
#include "handle/kernel.h"
#include "handle/pidcall.h"
#include "handle/pidread.h"
#include "pwait/pwait.h"
#include "target/handlefile.h"
#include "wait/waiter.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// After a signal that was passed on, the time until the only step of --kill.
#define END_GRACE DURATION_S

// How long to wait until the next look for processes that were born meanwhile.
#define PAUSE_FIRST INT64_C(10000000)
#define PAUSE_MOST  INT64_C(1000000000)

// How often it is tried to open a FIFO that has no reader: no event reports that one has come.
#define READER_PAUSE INT64_C(20000000)

enum { REST_NAMED = 5 }; // processes that are left and named in the message

enum goal {
	COMMAND_GONE,
	NONE_LEFT,
};

struct own {
	struct session *s;
	struct tree tree; // those that were signalled in the last round, and ourselves first
	size_t dead;	  // so many of these are known to be dead
	bool refused;	  // some may not be signalled
	bool reported;	  // this was reported in this step
	bool served;	  // COMMAND has the signal of this step
	size_t blind;	  // so many looks in succession found none
};

static struct awaited *command_of(struct session *s)
{
	return s->w.list;
}

static bool is_buried(struct session *s)
{
	return command_of(s)->state == AWAIT_GONE;
}

void pwait_bury(struct session *s)
{
	struct awaited *a = command_of(s);

	int r = spawn_failure(&s->made);
	if (r < 0) {
		progress_clear(&s->w.progress);
		message_about(s->o->command[0], "%s", strerror(-r));
		message_exit(r == -ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN);
	}
	// it is not reaped yet, so it still has its name
	if (s->o->json && !s->reaped)
		pwait_learn_names(s);
	if (!s->reaped)
		a->ending = ending_learn(&a->ref, s->proc);
	// on Linux 5.3 waitid(2) does not accept a pidfd
	if (a->ending.unknown && !s->proc && !pwait_want_proc(s))
		a->ending = ending_learn(&a->ref, s->proc);
	a->state = AWAIT_GONE;
	s->command = NULL;
	relay_give_up(&s->relay);
	waiting_gone(a, s);
}

static int reap_one(pid_t pid)
{
	struct pidref orphan;

	// until the reap it keeps its PID
	int r = pidref_open(&orphan, pid);
	if (r < 0)
		return r;
	r = pidref_waitid(&orphan, NULL, WEXITED | WNOHANG);
	pidref_close(&orphan);
	return r;
}

pid_t pwait_reap(struct session *s, pid_t pid)
{
	struct awaited *a = command_of(s);
	siginfo_t info;

	if (!reap_one(pid))
		return pid;
	// without descriptors, and on Linux 5.3, only whichever is dead can be reaped: that may be
	// the command, which then has no name any more
	if (s->o->json && !is_buried(s))
		pwait_learn_names(s);
	pid = kernel_reap(&info);
	if (pid == a->ref.pid && !is_buried(s)) {
		a->ending = ending_of_child(&info);
		s->reaped = true;
	}
	return pid;
}

// Reap all that are dead. -ECHILD: nothing is left, else 0.
static int reap(struct session *s, enum goal goal)
{
	pid_t pid;

	while ((pid = kernel_dead_child()) > 0) {
		if (is_buried(s) || pid != command_of(s)->ref.pid)
			pid = pwait_reap(s, pid);
		if (is_buried(s) || pid != command_of(s)->ref.pid)
			continue;
		pwait_bury(s);
		if (goal == COMMAND_GONE)
			return 0;
	}
	// another process cannot reap it, but a SIGCHLD that is ignored lets the kernel do it
	if (pid == -ECHILD && !is_buried(s))
		pwait_bury(s);
	return pid;
}

// -ETIMEDOUT: `until` passed before; -EINTR: a signal arrived, see relay.end.
static int wait_for(struct session *s, enum goal goal, int64_t until)
{
	int64_t tick = WAITER_NEVER;

	for (;;) {
		if (s->w.progress.wanted) {
			waiting_tick(s);
			tick = waiter_later(clock_now(), PROGRESS_TICK);
		}
		if (relay_wait(&s->relay, until < tick ? until : tick))
			pwait_act_on_signals(s);
		// also where signals never cease to come
		bool late = clock_now() >= until;
		// a process that died before the deadline is not late
		int r = reap(s, goal);
		if (r == -ECHILD || (goal == COMMAND_GONE && is_buried(s)))
			return 0;
		if (s->relay.end)
			return -EINTR;
		if (late)
			return -ETIMEDOUT;
	}
}

// ---- end all of it ----

static void report_unsent(struct own *own, const struct pidref *ref, int error)
{
	const struct awaited one = {.ref = *ref};

	if (!own->reported)
		pwait_tell_unsent(&one, error, own->s);
}

// Whether a signal of the terminal reached it without us.
static bool had_it(const struct pidref *ref)
{
	pid_t group;

	return !pidref_group(ref, &group) && group == getpgrp();
}

// Send `sig` to the members from `from` on. Returns how many got it.
static size_t send_from(struct own *own, size_t from, int sig, bool by_terminal)
{
	size_t sent = 0;

	for (size_t i = from; i < own->tree.count; i++) {
		struct pidref *ref = &own->tree.list[i].ref;

		if (pidref_state(ref) != PIDREF_ALIVE)
			continue;
		if (by_terminal && had_it(ref)) {
			sent++;
			continue;
		}
		tree_sending(&own->tree, i, sig);
		int r = pidref_signal(ref, sig, PIDREF_SCOPE_DEFAULT, NULL);
		sent += !r;
		if (r < 0 && r != -ESRCH) {
			own->refused = true;
			own->tree.list[i].given = true;
		}
	}
	return sent;
}

// A stopped process cannot act on a signal, and the process that could continue it may wait for us.
static void let_act(struct own *own, int sig)
{
	if (sigkind_needs_no_cont(sig))
		return;
	for (size_t i = 1; i < own->tree.count; i++)
		if (!own->tree.list[i].given)
			pidref_signal(&own->tree.list[i].ref, SIGCONT, PIDREF_SCOPE_DEFAULT, NULL);
}

// Those that may not be signalled are not waited for. `given` marks them.
static void drop_refused(struct own *own, int error)
{
	for (size_t i = 1; i < own->tree.count; i++) {
		struct tree_member *m = &own->tree.list[i];

		if (!m->given)
			continue;
		report_unsent(own, &m->ref, error);
		pidref_close(&m->ref);
	}
}

// Those that live of the last round. In another pid namespace they are not below us any more when
// their parents have ended.
static size_t take_survivors(struct own *own, struct pidref *out)
{
	size_t count = 0;

	for (size_t i = 1; i < own->tree.count; i++) {
		const struct tree_member *m = &own->tree.list[i];

		if (pidref_is_held(&m->ref) && pidref_state(&m->ref) == PIDREF_ALIVE)
			out[count++] = tree_give(&own->tree, i);
	}
	return count;
}

// Find all that COMMAND started. Where no process can be made to hold them, they are only looked
// for, and the next rounds find those that were born meanwhile.
static int look(struct own *own)
{
	struct rlimit before;
	size_t count = 1;

	struct pidref *roots = calloc(own->tree.count + 1, sizeof(*roots));
	if (!roots)
		return -ENOMEM;
	fdlimit_raise(&before);
	int r = pidref_open(&roots[0], getpid());
	if (!r && own->s->outside)
		count += take_survivors(own, roots + 1);
	if (!r) {
		tree_free(&own->tree);
		own->dead = 0;
		r = tree_hold(&own->tree, own->s->proc, roots, count, NULL, NULL);
		if (r < 0)
			r = tree_look_some(&own->tree, own->s->proc, roots, count);
	}
	for (size_t i = 0; r < 0 && i < count; i++)
		pidref_close(&roots[i]);
	free(roots);
	return r;
}

static size_t send_to_command(struct own *own, int sig, bool by_terminal)
{
	struct awaited *a = command_of(own->s);

	if (is_buried(own->s))
		return 0;
	if (by_terminal && had_it(&a->ref))
		return 1;
	int r = pidref_signal(&a->ref, sig, PIDREF_SCOPE_DEFAULT, NULL);
	if (!r && !sigkind_needs_no_cont(sig))
		pidref_signal(&a->ref, SIGCONT, PIDREF_SCOPE_DEFAULT, NULL);
	if (r < 0 && r != -ESRCH) {
		report_unsent(own, &a->ref, r);
		own->reported = true;
	}
	return !r;
}

// Whether COMMAND lives and a look did not find it: /proc can hide it from us.
static bool is_missed(const struct own *own)
{
	const struct awaited *a = command_of(own->s);

	for (size_t i = 1; i < own->tree.count; i++)
		if (own->tree.list[i].ref.pid == a->ref.pid)
			return false;
	return !is_buried(own->s) && pidref_state(&a->ref) == PIDREF_ALIVE;
}

// Send `sig` to all that COMMAND started, itself included, until a look finds none that is new.
// Returns how many got it.
static size_t send_to_all(struct own *own, int sig, bool by_terminal)
{
	size_t sent;

	own->refused = false;
	if (own->s->o->foreground)
		return send_to_command(own, sig, by_terminal);
	int r = look(own);
	if (r < 0) {
		if (!own->reported)
			message("cannot find the processes of the command: %s", strerror(-r));
		own->reported = true;
		return send_to_command(own, sig, by_terminal);
	}
	own->blind = own->tree.count == 1 ? own->blind + 1 : 0;
	sent = send_from(own, 1, sig, by_terminal);
	for (int more; (more = tree_more(&own->tree)) > 0;)
		sent += send_from(own, own->tree.count - (size_t)more, sig, by_terminal);
	tree_release(&own->tree, sig);
	let_act(own, sig);
	if (!own->served && is_missed(own))
		sent += send_to_command(own, sig, by_terminal);
	own->served = true;
	drop_refused(own, -EPERM);
	own->reported |= own->refused;
	return sent;
}

// Whether what is left cannot be signalled: COMMAND is not among it, and we may not signal any of
// it, or do not see it. One look may miss a process that is born meanwhile.
static bool is_out_of_reach(struct own *own)
{
	struct hidepid option;

	if (!is_buried(own->s))
		return false;
	if (own->blind < 2 || !hidepid_applies(own->s->proc, &option))
		return own->refused;
	if (!own->reported)
		message_about(own->s->o->command[0],
			"the mount option hidepid=%s of /proc hides processes that it started: "
			"they get no signal",
			option.value);
	return true;
}

static bool all_dead(struct own *own)
{
	while (own->dead < own->tree.count) {
		const struct pidref *ref = &own->tree.list[own->dead].ref;

		if (own->dead && pidref_is_held(ref) && pidref_state(ref) == PIDREF_ALIVE)
			return false;
		own->dead++;
	}
	return true;
}

static bool is_over(struct own *own, int left)
{
	if (own->s->o->foreground)
		return is_buried(own->s);
	return left == -ECHILD && (!own->s->outside || all_dead(own));
}

// When to look again. The death of a process that is not below us any more is no event.
static int64_t next_look(const struct own *own, int64_t again, int64_t until)
{
	int64_t soon = own->s->outside ? waiter_later(clock_now(), PAUSE_FIRST) : WAITER_NEVER;

	again = again < soon ? again : soon;
	return again < until ? again : until;
}

// One step: send `sig` and wait until nothing is left. Processes that were born after the signal
// get it when those that got it are dead; KILL at once. -ETIMEDOUT: `wait` is over; -EPERM: those
// that are left may not be signalled.
static int step(struct own *own, int sig, bool by_terminal, int64_t wait)
{
	struct session *s = own->s;
	int64_t now = clock_now();
	int64_t until = wait == STEPS_NO_LIMIT ? WAITER_NEVER : waiter_later(now, wait);
	int64_t again = now;
	int64_t pause = PAUSE_FIRST;

	bool first = true;

	own->reported = own->served = false;
	for (;; now = clock_now()) {
		if (is_over(own, reap(s, NONE_LEFT)))
			return 0;
		bool due = first || sig == SIGKILL || (own->tree.count && all_dead(own));
		if (due && now >= again) {
			size_t sent = send_to_all(own, sig, by_terminal);

			if (!sent && is_out_of_reach(own))
				return -EPERM;
			again = waiter_later(now, sent ? pause : PAUSE_MOST);
			pause = pause * 2 > PAUSE_MOST ? PAUSE_MOST : pause * 2;
			first = false;
			// those that are found from now on were born after it, or the descriptors
			// did not suffice for all
			by_terminal = false;
			// those that the signal ended may be dead by now
			continue;
		}
		if (now >= until)
			return -ETIMEDOUT;
		relay_wait(&s->relay, next_look(own, due ? again : WAITER_NEVER, until));
		pwait_act_on_signals(s);
		own->served &= !s->relay.end;
		if (s->relay.end)
			send_to_all(own, s->relay.end, s->relay.end_by_terminal);
		s->relay.end = 0;
	}
}

static void tell_rest(struct own *own)
{
	char list[256] = "";
	size_t count = 0;

	CLEANUP(pidref_close) struct pidref self = PIDREF_NULL;

	tree_free(&own->tree);
	if (own->s->o->foreground || pidref_open(&self, getpid()) < 0 ||
		tree_look(&own->tree, own->s->proc, &self, 1, NULL) < 0)
		return;
	for (size_t i = 1; i < own->tree.count; i++) {
		const struct pidref *ref = &own->tree.list[i].ref;
		size_t used = strlen(list);

		if (pidref_state(ref) != PIDREF_ALIVE)
			continue;
		if (count++ < REST_NAMED)
			snprintf(list + used, sizeof(list) - used, " %d", (int)ref->pid);
	}
	if (count)
		message_about(own->s->o->command[0], "%zu of its processes still run:%s%s", count,
			list, count > REST_NAMED ? " ..." : "");
}

bool pwait_is_to_end(struct session *s)
{
	// without --kill they are passed on to COMMAND alone, and once it is dead they are for us
	if (s->relay.keep_ends)
		pwait_act_on_signals(s);
	return s->relay.end != 0;
}

// Send the signals of --kill to all that the command started, the command included, until nothing
// is left. `passed`: this signal was sent to us, and is sent before them; `by_terminal`: not to
// those that have it from the terminal. 0; -ETIMEDOUT, -EPERM: some are left, which was reported.
static int end_all(struct session *s, int passed, bool by_terminal)
{
	const struct steps *kill = &s->o->kill;
	struct own own = {.s = s, .tree = TREE_NULL};
	// a signal that was sent to us stands for the first step
	size_t next = passed && (kill->count > 1 || kill->list[0].sig == passed);
	int r = -ETIMEDOUT;

	if (passed)
		r = step(&own, passed, by_terminal, next ? kill->list[0].wait : END_GRACE);
	for (; r == -ETIMEDOUT && next < kill->count; next++)
		r = step(&own, kill->list[next].sig, false, kill->list[next].wait);
	if (r < 0) {
		pwait_tell_left(s, true);
		tell_rest(&own);
	}
	tree_free(&own.tree);
	return r;
}

// ---- before it runs, or when it is ready ----

int pwait_write_handle(struct session *s, struct pidref *ref, int64_t until)
{
	const char *file = s->o->handle_file;

	for (;;) {
		int r = file ? handlefile_write(file, ref) : 0;
		int64_t again = waiter_later(clock_now(), READER_PAUSE);

		if (r < 0 && r != -EAGAIN) {
			spawn_drop(&s->made);
			message_die(EXIT_SYSTEM, "--handle-file: '%s': %s", file,
				handlefile_problem(r));
		}
		if (!r)
			return 0;
		// before the command runs, signals have their default effect or stay pending; with
		// --ready it runs, or is buried already
		if (!s->o->ready)
			poll(NULL, 0, (int)(READER_PAUSE / 1000000));
		else if (relay_wait(&s->relay, again < until ? again : until))
			pwait_act_on_signals(s);
		if (s->relay.end)
			return -EINTR;
		if (s->command && pidref_state(s->command) != PIDREF_ALIVE)
			return -ESRCH;
		if (clock_now() >= until)
			return -ETIMEDOUT;
	}
}

// ---- the whole wait ----

int pwait_end_early(struct session *s)
{
	int sig = s->relay.end;

	s->relay.end = 0;
	return end_all(s, sig, s->relay.end_by_terminal) < 0 ? EXIT_DEADLINE : -1;
}

int pwait_too_late(struct session *s)
{
	waiting_deadline(s);
	// without --kill the command continues
	if (s->o->kill.count)
		end_all(s, 0, false);
	else
		pwait_tell_left(s, true);
	return EXIT_DEADLINE;
}

int pwait_own(struct session *s)
{
	const struct options *o = s->o;
	const int64_t until = pwait_deadline(s);

	int r = wait_for(s, o->tree ? NONE_LEFT : COMMAND_GONE, until);
	progress_clear(&s->w.progress);
	// a signal to our process group has ended COMMAND too, and was sent to us before it was
	// dead
	if (r == -EINTR || (!r && pwait_is_to_end(s)))
		return pwait_end_early(s);
	if (r == -ETIMEDOUT)
		return pwait_too_late(s);
	if (o->cleanup && end_all(s, 0, false) < 0)
		return EXIT_DEADLINE;
	return -1;
}
