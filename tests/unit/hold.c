// SPDX-License-Identifier: GPL-2.0-or-later
// hold.c: tests of hold.h: each method on real processes, and what is left when they are released.
#include "config.h"

#include "act/hold.h"
#include "base/clock.h"
#include "check.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MS INT64_C(1000000)

enum { MANY = 3, SEATS_BEYOND = 1024, FEW = 64 };

static struct procfs proc;

static void nap(void)
{
	const struct timespec t = {.tv_nsec = 1000000};

	nanosleep(&t, NULL);
}

// The state letter of the process: 'S', 'T', 't' ...
static char letter(pid_t pid)
{
	char path[32];
	char text[512] = "";

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	FILE *f = fopen(path, "re");
	if (f != NULL) {
		text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
		fclose(f);
	}
	const char *end = strrchr(text, ')');
	return end != NULL ? end[2] : '?';
}

static void wait_for_letter(pid_t pid, char wanted)
{
	while (letter(pid) != wanted)
		nap();
}

static pid_t sleeper(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	wait_for_letter(pid, 'S');
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

// Yama and sandboxes may forbid it: then only the other methods are tested.
static bool may_trace(void)
{
	int status = 1;
	pid_t pid = sleeper();
	pid_t tracer = fork();

	if (tracer == 0)
		_exit(ptrace(PTRACE_SEIZE, pid, 0, 0) < 0);
	waitpid(tracer, &status, 0);
	end(pid);
	return status == 0;
}

// The methods that hold any process.
static bool is_tried(enum hold_method method)
{
	return method == HOLD_STOP || (method == HOLD_PTRACE && may_trace());
}

static int take(struct hold *h, pid_t pid, struct pidref *ref, bool root)
{
	CHECK_INT(pidref_open(ref, pid), 0);
	return hold_take(h, ref, root);
}

static void it_rests_while_it_is_held_and_runs_again_afterwards(void)
{
	static const struct {
		const char *name;
		enum hold_method method;
		char letter;
	} rows[] = {{"ptrace", HOLD_PTRACE, 't'}, {"stop", HOLD_STOP, 'T'}};

	for (size_t row = 0; row < sizeof(rows) / sizeof(*rows); row++) {
		struct pidref refs[MANY];
		pid_t pids[MANY];
		struct hold h;

		if (!is_tried(rows[row].method))
			continue;
		check_row = rows[row].name;
		CHECK_INT(hold_begin(&h, rows[row].method, &proc), 0);
		CHECK(hold_is_kept(&h));
		CHECK(hold_is_keeper(&h, h.keeper.pid));
		CHECK(!hold_is_keeper(&h, getpid()));
		for (int i = 0; i < MANY; i++) {
			pids[i] = sleeper();
			CHECK_INT(take(&h, pids[i], &refs[i], i == 0), i);
		}
		CHECK_INT(hold_settle(&h, NULL), 0);
		for (size_t i = 0; i < MANY; i++) {
			CHECK_INT(hold_state(&h, i, NULL), HOLD_HELD);
			CHECK_INT(letter(pids[i]), rows[row].letter);
		}
		CHECK(hold_is_kept(&h));
		hold_release(&h, 0);
		CHECK(!hold_is_kept(&h));
		// once more does nothing
		hold_release(&h, 0);
		for (int i = 0; i < MANY; i++) {
			wait_for_letter(pids[i], 'S');
			end(pids[i]);
			pidref_close(&refs[i]);
		}
	}
}

static void the_dead_are_not_held(void)
{
	struct pidref ref;
	struct hold h;
	pid_t pid = sleeper();

	CHECK_INT(hold_begin(&h, HOLD_PTRACE, &proc), 0);
	CHECK_INT(pidref_open(&ref, pid), 0);
	kill(pid, SIGKILL);
	wait_for_letter(pid, 'Z');
	CHECK_INT(hold_take(&h, &ref, true), 0);
	CHECK_INT(hold_settle(&h, NULL), 0);
	CHECK_INT(hold_state(&h, 0, NULL), HOLD_DEAD);
	hold_release(&h, 0);
	pidref_close(&ref);
	end(pid);
}

static void end_keeper(struct hold *h)
{
	CHECK_INT(kill(h->keeper.pid, SIGKILL), 0);
	while (hold_is_kept(h))
		nap();
}

// The second keeper holds what the first one held.
static void another_keeper_takes_over_when_one_is_killed(void)
{
	for (enum hold_method method = HOLD_PTRACE; method < HOLD_METHODS; method++) {
		struct pidref ref;
		struct hold h;

		if (!is_tried(method))
			continue;
		check_row = method == HOLD_STOP ? "stop" : "ptrace";
		CHECK_INT(hold_begin(&h, method, &proc), 0);
		pid_t pid = sleeper();
		take(&h, pid, &ref, true);
		CHECK_INT(hold_settle(&h, NULL), 0);
		pid_t first = h.keeper.pid;
		end_keeper(&h);
		CHECK_INT(hold_settle(&h, NULL), 0);
		CHECK(hold_is_kept(&h));
		CHECK(h.keeper.pid != first);
		CHECK_INT(hold_state(&h, 0, NULL), HOLD_HELD);
		CHECK_INT(letter(pid), method == HOLD_STOP ? 'T' : 't');
		hold_release(&h, 0);
		wait_for_letter(pid, 'S');
		end(pid);
		pidref_close(&ref);
	}
}

// For ever would be too long.
static void a_process_is_lost_when_keeper_after_keeper_is_killed(void)
{
	enum { KEEPERS = 9 };
	struct pidref ref;
	struct hold h;
	pid_t pid = sleeper();

	CHECK_INT(hold_begin(&h, HOLD_STOP, &proc), 0);
	take(&h, pid, &ref, true);
	for (int i = 0; i < KEEPERS; i++) {
		CHECK_INT(hold_settle(&h, NULL), 0);
		CHECK_INT(hold_state(&h, 0, NULL), HOLD_HELD);
		end_keeper(&h);
	}
	CHECK_INT(hold_settle(&h, NULL), 0);
	CHECK_INT(hold_state(&h, 0, NULL), HOLD_LOST);
	CHECK(!hold_is_kept(&h));
	wait_for_letter(pid, 'S');
	hold_release(&h, 0);
	end(pid);
	pidref_close(&ref);
}

static void the_release_continues_what_a_killed_keeper_stopped(void)
{
	struct pidref ref;
	struct hold h;
	pid_t pid = sleeper();

	CHECK_INT(hold_begin(&h, HOLD_STOP, &proc), 0);
	take(&h, pid, &ref, true);
	CHECK_INT(hold_settle(&h, NULL), 0);
	end_keeper(&h);
	CHECK_INT(letter(pid), 'T');
	hold_release(&h, 0);
	wait_for_letter(pid, 'S');
	end(pid);
	pidref_close(&ref);
}

static void what_was_stopped_before_stays_stopped(void)
{
	for (enum hold_method method = HOLD_PTRACE; method < HOLD_METHODS; method++) {
		struct pidref refs[2];
		struct hold h;

		if (!is_tried(method))
			continue;
		check_row = method == HOLD_STOP ? "stop" : "ptrace";
		pid_t stopped = sleeper();
		kill(stopped, SIGSTOP);
		wait_for_letter(stopped, 'T');
		pid_t other = sleeper();
		CHECK_INT(hold_begin(&h, method, &proc), 0);
		take(&h, stopped, &refs[0], true);
		take(&h, other, &refs[1], true);
		CHECK_INT(hold_settle(&h, NULL), 0);
		CHECK_INT(hold_state(&h, 0, NULL), HOLD_HELD);
		CHECK_INT(hold_state(&h, 1, NULL), HOLD_HELD);
		hold_release(&h, 0);
		wait_for_letter(other, 'S');
		wait_for_letter(stopped, 'T');
		end(stopped);
		end(other);
		pidref_close(&refs[0]);
		pidref_close(&refs[1]);
	}
}

// The SIGCONT of the release must not undo a stop signal that was sent meanwhile.
static void a_stop_signal_that_is_sent_meanwhile_acts(void)
{
	static const int sigs[] = {SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGWINCH};
	static const char *const names[] = {"STOP", "TSTP", "TTIN", "TTOU", "WINCH"};

	for (size_t i = 0; i < sizeof(sigs) / sizeof(*sigs); i++) {
		struct pidref ref;
		struct hold h;

		check_row = names[i];
		pid_t pid = fork();
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			// the kernel ignores TSTP, TTIN and TTOU in an orphaned process group
			setpgid(0, 0);
			for (;;)
				pause();
		}
		setpgid(pid, pid);
		wait_for_letter(pid, 'S');
		CHECK_INT(hold_begin(&h, HOLD_STOP, &proc), 0);
		take(&h, pid, &ref, true);
		CHECK_INT(hold_settle(&h, NULL), 0);
		CHECK_INT(hold_state(&h, 0, NULL), HOLD_HELD);
		hold_sending(&h, 0, sigs[i]);
		CHECK_INT(pidref_signal(&ref, sigs[i], PIDREF_SCOPE_DEFAULT, NULL), 0);
		hold_release(&h, sigs[i]);
		wait_for_letter(pid, sigs[i] == SIGWINCH ? 'S' : 'T');
		end(pid);
		pidref_close(&ref);
	}
}

