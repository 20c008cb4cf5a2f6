// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/exits.h"
#include "base/fdlimit.h"
#include "handle/kernel.h"
#include "handle/pidcall.h"
#include "run/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdnoreturn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GATE = 3 }; // of a process that has entered other namespaces

static size_t shared_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static void tell(int gate, int error)
{
	// if it cannot be sent, the parent sees the end of the child instead
	ssize_t n = send(gate, &error, sizeof(error), MSG_NOSIGNAL);

	(void)n;
}

// The error that the child sent; 0 if it sent 0, or closed the gate and sent nothing.
static int hear(int gate, int flags)
{
	int error = 0;
	ssize_t n;

	do
		n = recv(gate, &error, sizeof(error), flags);
	while (n < 0 && errno == EINTR);
	return n == sizeof(error) ? -error : 0;
}

static int join_cgroup(int cgroup)
{
	int fd = openat(cgroup, "cgroup.procs", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	// "0" means the process that writes
	int error = write(fd, "0", 1) == 1 ? 0 : errno;
	close(fd);
	return error;
}

// The exit status matters only if the message did not arrive.
static noreturn void give_up(int gate, int error)
{
	tell(gate, error);
	_exit(error == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN);
}

static void wait_for_go(int gate)
{
	char go;
	ssize_t n;

	do
		n = recv(gate, &go, sizeof(go), 0);
	while (n < 0 && errno == EINTR);
	if (n != sizeof(go))
		give_up(gate, n < 0 ? errno : ECANCELED);
}

// Go to the namespaces of the entry. A process keeps its PIDs, so where these are others a sibling,
// which has the same parent, becomes the command. The parent gets 0 or the error of entering, and
// finds the PID of the sibling, or the error of the fork, in *sibling. Returns the gate, the only
// descriptor besides 0, 1 and 2.
//
// The processes there may have the right to trace the sibling, and then to use what it has open and
// mapped: they can answer in its name. So the gate does not say who it is, and it does not have
// that memory.
static int enter(const struct spawn_setup *setup, int gate, pid_t *sibling)
{
	// until the exec only a process with that right in our own user namespace may trace it
	prctl(PR_SET_DUMPABLE, 0);
	int r = entry_enter(setup->entry);

	tell(gate, -r);
	if (r < 0 || (gate != GATE && dup3(gate, GATE, O_CLOEXEC) < 0))
		_exit(EXIT_CANNOT_RUN);
	kernel_close_from(GATE + 1);
	if (!sibling)
		return GATE;
	pid_t pid = madvise(sibling, shared_size(), MADV_DONTFORK) < 0
			    ? -errno
			    : kernel_fork_sibling(sibling);
	if (pid < 0)
		*sibling = pid;
	if (pid)
		_exit(EXIT_DONE);
	return GATE;
}

static noreturn void run(const struct spawn_setup *setup, int gate, bool joins, pid_t *sibling)
{
	if (joins)
		tell(gate, join_cgroup(setup->cgroup));
	if (setup->entry)
		gate = enter(setup, gate, sibling);
	// if we are dead already, the gate is closed, and the command does not run
	if (setup->parent_death && prctl(PR_SET_PDEATHSIG, setup->parent_death) < 0)
		give_up(gate, errno);
	if (setup->subreaper && prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		give_up(gate, errno);
	if (setup->hold)
		wait_for_go(gate);
	// an ignored signal stays ignored after the exec, a handler does not
	if (setup->ignore_chld)
		signal(SIGCHLD, SIG_IGN);
	fdlimit_restore(setup->nofile);
	sigprocmask(SIG_SETMASK, setup->mask, NULL);
	execvp(setup->argv[0], setup->argv);
	give_up(gate, errno);
}

// For kernels without clone3, or sandboxes that hide it. It is safe to open the pidfd afterwards:
// the child is ours, so it keeps its PID until we reap it.
static pid_t fork_and_open(int *pidfd)
{
	// without pidfds nothing may run
	int probe = kernel_pidfd_open(getpid(), 0);
	if (probe < 0)
		return probe;
	close(probe);
	// the child runs only if it is held
	int held[2];
	char byte;
	if (pipe2(held, O_CLOEXEC) < 0)
		return -errno;
	pid_t pid = fork();
	if (!pid) {
		close(held[1]);
		if (read(held[0], &byte, 1) != 1)
			_exit(EXIT_DONE);
		close(held[0]);
		return 0;
	}
	int fd = pid < 0 ? -errno : kernel_pidfd_open(pid, 0);
	if (fd >= 0 && write(held[1], "", 1) != 1) {
		close(fd);
		fd = -EIO;
	}
	close(held[0]);
	close(held[1]);
	if (fd < 0)
		return fd;
	*pidfd = fd;
	return pid;
}

pid_t spawn_fork(struct pidref *out)
{
	int pidfd = -1;

	pid_t pid = fork_and_open(&pidfd);
	if (pid > 0)
		*out = pidref_of_child(pid, pidfd);
	return pid;
}

static pid_t make(int *pidfd, int cgroup, bool *joins)
{
	*joins = false;
	pid_t pid = kernel_fork(pidfd, cgroup);
	// without clone3 and its CLONE_INTO_CGROUP (Linux 5.7) the child joins the cgroup itself
	if (cgroup >= 0 && (pid == -E2BIG || pid == -EINVAL || pid == -ENOSYS)) {
		*joins = true;
		pid = kernel_fork(pidfd, -1);
	}
	return pid == -ENOSYS ? fork_and_open(pidfd) : pid;
}

// Hold the process that became the command in other namespaces.
static int follow(struct spawned *s, const pid_t *sibling)
{
	int r = hear(s->gate, 0);

	if (r < 0 || !sibling)
		return r;
	// the first one has nothing more to do; the second one is our child, so it keeps its PID
	r = pidref_waitid(&s->ref, NULL, WEXITED);
	pid_t pid = r < 0 ? r : *sibling;
	if (pid <= 0)
		return pid ? pid : -EIO;
	pidref_close(&s->ref);
	return pidref_open(&s->ref, pid);
}

// Memory for the PID of the sibling.
static pid_t *share(void)
{
	void *shared = mmap(
		NULL, shared_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return shared == MAP_FAILED ? NULL : shared;
}

// *out gets the process, started. *entering as in spawn_held.
static int start(
	struct spawned *out, const struct spawn_setup *setup, pid_t *sibling, bool *entering)
{
	int gate[2];
	int pidfd = -1;
	bool joins;

	// the exec closes the end of the child: a command that ran has sent nothing
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, gate) < 0)
		return -errno;
	pid_t pid = make(&pidfd, setup->cgroup, &joins);
	if (!pid) {
		close(gate[0]);
		run(setup, gate[1], joins, sibling);
	}
	close(gate[1]);
	if (pid < 0) {
		close(gate[0]);
		return pid;
	}
	struct spawned s = {
		.ref = pidref_of_child(pid, pidfd),
		.gate = gate[0],
	};
	// an error in joining is reported before the handle is used
	int r = joins ? hear(s.gate, 0) : 0;
	*entering = !r && setup->entry;
	if (*entering)
		r = follow(&s, sibling);
	if (r < 0) {
		spawn_drop(&s);
		pidref_close(&s.ref);
		return r;
	}
	*out = s;
	return 0;
}

int spawn_held(struct spawned *out, const struct spawn_setup *setup, bool *entering)
{
	pid_t *sibling = NULL;

	*entering = false;
	if (setup->entry && entry_has_pids(setup->entry)) {
		sibling = share();
		if (!sibling)
			return -ENOMEM;
	}
	int r = start(out, setup, sibling, entering);
	if (sibling)
		munmap(sibling, shared_size());
	return r;
}

int spawn_let_go(struct spawned *s)
{
	ssize_t n;

	do
		n = send(s->gate, "", 1, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

int spawn_failure(struct spawned *s)
{
	// the message of a dead process has arrived; another process may still have its end
	int r = s->gate < 0 ? 0 : hear(s->gate, MSG_DONTWAIT);

	spawn_drop(s);
	return r;
}

void spawn_drop(struct spawned *s)
{
	if (s->gate >= 0)
		close(s->gate);
	s->gate = -1;
}
