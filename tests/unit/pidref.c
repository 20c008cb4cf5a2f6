// SPDX-License-Identifier: GPL-2.0-or-later
// pidref.c: tests of pidref.h, waiter.h and ending.h on real children.
#include "config.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "check.h"
#include "handle/ending.h"
#include "handle/kernel.h"
#include "handle/pidread.h"
#include "handle/pidref.h"
#include "handle/procfs.h"
#include "target/target.h"
#include "wait/waiter.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// A child that waits for a signal.
static pid_t child(void)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	for (;;)
		pause();
}

static void reap(pid_t pid)
{
	waitpid(pid, NULL, 0);
}

// Wait, without reaping, until the child is dead.
static void await_death(pid_t pid)
{
	siginfo_t info;

	waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
}

static void follows_a_life(void)
{
	struct pidref ref = PIDREF_NULL;
	int wstatus = 0;
	pid_t pid = child();

	CHECK_INT(pidref_open(&ref, pid), 0);
	CHECK_INT(ref.pid, pid);
	CHECK_INT(pidref_state(&ref), PIDREF_ALIVE);
	CHECK_INT(pidref_verify(&ref), 0);
	CHECK_INT(pidref_signal(&ref, 0, PIDREF_SCOPE_DEFAULT, NULL), 0);
	CHECK_INT(pidref_wstatus(&ref, &wstatus), -ENODATA);
	CHECK_INT(pidref_signal(&ref, SIGTERM, PIDREF_SCOPE_DEFAULT, NULL), 0);
	await_death(pid);
	CHECK_INT(pidref_state(&ref), PIDREF_ZOMBIE);
	CHECK_INT(pidref_verify(&ref), 0);
	CHECK_INT(pidref_wstatus(&ref, &wstatus), -ENODATA);
	reap(pid);
	CHECK_INT(pidref_state(&ref), PIDREF_REAPED);
	CHECK_INT(pidref_verify(&ref), -ESRCH);
	CHECK_INT(pidref_signal(&ref, SIGTERM, PIDREF_SCOPE_DEFAULT, NULL), -ESRCH);
	CHECK_INT(pidref_wstatus(&ref, &wstatus), 0);
	CHECK_INT(wstatus, SIGTERM);
	pidref_close(&ref);
	pidref_close(&ref);
	CHECK_INT(ref.fd, -1);
	CHECK_INT(pidref_open(&ref, pid), -ESRCH);
	CHECK_INT(ref.fd, -1);
}

// Where no descriptor is allowed, poll(2) refuses to look at one.
static void is_told_without_poll(void)
{
	struct pidref ref = PIDREF_NULL;
	struct rlimit before;
	pid_t pid = child();

	CHECK_INT(pidref_open(&ref, pid), 0);
	CHECK_INT(getrlimit(RLIMIT_NOFILE, &before), 0);
	const struct rlimit none = {.rlim_cur = 0, .rlim_max = before.rlim_max};
	CHECK_INT(setrlimit(RLIMIT_NOFILE, &none), 0);
	CHECK_INT(pidref_state(&ref), PIDREF_ALIVE);
	CHECK_INT(pidref_signal(&ref, SIGTERM, PIDREF_SCOPE_DEFAULT, NULL), 0);
	reap(pid);
	CHECK_INT(pidref_verify(&ref), -ESRCH);
	CHECK_INT(setrlimit(RLIMIT_NOFILE, &before), 0);
	CHECK_INT(pidref_verify(&ref), -ESRCH);
	pidref_close(&ref);
}

// Before Linux 6.9 handles have no inode, as those of folders.
static void without_inodes_equal_numbers_are_one(void)
{
	struct pidref a = {.kind = PIDREF_PROCDIR};
	struct pidref b = {.kind = PIDREF_PROCDIR};

	a.fd = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	b.fd = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHECK(!pidref_same(&a, &b)); // no number is no equal number
	a.pid = b.pid = getpid();
	CHECK(pidref_same(&a, &b));
	pidref_close(&a);
	pidref_close(&b);
}

