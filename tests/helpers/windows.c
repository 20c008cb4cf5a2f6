// SPDX-License-Identifier: GPL-2.0-or-later
// windows KIND [--] COMMAND...: run COMMAND again and again, each time held at the entry of another
// one of its system calls, until each was held there once; meanwhile the numbers that it means
// change hands: their owners end, and strangers have them.
//
// {HANDLE} and {PID} in COMMAND are PID:INODE and PID of an owner, {FILE} a pidfile that names it,
// {INIT} the PID 1 of the namespace where the numbers are, {PORT} the port on which it listens,
// {LOCK} a file that it has locked. KIND is what changes hands:
//	self	an owner, which is called "victim"
//	member	the number of a child of an owner (to no child of it)
//	tree	an owner and its child (as "parent")
//	group	the leader and a member of a process group
//	orphans	likewise, where the leader has ended before
//	session	the leader and a member of a session
//	ns	a process and its child in a UTS namespace of their own
//	inside	an owner, in a PID namespace below that of COMMAND
//	pidfile	an owner that is older than the file
//	port	an owner that listens (the stranger then listens on the same port)
//	lock	an owner with a lock on a file (the stranger only has the file open)
// With {PID} and {PORT} only the calls count that come behind the first look at the number: before
// that a number means whatever has it. Prints
//	windows N changed N wanted N strangers N left N
// windows: how many calls; changed: at how many of them the numbers did change hands (a process
// that is held by a tracer keeps its number); strangers: how many signals they got; left: how many
// strangers could not take a signal afterwards. Then the calls where a stranger got one.
// For a PID namespace of its own; needs to choose numbers there (see recycle.c).
#include "config.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdnoreturn.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>

#include <linux/ptrace.h>

#include "helper.h"

#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_poll // poll(3) of newer architectures
#define SYS_poll SYS_ppoll
#endif

enum { OWNER = 250, CHILD = 251, WORDS = 64, WORD = 128, SHOWN = 12, PATIENCE_MS = 300 };
enum { LIMIT_S = 30 };

struct clone_request {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	uint64_t set_tid, set_tid_size, cgroup;
};

// Shared by all.
static struct world {
	unsigned long wanted, strangers, ready, acknowledged, inode;
	uint16_t port; // 0: not chosen yet
	pid_t init;
} * world;

static const char *kind;
static bool is_stranger;
static int orders[2], answers[2]; // of the maker

static bool kind_is(const char *name)
{
	return strcmp(kind, name) == 0;
}

static bool has_child(void)
{
	return !kind_is("self") && !kind_is("inside") && !kind_is("pidfile") && !kind_is("port") &&
	       !kind_is("lock");
}

static void pause_ms(long ms)
{
	struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&time, NULL);
}

// ---- owners, children and strangers ----

static void on_signal(int sig)
{
	if (sig == SIGUSR2)
		__atomic_add_fetch(&world->acknowledged, 1, __ATOMIC_SEQ_CST);
	else if (is_stranger)
		__atomic_add_fetch(&world->strangers, 1, __ATOMIC_SEQ_CST);
	else
		__atomic_add_fetch(&world->wanted, 1, __ATOMIC_SEQ_CST);
}

static void handle_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);
}

// 0 in the new process.
static pid_t clone_as(pid_t pid)
{
	int handle = -1;
	struct clone_request request = {
		.flags = CLONE_PIDFD,
		.pidfd = (uintptr_t)&handle,
		.exit_signal = SIGCHLD,
		.set_tid = (uintptr_t)&pid,
		.set_tid_size = 1,
	};
	struct stat st;
	long child = -1;

	for (int left = 1000; left && child < 0; left--) {
		child = syscall(SYS_clone3, &request, sizeof(request));
		if (child < 0 && errno != EEXIST)
			die("the number %d: %s", pid, strerror(errno));
		if (child < 0)
			pause_ms(1);
	}
	if (child < 0)
		die("the number %d: still in use", pid);
	if (child > 0) {
		if (pid == OWNER && fstat(handle, &st) == 0)
			world->inode = (unsigned long)st.st_ino;
		close(handle);
	}
	return (pid_t)child;
}

