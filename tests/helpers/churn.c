// SPDX-License-Identifier: GPL-2.0-or-later
// churn SECONDS [--] COMMAND...: run COMMAND over and over among processes that are born and die
// as fast as can be.
//
// Half of them are called "wanted", half "bystander"; each lives a few milliseconds. Signal USR1
// is counted by whom it hit. Prints "runs N births N wanted N bystanders N": how often COMMAND
// ran, how many processes there were, and how many signals those of each name got. In a PID
// namespace with a small kernel.pid_max, numbers are recycled all the time.
#include "config.h"

#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>

#include "helper.h"

enum { ALIVE = 60, STACK = 16384, NAME = 16 };

static struct counts {
	unsigned long runs, births, wanted, bystanders;
} * counts;

// The processes share our memory, which makes them cheap; their names are their own.
static struct slot {
	pid_t pid; // 0: free
	unsigned long birth;
	_Alignas(16) char stack[STACK];
} slots[ALIVE];

static void hit(int sig)
{
	char name[NAME] = "";

	(void)sig;
	syscall(SYS_prctl, PR_GET_NAME, name, 0, 0, 0);
	__atomic_add_fetch(
		*name == 'w' ? &counts->wanted : &counts->bystanders, 1, __ATOMIC_RELAXED);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int live(void *data)
{
	const struct slot *slot = data;
	const struct timespec life = {.tv_nsec = (long)(slot->birth * 2654435761u % 4000000)};

	if (slot->birth % 2)
		syscall(SYS_prctl, PR_SET_NAME, "wanted", 0, 0, 0);
	syscall(SYS_nanosleep, &life, NULL);
	syscall(SYS_exit_group, 0);
	return 0;
}

// A signal may come between the birth and the naming: born as a bystander, named after that.
static void give_birth(struct slot *slot)
{
	slot->birth = counts->births;
	pid_t pid = clone(live, slot->stack + STACK, CLONE_VM | SIGCHLD, slot);

	if (pid > 0) {
		slot->pid = pid;
		counts->births++;
	}
}

static struct slot *slot_of(pid_t pid)
{
	for (struct slot *slot = slots; slot < slots + ALIVE; slot++)
		if (slot->pid == pid)
			return slot;
	return NULL;
}

static void run_over_and_over(char **run, double end)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (now() < end) {
		siginfo_t info;
		pid_t child = fork();

		if (child == 0) {
			signal(SIGUSR1, SIG_DFL);
			execvp(*run, run);
			_exit(127);
		}
		if (child < 0)
			continue;
		while (waitid(P_PID, (id_t)child, &info, WEXITED) < 0 && errno == EINTR)
			;
		if (info.si_code == CLD_EXITED && info.si_status > 1)
			die("%s: status %d", *run, info.si_status);
		counts->runs++;
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = hit, .sa_flags = SA_RESTART};
	siginfo_t info;

	if (argc < 3)
		die("usage: churn SECONDS [--] COMMAND...");
	double end = now() + (double)number(argv[1]);
	char **run = command(argv + 2);
	counts = mmap(
		NULL, sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (counts == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	prctl(PR_SET_NAME, "bystander");
	// those that are born inherit it, so that none is hit before it can count
	sigaction(SIGUSR1, &action, NULL);
	pid_t runner = fork();
	if (runner == 0)
		run_over_and_over(run, end);

	for (bool over = false; !over;) {
		struct slot *unused = slot_of(0);

		if (unused)
			give_birth(unused);
		info.si_pid = 0;
		if (waitid(P_ALL, 0, &info, WEXITED | (unused ? WNOHANG : 0)) < 0 || !info.si_pid)
			continue;
		over = info.si_pid == runner;
		if (over && (info.si_code != CLD_EXITED || info.si_status))
			die("%s failed", *run);
		struct slot *ended = slot_of(info.si_pid);
		if (ended != NULL)
			ended->pid = 0;
	}
	// the last ones end by themselves, before the memory does
	while (!waitid(P_ALL, 0, &info, WEXITED))
		;
	printf("runs %lu births %lu wanted %lu bystanders %lu\n", counts->runs, counts->births,
		counts->wanted, counts->bystanders);
	return 0;
}
