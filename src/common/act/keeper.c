// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "act/keeper.h"
#include "handle/pidcall.h"
#include "handle/status.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MS INT64_C(1000000)

enum {
	IDLE_MS = 20,
	SILENCE_MS = 3000, // our silence after which the keeper releases all
};

void keeper_nap(void)
{
	const struct timespec t = {.tv_nsec = 100000};

	nanosleep(&t, NULL);
}

void keeper_leave(enum keeper_end end)
{
	_exit((int)end);
}

int keeper_status(struct keeper *k, const struct procfs *in, pid_t tid, struct status *out)
{
	int r = procfs_read(in, tid, "status", &k->text);

	if (!r)
		r = status_parse(buffer_text(&k->text), out);
	if (r == -EMFILE || r == -ENFILE || r == -ENOMEM)
		k->failed = r;
	// a thread that may not be read counts as gone
	return r == -ENOENT || r == -EACCES || r == -EPERM ? -ESRCH : r;
}

int keeper_threads(const struct keeper *k, pid_t pid)
{
	char name[24];
	struct stat st;

	// one call instead of a list: the kernel counts the threads in the link count of the folder
	snprintf(name, sizeof(name), "%d/task", (int)pid);
	if (fstatat(k->proc->fd, name, &st, 0) < 0)
		return -errno;
	return (int)st.st_nlink - 2;
}

bool keeper_cannot_fork(struct keeper *k, const struct procfs *in, pid_t tid)
{
	// the kernel function in which it waits has had several names
	static const char *const places[] = {
		"kernel_clone", "wait_for_vfork_done", "_do_fork", "do_fork", "__refrigerator"};

	if (procfs_read(in, tid, "wchan", &k->text) < 0)
		return false;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (!strcmp(buffer_text(&k->text), places[i]))
			return true;
	return false;
}

// Whether the PID belongs to a keeper, judged by its name. This only decides how long to wait for
// it.
static bool is_keeper(struct keeper *k, pid_t pid)
{
	return pid && !procfs_read(k->proc, pid, "comm", &k->text) &&
	       !strcmp(buffer_text(&k->text), KEEPER_NAME "\n");
}

// How long to try before a state is final. Another keeper releases a process soon; a debugger does
// not.
static int64_t patience(struct keeper *k, const struct seat *s, enum hold_state state)
{
	switch (state) {
	case HOLD_PENDING:
		return 900 * MS;
	case HOLD_STUCK:
		return 400 * MS;
	case HOLD_TRACED:
		return (is_keeper(k, s->tracer) ? 800 : 20) * MS;
	case HOLD_DENIED:
		// during an exec another thread can have this ID for a moment
		return 5 * MS;
	default:
		return 0;
	}
}

// If a keeper is itself stopped, frozen or traced, this timer makes the kernel end it.
static bool arm(const struct keeper *k)
{
	const struct itimerspec in = {.it_value = {.tv_sec = SILENCE_MS / 1000 + 1}};

	return !k->timed || !timer_settime(k->timer, 0, &in, NULL);
}

bool keeper_at_work(const struct keeper *k)
{
	if (!arm(k))
		return false;
	__atomic_add_fetch(&k->board->looks, 1, __ATOMIC_RELAXED);
	return true;
}

static void look(struct keeper *k, const struct keeper_method *method, struct seat *s)
{
	if (!s->since)
		s->since = clock_now();
	enum hold_state state = method->look(k, s);
	if (state == HOLD_PENDING || state >= HOLD_STUCK) {
		// if there are many, a process may get no CPU time; as long as others come to rest,
		// wait on
		bool slow = state == HOLD_PENDING || state == HOLD_STUCK;
		int64_t since = slow && k->progress > s->since ? k->progress : s->since;

		if (clock_now() - since < patience(k, s, state))
			state = HOLD_PENDING;
		else if (state == HOLD_PENDING)
			state = HOLD_RUNS;
	}
	// not when one is given up: otherwise each of many that wait for a dead server delays the
	// next
	if (state == HOLD_HELD || state == HOLD_DEAD)
		k->progress = clock_now();
	__atomic_store_n(&s->state, state, __ATOMIC_RELEASE);
}