static noreturn void idle(void)
{
	siginfo_t info;

	__atomic_add_fetch(&world->ready, 1, __ATOMIC_SEQ_CST);
	for (;;) {
		// its own children are reaped at once
		if (waitid(P_ALL, 0, &info, WEXITED) < 0 && errno == ECHILD)
			pause_ms(1000);
	}
}

// The first owner chooses the port.
static void take_port(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(world->port)};
	socklen_t size = sizeof(at);
	int on = 1;

	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	// COMMAND may have a duplicate of the socket before
	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&at, size) < 0 || listen(fd, 3) < 0 ||
		getsockname(fd, (struct sockaddr *)&at, &size) < 0)
		die("listen: %s", strerror(errno));
	world->port = ntohs(at.sin_port);
}

static void take_lock(void)
{
	int fd = open("windows.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || (!is_stranger && flock(fd, LOCK_EX) < 0))
		die("windows.lock: %s", strerror(errno));
}

static noreturn void be_owner(bool with_child)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, is_stranger ? "stranger" : "victim");
	if ((kind_is("group") || kind_is("orphans")) && setpgid(0, 0) < 0)
		die("setpgid: %s", strerror(errno));
	if (kind_is("session") && setsid() < 0)
		die("setsid: %s", strerror(errno));
	if (kind_is("port"))
		take_port();
	if (kind_is("lock"))
		take_lock();
	if (kind_is("ns") && unshare(CLONE_NEWUTS) < 0)
		die("unshare: %s", strerror(errno));
	if (with_child && clone_as(CHILD) == 0)
		idle();
	if (kind_is("orphans") && !is_stranger)
		_exit(0);
	idle();
}

static void wait_until_ready(unsigned long n)
{
	while (__atomic_load_n(&world->ready, __ATOMIC_SEQ_CST) < n)
		pause_ms(1);
}

static void make(bool strangers)
{
	world->ready = 0;
	is_stranger = strangers;
	if (clone_as(OWNER) == 0)
		be_owner(has_child());
	bool owner_ends = kind_is("orphans") && !strangers;
	wait_until_ready((unsigned long)has_child() + !owner_ends);
}

// A number that no process has, nor a group.
static bool is_free(pid_t pid)
{
	return kill(pid, 0) < 0 && errno == ESRCH && kill(-pid, 0) < 0 && errno == ESRCH;
}

static bool end(pid_t first, pid_t last, int patience_ms)
{
	siginfo_t info;

	for (pid_t pid = first; pid <= last; pid++)
		if (kill(pid, SIGKILL) < 0 && errno != ESRCH)
			die("kill: %s", strerror(errno));
	for (int left = patience_ms; left > 0; left--) {
		while (!waitid(P_ALL, 0, &info, WEXITED | WNOHANG) && info.si_pid)
			info.si_pid = 0;
		bool gone = true;
		for (pid_t pid = first; pid <= last; pid++)
			gone &= is_free(pid);
		if (gone)
			return true;
		pause_ms(1);
	}
	return false;
}

static bool change_hands(void)
{
	if (!kind_is("member")) {
		if (!end(OWNER, CHILD, PATIENCE_MS))
			return false;
		make(true);
		return true;
	}
	if (!end(CHILD, CHILD, PATIENCE_MS))
		return false;
	world->ready = 0;
	is_stranger = true;
	if (clone_as(CHILD) == 0) {
		prctl(PR_SET_NAME, "stranger");
		idle();
	}
	wait_until_ready(1);
	return true;
}

// How many of them take a signal.
static int ask(void)
{
	int asked = 0;

	world->acknowledged = 0;
	for (pid_t pid = OWNER; pid <= CHILD; pid++)
		if (!kind_is("member") || pid == CHILD)
			asked += kill(pid, SIGUSR2) == 0;
	for (int left = 5000; left > 0; left--) {
		if ((int)__atomic_load_n(&world->acknowledged, __ATOMIC_SEQ_CST) >= asked)
			break;
		pause_ms(1);
	}
	return asked - (int)world->acknowledged;
}