static void names_exactly_one(void)
{
	struct pidref a = PIDREF_NULL;
	struct pidref b = PIDREF_NULL;
	struct pidref out = PIDREF_NULL;
	pid_t pid = child();

	CHECK_INT(pidref_open(&a, pid), 0);
	CHECK_INT(pidref_learn_inode(&a), 0);
	CHECK(a.inode != 0);
	CHECK_INT(pidref_open_exact(&b, pid, a.inode), 0);
	CHECK(pidref_same(&a, &b));
	pidref_close(&b);
	CHECK_INT(pidref_open_exact(&out, pid, a.inode + 1), -ESTALE);
	CHECK_INT(out.fd, -1);
	CHECK_INT(pidref_open_inode(&b, a.inode), 0);
	CHECK_INT(b.pid, pid);
	pidref_close(&b);
	CHECK_INT(pidref_dup_fd(&b, a.fd), 0);
	CHECK_INT(b.pid, pid);
	CHECK(b.fd != a.fd);
	CHECK(fcntl(a.fd, F_GETFD) & FD_CLOEXEC);
	CHECK(fcntl(b.fd, F_GETFD) & FD_CLOEXEC);
	pidref_close(&b);
	CHECK_INT(pidref_open(&b, getpid()), 0);
	CHECK(!pidref_same(&a, &b));
	pidref_close(&b);
	pidref_signal(&a, SIGKILL, PIDREF_SCOPE_DEFAULT, NULL);
	reap(pid);
	CHECK_INT(pidref_open_exact(&b, pid, a.inode), -ESRCH);
	CHECK_INT(pidref_open_inode(&b, a.inode), -ESRCH);
	CHECK_INT(pidref_open_inode(&b, UINT64_MAX), -ESRCH);
	CHECK_INT(pidref_dup_fd(&b, a.fd), -ESRCH);
	CHECK_INT(b.fd, -1);
	pidref_close(&a);
}

static void other_descriptors_are_told_apart(void)
{
	struct pidref ref = PIDREF_NULL;
	int pair[2];
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int dir = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	CHECK_INT(pidref_dup_fd(&ref, null), -ENOTTY);
	CHECK_INT(pidref_dup_fd(&ref, dir), -ENOTTY);
	CHECK_INT(pidref_dup_fd(&ref, 7777), -EBADF);
	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	CHECK_INT(pidref_dup_fd(&ref, pair[0]), 0);
	CHECK_INT(ref.pid, getpid());
	pidref_close(&ref);
	close(pair[0]);
	close(pair[1]);
	int inet = socket(AF_INET, SOCK_STREAM, 0);
	CHECK_INT(pidref_dup_fd(&ref, inet), -ENOTTY);
	int lonely = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK_INT(pidref_dup_fd(&ref, lonely), -ENODATA);
	close(inet);
	close(lonely);
	close(null);
	close(dir);
}

// ---- what a sandbox refuses ----

// Run `test` in a child where the calls of the given numbers answer with an error; -1: no such
// call.
static void in_sandbox(void (*test)(void), const int calls[3], const int errors[3])
{
	struct sock_filter code[8];
	unsigned short n = 0;
	int status = 0;

	code[n++] = (struct sock_filter)BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (int i = 0; i < 3; i++) {
		if (calls[i] < 0)
			continue;
		code[n++] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)calls[i], 0, 1);
		code[n++] = (struct sock_filter)BPF_STMT(
			BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)errors[i]);
	}
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	pid_t pid = fork();
	if (!pid) {
		const struct sock_fprog filter = {.len = n, .filter = code};

		check_failed = 0;
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
			prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0)
			printf("# no filter can be set here: nothing is tested\n");
		else
			test();
		fflush(stdout);
		_exit(check_failed);
	}
	waitpid(pid, &status, 0);
	CHECK_INT(status, 0);
}

enum { PIDFD_SEND_SIGNAL = 424, PIDFD_OPEN = 434 };

// poll(2) as this C library calls it
#ifdef SYS_poll
#define POLL SYS_poll
#else
#define POLL (-1)
#endif

static void nothing_answers(void)
{
	struct pidref ref = PIDREF_NULL;
	struct buffer text = {0};
	pid_t pid = child();

	CHECK_INT(pidref_open(&ref, pid), 0);
	CHECK_INT(pidref_verify(&ref), -ENOSYS);
	CHECK_INT(pidref_read(&ref, NULL, "comm", &text), -ENOSYS);
	CHECK_INT(pidref_signal(&ref, 0, PIDREF_SCOPE_DEFAULT, NULL), -ENOSYS);
	CHECK_INT(kill(pid, SIGKILL), 0);
	reap(pid);
	CHECK_INT(pidref_verify(&ref), -ENOSYS);
	pidref_close(&ref);
	buffer_free(&text);
}

