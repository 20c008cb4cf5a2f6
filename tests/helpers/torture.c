// SPDX-License-Identifier: GPL-2.0-or-later
// torture COUNT [KIND] [--] COMMAND...: run COMMAND over and over, while numbers that it means go
// from one process to the next as fast as can be, COUNT times.
//
// A number belongs to an owner, or to a child of one. Every second owner is called "wanted", the
// others "bystander"; most live less than a millisecond. In COMMAND, {HANDLE} and {PID} are
// PID:INODE and PID of an owner that is wanted and lives as the command line is made, each time
// another one; {FILE} is a pidfile that names it; {INIT} is the PID 1 of the namespace where the
// numbers are. Then only what COMMAND means is to be hit: by KIND
//	self	that owner (also without a KIND); without any of the words above, all that are
// wanted 	tree	that owner and its children 	parent	its children
//	group	the process group that it leads: itself and its children
//	session	the session that it leads, likewise
//	ns	what is in its UTS namespace, likewise
//	inside	that owner; all numbers are those of a PID namespace below that of COMMAND
//	pidfile	that owner; it lives longer than a clock tick, and so do some others
// Prints
//	runs N recycles N wanted N bystanders N
// (signals, counted by whom they hit), and what sent the first ones that hit a bystander.
// COMMAND may end with any status that says that a process was gone; its output is dropped.
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
enum { FIRST = 200, NUMBERS = 32, WORDS = 64, WORD = 128, SHOWN = 8 };

// A pidfile tells processes apart that are a clock tick apart.
enum { TICK_NS = 10000000, FILE_AGE = 2 * TICK_NS, PICK_AGE = 2 * FILE_AGE };

struct clone_request {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	uint64_t set_tid, set_tid_size, cgroup;
};

enum kind { SELF, TREE, PARENT, GROUP, SESSION, NS, INSIDE, PIDFILE };
static const char *const kinds[] = {
	"self", "tree", "parent", "group", "session", "ns", "inside", "pidfile"};

// Shared by all.
static struct world {
	unsigned long runs, births, recycles, wanted, bystanders;
	struct number {
		int taken; // atomically: it is a process's, or about to be
		unsigned long birth;
		unsigned long inode;
		int64_t born, ends;  // ns of the wall clock
		bool is_child;	     // of an owner
		bool ready;	     // it is an owner, and named
		unsigned long meant; // the one that was given to COMMAND last
	} number[NUMBERS];
	struct {
		pid_t pid, sender;
		unsigned long birth;
	} shown[SHOWN];
	pid_t init; // of the numbers, as COMMAND sees it
	bool over, failed;
} * world;

static enum kind kind;
static bool by_handle; // COMMAND names processes; else it goes by the name "wanted"

// What a process is: the owner of a number, or a child of that owner.
static struct {
	int at, owner_at;
	unsigned long birth; // of the owner
	bool is_child;
} self;

static bool has_children(void)
{
	return kind == TREE || kind == PARENT || kind == GROUP || kind == SESSION || kind == NS;
}

static bool is_wanted(unsigned long birth)
{
	return birth % 2;
}

static int64_t wall_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static bool is_meant(void)
{
	if (kind == PARENT && !self.is_child)
		return false;
	return by_handle ? world->number[self.owner_at].meant == self.birth : is_wanted(self.birth);
}

static void hit(int sig, siginfo_t *info, void *context)
{
	(void)sig, (void)context;
	if (is_meant()) {
		__atomic_add_fetch(&world->wanted, 1, __ATOMIC_RELAXED);
		return;
	}
	unsigned long n = __atomic_fetch_add(&world->bystanders, 1, __ATOMIC_RELAXED);
	if (n < SHOWN) {
		world->shown[n].pid = FIRST + self.at;
		world->shown[n].sender = info->si_pid;
		world->shown[n].birth = self.birth;
	}
}

static void mask_hits(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(how, &set, NULL);
}

// ---- numbers ----

