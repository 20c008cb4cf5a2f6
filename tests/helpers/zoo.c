// SPDX-License-Identifier: GPL-2.0-or-later
// zoo VICTIMS PROGRAMS FOLDER COUNT SECONDS SHELL...: as PID 1, run COUNT command lines beside the
// processes that VICTIMS lists; with ZOO_LABEL in its environment: one of these processes.
//
// A row of VICTIMS is LABEL, FLAGS, NAME, ARGUMENT..., with a tab between; PROGRAMS/NAME is a copy
// of this program. The first has PID 4001, the next 4002. FLAGS, with a comma between:
// parent=LABEL, uid=N, sid, pg, pty, zombie, stop, env=NAME=VALUE, gap (younger by more than a
// clock tick than the one before), mode=stubborn (TERM does not end it), mode=nohandlers,
// mode=ignhup.
//
// Line K is `SHELL... FOLDER/K/zscript.sh` in a session of its own, with FOLDER/K in $W, its output
// in FOLDER/K/out and err. It has SECONDS; ZOO_UID is its user. All that it leaves behind is ended.
// FOLDER/log has in rows: R LABEL PID of each victim, S LABEL SIGNAL CODE VALUE of each signal that
// a process sent to one, L K PID when a line starts, D PID STATUS of each victim
// that was reaped, X K STATUS (-1: out of time) when it has ended, and then E LABEL STATE of each
// victim.
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "helper.h"

enum { FIRST_PID = 4001, FIRST_OF_LINES = 4200, MOST = 100, TICK = 12000, NAP = 1000 };

struct victim {
	char *label;
	char *flags;
	char *name;
	char **argv;
	int argc;
	char *parent;
};

struct zoo {
	struct victim victims[MOST];
	int count;
	const char *programs;
	const char *folder;
	int log;
};

// ---- a victim ----

static int log_fd;
static const char *label;
static bool stubborn;

static void received(int number, siginfo_t *info, void *context)
{
	char row[160];

	(void)context;
	// the end of a child, or of the session on its terminal: no process sent it
	if (info->si_code > 0)
		return;
	int value = info->si_code == SI_QUEUE ? info->si_value.sival_int : 0;
	int length =
		snprintf(row, sizeof(row), "S %s %d %d %d\n", label, number, info->si_code, value);
	if (write(log_fd, row, (size_t)length) < 0)
		_exit(99);
	if (!stubborn && (number == SIGTERM || number == SIGINT || number == SIGQUIT ||
				 number == SIGABRT || number == SIGSEGV))
		_exit(128 + number);
}

static void live(void)
{
	const char *mode = getenv("ZOO_MODE");
	const char *log = getenv("ZOO_LOG");
	struct sigaction action = {.sa_sigaction = received, .sa_flags = SA_SIGINFO | SA_RESTART};
	int ready = (int)number(getenv("ZOO_READY"));

	label = getenv("ZOO_LABEL");
	if (log == NULL || label == NULL)
		_exit(99);
	log_fd = open(log, O_WRONLY | O_APPEND | O_CLOEXEC);
	mode = mode == NULL ? "" : mode;
	stubborn = strcmp(mode, "stubborn") == 0;
	for (int i = 1; i <= SIGRTMAX && strcmp(mode, "nohandlers") != 0; i++)
		if (i != SIGKILL && i != SIGSTOP)
			sigaction(i, &action, NULL);
	if (strcmp(mode, "ignhup") == 0)
		signal(SIGHUP, SIG_IGN);
	dprintf(log_fd, "R %s %d\n", label, (int)getpid());
	if (write(ready, "", 1) != 1)
		_exit(99);
	close(ready);
	for (;;)
		pause();
}

// ---- making the victims ----

// Whether FLAGS have KEY; its value in *value, until the next comma.
static bool flag(const char *flags, const char *key, char **value)
{
	size_t length = strlen(key);

	for (const char *at = flags; at != NULL && *at != '\0';) {
		size_t end = strcspn(at, ",");
		if (strncmp(at, key, length) == 0 && (end == length || at[length] == '=')) {
			if (value != NULL && end > length)
				*value = strndup(at + length + 1, end - length - 1);
			return true;
		}
		at += end + (at[end] == ',');
	}
	return false;
}

static char *path_of(const char *folder, const char *name)
{
	char *path = NULL;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		die("no memory");
	return path;
}

static void take_terminal(const struct zoo *zoo)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
		die("no terminal: %s", strerror(errno));
	char *name = ptsname(master);
	int slave = open(name, O_RDWR);
	ioctl(slave, TIOCSCTTY, 0);
	for (int i = 0; i < 3; i++)
		dup2(slave, i);
	FILE *file = fopen(path_of(zoo->folder, "pty"), "w");
	if (file == NULL)
		die("pty: %s", strerror(errno));
	fprintf(file, "%s\n", name + strlen("/dev/"));
	fclose(file);
}

static void become_user(const char *text)
{
	uid_t user = (uid_t)number(text);

	if (setgroups(0, NULL) < 0 || setresgid(user, user, user) < 0 ||
		setresuid(user, user, user) < 0)
		die("uid %s: %s", text, strerror(errno));
}

