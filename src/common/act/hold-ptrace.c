// SPDX-License-Identifier: GPL-2.0-or-later
// hold-ptrace.c: hold with PTRACE_SEIZE and PTRACE_INTERRUPT.
//
// No signal is sent, so no parent, handler or terminal notices. When the keeper ends, for whatever
// reason, the kernel releases all processes, in the reverse order of attaching.
//
// ptrace(2) takes a thread ID, which could be reused before the call. Therefore:
// 1. Attach without options and without a stop. If it is the wrong process, it continues; it would
//    only have to wait with its next signal until the keeper has ended, which is at once
//    (KEEPER_TAINTED).
// 2. Then check. For the leader: the handle of the process, opened before, is not reaped, so the
//    PID was never free and the attached thread is the leader. For another thread: its ID is in the
//    task folder of the process, which belongs to exactly that process (the folder was opened, then
//    the handle was verified). An attached thread keeps its ID until we reap it, so the thread in
//    the folder is the one that was attached.
// 3. Only then stop it. From here on the ID is pinned: an attached thread is not reaped by its
//    parent before we have reaped it. (If another thread calls exec, it gets the ID of the leader.
//    It is a thread of the same process; the next look finds that it is not attached, and attaches
//    it.)
// 4. We reap only while PTRACE_SEIZE waits, and after that every ID is read again from the task
//    folder.

#include "config.h"

#include "act/keeper.h"
#include "handle/kernel.h"
#include "handle/pidread.h"
#include "handle/status.h"
#include "handle/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define MS INT64_C(1000000)

enum {
	TICK_MS = 5,
	AGAIN_MS = 2,
	EXEC_MS = 60, // how long to wait for an exec to end
	EXEC_TICKS = 6,
	TAKEN_MS = 50, // how long session leaders wait until the others have taken the signal
	EVENT_STOP = 128,
};

struct own {
	sigjmp_buf leave;
	int64_t until;
	int ticks; // ticks of this wait: a keeper that got no CPU time has not waited
	timer_t timer;
	struct walk walk;
};

// PTRACE_SEIZE waits until an exec of the process ends. If a thread calls exec, that waits until
// the other threads are reaped; if we trace them, only we can reap them.
static void on_tick(int sig, siginfo_t *info, void *context)
{
	struct own *own = info->si_value.sival_ptr;

	(void)sig;
	(void)context;
	while (kernel_reap(NULL) > 0)
		continue;
	if (++own->ticks > EXEC_TICKS && clock_now() > own->until)
		siglongjmp(own->leave, 1);
}

static int begin(struct keeper *k)
{
	const struct sigaction action = {.sa_sigaction = on_tick, .sa_flags = SA_SIGINFO};
	const struct sigaction plain = {.sa_handler = SIG_DFL};
	const struct itimerspec every = {
		.it_interval = {.tv_nsec = TICK_MS * MS}, .it_value = {.tv_nsec = TICK_MS * MS}};
	struct own *own = calloc(1, sizeof(*own));
	struct sigevent tick = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};

	if (!own)
		return -ENOMEM;
	tick.sigev_value.sival_ptr = own;
	// if SIGCHLD were ignored, the kernel would reap for us, and IDs would become free without
	// our notice
	if (sigaction(SIGALRM, &action, NULL) < 0 || sigaction(SIGCHLD, &plain, NULL) < 0 ||
		timer_create(CLOCK_OF_DEADLINES, &tick, &own->timer) < 0 ||
		timer_settime(own->timer, 0, &every, NULL) < 0) {
		int r = -errno;

		free(own);
		return r;
	}
	k->own = own;
	return 0;
}

// 0; -EBUSY: its process is in an exec; errors of kernel_trace_seize.
static int seize(struct keeper *k, pid_t tid)
{
	struct own *own = k->own;
	sigset_t tick;
	int r;

	sigemptyset(&tick);
	sigaddset(&tick, SIGALRM);
	own->until = clock_now() + EXEC_MS * MS;
	own->ticks = 0;
	// the thread may already be attached when the timer ends the call
	if (sigsetjmp(own->leave, 1))
		return kernel_trace_interrupt(tid) < 0 ? -EBUSY : 0;
	sigprocmask(SIG_UNBLOCK, &tick, NULL);
	r = kernel_trace_seize(tid);
	sigprocmask(SIG_BLOCK, &tick, NULL);
	return r;
}

// Whether the attached thread belongs to the process: see the start of this file.
static bool is_meant(const struct seat *s, const struct procfs *tasks, pid_t tid)
{
	char name[16];

	if (!tasks)
		return !pidref_verify(&s->ref);
	snprintf(name, sizeof(name), "%d", (int)tid);
	return !faccessat(tasks->fd, name, F_OK, 0);
}

// Why a thread cannot be attached. HOLD_HELD: it cannot run.
static enum hold_state explain(
	struct keeper *k, struct seat *s, const struct procfs *in, pid_t tid, int error)
{
	struct status status = {0};

	int r = keeper_status(k, in, tid, &status);
	// a living process cannot lack its leader: /proc hides it from us (hidepid)
	if (r == -ESRCH && (tid != s->ref.pid || pidref_state(&s->ref) != PIDREF_ALIVE))
		return HOLD_HELD;
	if (r < 0)
		return HOLD_DENIED;
	if (status.state == 'Z' || status.state == 'X' || status.kthread)
		return HOLD_HELD;
	if (status.tracer == getpid()) {
		if (status.state != 'D')
			return HOLD_PENDING;
		return keeper_cannot_fork(k, in, tid) ? HOLD_HELD : HOLD_STUCK;
	}
	s->tracer = status.tracer;
	if (status.tracer)
		return HOLD_TRACED;
	return error == -EBUSY ? HOLD_EXEC : error == -ESRCH ? HOLD_PENDING : HOLD_DENIED;
}