static int take_number(unsigned seed)
{
	for (unsigned i = 0; i < NUMBERS; i++) {
		int at = (int)((seed + i) % NUMBERS), no = 0;

		if (__atomic_compare_exchange_n(&world->number[at].taken, &no, 1, false,
			    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			return at;
	}
	return -1;
}

static void leave_number(int at)
{
	__atomic_store_n(&world->number[at].taken, 0, __ATOMIC_SEQ_CST);
}

// A new process that has this number: 0 in it; -1: the number is in use still, as that of a group.
static long clone_as(int at)
{
	pid_t pid = FIRST + at;
	int handle = -1;
	struct clone_request request = {
		.flags = CLONE_PIDFD,
		.pidfd = (uintptr_t)&handle,
		.exit_signal = SIGCHLD,
		.set_tid = (uintptr_t)&pid,
		.set_tid_size = 1,
	};
	struct stat st;

	long child = syscall(SYS_clone3, &request, sizeof(request));
	if (child < 0 && errno != EEXIST && errno != EAGAIN)
		die("the number %d: %s", pid, strerror(errno));
	if (child > 0) {
		__atomic_add_fetch(&world->recycles, 1, __ATOMIC_RELAXED);
		if (fstat(handle, &st) == 0)
			world->number[at].inode = (unsigned long)st.st_ino;
		close(handle);
	}
	return child;
}

// ---- owners and their children ----

static int64_t lifetime(unsigned long birth)
{
	uint64_t dice = (birth * 2654435761u) >> 9; // its lowest bit says nothing of is_wanted
	uint64_t most = dice % 4 ? 500000 : 8000000;

	if (has_children() && dice % 4 == 0)
		most = 32000000;
	if (kind == PIDFILE && dice % 4 == 0)
		most = 4 * PICK_AGE;
	return (int64_t)((dice >> 3) % most);
}

static void sleep_until(int64_t end)
{
	struct timespec until = {
		.tv_sec = (time_t)(end / 1000000000), .tv_nsec = (long)(end % 1000000000)};

	while (clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL) == EINTR)
		;
}

// A child takes any number that is free, and none if none is.
static pid_t have_child(int owner_at, unsigned long birth, unsigned seed, int *at)
{
	*at = take_number(seed);
	if (*at < 0)
		return 0;
	world->number[*at].ready = false;
	world->number[*at].is_child = true;
	mask_hits(SIG_BLOCK);
	long child = clone_as(*at);
	if (child == 0) {
		int64_t end = wall_clock() + lifetime(birth + seed);

		self.at = *at;
		self.owner_at = owner_at;
		self.birth = birth;
		self.is_child = true;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		mask_hits(SIG_UNBLOCK);
		sleep_until(end);
		_exit(0);
	}
	if (child < 0)
		leave_number(*at);
	mask_hits(SIG_UNBLOCK);
	return child < 0 ? 0 : (pid_t)child;
}

static void have_children(int64_t end)
{
	unsigned seed = (unsigned)self.birth;
	siginfo_t info;
	int at;

	while (wall_clock() < end && !world->over) {
		pid_t child = have_child(self.at, self.birth, (unsigned)rand_r(&seed), &at);
		if (child == 0) {
			sleep_until(wall_clock() + 100000);
			continue;
		}
		while (waitid(P_PID, (id_t)child, &info, WEXITED) < 0 && errno == EINTR)
			;
		leave_number(at);
	}
}

static void live(void)
{
	int64_t end = wall_clock() + lifetime(self.birth);

	world->number[self.at].ends = end;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (kind == GROUP && setpgid(0, 0) < 0)
		_exit(0);
	if (kind == SESSION)
		setsid();
	if (kind == NS && unshare(CLONE_NEWUTS) < 0)
		_exit(0);
	if (is_wanted(self.birth))
		prctl(PR_SET_NAME, "wanted");
	mask_hits(SIG_UNBLOCK);
	world->number[self.at].ready = true;
	if (has_children())
		have_children(end);
	sleep_until(end);
	_exit(0);
}

// The next owner of a number, a bystander until it has its name. False: no number is free.
static bool give_birth(unsigned seed)
{
	int at = take_number(seed);

	if (at < 0)
		return false;
	struct number *n = &world->number[at];
	n->ready = n->is_child = false;
	n->birth = __atomic_fetch_add(&world->births, 1, __ATOMIC_SEQ_CST);
	n->born = wall_clock();
	long child = clone_as(at);
	if (child == 0) {
		self.at = self.owner_at = at;
		self.birth = n->birth;
		self.is_child = false;
		live();
	}
	if (child < 0)
		leave_number(at);
	return child > 0;
}

// ---- COMMAND ----

// One that is wanted and lives, as far as is known; a handle names no other if it does not.
static int find_wanted(int start)
{
	for (int i = 0; i < NUMBERS; i++) {
		int at = (start + i) % NUMBERS;
		struct number *n = &world->number[at];
		unsigned long birth = n->birth, inode = n->inode;

		if (!n->ready || !is_wanted(birth) || !inode)
			continue;
		if (kind == PIDFILE && wall_clock() - n->born < PICK_AGE)
			continue;
		// of the many that are as good as gone, a few are enough
		if (n->ends - wall_clock() < (int64_t)(world->runs % 8) * 300000)
			continue;
		if (n->birth != birth || n->inode != inode || !n->ready)
			continue;
		n->meant = birth;
		return at;
	}
	return -1;
}

// A file that is younger than the process that it names, and older than all later ones.
static bool write_pidfile(char *path, int at)
{
	char text[16];
	int64_t when = world->number[at].born + FILE_AGE;
	struct timespec times[2] = {{.tv_nsec = UTIME_OMIT},
		{.tv_sec = (time_t)(when / 1000000000), .tv_nsec = (long)(when % 1000000000)}};

	snprintf(path, WORD, "torture.pid");
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int length = snprintf(text, sizeof(text), "%d\n", FIRST + at);
	bool good = fd >= 0 && write(fd, text, (size_t)length) == length && !futimens(fd, times);
	close(fd);
	// the number was its own when the file was written
	return good && !kill(FIRST + at, 0) && world->number[at].ready;
}

static bool fill_word(const char *word, char room[WORD], int at)
{
	const char *brace = strchr(word, '{');
	int before = (int)(brace - word);
	const char *behind = strchr(word, '}');
	char value[WORD];

	if (strncmp(brace, "{PID}", 5) == 0)
		snprintf(value, sizeof(value), "%d", FIRST + at);
	else if (strncmp(brace, "{INIT}", 6) == 0)
		snprintf(value, sizeof(value), "%d", world->init);
	else if (strncmp(brace, "{FILE}", 6) == 0) {
		if (!write_pidfile(value, at))
			return false;
	} else
		snprintf(value, sizeof(value), "%d:%lu", FIRST + at, world->number[at].inode);
	snprintf(room, WORD, "%.*s%.60s%.40s", before, word, value, behind ? behind + 1 : "");
	return true;
}

static bool fill(char **run, char room[WORDS][WORD], char **filled)
{
	int at = (int)(world->runs * 7 % NUMBERS);
	int i = 0;

	for (; run[i] && i < WORDS - 1; i++) {
		filled[i] = run[i];
		if (!strchr(run[i], '{'))
			continue;
		if (!strstr(run[i], "{INIT}")) {
			at = find_wanted((at + 1) % NUMBERS);
			if (at < 0)
				return false;
		}
		if (!fill_word(run[i], room[i], at))
			return false;
		filled[i] = room[i];
	}
	filled[i] = NULL;
	return true;
}

static void run_once(char **filled)
{
	siginfo_t info;

	pid_t child = fork();
	if (child == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);

		dup2(null, STDOUT_FILENO);
		if (!getenv("TORTURE_LOUD"))
			dup2(null, STDERR_FILENO);
		execvp(*filled, filled);
		_exit(127);
	}
	if (child < 0)
		return;
	while (waitid(P_PID, (id_t)child, &info, WEXITED) < 0 && errno == EINTR)
		;
	if (info.si_code != CLD_EXITED || info.si_status == 2 || info.si_status == 3 ||
		info.si_status == 127)
		die("%s: ended with %d", *filled, info.si_status);
	world->runs++;
}