static void rest_in_vfork(void)
{
	pid_t pid = vfork(); // NOLINT(clang-analyzer-security.insecureAPI.vfork)

	if (pid == 0) {
		// the parent has to stay in vfork
		prctl(PR_SET_PDEATHSIG, SIGKILL); // NOLINT(clang-analyzer-unix.Vfork)
		for (;;)
			pause(); // NOLINT(clang-analyzer-unix.Vfork)
	}
	_exit(0);
}

// It cannot fork before its child calls exec or ends, so there is nothing to wait for.
static void a_parent_in_vfork_counts_as_held(void)
{
	for (enum hold_method method = HOLD_PTRACE; method < HOLD_METHODS; method++) {
		struct pidref ref;
		struct hold h;

		if (!is_tried(method))
			continue;
		check_row = method == HOLD_STOP ? "stop" : "ptrace";
		pid_t pid = fork();
		if (pid == 0) {
			setpgid(0, 0);
			rest_in_vfork();
		}
		wait_for_letter(pid, 'D');
		CHECK_INT(hold_begin(&h, method, &proc), 0);
		take(&h, pid, &ref, true);
		CHECK_INT(hold_settle(&h, NULL), 0);
		CHECK_INT(hold_state(&h, 0, NULL), HOLD_HELD);
		hold_release(&h, 0);
		wait_for_letter(pid, 'D');
		kill(-pid, SIGKILL);
		waitpid(pid, NULL, 0);
		pidref_close(&ref);
	}
}

