// SPDX-License-Identifier: GPL-2.0-or-later
// await.c: tests of await.h, waitline.h and of how ending.h puts an end into words.
#include "config.h"

#include "base/clock.h"
#include "base/duration.h"
#include "check.h"
#include "tell/waitline.h"
#include "wait/await.h"
#include "wait/waiter.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CORE = 0x80 };

static int exited(int status)
{
	return status << 8;
}

static void ends_are_put_into_words(void)
{
	static const struct {
		struct ending e;
		const char *text;
		int status;
	} rows[] = {
		{{ENDING_KNOWN, 0}, "exited with status 0", 0},
		{{ENDING_KNOWN, 42 << 8}, "exited with status 42", 42},
		{{ENDING_KNOWN, 255 << 8}, "exited with status 255", 255},
		{{ENDING_KNOWN, SIGTERM}, "killed by signal 15 (TERM)", 143},
		{{ENDING_KNOWN, SIGHUP}, "killed by signal 1 (HUP)", 129},
		{{ENDING_KNOWN, SIGABRT | CORE}, "killed by signal 6 (ABRT), core dumped", 134},
		{{ENDING_KNOWN, SIGSEGV | CORE}, "killed by signal 11 (SEGV), core dumped", 139},
		{{ENDING_NOT_REAPED, 0}, "gone, status unknown", -1},
		{{ENDING_NO_PROC, 0}, "gone, status unknown", -1},
		{{ENDING_NO_RECORD, 0}, "gone, status unknown", -1},
		{{ENDING_OUTSIDE, 0}, "gone, status unknown", -1},
		{{ENDING_BEFORE, 0}, "gone, status unknown", -1},
		{{ENDING_RECYCLED, 0}, "gone, status unknown", -1},
		{{ENDING_NOT_ASKED, 0}, "gone, status unknown", -1},
		{{ENDING_MANY, 0}, "no process is left in it", -1},
	};
	char buf[ENDING_STRMAX];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		check_row = rows[i].text;
		CHECK_STR(ending_format(buf, &rows[i].e), rows[i].text);
		CHECK_INT(ending_status(&rows[i].e), rows[i].status);
		// what is unknown has a reason, what is known none
		CHECK_INT(*ending_reason(&rows[i].e) != 0, rows[i].status < 0);
	}
	check_row = NULL;
}

static void every_signal_fits(void)
{
	for (int sig = 1; sig <= SIGRTMAX; sig++) {
		struct ending e = {.wstatus = sig | CORE};
		char buf[ENDING_STRMAX];
		char want[ENDING_STRMAX];

		ending_format(buf, &e);
		snprintf(want, sizeof(want), "killed by signal %d (", sig);
		CHECK(!strncmp(buf, want, strlen(want)));
		CHECK_STR(strstr(buf, "), "), "), core dumped");
		CHECK_INT(ending_status(&e), 128 + sig);
	}
}

static void only_the_reap_tells_some(void)
{
	for (enum ending_unknown why = ENDING_KNOWN; why <= ENDING_NOT_ASKED; why++) {
		struct ending e = {.unknown = why};

		CHECK_INT(ending_may_come(&e), why == ENDING_NOT_REAPED || why == ENDING_NO_PROC);
	}
}

static char *line_of(const struct awaited *a, bool json)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (json)
		waitline_json(out, a, "a\"b\xff", OUTCOME_SURVIVED, &(struct bootid){0});
	else
		waitline_text(out, a);
	fclose(out);
	return text;
}

