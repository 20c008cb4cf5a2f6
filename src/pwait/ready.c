// SPDX-License-Identifier: GPL-2.0-or-later
// ready.c: pwait --ready -- COMMAND: return when the command reports that it is ready.
#include "config.h"

#include "base/clock.h"
#include "base/escape.h"
#include "find/ancestors.h"
#include "handle/kernel.h"
#include "pwait/pwait.h"
#include "wait/waiter.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TAG_COMMAND, TAG_SPEAKER, TAG_SIGNALS, TAG_MESSAGES };

enum {
	WORDS = 256, // room for the text of a process, escaped
	// more than a socket holds; messages of other processes must not delay the deadline
	AT_A_TIME = 1024,
	REFUSALS = 5, // reported by --verbose; messages of other processes must not fill a log
};

// How long a descendant that sent READY=1 must live to be taken for the service. One that ends
// sooner, such as systemd-notify(1), only reports for another process.
#define SPEAKER_GRACE INT64_C(1000000000)

// One command that is not ready yet.
struct start {
	struct session *s;
	const struct notify *notify;
	struct waiter *waiter;
	struct awaited *command;
	struct pidref self;
	struct pidref speaker; // the process of the command that sent the last message
	struct pidref main;    // the process of an accepted MAINPID
	size_t refused;
	bool ready;
	int64_t limit; // the deadline, or WAITER_NEVER
	char words[WORDS];
};

void pwait_offer_socket(struct notify *n)
{
	int r = notify_open(n);

	if (r == -ENOPROTOOPT)
		message_die(EXIT_SYSTEM,
			"--ready: identifying the sender of a message needs Linux 6.5");
	if (!r && setenv("NOTIFY_SOCKET", n->name, 1) < 0)
		r = -errno;
	if (r < 0)
		message_die(EXIT_SYSTEM, "--ready: %s", strerror(-r));
}

// ---- which messages count ----

// Whether it is the command or a descendant of it. All descendants of ours are, because we had no
// other children, and orphans below us become our children.
static bool is_of_command(struct start *start, struct pidref *ref)
{
	struct ancestors above;

	if (pidref_same(ref, &start->command->ref) == 1)
		return true;
	if (ancestors_of(&above, ref) < 0)
		return false;
	bool found = ancestors_index(&above, &start->self) < above.count;
	ancestors_free(&above);
	return found;
}

static bool is_from_command(struct start *start, struct notify_message *m)
{
	return pidref_is_held(&m->sender) && is_of_command(start, &m->sender);
}

static void refuse(struct start *start, const struct notify_message *m)
{
	if (!start->s->o->verbose || start->refused > REFUSALS)
		return;
	if (start->refused++ == REFUSALS)
		message("further ignored messages are not reported");
	else
		message("a message from process %d of user %u is ignored: %s", (int)m->pid,
			(unsigned)m->uid,
			!pidref_is_held(&m->sender) ? "it was gone before it could be known"
						    : "it is not a process of the command");
}

// MAINPID is only a number, so the process that has it must be held. However it is named, it must
// belong to the command.
static void take_main(struct start *start, struct notify_message *m)
{
	const struct notice *notice = &m->notice;
	struct pidref ref = pidref_take(&m->main);
	int r = 0;

	if (!pidref_is_held(&ref))
		r = notice->main_inode
			    ? pidref_open_exact(&ref, notice->main_pid, notice->main_inode)
			    : pidref_open(&ref, notice->main_pid);
	if (!r && is_of_command(start, &ref)) {
		pidref_close(&start->main);
		start->main = ref;
		return;
	}
	pid_t pid = r < 0 ? notice->main_pid : ref.pid;
	if (!r)
		pidref_close(&ref);
	if (start->s->o->verbose)
		message("MAINPID=%d is ignored: it is not a process of the command", (int)pid);
}

// ---- messages ----

// Close what came with the message and is not needed.
static void let_go(struct notify_message *m)
{
	pidref_close(&m->sender);
	pidref_close(&m->main);
}

__attribute__((format(printf, 2, 3))) static void say(
	const struct start *start, const char *format, ...)
{
	char line[WORDS + 64];
	va_list args;

	if (!start->s->o->verbose || start->s->o->json)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	printf("%d: %s\n", (int)start->speaker.pid, line);
	fflush(stdout);
}