static void poll_answers(void)
{
	struct pidref ref = PIDREF_NULL;
	pid_t pid = child();

	CHECK_INT(pidref_open(&ref, pid), 0);
	CHECK_INT(pidref_verify(&ref), 0);
	CHECK_INT(kill(pid, SIGKILL), 0);
	await_death(pid);
	CHECK_INT(pidref_verify(&ref), 0);
	reap(pid);
	CHECK_INT(pidref_verify(&ref), -ESRCH);
	pidref_close(&ref);
}

// A handle that is a directory answers by itself.
static void a_directory_answers(void)
{
	struct pidref ref = PIDREF_NULL;
	struct statline line = {0};
	struct buffer text = {0};
	uid_t owner = 77;
	int wstatus = 0;
	pid_t pid = child();

	CHECK_INT(pidref_open(&ref, pid), 0);
	CHECK_INT(ref.kind, PIDREF_PROCDIR);
	CHECK_INT(pidref_verify(&ref), 0);
	CHECK_INT(pidref_state(&ref), PIDREF_ALIVE);
	// not by its number
	ref.pid = getpid();
	CHECK_INT(pidref_read(&ref, NULL, "stat", &text), 0);
	CHECK_INT(strtol(buffer_text(&text), NULL, 10), pid);
	CHECK_INT(pidref_owner(&ref, &owner), 0);
	CHECK_INT(owner, getuid());
	CHECK_INT(pidref_wstatus(&ref, &wstatus), -EOPNOTSUPP);
	CHECK_INT(kill(pid, SIGKILL), 0);
	await_death(pid);
	CHECK_INT(pidref_verify(&ref), 0);
	CHECK_INT(pidref_state(&ref), PIDREF_ZOMBIE);
	CHECK_INT(pidref_stat(&ref, NULL, &line), 0);
	CHECK_INT(line.state, 'Z');
	reap(pid);
	CHECK_INT(pidref_verify(&ref), -ESRCH);
	CHECK_INT(pidref_state(&ref), PIDREF_REAPED);
	CHECK_INT(pidref_read(&ref, NULL, "stat", &text), -ESRCH);
	pidref_close(&ref);
	buffer_free(&text);
}

static void no_pidfd_is_none(void)
{
	struct pidref ref = PIDREF_NULL;
	int ends[2];

	CHECK_INT(pipe2(ends, O_CLOEXEC), 0);
	CHECK_INT(pidref_dup_fd(&ref, ends[0]), -ENOTTY);
	CHECK_INT(ref.fd, -1);
	close(ends[0]);
	close(ends[1]);
}

static void unreaped_is_proved_or_not_claimed(void)
{
	static const int errors[] = {EPERM, EPERM, ENOSYS};

	if (POLL >= 0)
		in_sandbox(nothing_answers, (int[]){PIDFD_SEND_SIGNAL, POLL, -1}, errors);
	in_sandbox(poll_answers, (int[]){PIDFD_SEND_SIGNAL, -1, -1}, errors);
	in_sandbox(a_directory_answers, (int[]){PIDFD_SEND_SIGNAL, -1, PIDFD_OPEN}, errors);
}

static void a_sandbox_makes_no_pidfd(void)
{
	static const int errors[] = {EPERM, ENOSYS, EPERM};

	for (int i = 0; i < 2; i++)
		in_sandbox(no_pidfd_is_none, (int[]){PIDFD_SEND_SIGNAL, -1, -1},
			(int[]){errors[i], 0, 0});
}

// ---- facts ----

static void bad_numbers_are_nobody(void)
{
	struct pidref ref = PIDREF_NULL;

	CHECK_INT(pidref_open(&ref, 0), -EINVAL);
	CHECK_INT(pidref_open(&ref, -1), -EINVAL);
	CHECK_INT(pidref_open(&ref, 2147483647), -ESRCH);
	CHECK_INT(ref.fd, -1);
}

static void parent_and_owner_are_known(void)
{
	struct pidref ref = PIDREF_NULL;
	pid_t parent = 0;
	uid_t owner = 77;
	pid_t pid = child();

	CHECK_INT(pidref_open(&ref, pid), 0);
	CHECK_INT(pidref_parent(&ref, NULL, &parent), 0);
	CHECK_INT(parent, getpid());
	CHECK_INT(pidref_owner(&ref, &owner), 0);
	CHECK_INT(owner, getuid());
	pidref_signal(&ref, SIGKILL, PIDREF_SCOPE_DEFAULT, NULL);
	reap(pid);
	CHECK_INT(pidref_parent(&ref, NULL, &parent), -ESRCH);
	CHECK_INT(pidref_owner(&ref, &owner), -ESRCH);
	pidref_close(&ref);
}

