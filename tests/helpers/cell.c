// SPDX-License-Identifier: GPL-2.0-or-later
// cell [-u] FOLDER SECRET NUMBER: a container whose root is FOLDER, in namespaces of its own (pid,
// mount, net, ipc, uts; with -u user too), with the capabilities that docker gives, and SYS_PTRACE.
// A process in it looks at every process that appears there: it steals its descriptors and keeps
// them open, says through them that NUMBER is its PID, stops, traces and kills it, enters its
// namespaces, and looks for a file of the host through it: SECRET is the path of one. Prints
// "ready INIT VICTIM" (INIT as seen from outside), then a line for each process and for what was
// found:
//	seen PID
//	found PID WHAT
// For root; FOLDER needs a folder proc.
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdnoreturn.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <linux/capability.h>

#include "helper.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

enum { KNOWN = 64, DESCRIPTORS = 40, NAME = 128, LINK = 512, WAYS = 6 };

static const char *secret;
static int lie;
static struct stat root;
static pid_t own[KNOWN]; // children of the spy, the last ones
static unsigned owned;

// ---- the container ----

static void keep_capabilities(void)
{
	static const int kept[] = {CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FSETID, CAP_FOWNER, CAP_MKNOD,
		CAP_NET_RAW, CAP_SETGID, CAP_SETUID, CAP_SETFCAP, CAP_SETPCAP, CAP_NET_BIND_SERVICE,
		CAP_SYS_CHROOT, CAP_KILL, CAP_AUDIT_WRITE, CAP_SYS_PTRACE};
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {0};

	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		data[0].permitted |= 1u << kept[i];
	for (int cap = 0; cap < 64; cap++)
		if (cap >= 32 || !(data[0].permitted >> cap & 1))
			prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	data[0].effective = data[0].inheritable = data[0].permitted;
	if (syscall(SYS_capset, &head, data))
		die("capset: %s", strerror(errno));
}

static void enter_root(const char *folder)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		mount(folder, folder, NULL, MS_BIND | MS_REC, NULL) || chdir(folder) ||
		mount("proc", "proc", "proc", 0, NULL))
		die("%s: %s", folder, strerror(errno));
	if (syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) || chdir("/"))
		die("pivot_root: %s", strerror(errno));
	if (stat("/", &root))
		die("/: %s", strerror(errno));
}

static void write_map(pid_t pid, const char *file)
{
	char path[NAME];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "0 0 65536\n", 10) != 10)
		die("%s: %s", path, strerror(errno));
	close(fd);
}

// ---- what is found ----

static void found(pid_t pid, const char *what, const char *detail)
{
	char line[LINK + NAME];
	int length = snprintf(line, sizeof(line), "found %d %s %s\n", pid, what, detail);

	if (write(STDOUT_FILENO, line, (size_t)length) != length)
		_exit(1);
}

static bool is_ours(const struct stat *st)
{
	return st->st_dev == root.st_dev;
}

// A link of its folder in /proc that leads out of the container.
static void try_link(pid_t pid, const char *name)
{
	char path[NAME + 300], link[LINK] = "";
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	if (readlink(path, link, sizeof(link) - 1) < 0 || stat(path, &st) < 0)
		return;
	// a sealed file in memory, that cannot be written
	if (strncmp(link, "/memfd:", 7) == 0) {
		int fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd >= 0)
			found(pid, "a program that can be written", link);
		if (fd >= 0)
			close(fd);
		return;
	}
	if (!is_ours(&st))
		found(pid, name, link);
}

static void try_path(pid_t pid, const char *name)
{
	char path[LINK + NAME];

	snprintf(path, sizeof(path), "/proc/%d/%s%s", pid, name, secret);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	found(pid, "the secret", path);
	close(fd);
}

static bool is_number(const char *text)
{
	return *text >= '0' && *text <= '9';
}

// The descriptors 0 to 2 are given to the command on purpose, 3 is the socket that ends at its
// exec.
static void try_descriptors(pid_t pid)
{
	char path[NAME], name[NAME + 256], link[LINK];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	DIR *dir = opendir(path);
	for (struct dirent *e; dir && (e = readdir(dir));) {
		if (!is_number(e->d_name) || atoi(e->d_name) < 3)
			continue;
		snprintf(name, sizeof(name), "/proc/%d/fd/%s", pid, e->d_name);
		ssize_t n = readlink(name, link, sizeof(link) - 1);
		link[n > 0 ? n : 0] = '\0';
		if (n > 0 && stat(name, &st) == 0 && !is_ours(&st) &&
			(atoi(e->d_name) > 3 || strncmp(link, "socket:", 7) != 0))
			found(pid, e->d_name, link);
	}
	if (dir)
		closedir(dir);
}

// A file that is mapped, through /proc/PID/map_files.
static void try_maps(pid_t pid)
{
	char path[NAME], name[NAME + 256];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/map_files", pid);
	DIR *dir = opendir(path);
	for (struct dirent *e; dir && (e = readdir(dir));) {
		snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
		int fd = e->d_name[0] == '.' ? -1 : open(name, O_RDONLY | O_CLOEXEC);
		if (fd >= 0 && fstat(fd, &st) == 0 && !is_ours(&st))
			found(pid, "a mapped file", name);
		if (fd >= 0)
			close(fd);
	}
	if (dir)
		closedir(dir);
}