static void lines_are_told(void)
{
	struct awaited a = {
		.ref = {.pid = 4711, .fd = -1},
		.target = "4711:9",
		.state = AWAIT_GONE,
		.ending = {.wstatus = SIGTERM},
	};
	const struct {
		struct ending e;
		enum await_state state;
		pid_t pid;
		const char *want;
		bool json;
	} rows[] = {
		{{.wstatus = exited(3)}, AWAIT_GONE, 4711, "4711: exited with status 3.\n", false},
		{{.wstatus = SIGTERM}, AWAIT_GONE, 0, "4711:9: killed by signal 15 (TERM).\n",
			false},
		{{.unknown = ENDING_BEFORE}, AWAIT_GONE, 4711, "4711: gone, status unknown.\n",
			false},
		{{.unknown = ENDING_BEFORE}, AWAIT_GONE, 0, "4711:9: gone, status unknown.\n",
			false},
		{{.wstatus = exited(3)}, AWAIT_GONE, 4711,
			"{\"pid\":4711,\"pidfdId\":null,\"bootId\":null,\"handle\":null,\"name\":\"a\\\"b\uFFFD\","
			"\"target\":\"4711:9\",\"result\":\"ended\",\"ending\":\"exited\",\"exitStatus\":3}\n",
			true},
		{{.wstatus = SIGTERM}, AWAIT_GONE, 0,
			"{\"pid\":null,\"pidfdId\":null,\"bootId\":null,\"handle\":null,\"name\":\"a\\\"b\uFFFD\","
			"\"target\":\"4711:9\",\"result\":\"ended\",\"ending\":\"killed\","
			"\"killedBy\":\"TERM\",\"coreDumped\":false}\n",
			true},
		{{.wstatus = 0}, AWAIT_RUNNING, 4711,
			"{\"pid\":4711,\"pidfdId\":null,\"bootId\":null,\"handle\":null,\"name\":\"a\\\"b\uFFFD\","
			"\"target\":\"4711:9\",\"result\":\"survived\"}\n",
			true},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		a.ending = rows[i].e;
		a.state = (uint8_t)rows[i].state;
		a.ref.pid = rows[i].pid;
		char *text = line_of(&a, rows[i].json);
		CHECK_STR(text, rows[i].want);
		free(text);
	}
}

// ---- on real children ----

static struct awaited held(pid_t pid)
{
	struct awaited a = {.ref = PIDREF_NULL};

	CHECK_INT(pidref_open(&a.ref, pid), 0);
	return a;
}

static pid_t child_that_exits(int status)
{
	pid_t pid = fork();

	if (!pid)
		_exit(status);
	return pid;
}

static pid_t child_that_stays(void)
{
	pid_t pid = fork();

	if (!pid)
		for (;;)
			pause();
	return pid;
}

static void end(struct awaited *a)
{
	siginfo_t info;

	pidref_signal(&a->ref, SIGKILL, PIDREF_SCOPE_DEFAULT, NULL);
	waitid(P_PID, (id_t)a->ref.pid, &info, WEXITED);
	pidref_close(&a->ref);
}

static void one_process_is_listed_once(void)
{
	pid_t first = child_that_stays();
	pid_t second = child_that_stays();
	struct awaited list[] = {held(second), held(first), held(second), held(first),
		{.ref = {.pid = 999, .fd = -1}, .target = "999"},
		{.ref = {.pid = 999, .fd = -1}, .target = "999:5"},
		{.ref = {.pid = 999, .fd = -1}, .target = "999"}};
	struct awaited unheld[] = {{.ref = {.pid = first, .fd = -1}, .target = "1"}, held(first)};

	CHECK_INT(await_unique(list, sizeof(list) / sizeof(*list)), 4);
	CHECK_INT(list[0].ref.pid, second);
	CHECK_INT(list[1].ref.pid, first);
	CHECK_STR(list[2].target, "999");
	CHECK_STR(list[3].target, "999:5");
	CHECK_INT(await_unique(list, 2), 2);
	CHECK_INT(await_unique(list, 0), 0);
	// what is not held is no other process's, whatever its number
	CHECK_INT(await_unique(unheld, 2), 2);
	pidref_close(&unheld[1].ref);
	end(&list[0]);
	end(&list[1]);
}

struct heard {
	size_t gone, deadlines, ticks;
	pid_t last;
};

static void hear_gone(const struct awaited *a, void *data)
{
	struct heard *h = data;

	h->gone++;
	h->last = a->ref.pid;
}