static void make(const struct zoo *zoo, int index);

static void make_children(const struct zoo *zoo, const char *parent)
{
	for (int i = 0; i < zoo->count; i++)
		if (strcmp(zoo->victims[i].parent, parent) == 0)
			make(zoo, i);
}

static void set(const char *name, const char *value)
{
	if (setenv(name, value, 1) < 0)
		die("%s: %s", name, strerror(errno));
}

// In the child: what FLAGS say, then the program.
static _Noreturn void turn_into(const struct zoo *zoo, const struct victim *self, int ready)
{
	char text[16];
	char *value;

	if (flag(self->flags, "sid", NULL) || flag(self->flags, "pty", NULL))
		setsid();
	if (flag(self->flags, "pg", NULL))
		setpgid(0, 0);
	if (flag(self->flags, "pty", NULL))
		take_terminal(zoo);
	make_children(zoo, self->label);
	if (flag(self->flags, "zombie", NULL)) {
		int fd = open("/proc/self/comm", O_WRONLY);
		if (write(fd, self->name, strlen(self->name)) < 0)
			die("comm: %s", strerror(errno));
		dprintf(zoo->log, "R %s %d\n", self->label, (int)getpid());
		_exit(3);
	}
	fcntl(ready, F_SETFD, 0);
	clearenv();
	set("ZOO_LABEL", self->label);
	set("ZOO_LOG", path_of(zoo->folder, "log"));
	snprintf(text, sizeof(text), "%d", ready);
	set("ZOO_READY", text);
	if (flag(self->flags, "mode", &value))
		set("ZOO_MODE", value);
	if (flag(self->flags, "env", &value))
		putenv(value);
	if (flag(self->flags, "uid", &value))
		become_user(value);
	execv(path_of(zoo->programs, self->name), self->argv);
	die("%s: %s", self->name, strerror(errno));
}

// Start it and its children; it is ready when this returns.
static void make(const struct zoo *zoo, int index)
{
	const struct victim *self = &zoo->victims[index];
	pid_t pid = FIRST_PID + index;
	struct clone_args args = {
		.exit_signal = SIGCHLD, .set_tid = (uint64_t)(uintptr_t)&pid, .set_tid_size = 1};
	siginfo_t info;
	char byte;
	int ready[2];

	if (flag(self->flags, "gap", NULL))
		usleep(TICK);
	if (pipe2(ready, O_CLOEXEC) < 0)
		die("pipe: %s", strerror(errno));
	long child = syscall(SYS_clone3, &args, sizeof(args));
	if (child < 0)
		die("PID %d: %s", (int)pid, strerror(errno));
	if (child == 0) {
		turn_into(zoo, self, ready[1]);
	}
	close(ready[1]);
	if (flag(self->flags, "zombie", NULL))
		waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
	else if (read(ready[0], &byte, 1) != 1)
		die("%s did not start", self->label);
	close(ready[0]);
	if (flag(self->flags, "stop", NULL)) {
		kill(pid, SIGSTOP);
		waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOWAIT);
	}
}

// ---- the table of the victims ----

// In place: \t, \n and \xHH.
static char *unescape(char *text)
{
	char *to = text;

	for (char *at = text; *at != '\0'; at++) {
		if (at[0] != '\\') {
			*to++ = *at;
		} else if (at[1] == 'x') {
			char digits[] = {at[2], at[3], '\0'};
			*to++ = (char)strtol(digits, NULL, 16);
			at += 3;
		} else {
			*to++ = *++at == 't' ? '\t' : '\n';
		}
	}
	*to = '\0';
	return text;
}

static void read_victim(struct victim *victim, char *row)
{
	static char none[] = "";

	victim->label = strsep(&row, "\t");
	victim->flags = strsep(&row, "\t");
	victim->name = unescape(strsep(&row, "\t"));
	victim->argv = calloc(16, sizeof(*victim->argv));
	for (char *word = strsep(&row, "\t"); word != NULL; word = strsep(&row, "\t"))
		victim->argv[victim->argc++] = unescape(word);
	victim->parent = none;
	flag(victim->flags, "parent", &victim->parent);
}

static void read_victims(struct zoo *zoo, const char *path)
{
	FILE *file = fopen(path, "r");
	char *row = NULL;
	size_t size = 0;

	if (file == NULL)
		die("%s: %s", path, strerror(errno));
	while (getline(&row, &size, file) > 0) {
		row[strcspn(row, "\n")] = '\0';
		if (*row != '\0' && *row != '#' && zoo->count < MOST)
			read_victim(&zoo->victims[zoo->count++], strdup(row));
	}
	free(row);
	fclose(file);
}

// ---- a command line ----

static void number_next(int pid)
{
	int fd = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC);

	if (dprintf(fd, "%d", pid - 1) < 0)
		die("ns_last_pid: %s", strerror(errno));
	close(fd);
}