// ---- what is done to it ----

// Keep what it has open, and perhaps write there what could be taken for an answer.
static void steal(pid_t pid, bool lies)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct stat st;

	for (int fd = 3; pidfd >= 0 && fd < DESCRIPTORS; fd++) {
		int mine = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
		if (mine < 0)
			continue;
		if (fstat(mine, &st) || !S_ISSOCK(st.st_mode)) {
			if (!is_ours(&st))

				found(pid, "a descriptor", "that is no socket");
			close(mine);
			continue;
		}
		for (int i = 0; lies && i < 8; i++)
			send(mine, &lie, sizeof(lie), MSG_DONTWAIT | MSG_NOSIGNAL);
	}
	if (pidfd >= 0)
		close(pidfd);
}

static void enter_its_namespaces(pid_t pid)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (pidfd < 0)
		return;
	pid_t child = fork();
	own[owned++ % KNOWN] = child;
	if (child) {
		close(pidfd);
		return;
	}
	if (setns(pidfd, CLONE_NEWNS) == 0 && open(secret, O_RDONLY | O_CLOEXEC) >= 0)
		found(pid, "the secret", "in its mount namespace");
	_exit(0);
}

static void take_over(pid_t pid)
{
	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) || ptrace(PTRACE_INTERRUPT, pid, NULL, NULL))
		return;
	for (int left = 1000; left && waitpid(pid, NULL, __WALL | WNOHANG) == 0; left--)
		usleep(1000);
}

static void search(pid_t pid)
{
	static const char *const links[] = {"exe", "cwd", "root"};

	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		try_link(pid, links[i]);
	try_path(pid, "root");
	try_path(pid, "cwd");
	try_descriptors(pid);
	try_maps(pid);
}

static void attack(pid_t pid, unsigned way)
{
	if (way % WAYS == 1)
		kill(pid, SIGSTOP);
	if (way % WAYS == 2)
		take_over(pid);
	if (way % WAYS == 3)
		kill(pid, SIGKILL);
	steal(pid, way % 2);
	search(pid);
	enter_its_namespaces(pid);
	if (way % WAYS == 1)
		kill(pid, SIGCONT);
	if (way % WAYS == 2)
		ptrace(PTRACE_DETACH, pid, NULL, NULL);
	if (way % WAYS == 4)
		kill(pid, SIGKILL);
}

static bool is_own(pid_t pid)
{
	bool found = pid == getpid();

	for (size_t i = 0; i < KNOWN; i++)
		found |= own[i] == pid;
	return found;
}

static noreturn void spy(void)
{
	pid_t last = 0;
	unsigned way = 0;
	char line[NAME];

	// those that are here now are no news; the numbers ascend
	for (;;) {
		DIR *dir = opendir("/proc");
		pid_t most = last;

		if (!dir)
			_exit(1);
		for (struct dirent *e; (e = readdir(dir));) {
			pid_t pid = is_number(e->d_name) ? (pid_t)atoi(e->d_name) : 0;
			if (pid <= last || is_own(pid))
				continue;
			most = pid > most ? pid : most;
			if (!last)
				continue;
			int length = snprintf(line, sizeof(line), "seen %d\n", pid);
			if (write(STDOUT_FILENO, line, (size_t)length) != length)
				_exit(1);
			attack(pid, way++);
		}
		last = most > getpid() ? most : getpid();
		closedir(dir);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
}

static noreturn void be_init(const char *folder, int go, int said)
{
	char byte;
	pid_t pid = -1;

	if (read(go, &byte, 1) != 1)
		_exit(1);
	enter_root(folder);
	keep_capabilities();
	pid = fork();
	if (pid == 0)
		for (;;)
			pause();
	if (write(said, &pid, sizeof(pid)) != sizeof(pid))
		_exit(1);
	if (fork() == 0)
		spy();
	for (;;)
		if (waitpid(-1, NULL, 0) < 0)
			pause();
}

int main(int argc, char **argv)
{
	int kinds = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
	bool user = argc > 1 && strcmp(argv[1], "-u") == 0;
	int go[2], said[2];
	char path[NAME];
	pid_t victim;

	if (argc - user != 4)
		die("usage: cell [-u] FOLDER SECRET NUMBER");
	secret = argv[2 + user];
	lie = -(int)number(argv[3 + user]);
	if (pipe2(go, O_CLOEXEC) || pipe2(said, O_CLOEXEC))
		die("pipe: %s", strerror(errno));
	pid_t init = (pid_t)syscall(
		SYS_clone, kinds | (user ? CLONE_NEWUSER : 0) | SIGCHLD, NULL, NULL, NULL, NULL);
	if (init < 0)
		die("clone: %s", strerror(errno));
	if (init == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		be_init(argv[1 + user], go[0], said[1]);
	}
	if (user) {
		write_map(init, "gid_map");
		write_map(init, "uid_map");
	}
	if (write(go[1], "", 1) != 1 || read(said[0], &victim, sizeof(victim)) != sizeof(victim))
		die("the container did not start");
	snprintf(path, sizeof(path), "ready %d %d\n", init, victim);
	if (write(STDOUT_FILENO, path, strlen(path)) < 0)
		return 1;
	waitpid(init, NULL, 0);
	return 0;
}