// Attach to one thread and stop it; `tasks` is NULL for the leader. HOLD_HELD: it is at rest, or
// dead.
static enum hold_state hold_thread(
	struct keeper *k, struct seat *s, const struct procfs *tasks, pid_t tid)
{
	siginfo_t info;

	// this succeeds only for an attached thread at rest
	if (!kernel_trace_info(tid, &info))
		return HOLD_HELD;
	int r = seize(k, tid);
	if (r < 0)
		return explain(k, s, tasks ? tasks : k->proc, tid, r);
	// only the end of the keeper releases it so that nothing outside notices
	if (!is_meant(s, tasks, tid))
		keeper_leave(KEEPER_TAINTED);
	kernel_trace_interrupt(tid);
	return HOLD_PENDING;
}

static enum hold_state worse(enum hold_state a, enum hold_state b)
{
	return a >= HOLD_STUCK ? a : b >= HOLD_STUCK ? b : a == HOLD_PENDING ? a : b;
}

// All threads except the leader.
static enum hold_state hold_others(struct keeper *k, struct seat *s, int *listed)
{
	struct walk *walk = &((struct own *)k->own)->walk;
	enum hold_state state = HOLD_HELD;
	struct procfs tasks;
	pid_t tid;

	int r = pidref_open_tasks(&s->ref, k->proc, &tasks);
	if (r < 0 && r != -ENOENT && r != -ESRCH)
		k->failed = r;
	if (r < 0)
		return HOLD_PENDING;
	if (!walk_begin(walk, &tasks)) {
		while ((r = walk_next(walk, &tid)) > 0) {
			++*listed;
			if (tid != s->ref.pid)
				state = worse(state, hold_thread(k, s, &tasks, tid));
		}
	}
	procfs_close(&tasks);
	return r < 0 ? HOLD_PENDING : state;
}

// The process is at rest when each thread is, and no thread was added since they were listed. So
// the number of threads is read after the last thread was seen at rest.
static enum hold_state look(struct keeper *k, struct seat *s)
{
	pid_t pid = s->ref.pid;
	siginfo_t info;
	int listed = 1;

	// on a busy machine a process needs time to come to rest; until then, only this one cheap
	// question
	if (s->begun && kernel_trace_info(pid, &info) < 0 && clock_now() < s->again)
		return HOLD_PENDING;
	s->again = clock_now() + AGAIN_MS * MS;
	if (pidref_state(&s->ref) != PIDREF_ALIVE)
		return HOLD_DEAD;
	enum hold_state state = hold_thread(k, s, NULL, pid);
	s->begun = true;
	if (state >= HOLD_STUCK)
		return state;
	int threads = keeper_threads(k, pid);
	if (threads > 1) {
		listed = 0;
		state = worse(state, hold_others(k, s, &listed));
		threads = keeper_threads(k, pid);
	}
	if (state == HOLD_HELD && threads != listed)
		state = HOLD_PENDING;
	return state;
}

// ---- letting go ----

// Most processes are released by the end of the keeper. Detach one: if it was about to take a
// signal, it takes it.
static void detach(const struct keeper *k, const struct seat *s)
{
	struct walk *walk = &((struct own *)k->own)->walk;
	struct procfs tasks;
	siginfo_t info;
	pid_t tid;

	keeper_at_work(k);
	if (pidref_open_tasks(&s->ref, k->proc, &tasks) < 0)
		return;
	if (!walk_begin(walk, &tasks))
		while (walk_next(walk, &tid) > 0)
			if (!kernel_trace_info(tid, &info))
				kernel_trace_end(
					tid, info.si_code >> 8 == EVENT_STOP ? 0 : info.si_signo);
	procfs_close(&tasks);
}

// The PID is pinned while the process is held and not reaped.
static bool leads_session(const struct seat *s)
{
	return s->state == HOLD_HELD && getsid(s->ref.pid) == s->ref.pid;
}

static bool is_waiting(struct keeper *k, const struct seat *s, int sig)
{
	struct status status = {0};

	if (leads_session(s) || pidref_state(&s->ref) != PIDREF_ALIVE ||
		keeper_status(k, k->proc, s->ref.pid, &status) < 0)
		return false;
	return status.state != 'T' && status.pending_process & ~status.blocked & 1ull << (sig - 1);
}

// The end of a session leader sends SIGHUP to its group, and a process takes SIGHUP before SIGTERM.
// So the others are released first, and take their signal before the leaders end.
static void release(struct keeper *k, int sig)
{
	const struct board *b = k->board;
	size_t leaders = 0;

	for (size_t i = 0; i < b->count; i++)
		leaders += leads_session(&b->seats[i]);
	if (!sig || !leaders || leaders == b->count)
		return;
	for (size_t i = b->count; i-- > 0;)
		if (b->seats[i].state == HOLD_HELD && !leads_session(&b->seats[i]))
			detach(k, &b->seats[i]);
	int64_t until = clock_now() + TAKEN_MS * MS;
	for (size_t i = 0; i < b->count && clock_now() < until;)
		if (is_waiting(k, &b->seats[i], sig))
			keeper_nap();
		else
			i++;
}

const struct keeper_method keeper_ptrace = {
	.dies_with_us = true,
	.begin = begin,
	.look = look,
	.release = release,
};
