// SPDX-License-Identifier: GPL-2.0-or-later
// inmate SLOT [WORD...]: a process of the zoo of tools/chaos: it does what it is ordered to, and
// counts every signal that it gets in memory that it shares with tools/chaos.
// inmate --trace PID: trace that process, pass its signals on, until our standard input ends.
//
// Descriptors are inherited: LOCK_FILE the file that the inmate locked, MEMORY the shared memory,
// ANSWERS a pipe for answers, ORDERS + SLOT a pipe for the orders to that slot. An order is four
// int: what, and up to three numbers; the answer four int: slot, what, result, errno. Signals are
// blocked from before a fork or an exec until the new process counts them, so none is lost.
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <time.h>

#include "helper.h"

enum { LOCK_FILE = 97, MEMORY = 98, ANSWERS = 99, ORDERS = 100, SLOT_SIZE = 1024, SIGNALS = 65 };

enum order {
	ORDER_FORK = 1, // SLOT, FLAGS of clone(2): a child with that slot
	ORDER_EXEC,	// NAME: run zoo-NAME, a letter, instead
	ORDER_SETPGID,	// PID, PGID
	ORDER_SETSID,
	ORDER_EXIT,    // STATUS
	ORDER_REAP,    // all dead children
	ORDER_CATCH,   // SIGNAL
	ORDER_IGNORE,  // SIGNAL
	ORDER_BLOCK,   // SIGNAL, 1 or 0
	ORDER_CHURN,   // 1 or 0: have children that live a moment, as many as can be
	ORDER_THREAD,  // one more
	ORDER_LEAVE,   // the first thread ends, another goes on
	ORDER_UNSHARE, // FLAGS of unshare(2)
	ORDER_LOCK,    // the file lock-SLOT, with a lock that a child does not inherit
};

// One slot of the shared memory; tools/chaos has the same.
struct slot {
	int pid, ready, child_stops, child_continues, kid_hits, kid_doubles;
	unsigned count[SIGNALS];
	int value[SIGNALS], sender[SIGNALS];
};
_Static_assert(sizeof(struct slot) <= SLOT_SIZE, "as tools/chaos has it");

static char *memory;
static int self;
static volatile sig_atomic_t is_kid;
static volatile unsigned long long kid_signals; // a bit for each
static bool churning;
static int kids;

static struct slot *slot(int n)
{
	return (struct slot *)(memory + n * SLOT_SIZE);
}

static void count(int sig, siginfo_t *info, void *context)
{
	struct slot *s = slot(self);

	(void)context;
	if (is_kid) {
		if (sig == SIGCHLD)
			return;
		__atomic_add_fetch(&s->kid_hits, 1, __ATOMIC_SEQ_CST);
		// two signals are no double: the kernel sends HUP and CONT to an orphaned group
		if (kid_signals >> (sig - 1) & 1)
			__atomic_add_fetch(&s->kid_doubles, 1, __ATOMIC_SEQ_CST);
		kid_signals |= 1ull << (sig - 1);
		return;
	}
	if (sig == SIGCHLD && info->si_code == CLD_STOPPED)
		__atomic_add_fetch(&s->child_stops, 1, __ATOMIC_SEQ_CST);
	if (sig == SIGCHLD && info->si_code == CLD_CONTINUED)
		__atomic_add_fetch(&s->child_continues, 1, __ATOMIC_SEQ_CST);
	s->value[sig] = info->si_value.sival_int;
	s->sender[sig] = info->si_pid;
	__atomic_add_fetch(&s->count[sig], 1, __ATOMIC_SEQ_CST);
}

static bool is_ours(int sig)
{
	return sig != SIGKILL && sig != SIGSTOP && sig != SIGSEGV && sig != SIGBUS &&
	       sig != SIGFPE && sig != SIGILL && (sig < 32 || sig >= SIGRTMIN);
}

static void set_all(sigset_t *before)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, before);
}

static void catch (int sig)
{
	struct sigaction action = {.sa_sigaction = count, .sa_flags = SA_SIGINFO | SA_RESTART};

	sigfillset(&action.sa_mask);
	sigaction(sig, &action, NULL);
}

static void catch_all(void)
{
	for (int sig = 1; sig < SIGNALS; sig++) {
		struct sigaction now;

		// what is ignored stays so, over an exec too
		if (is_ours(sig) && !sigaction(sig, NULL, &now) && now.sa_handler != SIG_IGN)
			catch (sig);
	}
}

static void answer(int what, long result)
{
	int text[4] = {self, what, (int)result, result < 0 ? errno : 0};

	if (write(ANSWERS, text, sizeof(text)) != sizeof(text))
		_exit(126);
}