// Like su and sudo: when its child stops, it stops itself.
static void mirror(pid_t *child)
{
	int status;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	*child = sleeper();
	while (waitpid(*child, &status, WUNTRACED) > 0)
		if (WIFSTOPPED(status))
			raise(SIGSTOP);
	_exit(0);
}

static void see_it_continued(pid_t parent, pid_t child, bool killed)
{
	struct pidref ref;
	struct hold h;

	wait_for_letter(child, 'S');
	CHECK_INT(hold_begin(&h, HOLD_STOP, &proc), 0);
	take(&h, child, &ref, true);
	CHECK_INT(hold_settle(&h, NULL), 0);
	CHECK_INT(hold_state(&h, 0, NULL), HOLD_HELD);
	wait_for_letter(parent, 'T');
	if (killed) {
		end_keeper(&h);
		kill(parent, SIGCONT);
		wait_for_letter(parent, 'S');
		// the next keeper continues the child, and stops it again
		CHECK_INT(hold_settle(&h, NULL), 0);
		CHECK_INT(hold_state(&h, 0, NULL), HOLD_HELD);
		wait_for_letter(parent, 'T');
	}
	hold_release(&h, 0);
	wait_for_letter(child, 'S');
	wait_for_letter(parent, 'S');
	pidref_close(&ref);
}

static void a_parent_outside_that_stops_with_its_child_is_continued(void)
{
	pid_t *child = mmap(
		NULL, sizeof(*child), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t parent = fork();

	if (parent == 0)
		mirror(child);
	while (!__atomic_load_n(child, __ATOMIC_SEQ_CST))
		nap();
	for (int killed = 0; killed < 2; killed++)
		see_it_continued(parent, *child, killed);
	end(*child);
	end(parent);
	munmap(child, sizeof(*child));
}

static volatile sig_atomic_t caught;

static void on_signal(int sig)
{
	caught = sig;
}

static pid_t catcher(bool leads, pid_t group)
{
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		signal(SIGTERM, on_signal);
		if (leads)
			setsid();
		else
			setpgid(0, group);
		for (;;)
			pause();
	}
	wait_for_letter(pid, 'S');
	return pid;
}