static void take_notice(struct start *start, struct notify_message *m)
{
	const struct notice *n = &m->notice;

	if (n->main_pid || pidref_is_held(&m->main))
		take_main(start, m);
	if (n->status) {
		escape_format(start->words, sizeof(start->words), n->status, strlen(n->status));
		say(start, "says '%s'", start->words);
	}
	if (n->has_error)
		say(start, "reports error %d (%s)", n->error, strerror(n->error));
	if (n->has_exit)
		say(start, "reports exit status %d", n->exit);
	if (n->stopping)
		say(start, "reports that it is stopping");
	if (n->extend && start->limit != WAITER_NEVER) {
		int64_t at = clock_now();
		bool endless = n->extend > INT64_MAX / 1000;
		int64_t limit = waiter_later(at, endless ? INT64_MAX : (int64_t)n->extend * 1000);

		say(start, "asks for %llu more microseconds", (unsigned long long)n->extend);
		// sd_notify(3): it extends the deadline, and never shortens it
		if (limit > start->limit)
			start->limit = limit;
	}
	start->ready |= n->ready;
}

// Receive the next message if it is from the command. -EBADMSG: it is not, or it is invalid.
static int next_message(struct start *start, struct notify_message *m)
{
	int r = notify_peek(start->notify, m);

	if (r < 1)
		return r;
	// the PID says which message is worth its descriptors, the pidfd in it is the proof
	pidref_open(&m->sender, m->pid);
	if (is_from_command(start, m)) {
		pidref_close(&m->sender);
		r = notify_receive(start->notify, m);
		if (r < 1 || is_from_command(start, m))
			return r;
	} else {
		r = notify_skip(start->notify);
	}
	refuse(start, m);
	let_go(m);
	return r < 1 ? r : -EBADMSG;
}

// Handle the messages that arrived, up to the first one that reports ready.
static void take_messages(struct start *start)
{
	struct notify_message m;

	for (int i = 0; i < AT_A_TIME && !start->ready; i++) {
		int r = next_message(start, &m);
		if (!r)
			return;
		// any process can send to the socket, so an invalid message must not end the wait
		if (r == -EBADMSG)
			continue;
		if (r < 0)
			message_die(EXIT_SYSTEM, "--ready: %s", strerror(-r));
		pidref_close(&start->speaker);
		start->speaker = pidref_take(&m.sender);
		take_notice(start, &m);
	}
}

// ---- the end of the wait ----

// Discard messages that arrive after READY=1, so that the socket does not stay readable.
static void drop_messages(const struct start *start)
{
	for (int i = 0; i < AT_A_TIME && notify_skip(start->notify); i++)
		;
}

// If the command is alive, wait until it is clear whether the sender of the message stays.
static void wait_for_speaker(struct start *start)
{
	struct pidref *command = &start->command->ref;
	unsigned events = 0;
	uint64_t tag = 0;
	int64_t until = clock_now() + SPEAKER_GRACE;

	if (pidref_same(&start->speaker, command) == 1 ||
		waiter_add(start->waiter, &start->speaker, TAG_SPEAKER) < 0)
		return;
	if (start->limit && start->limit < until)
		until = start->limit;
	while (pidref_state(&start->speaker) == PIDREF_ALIVE &&
		pidref_state(command) == PIDREF_ALIVE) {
		int r = waiter_next(start->waiter, until, &tag, &events);
		if (r > 0 && tag == TAG_SIGNALS)
			pwait_act_on_signals(start->s);
		if (r > 0 && tag == TAG_MESSAGES)
			drop_messages(start);
		if (r < 0 || start->s->relay.end)
			break;
	}
	waiter_remove(start->waiter, &start->speaker);
}

// The process that is ready: the one of MAINPID; otherwise the sender; but if the sender has ended
// (systemd-notify(1) does) and the command is alive, the command.
static struct pidref *ready_one(struct start *start)
{
	// MAINPID is the most exact: the sender chose the process
	if (pidref_is_held(&start->main) && pidref_state(&start->main) != PIDREF_ALIVE) {
		if (start->s->o->verbose)
			message("MAINPID=%d is ignored: it has ended", (int)start->main.pid);
		pidref_close(&start->main);
	}
	if (pidref_is_held(&start->main))
		return &start->main;
	wait_for_speaker(start);
	if (pidref_state(&start->speaker) != PIDREF_ALIVE &&
		pidref_state(&start->command->ref) == PIDREF_ALIVE)
		return &start->command->ref;
	return &start->speaker;
}