static void run_over_and_over(char **run)
{
	static char room[WORDS][WORD];
	char *filled[WORDS];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (!world->over) {
		if (fill(run, room, filled))
			run_once(filled);
		else
			sched_yield();
	}
	_exit(0);
}

// ---- the numbers go round ----

static void go_round(unsigned long count)
{
	int owners = 0, most = has_children() ? NUMBERS / 2 : NUMBERS;
	unsigned seed = 1;
	siginfo_t info;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	prctl(PR_SET_NAME, "bystander");
	mask_hits(SIG_BLOCK);
	struct sigaction action = {.sa_sigaction = hit, .sa_flags = SA_SIGINFO | SA_RESTART};
	sigaction(SIGUSR1, &action, NULL);
	for (;;) {
		while (!world->over && owners < most && give_birth(seed = seed * 5 + 7))
			owners++;
		info.si_pid = 0;
		if (waitid(P_ALL, 0, &info, WEXITED | (owners ? 0 : WNOHANG)) < 0) {
			if (errno == ECHILD && world->over)
				break;
			if (errno == ECHILD)
				continue;
		}
		int at = info.si_pid - FIRST;
		if (at < 0 || at >= NUMBERS)
			continue;
		owners -= !world->number[at].is_child;
		leave_number(at);
		world->over |= world->recycles >= count + NUMBERS || world->failed;
	}
}