// Try to hold the processes that were taken since the last look, parents before their children. The
// sooner this is done, the fewer are born meanwhile.
static void look_at_new(struct keeper *k, const struct keeper_method *method, size_t *seen)
{
	while (*seen < __atomic_load_n(&k->board->count, __ATOMIC_ACQUIRE) && keeper_at_work(k))
		look(k, method, &k->board->seats[(*seen)++]);
}

// Whether one is still pending; `first` is the index of the first that may be.
static bool look_at_pending(struct keeper *k, const struct keeper_method *method, size_t *first)
{
	size_t count = __atomic_load_n(&k->board->count, __ATOMIC_ACQUIRE);
	size_t pending = count;

	for (size_t i = *first; i < count; i++) {
		struct seat *s = &k->board->seats[i];

		if (s->state == HOLD_PENDING && keeper_at_work(k))
			look(k, method, s);
		if (s->state == HOLD_PENDING && i < pending)
			pending = i;
	}
	*first = pending;
	return pending < count;
}

// Another keeper may have stopped us, while the present keeper has stopped that one's program. The
// keeper that notices this releases its processes. (A traced process is in state t for other
// reasons too, so its tracer is checked.)
static bool is_held_by_keeper(struct keeper *k)
{
	struct status status = {0};

	return !keeper_status(k, k->proc, k->parent, &status) && status.state == 't' &&
	       is_keeper(k, status.tracer);
}

static bool begin(struct keeper *k, const struct keeper_method *method)
{
	struct sigevent kill = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
	sigset_t all;

	// a signal must not end the keeper while processes are stopped
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	prctl(PR_SET_NAME, KEEPER_NAME);
	// signals from the terminal go to our process group and are for us, not for the keeper
	setpgid(0, 0);
	if (method->dies_with_us) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		k->timed = !timer_create(CLOCK_OF_DEADLINES, &kill, &k->timer);
		if (!k->timed || !arm(k))
			return false;
	}
	// if the parent died before PDEATHSIG was set, no signal comes
	return getppid() == k->parent && !method->begin(k);
}

// Wait for an order. False: the program is gone, or silent for too long.
static bool listen(struct keeper *k, const struct keeper_method *method, size_t *heard, int64_t *at)
{
	struct pollfd p[] = {
		{.fd = k->wake, .events = POLLIN},
		pidref_poll(k->program),
	};
	uint64_t count;

	int n = poll(p, 2, IDLE_MS);
	if (p[1].revents)
		return false;
	size_t touched = __atomic_load_n(&k->board->touched, __ATOMIC_ACQUIRE);
	if (n > 0 || touched != *heard) {
		*heard = touched;
		*at = clock_now();
	} else if (clock_now() - *at > SILENCE_MS * MS ||
		   (method->dies_with_us && is_held_by_keeper(k))) {
		return false;
	}
	if (n > 0 && read(k->wake, &count, sizeof(count)) < 0 && errno != EAGAIN)
		return false;
	return true;
}

static int order_of(const struct keeper *k)
{
	return __atomic_load_n(&k->board->order, __ATOMIC_ACQUIRE);
}

static void answer(struct keeper *k, int result)
{
	const uint64_t one = 1;
	int order = KEEPER_SETTLE;

	// an order to release that arrived meanwhile must not be lost
	k->board->result = result;
	__atomic_compare_exchange_n(&k->board->order, &order, KEEPER_NOTHING, false,
		__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
	if (write(k->answer, &one, sizeof(one)) < 0)
		keeper_leave(KEEPER_FAILED);
}

int keeper_run(void *data)
{
	struct keeper_job *job = data;
	const struct keeper_method *method = job->method;
	struct keeper *k = &job->keeper;
	size_t seen = 0;
	size_t first = 0;
	size_t heard = 0;

	if (!begin(k, method))
		return KEEPER_FAILED;
	for (int64_t at = clock_now(); arm(k) && listen(k, method, &heard, &at);) {
		look_at_new(k, method, &seen);
		if (order_of(k) == KEEPER_RELEASE)
			break;
		if (order_of(k) != KEEPER_SETTLE)
			continue;
		while (look_at_pending(k, method, &first) && order_of(k) == KEEPER_SETTLE)
			keeper_nap();
		answer(k, k->failed ? k->failed : method->settled ? method->settled(k) : 0);
	}
	bool asked = order_of(k) == KEEPER_RELEASE;
	method->release(k, k->board->sig);
	return asked ? KEEPER_DONE : KEEPER_YIELDED;
}