// For a command that is dead: whether it failed. One that did not may have left a daemon behind.
static bool has_failed(struct start *start)
{
	const struct ending *ending = &start->command->ending;

	pwait_bury(start->s);
	return ending->unknown || ending_status(ending) != 0;
}

// As pwait_write_handle. -ESRCH: the command failed meanwhile.
static int write_handle(struct start *start, struct pidref *ref)
{
	for (;;) {
		int r = pwait_write_handle(start->s, ref, start->limit);

		if (r != -ESRCH || has_failed(start))
			return r;
	}
}

static int tell_ready(struct start *start)
{
	const struct options *o = start->s->o;
	struct awaited one = {.ref = PIDREF_NULL};

	one.ref = *ready_one(start);
	int r = pwait_is_to_end(start->s) ? -EINTR : write_handle(start, &one.ref);
	if (r == -EINTR)
		return pwait_end_early(start->s);
	if (r == -ETIMEDOUT)
		return pwait_too_late(start->s);
	if (r < 0)
		return -1;
	if (o->json) {
		struct session about = {.w = {.list = &one, .count = 1}, .proc = start->s->proc};

		pwait_learn_names(&about);
		waiting_json(&about.w, &one, OUTCOME_READY);
		pwait_forget_names(&about);
	} else if (o->verbose) {
		printf("%d: ready.\n", (int)one.ref.pid);
		fflush(stdout);
	}
	return EXIT_DONE;
}

static void tell_unready(const struct start *start, const char *what)
{
	message_about(start->s->o->command[0], "%s%s%s%s", what, *start->words ? ": '" : "",
		start->words, *start->words ? "'" : "");
}

// Reap the orphans that became our children. -ECHILD: no process is left that could be ready.
static int reap_orphans(struct start *start)
{
	pid_t pid;

	while ((pid = kernel_dead_child()) > 0) {
		if (start->command->state != AWAIT_GONE && pid == start->command->ref.pid)
			return 0;
		// read its messages first: after the reap its ancestors cannot be found
		take_messages(start);
		if (pwait_reap(start->s, pid) == start->command->ref.pid &&
			start->command->state != AWAIT_GONE)
			return 0;
	}
	return pid;
}

// Wait for the next event. -ETIMEDOUT: the deadline has passed.
static int next_event(struct start *start, bool *died)
{
	unsigned events = 0;
	uint64_t tag = 0;

	int r = waiter_next(start->waiter, start->limit, &tag, &events);
	*died = r > 0 && tag == TAG_COMMAND;
	if (r > 0 && tag == TAG_SIGNALS)
		pwait_act_on_signals(start->s);
	take_messages(start);
	return r > 0 ? 0 : r;
}

static int wait_until_ready(struct start *start)
{
	for (;;) {
		bool died;
		int r = next_event(start, &died);

		if (start->ready)
			return tell_ready(start);
		if (pwait_is_to_end(start->s))
			return pwait_end_early(start->s);
		if (r == -ETIMEDOUT)
			return pwait_too_late(start->s);
		if (r < 0)
			message_die(EXIT_SYSTEM, "%s", await_problem(r));
		if (died && start->command->state != AWAIT_GONE && has_failed(start)) {
			tell_unready(start, "ended before it was ready");
			return -1;
		}
		r = reap_orphans(start);
		if (start->ready)
			return tell_ready(start);
		if (r == -ECHILD) {
			tell_unready(start, "ended before it reported that it is ready");
			return EXIT_NONE;
		}
	}
}

int pwait_until_ready(struct session *s, const struct notify *n)
{
	struct start start = {
		.s = s,
		.notify = n,
		.command = s->w.list,
		.self = PIDREF_NULL,
		.speaker = PIDREF_NULL,
		.main = PIDREF_NULL,
		.limit = pwait_deadline(s),
	};

	int r = pidref_open(&start.self, getpid());
	if (!r)
		r = waiter_new(&start.waiter);
	if (!r)
		r = waiter_add(start.waiter, &start.command->ref, TAG_COMMAND);
	if (!r)
		r = waiter_watch(start.waiter, s->relay.fd, TAG_SIGNALS);
	if (!r)
		r = waiter_watch(start.waiter, n->fd, TAG_MESSAGES);
	if (r < 0)
		message_die(EXIT_SYSTEM, "%s", await_problem(r));
	r = wait_until_ready(&start);
	waiter_free(&start.waiter);
	pwait_forget_names(s);
	return r;
}