static void files_are_those_of_the_held_process(void)
{
	struct pidref ref = PIDREF_NULL;
	struct buffer text = {0};
	struct status status = {0};
	char link[64];
	pid_t pid = child();

	CHECK_INT(pidref_open(&ref, pid), 0);
	CHECK_INT(pidref_comm(&ref, NULL, &text), 0);
	CHECK_STR(buffer_text(&text), "pidref");
	CHECK_INT(pidref_status(&ref, NULL, &status), 0);
	CHECK_INT(status.tgid, pid);
	CHECK_INT(pidref_read(&ref, NULL, "no such file", &text), -ENOENT);
	pidref_signal(&ref, SIGKILL, PIDREF_SCOPE_DEFAULT, NULL);
	await_death(pid);
	// a zombie has kept its name, and lost its program and its environment
	CHECK_INT(pidref_comm(&ref, NULL, &text), 0);
	CHECK_INT(pidref_readlink(&ref, NULL, "exe", link, sizeof(link)), -ENOENT);
	// root may see that there is none, another user may not look
	int r = pidref_read(&ref, NULL, "environ", &text);
	CHECK(r == -ENOENT || (r == -EACCES && geteuid()));
	reap(pid);
	CHECK_INT(pidref_comm(&ref, NULL, &text), -ESRCH);
	CHECK_INT(pidref_status(&ref, NULL, &status), -ESRCH);
	// read under the number of another process: not believed
	ref.pid = getpid();
	CHECK_INT(pidref_status(&ref, NULL, &status), -ESRCH);
	ref.pid = 0;
	CHECK_INT(pidref_status(&ref, NULL, &status), -ESRCH);
	CHECK_INT(pidref_group(&ref, &pid), -ESRCH);
	pidref_close(&ref);
	// as of one outside our pid namespace
	CHECK_INT(pidref_open(&ref, getpid()), 0);
	ref.pid = 0;
	CHECK_INT(pidref_status(&ref, NULL, &status), -EREMOTE);
	CHECK_INT(pidref_group(&ref, &pid), -EREMOTE);
	pidref_close(&ref);
	buffer_free(&text);
}

static void an_id_names_a_process_without_a_handle(void)
{
	struct pidref a = PIDREF_NULL;
	struct pidref b = PIDREF_NULL;
	pid_t pid = child();

	CHECK_INT(pidref_open(&a, pid), 0);
	const struct procid id = pidref_id(&a);
	CHECK_INT(id.pid, pid);
	CHECK_INT(id.inode, a.inode);
	CHECK_INT(pidref_open_id(&b, &id), 0);
	CHECK(pidref_is(&b, &id));
	CHECK(pidref_is(&b, &(struct procid){.pid = pid}));
	CHECK(!pidref_is(&b, &(struct procid){.pid = pid, .inode = id.inode + 1}));
	CHECK(!pidref_is(&b, &(struct procid){.pid = getpid()}));
	pidref_close(&b);
	CHECK_INT(pidref_dup(&b, &a), 0);
	CHECK(pidref_same(&a, &b));
	pidref_close(&b);
	CHECK_INT(pidref_open_id(&b, &(struct procid){.pid = pid, .inode = id.inode + 1}), -ESTALE);
	CHECK(!pidref_is_held(&b));
	pidref_signal(&a, SIGKILL, PIDREF_SCOPE_DEFAULT, NULL);
	reap(pid);
	pidref_close(&a);
}

static void death_and_reap_are_two_events(void)
{
	struct pidref ref = PIDREF_NULL;
	struct waiter *w = NULL;
	uint64_t tag = 0;
	unsigned events = 0;
	pid_t pid = child();

	CHECK_INT(waiter_new(&w), 0);
	CHECK_INT(pidref_open(&ref, pid), 0);
	CHECK_INT(waiter_add(w, &ref, 42), 0);
	CHECK_INT(waiter_next(w, clock_now() + 1000000, &tag, &events), -ETIMEDOUT);
	pidref_signal(&ref, SIGKILL, PIDREF_SCOPE_DEFAULT, NULL);
	CHECK_INT(waiter_next(w, WAITER_NEVER, &tag, &events), 1);
	CHECK_INT(tag, 42);
	CHECK_INT(events, WAITER_DIED);
	// nothing more happens to a zombie: only the deadline comes
	CHECK_INT(waiter_next(w, clock_now() + 1000000, &tag, &events), -ETIMEDOUT);
	reap(pid);
	CHECK_INT(waiter_next(w, WAITER_NEVER, &tag, &events), 1);
	CHECK_INT(events, WAITER_DIED | WAITER_REAPED);
	waiter_remove(w, &ref);
	pidref_close(&ref);
	waiter_free(&w);
	CHECK(w == NULL);
}

