// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "act/hold.h"
#include "act/keeper.h"
#include "base/sigkind.h"
#include "handle/pidcall.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	SEATS_MOST = 1 << 20,
	ROOM_MOST = 1024, // seats beyond the number of descriptors that we may have
	NICE = -20,
	TICK_MS = 20,
	ANSWER_TICKS = 200, // after this many ticks without a look the keeper is killed
	RELEASE_TICKS = 250,
	KEEPERS = 8,
};

static int make_board(struct hold *h)
{
	struct rlimit limit;
	size_t room = SEATS_MOST;

	// each process needs a descriptor; pages that are not used take no memory
	if (!getrlimit(RLIMIT_NOFILE, &limit) && limit.rlim_cur < SEATS_MOST)
		room = (size_t)limit.rlim_cur + ROOM_MOST;
	h->size = sizeof(*h->board) + room * sizeof(*h->board->seats);
	void *memory = mmap(NULL, h->size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		return -errno;
	h->board = memory;
	h->board->room = room;
	return 0;
}

static int start(struct hold *h)
{
	static const struct keeper_method *const methods[] = {
		[HOLD_PTRACE] = &keeper_ptrace,
		[HOLD_FREEZER] = &keeper_freezer,
		[HOLD_STOP] = &keeper_stop,
	};
	struct pidref us = PIDREF_NULL;
	struct keeper_job job = {
		.method = methods[h->method],
		.keeper = {.board = h->board,
			.proc = h->proc,
			.wake = h->wake,
			.answer = h->answer,
			.parent = getpid(),
			.program = &us},
	};
	int fd = -1;

	// the keeper shares our descriptors, but not our memory
	int r = pidref_open(&us, getpid());
	if (r < 0)
		return r;
	pid_t pid = kernel_share(keeper_run, &job, &fd);
	if (pid < 0) {
		pidref_close(&us);
		return pid;
	}
	h->us = us;
	h->keeper = pidref_of_child(pid, fd);
	return 0;
}

static void wake(const struct hold *h)
{
	const uint64_t one = 1;

	// a full counter has already woken it
	ssize_t n = write(h->wake, &one, sizeof(one));
	(void)n;
}

// Its exit status; -1: it was killed.
static int reap(struct hold *h)
{
	siginfo_t info = {0};

	// its clone set no exit signal, and only __WALL waits for such a child
	pidref_waitid(&h->keeper, &info, WEXITED | __WALL);
	pidref_close(&h->keeper);
	pidref_close(&h->us);
	return info.si_code == CLD_EXITED ? info.si_status : -1;
}

static void close_all(struct hold *h)
{
	if (h->wake >= 0)
		close(h->wake);
	if (h->answer >= 0)
		close(h->answer);
	if (h->board)
		munmap(h->board, h->size);
	setpriority(PRIO_PROCESS, 0, h->nice);
	*h = HOLD_NULL;
}

int hold_begin(struct hold *out, enum hold_method method, const struct procfs *proc)
{
	struct hold h = HOLD_NULL;

	h.method = method;
	h.proc = proc;
	h.restarts = KEEPERS;
	h.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	h.answer = h.wake < 0 ? -1 : eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	// a tree that keeps forking competes with us for the processor
	h.nice = getpriority(PRIO_PROCESS, 0);
	setpriority(PRIO_PROCESS, 0, NICE);
	int r = h.answer < 0 ? -errno : make_board(&h);
	if (!r)
		r = start(&h);
	if (r < 0) {
		close_all(&h);
		return r;
	}
	*out = h;
	return 0;
}

int hold_take(struct hold *h, const struct pidref *ref, bool root)
{
	struct board *b = h->board;

	if (b->count == b->room)
		return -ENFILE;
	// the seat is complete before it counts: the keeper reads both without a lock
	b->seats[b->count] = (struct seat){.ref = *ref, .root = root};
	__atomic_store_n(&b->count, b->count + 1, __ATOMIC_RELEASE);
	wake(h);
	return (int)b->count - 1;
}

// Release what the end of a keeper does not: it releases only processes that it traced.
static void let_go(struct hold *h)
{
	struct board *b = h->board;

	for (size_t i = b->count; i-- > 0;)
		if (b->seats[i].stopped)
			pidref_signal(&b->seats[i].ref, SIGCONT, PIDREF_SCOPE_DEFAULT, NULL);
	if (b->thaw > 0 && write(b->thaw, "0", 1) > 0)
		b->thaw = 0;
}

// The keeper ended, and a new one starts from the beginning. Seats with a final state keep it.
static int restart(struct hold *h)
{
	struct board *b = h->board;
	uint64_t count;

	// the processes that it held run again; they can be held again, but not for ever
	bool again = h->restarts-- > 0;

	let_go(h);
	for (size_t i = 0; i < b->count; i++) {
		struct seat *s = &b->seats[i];

		if (s->state == HOLD_HELD || s->state == HOLD_PENDING) {
			s->state = again ? HOLD_PENDING : HOLD_LOST;
			s->since = 0;
			s->begun = false;
		}
	}
	ssize_t n = read(h->answer, &count, sizeof(count));
	(void)n;
	return again ? start(h) : 1;
}

// How many ticks have passed without a look of the keeper: many processes take their time.
static int idle_ticks(const struct hold *h, int ticks, size_t *looks)
{
	size_t now = __atomic_load_n(&h->board->looks, __ATOMIC_RELAXED);

	ticks = now == *looks ? ticks + 1 : 0;
	*looks = now;
	return ticks;
}

// 1: the answer arrived; 0: the keeper has ended; -EINTR.
static int hear(struct hold *h, const struct holdoff *off)
{
	struct pollfd p[] = {
		{.fd = h->answer, .events = POLLIN},
		pidref_poll(&h->keeper),
	};
	size_t looks = 0;
	uint64_t count;

	for (int ticks = 0;; ticks = idle_ticks(h, ticks, &looks)) {
		int n = poll(p, 2, TICK_MS);

		if (off && holdoff_interrupted(off))
			return -EINTR;
		if (n > 0 && p[0].revents)
			return read(h->answer, &count, sizeof(count)) < 0 ? 0 : 1;
		if (n > 0 && p[1].revents)
			return 0;
		if (ticks == ANSWER_TICKS)
			pidref_signal(&h->keeper, SIGKILL, PIDREF_SCOPE_DEFAULT, NULL);
	}
}

int hold_settle(struct hold *h, const struct holdoff *off)
{
	for (;;) {
		if (!pidref_is_held(&h->keeper))
			return 0;
		__atomic_store_n(&h->board->order, KEEPER_SETTLE, __ATOMIC_RELEASE);
		wake(h);
		int r = hear(h, off);
		if (r < 0)
			return r;
		if (r)
			return h->board->result;
		// it could not even begin, so a sandbox forbids it
		if (reap(h) == KEEPER_FAILED)
			h->restarts = 0;
		r = restart(h);
		if (r)
			return r < 0 ? r : 0;
	}
}

enum hold_state hold_state(const struct hold *h, size_t seat, pid_t *tracer)
{
	const struct seat *s = &h->board->seats[seat];

	if (tracer)
		*tracer = s->tracer;
	return __atomic_load_n(&s->state, __ATOMIC_ACQUIRE);
}

bool hold_is_keeper(const struct hold *h, pid_t pid)
{
	return pidref_is_held(&h->keeper) && h->keeper.pid == pid;
}

void hold_touch(struct hold *h)
{
	if (h->board)
		__atomic_add_fetch(&h->board->touched, 1, __ATOMIC_RELAXED);
}

void hold_sending(struct hold *h, size_t seat, int sig)
{
	struct seat *s = &h->board->seats[seat];

	if (!s->stopped || h->method != HOLD_STOP)
		return;
	// the kernel removes a pending stop signal at SIGCONT, and a pending SIGCONT at a stop
	// signal
	if (!sigkind_stops(sig))
		// nor SIGKILL: if we end before it is sent, the process must continue
		return;
	if (sig != SIGSTOP)
		pidref_signal(&s->ref, SIGCONT, PIDREF_SCOPE_DEFAULT, NULL);
	s->stopped = false;
}

bool hold_is_kept(struct hold *h)
{
	return pidref_is_held(&h->keeper) && pidref_state(&h->keeper) == PIDREF_ALIVE;
}

void hold_release(struct hold *h, int sig)
{
	if (!h->board)
		return;
	if (pidref_is_held(&h->keeper)) {
		struct pollfd p = pidref_poll(&h->keeper);
		size_t looks = 0;

		h->board->sig = sig;
		__atomic_store_n(&h->board->order, KEEPER_RELEASE, __ATOMIC_RELEASE);
		wake(h);
		for (int ticks = 0; poll(&p, 1, TICK_MS) < 1; ticks = idle_ticks(h, ticks, &looks))
			if (ticks == RELEASE_TICKS)
				pidref_signal(&h->keeper, SIGKILL, PIDREF_SCOPE_DEFAULT, NULL);
		if (reap(h) != KEEPER_DONE)
			let_go(h);
	}
	close_all(h);
}