static void hear_deadline(void *data)
{
	((struct heard *)data)->deadlines++;
}

static void hear_tick(void *data)
{
	((struct heard *)data)->ticks++;
}

static struct await_plan plan_of(struct heard *h)
{
	return (struct await_plan){
		.status = true,
		.reap_grace = DURATION_S,
		.watch = -1,
		.gone = hear_gone,
		.deadline = hear_deadline,
		.tick_call = hear_tick,
		.data = h,
	};
}

static void statuses_are_folded(void)
{
	struct heard h = {0};
	struct await_plan plan = plan_of(&h);
	struct awaited list[] = {held(child_that_exits(0)), held(child_that_exits(5)),
		{.ref = {.pid = 999, .fd = -1}, .ending = {.unknown = ENDING_BEFORE}}};
	struct await_tally tally;

	CHECK_INT(await_run(list, 3, &plan, &tally), 0);
	CHECK_INT(tally.gone, 3);
	CHECK_INT(tally.unknown, 1);
	CHECK_INT(tally.status, 5);
	CHECK_INT(h.gone, 3);
	CHECK_INT(h.deadlines, 0);
	CHECK_INT(list[1].ending.wstatus, exited(5));
	CHECK_INT(list[0].ref.fd, -1);
	CHECK_INT(list[1].ref.fd, -1);
}

static void the_deadline_leaves_survivors(void)
{
	struct heard h = {0};
	struct await_plan plan = plan_of(&h);
	struct awaited list[] = {held(child_that_stays()), held(child_that_exits(1))};
	struct await_tally tally;
	pid_t mortal = list[1].ref.pid;

	plan.limit = DURATION_S / 2;
	plan.tick = DURATION_S / 50;
	CHECK_INT(await_run(list, 2, &plan, &tally), -ETIMEDOUT);
	CHECK_INT(tally.gone, 1);
	CHECK_INT(h.last, mortal);
	CHECK_INT(h.deadlines, 1);
	CHECK(h.ticks >= 2 && h.ticks <= 25);
	CHECK_INT(list[0].state, AWAIT_RUNNING);
	CHECK(list[0].ref.fd >= 0);
	end(&list[0]);
}

static void the_deadline_kills_and_waits(void)
{
	struct heard h = {0};
	struct await_plan plan = plan_of(&h);
	struct awaited list[] = {held(child_that_stays()), held(child_that_stays())};
	struct await_tally tally;
	const struct steps kill = {.count = 1, .list = {{SIGTERM, STEPS_NO_LIMIT}}};

	plan.limit = DURATION_MS;
	plan.kill = &kill;
	plan.reap_grace = 60 * DURATION_S;
	plan.enough = 1;
	CHECK_INT(await_run(list, 2, &plan, &tally), -ETIMEDOUT);
	CHECK_INT(tally.gone, 2);
	CHECK_INT(tally.status, 128 + SIGTERM);
}

// The first signal ends none of them, the second one ends all; or the wait after it is over.
static void signals_follow_each_other(void)
{
	struct heard h = {0};
	struct await_plan plan = plan_of(&h);
	struct awaited list[] = {held(child_that_stays()), held(child_that_stays())};
	struct await_tally tally;
	struct steps kill = {.count = 2, .list = {{SIGCONT, DURATION_MS}, {SIGURG, DURATION_MS}}};

	plan.limit = DURATION_MS;
	plan.kill = &kill;
	plan.reap_grace = 60 * DURATION_S;
	CHECK_INT(await_run(list, 2, &plan, &tally), -ETIMEDOUT);
	CHECK_INT(tally.gone, 0);
	CHECK_INT(h.deadlines, 1);
	kill.list[1].sig = SIGKILL;
	kill.list[1].wait = STEPS_NO_LIMIT;
	CHECK_INT(await_run(list, 2, &plan, &tally), -ETIMEDOUT);
	CHECK_INT(tally.gone, 2);
	CHECK_INT(tally.status, 128 + SIGKILL);
}