// A death that is there when the deadline passes is told first.
static void a_death_beats_the_deadline(void)
{
	struct pidref ref[8];
	struct waiter *w = NULL;
	uint64_t tag = 0;
	unsigned events = 0;
	int64_t began = clock_now();

	CHECK_INT(waiter_new(&w), 0);
	for (size_t i = 0; i < 8; i++) {
		pid_t pid = child();

		CHECK_INT(pidref_open(&ref[i], pid), 0);
		CHECK_INT(waiter_add(w, &ref[i], i), 0);
		pidref_signal(&ref[i], SIGKILL, PIDREF_SCOPE_DEFAULT, NULL);
		await_death(pid);
	}
	for (size_t i = 0; i < 8; i++) {
		CHECK_INT(waiter_next(w, began, &tag, &events), 1);
		reap(ref[tag].pid);
		waiter_remove(w, &ref[tag]);
		pidref_close(&ref[tag]);
	}
	CHECK_INT(waiter_next(w, began, &tag, &events), -ETIMEDOUT);
	waiter_free(&w);
}

static void watched_descriptors_are_ready(void)
{
	struct waiter *w = NULL;
	uint64_t tag = 0;
	unsigned events = 0;
	int ends[2];

	CHECK_INT(waiter_new(&w), 0);
	CHECK_INT(pipe2(ends, O_CLOEXEC), 0);
	CHECK_INT(waiter_watch(w, ends[0], 7), 0);
	CHECK_INT(write(ends[1], "x", 1), 1);
	CHECK_INT(waiter_next(w, WAITER_NEVER, &tag, &events), 1);
	CHECK_INT(tag, 7);
	CHECK_INT(events, WAITER_READY);
	close(ends[0]);
	close(ends[1]);
	waiter_free(&w);
}

// How a child that ends itself that way is told, as our own child and as a zombie by /proc.
static void ends_are_told(void)
{
	static const struct {
		int code, sig;
		const char *want;
		int status;
	} rows[] = {
		{0, 0, "exited with status 0", 0},
		{42, 0, "exited with status 42", 42},
		{0, SIGTERM, "killed by signal 15 (TERM)", 143},
		{0, SIGKILL, "killed by signal 9 (KILL)", 137},
	};
	struct procfs proc = {.fd = -1};

	CHECK_INT(procfs_open(&proc), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct pidref ref = PIDREF_NULL;
		char buf[ENDING_STRMAX];
		pid_t pid = fork();

		if (!pid) {
			if (rows[i].sig)
				raise(rows[i].sig);
			_exit(rows[i].code);
		}
		check_row = rows[i].want;
		CHECK_INT(pidref_open(&ref, pid), 0);
		await_death(pid);
		struct ending e = ending_learn(&ref, &proc);
		CHECK_STR(ending_format(buf, &e), rows[i].want);
		CHECK_INT(ending_status(&e), rows[i].status);
		// our own child was reaped by the asking; the record tells the same
		CHECK_INT(pidref_state(&ref), PIDREF_REAPED);
		e = ending_learn(&ref, NULL);
		CHECK_STR(ending_format(buf, &e), rows[i].want);
		pidref_close(&ref);
	}
	procfs_close(&proc);
}

// Fill the stack, so that a field that is not set shows.
static int dirty(void)
{
	volatile unsigned char room[4096];
	int sum = 0;

	for (size_t i = 0; i < sizeof(room); i++)
		room[i] = 0xff;
	for (size_t i = 0; i < sizeof(room); i += 512)
		sum += room[i];
	return sum;
}

static void a_value_comes_with_our_number_and_nothing_else(void)
{
	struct pidref self = PIDREF_NULL;
	const int value = 7;
	siginfo_t info = {0};
	unsigned char want[sizeof(union sigval)] = {0};
	unsigned char got[sizeof(union sigval)];
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	CHECK_INT(pidref_open(&self, getpid()), 0);
	CHECK(dirty() > 0);
	CHECK_INT(pidref_signal(&self, SIGUSR1, PIDREF_SCOPE_DEFAULT, &value), 0);
	CHECK_INT(sigtimedwait(&set, &info, &(struct timespec){.tv_sec = 5}), SIGUSR1);
	CHECK_INT(info.si_code, SI_QUEUE);
	CHECK_INT(info.si_pid, getpid());
	CHECK_INT(info.si_uid, getuid());
	CHECK_INT(info.si_errno, 0);
	// no byte of our stack beside the number, on whichever side of it the others are
	memcpy(want, &value, sizeof(value));
	memcpy(got, &info.si_value, sizeof(got));
	CHECK(!memcmp(got, want, sizeof(want)));
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	pidref_close(&self);
}