static enum kind kind_of(const char *word)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(word, kinds[i]) == 0)
			return (enum kind)i;
	return (enum kind) - 1;
}

static pid_t start_numbers(unsigned long count)
{
	struct clone_request request = {
		.flags = kind == INSIDE ? CLONE_NEWPID : 0,
		.exit_signal = SIGCHLD,
	};

	long child = syscall(SYS_clone3, &request, sizeof(request));
	if (child < 0)
		die("a pid namespace: %s", strerror(errno));
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		go_round(count);
		_exit(0);
	}
	world->init = (pid_t)child;
	return (pid_t)child;
}

static void wait_for_both(pid_t numbers, pid_t runner, const char *command)
{
	siginfo_t info;

	for (int left = 2; left;) {
		if (waitid(P_ALL, 0, &info, WEXITED) < 0)
			continue;
		if (info.si_pid != numbers && info.si_pid != runner)
			continue;
		left--;
		if (info.si_code != CLD_EXITED || info.si_status) {
			world->over = world->failed = true;
			die("%s failed", info.si_pid == runner ? command : "recycling");
		}
	}
}

int main(int argc, char **argv)
{
	if (argc < 3)
		die("usage: torture COUNT [KIND] [--] COMMAND...");
	unsigned long count = (unsigned long)number(argv[1]);
	kind = kind_of(argv[2]);
	argv += (int)kind >= 0 ? 3 : 2;
	if ((int)kind < 0)
		kind = SELF;
	char **run = command(argv);
	for (char **word = run; *word; word++)
		by_handle |= strchr(*word, '{') != NULL;
	world = mmap(
		NULL, sizeof(*world), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (world == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	world->births = 1;
	pid_t numbers = start_numbers(count);
	pid_t runner = fork();
	if (runner == 0)
		run_over_and_over(run);
	wait_for_both(numbers, runner, *run);
	printf("runs %lu recycles %lu wanted %lu bystanders %lu\n", world->runs, world->recycles,
		world->wanted, world->bystanders);
	for (unsigned long i = 0; i < SHOWN && i < world->bystanders; i++)
		printf("bystander %d, of owner %lu of the numbers, was signalled by %d\n",
			world->shown[i].pid, world->shown[i].birth, world->shown[i].sender);
	return 0;
}