static void one_look_is_one_look(void)
{
	struct heard h = {0};
	struct await_plan plan = plan_of(&h);
	struct awaited list[] = {held(child_that_stays())};
	struct await_tally tally;

	plan.look_once = true;
	CHECK_INT(await_run(list, 1, &plan, &tally), -ETIMEDOUT);
	CHECK_INT(tally.gone, 0);
	end(&list[0]);
	CHECK_INT(await_run(NULL, 0, &plan, &tally), 0);
}

// A grandchild that is dead when its number comes back; its parent, *parent, reaps it soon.
static pid_t zombie_that_is_reaped_soon(pid_t *parent)
{
	int ends[2];
	pid_t zombie = 0;

	if (pipe(ends) < 0)
		abort();
	*parent = fork();
	if (!*parent) {
		siginfo_t info;
		pid_t pid = child_that_exits(3);

		waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
		if (write(ends[1], &pid, sizeof(pid)) != sizeof(pid))
			_exit(1);
		usleep(100000);
		waitid(P_PID, (id_t)pid, &info, WEXITED);
		for (;;)
			pause();
	}
	CHECK_INT(read(ends[0], &zombie, sizeof(zombie)), sizeof(zombie));
	close(ends[0]);
	close(ends[1]);
	return zombie;
}

static void one_that_is_reaped_within_the_grace_counts_once(void)
{
	struct heard h = {0};
	struct await_plan plan = plan_of(&h);
	struct await_tally tally;
	pid_t parent = 0;
	pid_t zombie = zombie_that_is_reaped_soon(&parent);
	struct awaited list[] = {held(zombie), held(child_that_stays())};
	struct awaited other = held(parent);

	// nothing tells its status before the reap, for there is no /proc in the plan
	plan.reap_grace = DURATION_S / 2;
	plan.limit = DURATION_S;
	CHECK_INT(await_run(list, 2, &plan, &tally), -ETIMEDOUT);
	CHECK_INT(tally.gone, 1);
	CHECK_INT(h.gone, 1);
	CHECK_INT(list[1].state, AWAIT_RUNNING);
	end(&list[1]);
	end(&other);
}

static void tick_slowly(void *data)
{
	struct heard *h = data;

	if (!h->ticks++)
		usleep(300000);
}

static void ticks_that_are_missed_are_not_made_up_for(void)
{
	struct heard h = {0};
	struct await_plan plan = plan_of(&h);
	struct awaited list[] = {held(child_that_stays())};
	struct await_tally tally;

	// 30 are missed during the first, and 9 or fewer follow
	plan.limit = DURATION_S * 4 / 10;
	plan.tick = DURATION_S / 100;
	plan.tick_call = tick_slowly;
	CHECK_INT(await_run(list, 1, &plan, &tally), -ETIMEDOUT);
	CHECK(h.ticks <= 15);
	end(&list[0]);
}

// ---- of a parent that does not reap ----

enum { ORPHANS = 3 };

// Grandchildren that wait for a signal. Their parent, which is returned, never reaps.
static pid_t parent_of(struct awaited list[ORPHANS])
{
	pid_t pids[ORPHANS];
	int fds[2];

	CHECK_INT(pipe(fds), 0);
	pid_t parent = fork();
	if (!parent) {
		for (int i = 0; i < ORPHANS; i++)
			pids[i] = child_that_stays();
		if (write(fds[1], pids, sizeof(pids)) < 0)
			_exit(1);
		for (;;)
			pause();
	}
	CHECK_INT(read(fds[0], pids, sizeof(pids)), sizeof(pids));
	close(fds[0]);
	close(fds[1]);
	for (int i = 0; i < ORPHANS; i++)
		list[i] = held(pids[i]);
	return parent;
}