// What leads a session is released last, and nothing waits for it to take the signal.
static void the_release_does_not_wait_for_session_leaders(void)
{
	enum { TRIES = 20, LIMIT_MS = 45 };
	int64_t best = INT64_MAX;

	if (!may_trace())
		return;
	pid_t leader = catcher(true, 0);
	pid_t other = catcher(false, 0);

	for (int i = 0; i < TRIES && best >= LIMIT_MS * MS; i++) {
		struct pidref refs[2];
		struct hold h;

		CHECK_INT(hold_begin(&h, HOLD_PTRACE, &proc), 0);
		take(&h, leader, &refs[0], true);
		take(&h, other, &refs[1], true);
		CHECK_INT(hold_settle(&h, NULL), 0);
		for (int each = 0; each < 2; each++)
			CHECK_INT(
				pidref_signal(&refs[each], SIGTERM, PIDREF_SCOPE_DEFAULT, NULL), 0);
		int64_t begin = clock_now();
		hold_release(&h, SIGTERM);
		if (clock_now() - begin < best)
			best = clock_now() - begin;
		pidref_close(&refs[0]);
		pidref_close(&refs[1]);
	}
	CHECK(best < LIMIT_MS * MS);
	end(leader);
	end(other);
}

static void a_full_board_takes_no_more(void)
{
	struct rlimit before, low;
	struct pidref ref;
	struct hold h;
	pid_t pid = sleeper();

	getrlimit(RLIMIT_NOFILE, &before);
	low = before;
	low.rlim_cur = FEW;
	CHECK_INT(setrlimit(RLIMIT_NOFILE, &low), 0);
	CHECK_INT(hold_begin(&h, HOLD_STOP, &proc), 0);
	CHECK_INT(pidref_open(&ref, pid), 0);
	for (int i = 0; i < FEW + SEATS_BEYOND; i++)
		CHECK_INT(hold_take(&h, &ref, true), i);
	CHECK_INT(hold_take(&h, &ref, true), -ENFILE);
	CHECK_INT(hold_settle(&h, NULL), 0);
	CHECK_INT(hold_state(&h, FEW + SEATS_BEYOND - 1, NULL), HOLD_HELD);
	hold_release(&h, 0);
	setrlimit(RLIMIT_NOFILE, &before);
	pidref_close(&ref);
	end(pid);
}

static int count_open(void)
{
	int count = 0;
	DIR *dir = opendir("/proc/self/fd");

	while (dir != NULL && readdir(dir) != NULL)
		count++;
	if (dir != NULL)
		closedir(dir);
	return count;
}

static void nothing_stays_open(void)
{
	int before = count_open();
	pid_t pid = sleeper();

	for (enum hold_method method = HOLD_PTRACE; method < HOLD_METHODS; method++) {
		struct pidref ref;
		struct hold h;

		CHECK_INT(hold_begin(&h, method, &proc), 0);
		take(&h, pid, &ref, true);
		// its control group contains other processes too
		CHECK_INT(hold_settle(&h, NULL), method == HOLD_FREEZER ? -EXDEV : 0);
		hold_release(&h, 0);
		pidref_close(&ref);
	}
	CHECK_INT(count_open(), before);
	end(pid);
}

int main(void)
{
	static const struct check_test tests[] = {
		{"a process rests while it is held, and runs again afterwards",
			it_rests_while_it_is_held_and_runs_again_afterwards},
		{"a dead process is not held", the_dead_are_not_held},
		{"another keeper takes over when one is killed",
			another_keeper_takes_over_when_one_is_killed},
		{"a process is lost when keeper after keeper is killed",
			a_process_is_lost_when_keeper_after_keeper_is_killed},
		{"the release continues what a killed keeper stopped",
			the_release_continues_what_a_killed_keeper_stopped},
		{"a process that was stopped before stays stopped",
			what_was_stopped_before_stays_stopped},
		{"a stop signal that is sent meanwhile acts",
			a_stop_signal_that_is_sent_meanwhile_acts},
		{"a parent in vfork counts as held", a_parent_in_vfork_counts_as_held},
		{"a parent outside that stops with its child is continued",
			a_parent_outside_that_stops_with_its_child_is_continued},
		{"the release does not wait for session leaders",
			the_release_does_not_wait_for_session_leaders},
		{"a full board takes no more", a_full_board_takes_no_more},
		{"nothing stays open after a release", nothing_stays_open},
	};

	if (procfs_open(&proc) < 0)
		return 1;
	return check_run(tests, sizeof(tests) / sizeof(*tests));
}