static noreturn void be_maker(void)
{
	char order;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	prctl(PR_SET_NAME, "maker");
	handle_signals();
	while (read(orders[0], &order, 1) == 1) {
		int answer = 0;

		if (order == 'm')
			make(false);
		else if (order == 'c')
			answer = change_hands();
		else if (order == 'a')
			answer = ask();
		else
			answer = end(OWNER, CHILD, 100 * PATIENCE_MS);
		if (write(answers[1], &answer, sizeof(answer)) != sizeof(answer))
			_exit(1);
	}
	_exit(0);
}

static int order(char what)
{
	int answer;

	if (write(orders[1], &what, 1) != 1 ||
		read(answers[0], &answer, sizeof(answer)) != sizeof(answer))
		die("the maker is gone");
	return answer;
}

static void start_maker(void)
{
	struct clone_request request = {
		.flags = kind_is("inside") ? CLONE_NEWPID : 0,
		.exit_signal = SIGCHLD,
	};

	if (pipe2(orders, O_CLOEXEC) || pipe2(answers, O_CLOEXEC))
		die("pipe: %s", strerror(errno));
	long child = syscall(SYS_clone3, &request, sizeof(request));
	if (child < 0)
		die("clone: %s", strerror(errno));
	if (child == 0)
		be_maker();
	world->init = (pid_t)child;
}

// ---- COMMAND ----

static void write_pidfile(void)
{
	char text[16];

	// by more than a tick older than the file, and younger ones as much
	pause_ms(30);
	int fd = open("windows.pid", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int length = snprintf(text, sizeof(text), "%d\n", OWNER);
	if (fd < 0 || write(fd, text, (size_t)length) != length)
		die("windows.pid: %s", strerror(errno));
	close(fd);
	pause_ms(30);
}

static void fill(char **run, char room[WORDS][WORD], char **filled)
{
	int i = 0;

	for (; run[i] && i < WORDS - 1; i++) {
		const char *brace = strchr(run[i], '{');
		char value[64] = "windows.pid";

		filled[i] = run[i];
		if (!brace)
			continue;
		if (strncmp(brace, "{PID}", 5) == 0)
			snprintf(value, sizeof(value), "%d", OWNER);
		else if (strncmp(brace, "{INIT}", 6) == 0)
			snprintf(value, sizeof(value), "%d", world->init);
		else if (strncmp(brace, "{HANDLE}", 8) == 0)
			snprintf(value, sizeof(value), "%d:%lu", OWNER, world->inode);
		else if (strncmp(brace, "{PORT}", 6) == 0)
			snprintf(value, sizeof(value), "%u", world->port);
		else if (strncmp(brace, "{LOCK}", 6) == 0)
			snprintf(value, sizeof(value), "windows.lock");
		else
			write_pidfile();
		snprintf(room[i], WORD, "%.*s%s", (int)(brace - run[i]), run[i], value);
		filled[i] = room[i];
	}
	filled[i] = NULL;
}

// Whether the call looks at a process. `asked`: for a number of the namespace below.
static bool looks(pid_t pid, const struct ptrace_syscall_info *info, bool by_number, bool asked)
{
	char path[64] = "";
	struct iovec here = {.iov_base = path, .iov_len = sizeof(path) - 1};
	struct iovec there = {
		.iov_base = (void *)(uintptr_t)info->entry.args[1], .iov_len = sizeof(path) - 1};

	// the answer is made before it is received
	if (kind_is("port"))
		return info->entry.nr == SYS_recvmsg;
	// The kernel is asked for the number inside (Linux 6.11), its owner is held, and this is
	// the question whether the owner is still there; if not, the number is looked up anew.
	if (by_number && kind_is("inside"))
		return asked && info->entry.nr == SYS_poll;
	if (info->entry.nr == 434 && kind_is("inside"))
		return info->entry.args[0] != (uint64_t)world->init;
	if (info->entry.nr == 434)
		return !by_number || info->entry.args[0] == OWNER;
	if (info->entry.nr != SYS_openat)
		return false;
	if (process_vm_readv(pid, &here, 1, &there, 1, 0) < 0)
		return false;
	return by_number ? strstr(path, "250/") != NULL : strstr(path, "proc") != NULL;
}

struct trial {
	unsigned long place; // the call to be held at, from 1
	unsigned long calls; // so far
	bool by_number, asked, armed, over;
	bool changed;
	long call;
	int status;
};

// At the entry of a call.
static void at_call(struct trial *t, pid_t pid)
{
	struct ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof(info), &info) <= 0 ||
		info.op != PTRACE_SYSCALL_INFO_ENTRY)
		return;
	t->asked |= info.entry.nr == SYS_ioctl && info.entry.args[2] == OWNER;
	bool first = !t->armed && looks(pid, &info, t->by_number, t->asked);
	t->armed |= first;
	if (!t->armed || (first && t->by_number) || ++t->calls != t->place)
		return;
	t->call = (long)info.entry.nr;
	t->changed = order('c');
	t->over = true;
}