static void the_handle_knows_the_parent_without_proc(void)
{
	struct kernel_pidfd_info info;
	struct procfs none = PROCFS_NULL;
	struct pidref ref = PIDREF_NULL;
	pid_t pid = child();
	pid_t ppid = 0;

	CHECK_INT(pidref_open(&ref, pid), 0);
	// Linux 6.13
	if (!kernel_pidfd_info(ref.fd, KERNEL_INFO_PID, &info)) {
		CHECK_INT(pidref_parent(&ref, &none, &ppid), 0);
		CHECK_INT(ppid, getpid());
	}
	kill(pid, SIGKILL);
	reap(pid);
	pidref_close(&ref);
}

// In a child, as an ordinary user, with a /proc that refuses to show the files of other users.
static void read_with_hidepid(pid_t pid)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	struct pidref ref = PIDREF_NULL;
	struct procfs proc = PROCFS_NULL;

	// this may not be permitted
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
		mount("proc", "/proc", "proc", 0, "hidepid=1") < 0)
		_exit(0);
	check_failed = 0;
	// group 0 may see all
	CHECK_INT(setgroups(0, NULL), 0);
	CHECK_INT(setresgid(65534, 65534, 65534), 0);
	CHECK_INT(setresuid(65534, 65534, 65534), 0);
	CHECK_INT(procfs_open(&proc), 0);
	CHECK_INT(pidref_open(&ref, pid), 0);
	CHECK_INT(pidref_read(&ref, &proc, "status", &text), -EACCES);
	_exit(check_failed);
}

static void a_hidden_file_is_no_sandbox(void)
{
	int status = 0;
	pid_t pid = child();
	pid_t reader = fork();

	if (reader == 0)
		read_with_hidepid(pid);
	waitpid(reader, &status, 0);
	CHECK_INT(status, 0);
	kill(pid, SIGKILL);
	reap(pid);
}

// Other processes may be born meanwhile, so the number only has to be one of later.
static void the_last_pid_is_that_of_the_last_birth(void)
{
	struct procfs proc = {.fd = -1};
	pid_t last = 0;

	CHECK_INT(procfs_open(&proc), 0);
	pid_t pid = child();
	CHECK_INT(procfs_last_pid(&proc, &last), 0);
	CHECK(last >= pid || last < getpid());
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	procfs_close(&proc);
}

int main(void)
{
	static const struct check_test tests[] = {
		{"the last PID is that of the last birth", the_last_pid_is_that_of_the_last_birth},
		{"a handle follows a process from life to reap", follows_a_life},
		{"a reap is told where poll fails", is_told_without_poll},
		{"an inode names exactly one process", names_exactly_one},
		{"without inodes equal numbers are one process, and no numbers are not",
			without_inodes_equal_numbers_are_one},
		{"pidfds, sockets and other descriptors are told apart",
			other_descriptors_are_told_apart},
		{"a process is unreaped where that is proved, in a sandbox too",
			unreaped_is_proved_or_not_claimed},
		{"a sandbox does not make a pidfd of another descriptor", a_sandbox_makes_no_pidfd},
		{"a file in /proc is read of the held process or of none",
			files_are_those_of_the_held_process},
		{"PID and inode name a process without a handle",
			an_id_names_a_process_without_a_handle},
		{"numbers that are nobody's open nothing", bad_numbers_are_nobody},
		{"parent and owner of a process are known while it lives",
			parent_and_owner_are_known},
		{"death and reap are two events and a zombie is silent",
			death_and_reap_are_two_events},
		{"a death beats the deadline", a_death_beats_the_deadline},
		{"a watched descriptor is told when it can be read", watched_descriptors_are_ready},
		{"how a process ended is told truly", ends_are_told},
		{"a value comes with our own number and nothing else",
			a_value_comes_with_our_number_and_nothing_else},
		{"a file that /proc hides is not taken for a sandbox", a_hidden_file_is_no_sandbox},
		{"the handle knows the parent without /proc",
			the_handle_knows_the_parent_without_proc},
	};

	return check_run(tests, sizeof(tests) / sizeof(*tests));
}