static long fork_to(int child, unsigned long flags)
{
	sigset_t before;

	set_all(&before);
	long pid = syscall(SYS_clone, SIGCHLD | flags, NULL, NULL, NULL, NULL);
	if (pid == 0) {
		self = child;
		churning = false;
		kids = 0;
		slot(self)->pid = getpid();
		slot(self)->ready = 1;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

// Only the first word of the command line and the name change.
static long exec_as(int letter)
{
	char name[] = "zoo-?", number[16], mask[24];
	sigset_t before;
	unsigned long bits = 0;

	name[4] = (char)letter;
	set_all(&before);
	for (int sig = 1; sig < SIGNALS; sig++)
		if (sigismember(&before, sig) == 1)
			bits |= 1UL << (sig - 1);
	snprintf(number, sizeof(number), "%d", self);
	snprintf(mask, sizeof(mask), "%lx", bits);
	execl(name, name, number, mask, "exec", NULL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return -1;
}

static void live_a_moment(unsigned seed)
{
	sigset_t none;

	is_kid = 1;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	nanosleep(&(const struct timespec){.tv_nsec = rand_r(&seed) % 3000000}, NULL);
	_exit(0);
}

// As many as 4 at a time; called over and over.
static void churn(void)
{
	static unsigned seed;
	sigset_t before;
	siginfo_t info;

	while (kids > 0) {
		info.si_pid = 0;
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) || !info.si_pid)
			break;
		bool known = false;
		for (int i = 0; i < 64; i++)
			known |= slot(i)->pid == info.si_pid;
		if (known) // a dead inmate is reaped by order alone, and hides the others
			break;
		waitid(P_PID, (id_t)info.si_pid, &info, WEXITED);
		kids--;
	}
	if (kids >= 4)
		return;
	seed = seed * 1103515245 + (unsigned)getpid();
	set_all(&before);
	if (fork() == 0)
		live_a_moment(seed);
	kids++;
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static long end_churn(void)
{
	churning = false;
	for (siginfo_t info; kids > 0; kids--)
		while (waitid(P_ALL, 0, &info, WEXITED) < 0 && errno == EINTR)
			;
	return 0;
}

static long reap(void)
{
	siginfo_t info = {0};
	long n = 0;

	for (; !waitid(P_ALL, 0, &info, WEXITED | WNOHANG) && info.si_pid; info.si_pid = 0)
		n++;
	return n;
}

static long block(int sig, int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	return sigprocmask(how ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

static void *obey(void *first);

static void *idle(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static long one_more_thread(void *(*what)(void *))
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, what, NULL);
	return errno ? -1 : 0;
}

static long lock_file(void)
{
	struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
	char name[32];

	snprintf(name, sizeof(name), "lock-%d", self);
	int fd = open(name, O_RDONLY);
	// the close of any descriptor of the file would end the lock
	if (fd < 0 || dup2(fd, LOCK_FILE) < 0 || close(fd) < 0)
		return -1;
	return fcntl(LOCK_FILE, F_SETLK, &lock);
}

static long carry_out(const int *order)
{
	switch (order[0]) {
	case ORDER_FORK:
		return fork_to(order[1], (unsigned long)order[2]);
	case ORDER_EXEC:
		return exec_as(order[1]);
	case ORDER_SETPGID:
		return setpgid(order[1], order[2]);
	case ORDER_SETSID:
		return setsid();
	case ORDER_EXIT:
		_exit(order[1]);
	case ORDER_REAP:
		return reap();
	case ORDER_CATCH:
		catch (order[1]);
		return 0;
	case ORDER_IGNORE:
		return signal(order[1], SIG_IGN) == SIG_ERR ? -1 : 0;
	case ORDER_BLOCK:
		return block(order[1], order[2]);
	case ORDER_CHURN:
		churning = order[1];
		return churning ? 0 : end_churn();
	case ORDER_THREAD:
		return one_more_thread(idle);
	case ORDER_LEAVE:
		if (one_more_thread(obey))
			return -1;
		syscall(SYS_exit, 0);
		return 0;
	case ORDER_UNSHARE:
		return unshare(order[1]);
	case ORDER_LOCK:
		return lock_file();
	}
	errno = EINVAL;
	return -1;
}

static void *obey(void *first)
{
	int order[4];

	if (!first) // the thread that takes over answers for the one that left
		answer(ORDER_LEAVE, 0);
	for (;;) {
		struct pollfd ready = {.fd = ORDERS + self, .events = POLLIN};

		if (churning && poll(&ready, 1, 1) <= 0) {
			churn();
			continue;
		}
		ssize_t length = read(ORDERS + self, order, sizeof(order));
		if (length < 0 && errno == EINTR)
			continue;
		if (length != sizeof(order))
			_exit(126);
		long result = carry_out(order);
		// of a fork the child answers too
		answer(order[0], result);
	}
}

// ---- the tracer ----

static int trace(pid_t pid)
{
	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL))
		die("%d: %s", pid, strerror(errno));
	puts("ready");
	fflush(stdout);
	for (;;) {
		struct pollfd input = {.fd = 0, .events = POLLIN};
		int status;

		poll(&input, 1, 1);
		if (input.revents)
			return 0; // which lets it go
		pid_t got = waitpid(pid, &status, __WALL | WNOHANG);
		if (got < 0 || (got == pid && !WIFSTOPPED(status)))
			return 0;
		if (got == 0)
			continue;
		int sig = WSTOPSIG(status), event = status >> 16;
		if (event == PTRACE_EVENT_STOP && sig != SIGTRAP)
			ptrace(PTRACE_LISTEN, pid, NULL, NULL);
		else
			ptrace(PTRACE_CONT, pid, NULL, event ? 0 : (void *)(long)sig);
	}
}

int main(int argc, char **argv)
{
	sigset_t mask;

	if (argc == 3 && strcmp(argv[1], "--trace") == 0)
		return trace((pid_t)number(argv[2]));
	if (argc < 2)
		die("usage: inmate SLOT [WORD...], or --trace PID");
	self = (int)number(argv[1]);
	memory = mmap(NULL, 64 * SLOT_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, MEMORY, 0);
	if (memory == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	catch_all();
	slot(self)->pid = getpid();
	slot(self)->ready = 1;
	sigemptyset(&mask);
	if (argc > 2) {
		unsigned long bits = strtoul(argv[2], NULL, 16);
		for (int sig = 1; sig < SIGNALS; sig++)
			if (bits >> (sig - 1) & 1)
				sigaddset(&mask, sig);
	}
	sigprocmask(SIG_SETMASK, &mask, NULL);
	answer(argc > 3 ? ORDER_EXEC : 0, 0);
	obey(argv);
}