static void kill_in_turn(struct awaited list[ORPHANS])
{
	for (int i = 0; i < ORPHANS; i++) {
		CHECK_INT(pidref_signal(&list[i].ref, SIGKILL, PIDREF_SCOPE_DEFAULT, NULL), 0);
		while (pidref_state(&list[i].ref) == PIDREF_ALIVE)
			usleep(1000);
	}
}

static void bury(pid_t parent)
{
	struct awaited a = held(parent);

	end(&a);
}

static void each_is_gone_after_the_grace(void)
{
	struct heard h = {0};
	struct await_plan plan = plan_of(&h);
	struct awaited list[ORPHANS];
	struct await_tally tally;
	pid_t parent = parent_of(list);
	pid_t last = list[ORPHANS - 1].ref.pid;

	plan.reap_grace = 50 * DURATION_MS;
	kill_in_turn(list);
	alarm(60); // instead of a wait without end
	CHECK_INT(await_run(list, ORPHANS, &plan, &tally), 0);
	alarm(0);
	CHECK_INT(tally.gone, ORPHANS);
	CHECK_INT(tally.unknown, ORPHANS);
	CHECK_INT(h.gone, ORPHANS);
	CHECK_INT(h.last, last);
	bury(parent);
}

static void the_dead_are_gone_at_the_limit(void)
{
	struct heard h = {0};
	struct await_plan plan = plan_of(&h);
	struct awaited list[ORPHANS];
	struct await_tally tally;
	pid_t parent = parent_of(list);

	plan.reap_grace = 1000 * DURATION_S;
	plan.limit = 50 * DURATION_MS;
	kill_in_turn(list);
	CHECK_INT(await_run(list, ORPHANS, &plan, &tally), 0);
	CHECK_INT(tally.gone, ORPHANS);
	CHECK_INT(h.deadlines, 0);
	bury(parent);
}

// A socket that others fill faster than it is read is readable for ever.
static void a_watched_descriptor_does_not_delay_the_deadline(void)
{
	int64_t began = clock_now();
	struct waiter *w = NULL;
	unsigned events;
	uint64_t tag;
	int fds[2];
	int r = 1;

	CHECK_INT(pipe(fds), 0);
	CHECK_INT(write(fds[1], "", 1), 1);
	CHECK_INT(waiter_new(&w), 0);
	CHECK_INT(waiter_watch(w, fds[0], 7), 0);
	while (r == 1 && clock_now() < began + 5 * DURATION_S) {
		r = waiter_next(w, began + 20 * DURATION_MS, &tag, &events);
		CHECK(r == -ETIMEDOUT || (r == 1 && tag == 7 && events == WAITER_READY));
	}
	CHECK_INT(r, -ETIMEDOUT);
	CHECK(clock_now() >= began + 20 * DURATION_MS);
	waiter_free(&w);
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	static const struct check_test tests[] = {
		{"an end is put into words and into a status", ends_are_put_into_words},
		{"the words for every signal fit", every_signal_fits},
		{"some statuses are known once the process is reaped", only_the_reap_tells_some},
		{"a line tells one process, as text and as JSON", lines_are_told},
		{"one process is listed once", one_process_is_listed_once},
		{"statuses are counted and folded", statuses_are_folded},
		{"the deadline leaves the survivors", the_deadline_leaves_survivors},
		{"the deadline kills, and waits for all", the_deadline_kills_and_waits},
		{"signals follow each other", signals_follow_each_other},
		{"one look is one look", one_look_is_one_look},
		{"one that is reaped within the grace counts once, the others are waited for",
			one_that_is_reaped_within_the_grace_counts_once},
		{"ticks that are missed are not made up for",
			ticks_that_are_missed_are_not_made_up_for},
		{"each process that is not reaped is gone after the grace",
			each_is_gone_after_the_grace},
		{"a process that is dead at the limit is gone", the_dead_are_gone_at_the_limit},
		{"a descriptor that stays readable does not delay the deadline",
			a_watched_descriptor_does_not_delay_the_deadline},
	};

	return check_run(tests, sizeof(tests) / sizeof(*tests));
}
