// SPDX-License-Identifier: GPL-2.0-or-later
// torture COUNT [--] COMMAND...: run COMMAND over and over, while numbers that it means go from
// one process to the next as fast as can be, COUNT times.
//
// Every second owner of a number is called "wanted", the others "bystander"; most live less than
// a millisecond. {HANDLE} and {PID} in COMMAND are PID:INODE and PID of one that is wanted and
// lives as the command line is made, each time another one; then only those are meant, and the
// next one who is called so is a bystander too. Prints
//	runs N recycles N wanted N bystanders N
// (signals, counted by whom they hit), and who sent the first ones that hit a bystander.
// COMMAND may end with any status that says that somebody was gone; its output is dropped.
// For a PID namespace of its own, where the kernel gives out numbers above 300; needs to choose
// numbers there (see recycle.c).
#include "config.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include "helper.h"

#ifndef SYS_clone3
#define SYS_clone3 435
#endif

// Numbers below 300 are left alone by the kernel once it has passed them, so all are ours.
enum { FIRST = 200, NUMBERS = 32, WORDS = 64, WORD = 48, SHOWN = 8 };

struct clone_request {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	uint64_t set_tid, set_tid_size, cgroup;
};

// Shared by everybody.
static struct world {
	unsigned long runs, births, wanted, bystanders;
	struct {
		unsigned long birth;
		bool ready;	     // named
		unsigned long meant; // the one whose name was given to COMMAND last
	} owner[NUMBERS];
	struct {
		pid_t pid, sender;
		unsigned long birth;
	} shown[SHOWN];
	bool over;
} * world;

static bool by_handle; // COMMAND names processes; else it goes by the name "wanted"
static int self;       // which number a child has

static bool is_wanted(unsigned long birth)
{
	return birth % 2;
}

static void hit(int sig, siginfo_t *info, void *context)
{
	unsigned long birth = world->owner[self].birth;

	(void)sig, (void)context;
	if (by_handle ? world->owner[self].meant == birth : is_wanted(birth)) {
		__atomic_add_fetch(&world->wanted, 1, __ATOMIC_RELAXED);
		return;
	}
	unsigned long n = __atomic_fetch_add(&world->bystanders, 1, __ATOMIC_RELAXED);
	if (n < SHOWN) {
		world->shown[n].pid = FIRST + self;
		world->shown[n].sender = info->si_pid;
		world->shown[n].birth = birth;
	}
}

static void live(unsigned long birth)
{
	uint64_t dice = birth * 2654435761u;
	struct timespec life = {.tv_nsec = (long)(dice % (dice % 4 ? 500000 : 8000000))};
	struct sigaction action = {.sa_sigaction = hit, .sa_flags = SA_SIGINFO};

	sigaction(SIGUSR1, &action, NULL);
	if (is_wanted(birth))
		prctl(PR_SET_NAME, "wanted");
	world->owner[self].ready = true;
	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &life, &life) == EINTR)
		;
	_exit(0);
}

// The next owner of a number, a bystander until it has its name.
static void give_birth(int at)
{
	pid_t pid = FIRST + at;
	struct clone_request request = {
		.exit_signal = SIGCHLD,
		.set_tid = (uintptr_t)&pid,
		.set_tid_size = 1,
	};

	world->owner[at].ready = false;
	world->owner[at].birth = world->births;
	long child = syscall(SYS_clone3, &request, sizeof(request));
	if (child < 0)
		die("the number %d: %s", pid, strerror(errno));
	if (child == 0) {
		self = at;
		live(world->owner[at].birth);
	}
	world->births++;
}

