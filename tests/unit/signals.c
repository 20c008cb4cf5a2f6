// SPDX-License-Identifier: GPL-2.0-or-later
// signals.c: unit tests of hint.h, holdoff.h, sigtable.h and idset.h.
#include "config.h"

#include "base/holdoff.h"
#include "check.h"
#include "handle/idset.h"
#include "tell/hint.h"
#include "tell/sigtable.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BIT(sig) (UINT64_C(1) << ((sig)-1))

static void hints_give_the_reason(void)
{
	static const struct {
		const char *want; // a part of it; NULL: none
		struct status status;
		pid_t pid;
		int sig;
	} rows[] = {
		{NULL, {.state = 'S'}, 5, SIGTERM},
		{NULL, {.state = 'R'}, 5, SIGKILL},
		{NULL, {.state = 'S', .ignored = BIT(SIGTERM)}, 5, 0},
		{NULL, {.state = 'Z', .ignored = BIT(SIGTERM)}, 5, SIGTERM},
		{"ignores", {.state = 'S', .ignored = BIT(SIGTERM)}, 5, SIGTERM},
		{NULL, {.state = 'S', .ignored = BIT(SIGTERM)}, 5, SIGINT},
		{"ignores", {.state = 'S', .ignored = BIT(64)}, 5, 64},
		{"blocks", {.state = 'S', .blocked = BIT(40)}, 5, 40},
		{"blocks", {.state = 'S', .blocked = BIT(SIGHUP), .caught = BIT(SIGHUP)}, 5,
			SIGHUP},
		{"kernel", {.state = 'I', .kthread = true}, 2, SIGKILL},
		{"PID 1", {.state = 'S', .namespaces = 1, .innermost = 1}, 1, SIGKILL},
		{"PID 1", {.state = 'S', .namespaces = 1, .innermost = 1}, 1, SIGTERM},
		{NULL, {.state = 'S', .namespaces = 1, .innermost = 1, .caught = BIT(SIGTERM)}, 1,
			SIGTERM},
		{"PID 1", {.state = 'S', .namespaces = 2, .innermost = 1}, 5, SIGTERM},
		{NULL, {.state = 'S', .namespaces = 2, .innermost = 1}, 5, SIGKILL},
		{NULL, {.state = 'S', .namespaces = 2, .innermost = 1}, 5, SIGSTOP},
		{NULL, {.state = 'S', .namespaces = 2, .innermost = 7}, 5, SIGTERM},
		{"by default", {.state = 'S'}, 5, SIGWINCH},
		{NULL, {.state = 'S', .caught = BIT(SIGWINCH)}, 5, SIGWINCH},
		{"stopped", {.state = 'T'}, 5, SIGTERM},
		{NULL, {.state = 'T'}, 5, SIGKILL},
		{NULL, {.state = 'T'}, 5, SIGCONT},
		{"traced", {.state = 't'}, 5, SIGTERM},
		{"cannot be interrupted", {.state = 'D'}, 5, SIGKILL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *hint = hint_signal(&rows[i].status, rows[i].pid, rows[i].sig);
		static char row[32]; // a failure is told of when this function is over, too

		snprintf(row, sizeof(row), "%zu", i);
		check_row = row;
		CHECK(!hint == !rows[i].want);
		if (hint && rows[i].want)
			CHECK(strstr(hint, rows[i].want) != NULL);
	}
}

static void a_signal_without_a_handler_ends_a_process(void)
{
	static const struct {
		bool want;
		struct status status;
		int sig;
	} rows[] = {
		{true, {.state = 'S'}, SIGUSR1},
		{true, {.state = 'T'}, SIGHUP},
		{true, {.state = 'S', .caught = BIT(SIGUSR2)}, 64},
		{true, {.state = 'S', .namespaces = 2, .innermost = 7}, SIGUSR1},
		{false, {.state = 'S'}, SIGTERM},
		{false, {.state = 'S'}, SIGKILL},
		{false, {.state = 'S'}, SIGWINCH},
		{false, {.state = 'S'}, 0},
		{false, {.state = 'S', .caught = BIT(SIGUSR1)}, SIGUSR1},
		{false, {.state = 'S', .ignored = BIT(SIGUSR1)}, SIGUSR1},
		{false, {.state = 'S', .blocked = BIT(SIGUSR1)}, SIGUSR1},
		{false, {.state = 'Z'}, SIGUSR1},
		{false, {.state = 'S', .kthread = true}, SIGUSR1},
		{false, {.state = 'S', .namespaces = 2, .innermost = 1}, SIGUSR1},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_INT(hint_ends(&rows[i].status, rows[i].sig), rows[i].want);
}

static char text[8192];

static const char *shut(FILE *out)
{
	fclose(out);
	return text;
}

static FILE *start(void)
{
	memset(text, 0, sizeof(text));
	FILE *out = fmemopen(text, sizeof(text), "w");
	if (!out)
		abort();
	return out;
}

static void lists_keep_to_the_width(void)
{
	FILE *out = start();

	sigtable_names(out, true);
	shut(out);
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		CHECK(strcspn(line, "\n") <= 72 + strlen(" RT<N> RTMIN+<N> RTMAX-<N>"));
	CHECK(!strncmp(text, "HUP INT QUIT ", 13));
	out = start();
	sigtable_numbers(out, true, 33);
	shut(out);
	CHECK(!strncmp(text, " 1 HUP      2 INT      3 QUIT    \n 4 ILL     ", 45));
	out = start();
	sigtable_numbers(out, false, 5);
	shut(out);
	CHECK(!strncmp(text, " 1 HUP     \n 2 INT     \n", 24));
}

static void the_state_has_a_line_for_each_mask_that_is_not_empty(void)
{
	struct status status = {
		.pending_thread = BIT(SIGINT),
		.pending_process = BIT(64) | BIT(SIGHUP),
		.caught = BIT(32) | BIT(64),
	};
	FILE *out = start();

	sigtable_state(out, &status);
	CHECK_STR(shut(out), "Pending (thread): INT \n"
			     "Pending (process): HUP RTMAX \n"
			     "Caught: 32 RTMAX \n");
}

static void a_set_knows_what_was_added(void)
{
	struct idset set = {0};

	for (uint64_t i = 1; i <= 5000; i++)
		CHECK_INT(idset_add(&set, i * 4096), 1);
	for (uint64_t i = 1; i <= 5000; i++)
		CHECK_INT(idset_add(&set, i * 4096), 0);
	CHECK_INT(idset_add(&set, UINT64_MAX), 1);
	CHECK_INT(idset_add(&set, UINT64_MAX), 0);
	CHECK_INT(set.count, 5001);
	idset_free(&set);
	CHECK_INT(idset_add(&set, 4096), 1);
	idset_free(&set);
}

// Whether a signal that comes during a hold interrupts it. It is taken back before the hold ends.
static bool interrupts(int sig, void (*handler)(int), bool blocked_before)
{
	struct holdoff hold;
	struct timespec none = {0};
	sigset_t one;

	sigemptyset(&one);
	sigaddset(&one, sig);
	signal(sig, handler);
	sigprocmask(blocked_before ? SIG_BLOCK : SIG_UNBLOCK, &one, NULL);
	holdoff_begin(&hold);
	CHECK(!holdoff_interrupted(&hold));
	raise(sig);
	bool interrupted = holdoff_interrupted(&hold);
	sigtimedwait(&one, NULL, &none);
	CHECK(!holdoff_interrupted(&hold));
	holdoff_end(&hold);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	signal(sig, SIG_DFL);
	return interrupted;
}

static void nothing(int sig)
{
	(void)sig;
}

static void a_hold_is_interrupted_by_what_will_end_us(void)
{
	static const struct {
		int sig;
		bool interrupts;
	} rows[] = {
		{SIGHUP, true},
		{SIGINT, true},
		{SIGQUIT, true},
		{SIGPIPE, true},
		{SIGALRM, true},
		{SIGTERM, true},
		{SIGUSR1, true},
		{SIGXCPU, true},
		{SIGWINCH, false},
		{SIGCHLD, false},
		{SIGCONT, false},
		{SIGURG, false},
		{SIGTSTP, false},
		{SIGTTIN, false},
		{SIGTTOU, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		check_row = strsignal(rows[i].sig);
		CHECK_INT(interrupts(rows[i].sig, SIG_DFL, false), rows[i].interrupts);
		CHECK(!interrupts(rows[i].sig, SIG_DFL, true));
		CHECK(!interrupts(rows[i].sig, SIG_IGN, false));
		CHECK(!interrupts(rows[i].sig, nothing, false));
	}
	CHECK(interrupts(SIGRTMIN, SIG_DFL, false));
	CHECK(interrupts(SIGRTMAX, SIG_DFL, false));
}

int main(void)
{
	static const struct check_test tests[] = {
		{"a hint gives the reason why a signal does nothing", hints_give_the_reason},
		{"a signal that nothing handles ends a process",
			a_signal_without_a_handler_ends_a_process},
		{"lists keep to the width", lists_keep_to_the_width},
		{"the state of a process has a line for each mask that is not empty",
			the_state_has_a_line_for_each_mask_that_is_not_empty},
		{"a set knows what was added", a_set_knows_what_was_added},
		{"a hold is interrupted by a signal that will end us, and by no other",
			a_hold_is_interrupted_by_what_will_end_us},
	};

	return check_run(tests, sizeof(tests) / sizeof(*tests));
}