// 'S', 'R'...; '-' if it is gone, 'R' too while a signal is on its way to it.
static char state_of(int pid)
{
	char path[64], row[256], state = '-';
	unsigned long pending = 0, mask;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return '-';
	while (fgets(row, sizeof(row), file) != NULL) {
		sscanf(row, "State: %c", &state);
		if (sscanf(row, "SigPnd: %lx", &mask) == 1 ||
			sscanf(row, "ShdPnd: %lx", &mask) == 1)
			pending |= mask;
	}
	fclose(file);
	return state == 'S' && pending != 0 ? 'R' : state;
}

static void tell_death(const struct zoo *zoo, pid_t pid, int status)
{
	if (pid < FIRST_OF_LINES)
		dprintf(zoo->log, "D %d %d\n", (int)pid, status);
}

static void reap(const struct zoo *zoo)
{
	int status;

	for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
		tell_death(zoo, pid, status);
}

// Wait until every victim has received what was sent to it, and tell how each is.
static void settle(const struct zoo *zoo)
{
	for (int i = 0; i < zoo->count; i++) {
		char state = state_of(FIRST_PID + i);
		for (int naps = 0; (state == 'R' || state == 'D') && naps < 20000; naps++) {
			usleep(NAP);
			state = state_of(FIRST_PID + i);
		}
	}
	reap(zoo);
	for (int i = 0; i < zoo->count; i++)
		dprintf(zoo->log, "E %s %c\n", zoo->victims[i].label, state_of(FIRST_PID + i));
}

// End what a line has left behind, so that its numbers are free again.
static void clean(void)
{
	bool found = true;

	while (found) {
		DIR *proc = opendir("/proc");
		found = false;
		for (struct dirent *entry = readdir(proc); entry != NULL; entry = readdir(proc)) {
			int pid = atoi(entry->d_name);
			if (pid < FIRST_OF_LINES)
				continue;
			found = true;
			kill(pid, SIGKILL);
			waitpid(pid, NULL, WNOHANG);
		}
		closedir(proc);
	}
}

static _Noreturn void run_line(const char *folder, char **shell, int words)
{
	const char *user = getenv("ZOO_UID");
	char **argv = calloc((size_t)words + 2, sizeof(*argv));

	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	for (int i = 0; i < 3; i++) {
		int fd = i == 0 ? open("/dev/null", O_RDONLY)
				: open(path_of(folder, i == 1 ? "out" : "err"),
					  O_WRONLY | O_CREAT | O_TRUNC, 0666);
		dup2(fd, i);
		if (fd > 2)
			close(fd);
	}
	set("W", folder);
	memcpy(argv, shell, (size_t)words * sizeof(*argv));
	argv[words] = path_of(folder, "zscript.sh");
	if (user != NULL)
		become_user(user);
	unsetenv("ZOO_UID");
	execvp(argv[0], argv);
	_exit(126);
}

// The status of the line, -1 if its time is over. Others that end are reaped at once, as by an
// init.
static int wait_for_line(const struct zoo *zoo, pid_t line, long seconds)
{
	struct timespec limit = {.tv_sec = seconds};
	sigset_t child;
	int status;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	for (;;) {
		pid_t pid = waitpid(-1, &status, WNOHANG);
		if (pid == line)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		if (pid > 0)
			tell_death(zoo, pid, status);
		else if (sigtimedwait(&child, NULL, &limit) < 0 && errno == EAGAIN)
			return -1;
	}
}

static void one_line(const struct zoo *zoo, int line, long seconds, char **shell, int words)
{
	char name[16];

	number_next(FIRST_OF_LINES);
	snprintf(name, sizeof(name), "%d", line);
	// now: what it does to the victims must not be told before it starts
	dprintf(zoo->log, "L %d %d\n", line, FIRST_OF_LINES);
	pid_t pid = fork();
	if (pid == 0)
		run_line(path_of(zoo->folder, name), shell, words);
	int status = wait_for_line(zoo, pid, seconds);
	dprintf(zoo->log, "X %d %d\n", line, status);
	settle(zoo);
	clean();
}

int main(int argc, char **argv)
{
	static struct zoo zoo;
	sigset_t child;

	if (getenv("ZOO_LABEL") != NULL)
		live();
	if (argc < 7)
		die("VICTIMS PROGRAMS FOLDER COUNT SECONDS SHELL...");
	read_victims(&zoo, argv[1]);
	zoo.programs = argv[2];
	zoo.folder = argv[3];
	zoo.log = open(path_of(zoo.folder, "log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (zoo.log < 0 || fchmod(zoo.log, 0666) < 0)
		die("log: %s", strerror(errno));
	make_children(&zoo, "");
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	set("Z_PTY", path_of(zoo.folder, "pty"));
	for (int i = 0; i < zoo.count; i++) {
		char *row = NULL;
		if (asprintf(&row, "P_%s=%d", zoo.victims[i].label, FIRST_PID + i) > 0)
			putenv(row);
	}
	for (int line = 1; line <= number(argv[4]); line++)
		one_line(&zoo, line, number(argv[5]), argv + 6, argc - 6);
	return 0;
}