static pid_t start(char **filled)
{
	int status;

	pid_t child = fork();
	if (child == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);

		if (!getenv("WINDOWS_LOUD"))
			dup2(null, STDERR_FILENO);
		dup2(null, STDOUT_FILENO);
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		execvp(*filled, filled);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, __WALL) < 0)
		die("%s: %s", *filled, strerror(errno));
	ptrace(PTRACE_SETOPTIONS, child, NULL,
		(void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			 PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL));
	ptrace(PTRACE_SYSCALL, child, NULL, NULL);
	return child;
}

static void try(struct trial *t, char **filled)
{
	pid_t child = start(filled);
	int status;

	alarm(LIMIT_S);
	for (;;) {
		pid_t pid = waitpid(-1, &status, __WALL);
		if (pid < 0)
			die("%s: lost", *filled);
		if (!WIFSTOPPED(status)) {
			if (pid == world->init)
				die("the maker failed");
			if (pid == child)
				break;
			continue;
		}
		int sig = WSTOPSIG(status), event = status >> 16;
		if (sig == (SIGTRAP | 0x80) && !t->over)
			at_call(t, pid);
		// events, calls, the stop that a new one begins with, and those of groups
		if (event || sig == (SIGTRAP | 0x80) || sig == SIGTRAP || sig == SIGSTOP)
			sig = 0;
		ptrace(t->over ? PTRACE_CONT : PTRACE_SYSCALL, pid, NULL, (void *)(long)sig);
	}
	alarm(0);
	t->status = status;
	if (!WIFEXITED(status) || WEXITSTATUS(status) == 2 || WEXITSTATUS(status) == 3 ||
		WEXITSTATUS(status) == 127)
		die("%s: ended with 0x%x at call %ld, place %lu", *filled, status, t->call,
			t->place);
}

int main(int argc, char **argv)
{
	static char room[WORDS][WORD], shown[SHOWN][80];
	unsigned long changed = 0, left = 0, place = 0, hits = 0;
	char *filled[WORDS];

	if (argc < 3)
		die("usage: windows KIND [--] COMMAND...");
	kind = argv[1];
	char **run = command(argv + 2);
	bool by_number = false;
	for (char **word = run; *word; word++)
		by_number |= strstr(*word, "{PID}") || strstr(*word, "{PORT}");
	world = mmap(
		NULL, sizeof(*world), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (world == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	start_maker();
	for (;;) {
		struct trial t = {.place = place + 1, .by_number = by_number};
		unsigned long before = world->strangers;

		order('m');
		fill(run, room, filled);
		try(&t, filled);
		if (t.changed)
			left += (unsigned long)order('a');
		changed += t.changed;
		if (world->strangers > before && hits < SHOWN)
			snprintf(shown[hits++], sizeof(*shown),
				"a stranger was hit: call %ld, place %lu", t.call, t.place);
		if (!order('e'))
			die("the processes do not end after place %lu", t.place);
		if (!t.over)
			break;
		place++;
	}
	printf("windows %lu changed %lu wanted %lu strangers %lu left %lu\n", place, changed,
		world->wanted, world->strangers, left);
	for (unsigned long i = 0; i < hits; i++)
		puts(shown[i]);
	return 0;
}
