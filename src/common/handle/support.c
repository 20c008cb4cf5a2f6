// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "handle/kernel.h"
#include "handle/pidref.h"
#include "handle/support.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

// The child ends once `hold` is closed, so that it can be opened before; then it is reaped, by us
// or, where SIGCHLD is ignored, by the kernel, and its status is kept or not.
static bool has_record(pid_t pid, const int hold[2])
{
	struct pidref child = PIDREF_NULL;
	siginfo_t info;
	int wstatus = 0;

	int r = pid < 0 ? -errno : pidref_open(&child, pid);
	close(hold[0]);
	close(hold[1]);
	if (r < 0)
		return false;
	while (waitid(P_PIDFD, (id_t)child.fd, &info, WEXITED) < 0 && errno == EINTR)
		continue;
	r = pidref_wstatus(&child, &wstatus);
	pidref_close(&child);
	return !r && WIFEXITED(wstatus) && WEXITSTATUS(wstatus) == 42;
}

static bool probe_exit(void)
{
	int hold[2];
	char byte;

	if (pipe2(hold, O_CLOEXEC) < 0)
		return false;
	pid_t pid = fork();
	if (!pid) {
		close(hold[1]);
		_exit(read(hold[0], &byte, 1) ? 1 : 42);
	}
	return has_record(pid, hold);
}

static bool probe_peer(void)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return false;
	int fd = kernel_peer_pidfd(pair[0]);
	if (fd >= 0)
		close(fd);
	close(pair[0]);
	close(pair[1]);
	return fd >= 0;
}

struct support {
	bool open;     // pidfd_open, 5.3 (or a sandbox refuses it)
	bool signal;   // pidfd_send_signal, 5.1
	bool scope;    // thread and process group scope, 6.9
	bool inode;    // one inode a process: PID:INODE, 6.9
	bool by_inode; // open by inode alone: :INODE, 6.14
	bool info;     // PIDFD_GET_INFO, 6.13
	bool exit;     // the exit status of processes that are not our children, 6.15
	bool peer;     // SO_PEERPIDFD, 6.5
};

static struct support probe(void)
{
	struct support f = {.peer = probe_peer()};
	struct kernel_pidfd_info info;
	struct pidref self;
	struct pidref again;

	if (pidref_open(&self, getpid()) < 0)
		return f;
	f.open = self.kind == PIDREF_PIDFD;
	f.signal = !kernel_pidfd_send_signal(self.fd, 0, NULL, 0);
	f.scope = !kernel_pidfd_send_signal(self.fd, 0, NULL, KERNEL_SIGNAL_THREAD_GROUP);
	f.inode = !pidref_learn_inode(&self);
	f.info = !kernel_pidfd_info(self.fd, KERNEL_INFO_PID, &info);
	f.exit = f.info && probe_exit();
	if (f.inode && !pidref_open_inode(&again, self.inode)) {
		f.by_inode = true;
		pidref_close(&again);
	}
	pidref_close(&self);
	return f;
}

void support_table(struct support_row rows[static SUPPORT_ROWS])
{
	struct support f = probe();
	const struct support_row all[SUPPORT_ROWS] = {
		{"signals through pidfds", "signals", "5.1", f.signal},
		{"pidfds for any process, waiting", "pidfds", "5.3", f.open},
		{"processes behind Unix sockets", "socketPeers", "6.5", f.peer},
		{"PID:INODE handles", "handles", "6.9", f.inode},
		{"thread and group scope", "signalScopes", "6.9", f.scope},
		{"process facts by pidfd", "facts", "6.13", f.info},
		{":INODE handles", "inodeHandles", "6.14", f.by_inode},
		{"exit status of any process", "endings", "6.15", f.exit},
	};

	memcpy(rows, all, sizeof(all));
}