// One that is wanted and lives, found by trying; its inode while it is held.
static int find_wanted(int start, struct stat *st)
{
	for (int i = 0; i < NUMBERS; i++) {
		int at = (start + i) % NUMBERS;
		unsigned long birth = world->owner[at].birth;

		if (!world->owner[at].ready || !is_wanted(birth))
			continue;
		int fd = (int)syscall(434, FIRST + at, 0);
		if (fd < 0)
			continue;
		bool good = fstat(fd, st) == 0;
		// it was this one whom we opened: it still is, and was named before
		good = good && world->owner[at].birth == birth && world->owner[at].ready &&
		       syscall(424, fd, 0, NULL, 0) == 0;
		if (good)
			world->owner[at].meant = birth;
		close(fd);
		if (good)
			return at;
	}
	return -1;
}

static bool fill(char **run, char room[WORDS][WORD], char **filled)
{
	int at = (int)(world->runs * 7 % NUMBERS);
	struct stat st;
	int i = 0;

	for (; run[i] && i < WORDS - 1; i++) {
		filled[i] = run[i];
		if (strcmp(run[i], "{HANDLE}") != 0 && strcmp(run[i], "{PID}") != 0)
			continue;
		at = find_wanted((at + 1) % NUMBERS, &st);
		if (at < 0)
			return false;
		if (run[i][1] == 'P')
			snprintf(room[i], WORD, "%d", FIRST + at);
		else
			snprintf(room[i], WORD, "%d:%llu", FIRST + at,
				(unsigned long long)st.st_ino);
		filled[i] = room[i];
	}
	filled[i] = NULL;
	return true;
}

static void run_over_and_over(char **run)
{
	static char room[WORDS][WORD];
	char *filled[WORDS];
	siginfo_t info;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (!world->over) {
		if (!fill(run, room, filled))
			continue;
		pid_t child = fork();
		if (child == 0) {
			int null = open("/dev/null", O_RDWR | O_CLOEXEC);

			dup2(null, STDOUT_FILENO);
			dup2(null, STDERR_FILENO);
			execvp(*filled, filled);
			_exit(127);
		}
		if (child < 0)
			continue;
		while (waitid(P_PID, (id_t)child, &info, WEXITED) < 0 && errno == EINTR)
			;
		if (info.si_code != CLD_EXITED || info.si_status == 2 || info.si_status == 3 ||
			info.si_status == 127)
			die("%s: ended with %d", *run, info.si_status);
		world->runs++;
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	siginfo_t info;

	if (argc < 3)
		die("usage: torture COUNT [--] COMMAND...");
	unsigned long count = (unsigned long)number(argv[1]);
	char **run = command(argv + 2);
	for (char **word = run; *word; word++)
		by_handle |= strcmp(*word, "{HANDLE}") == 0 || strcmp(*word, "{PID}") == 0;
	world = mmap(
		NULL, sizeof(*world), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (world == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	prctl(PR_SET_NAME, "bystander");
	// the newly born inherit a handler: they are bystanders who count
	struct sigaction action = {.sa_sigaction = hit, .sa_flags = SA_SIGINFO | SA_RESTART};
	sigaction(SIGUSR1, &action, NULL);
	pid_t runner = fork();
	if (runner == 0) {
		signal(SIGUSR1, SIG_DFL);
		run_over_and_over(run);
	}
	for (int i = 0; i < NUMBERS; i++)
		give_birth(i);
	while (!world->over) {
		if (waitid(P_ALL, 0, &info, WEXITED) < 0)
			continue;
		if (info.si_pid == runner)
			die("%s failed", *run);
		world->over = world->births >= count + NUMBERS;
		if (!world->over)
			give_birth(info.si_pid - FIRST);
	}
	while (!waitid(P_ALL, 0, &info, WEXITED))
		if (info.si_pid == runner && (info.si_code != CLD_EXITED || info.si_status))
			die("%s failed", *run);
	printf("runs %lu recycles %lu wanted %lu bystanders %lu\n", world->runs,
		world->births - NUMBERS, world->wanted, world->bystanders);
	for (unsigned long i = 0; i < SHOWN && i < world->bystanders; i++)
		printf("bystander %d, owner %lu of the numbers, was signalled by %d\n",
			world->shown[i].pid, world->shown[i].birth, world->shown[i].sender);
	return 0;
}
