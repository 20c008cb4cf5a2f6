// SPDX-License-Identifier: GPL-2.0-or-later
// cutoff SECONDS FOLDER: end each test of a bats file that runs longer than SECONDS.
//
// A child of bats-exec-file; the tests are the other descendants of that, known by their command
// line (bats-exec-test). FOLDER/limit.PID has the limit of the test in the shell PID, if it is not
// SECONDS. When the time is up, FOLDER/late.PID gets the list of the processes that the test has,
// the shell gets XCPU, and all below it are killed until it has made the file FOLDER/heard.PID. A
// shell that does not is killed itself.
// When bats-exec-file ends without ending us, it was killed: then every process that has
// BATS_FILE_TMPDIR=FOLDER in its environment is killed.
#include "config.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <time.h>

#include "helper.h"

enum { ALL = 1 << 16, TEXT = 4096, HEARING_MS = 10000, REPORT_MS = 60000 };

struct process {
	pid_t pid, parent;
	char state;
	unsigned long long start; // in ticks
};

static struct process all[ALL];
static size_t count;
static const char *folder;

static void pause_ms(long ms)
{
	const struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&t, NULL);
}

// The file of a process, NUL at its end; the length.
static size_t read_file(char text[static TEXT], pid_t pid, const char *file)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, TEXT - 1);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

static void look(void)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	char text[TEXT];

	count = 0;
	while (proc != NULL && count < ALL && (entry = readdir(proc)) != NULL) {
		struct process p = {.pid = (pid_t)atoi(entry->d_name)};
		const char *at;

		if (p.pid <= 0 || read_file(text, p.pid, "stat") == 0 ||
			(at = strrchr(text, ')')) == NULL)
			continue;
		if (sscanf(at + 1,
			    " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
			    &p.state, &p.parent, &p.start) == 3)
			all[count++] = p;
	}
	if (proc != NULL)
		closedir(proc);
}

static const struct process *find(pid_t pid)
{
	for (size_t i = 0; i < count; i++)
		if (all[i].pid == pid)
			return &all[i];
	return NULL;
}

static bool is_below(const struct process *p, pid_t above)
{
	for (int depth = 0; p != NULL && depth < 1000; depth++) {
		if (p->parent == above)
			return true;
		p = find(p->parent);
	}
	return false;
}

// Whether it is the shell of a test: "bash .../bats-exec-test ...".
static bool is_test(pid_t pid)
{
	static const char name[] = "/bats-exec-test";
	char text[TEXT];
	size_t len = read_file(text, pid, "cmdline");

	for (size_t at = 0, word = 0; word < 2 && at < len; word++) {
		size_t size = strlen(text + at);

		if (size >= sizeof(name) - 1 &&
			strcmp(text + at + size - (sizeof(name) - 1), name) == 0)
			return true;
		at += size + 1;
	}
	return false;
}

static void path_of(char path[static PATH_MAX], const char *kind, pid_t shell)
{
	snprintf(path, PATH_MAX, "%s/%s.%d", folder, kind, (int)shell);
}

static long limit_of(pid_t shell, long standard)
{
	char path[PATH_MAX];
	long limit = standard;

	path_of(path, "limit", shell);
	FILE *f = fopen(path, "re");
	if (f != NULL) {
		if (fscanf(f, "%ld", &limit) != 1)
			limit = standard;
		fclose(f);
	}
	return limit;
}

static void print_command(FILE *out, pid_t pid)
{
	char text[TEXT];
	size_t len = read_file(text, pid, "cmdline");

	if (len == 0)
		len = read_file(text, pid, "comm");
	for (size_t i = 0; i < len && i < 200; i++)
		fputc(isprint((unsigned char)text[i]) ? text[i] : ' ', out);
}

static void write_list(pid_t shell, long limit)
{
	char path[PATH_MAX];

	path_of(path, "late", shell);
	FILE *out = fopen(path, "we");
	if (out == NULL)
		return;
	fprintf(out, "it has not ended after %ld s, and is cut off; its processes are ended:\n",
		limit);
	for (size_t i = 0; i < count; i++) {
		if (!is_below(&all[i], shell))
			continue;
		fprintf(out, "  %d %c ", (int)all[i].pid, all[i].state);
		print_command(out, all[i].pid);
		fputc('\n', out);
	}
	fclose(out);
}

static void kill_below(pid_t shell)
{
	look();
	for (size_t i = 0; i < count; i++)
		if (is_below(&all[i], shell))
			kill(all[i].pid, SIGKILL);
}

// The shell will not say that its test failed: on descriptor 3 of bats-exec-file, where the results
// go, a comment does.
static void tell_of_killed(pid_t bats, pid_t shell)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/3", (int)bats);
	FILE *out = fopen(path, "ae");
	if (out == NULL)
		return;
	fputs("# cut off, and killed: ", out);
	print_command(out, shell);
	fputc('\n', out);
	fclose(out);
}

static void cut_off(pid_t bats, struct process shell, long limit)
{
	char path[PATH_MAX];

	write_list(shell.pid, limit);
	path_of(path, "heard", shell.pid);
	for (int waited = 0; waited < HEARING_MS + REPORT_MS; waited += 50) {
		const struct process *now = find(shell.pid);
		bool heard = access(path, F_OK) == 0;

		if (now == NULL || now->start != shell.start || now->state == 'Z')
			return;
		if (!heard && waited > HEARING_MS)
			break;
		if (waited == 0)
			kill(shell.pid, SIGXCPU);
		kill(shell.pid, SIGCONT);
		if (!heard)
			kill_below(shell.pid);
		pause_ms(50);
		look();
	}
	tell_of_killed(bats, shell.pid);
	kill_below(shell.pid);
	kill(shell.pid, SIGKILL);
}

static double age_of(const struct process *p)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9 -
	       (double)p->start / (double)sysconf(_SC_CLK_TCK);
}

static void check_tests(pid_t bats, long standard)
{
	look();
	for (size_t i = 0; i < count; i++) {
		struct process p = all[i];
		long limit;

		// shells only, young ones need no second look
		if (!is_below(&p, bats) || age_of(&p) < 1 || !is_test(p.pid))
			continue;
		// a subshell of a test is a part of it
		const struct process *parent = find(p.parent);
		if (parent != NULL && is_test(parent->pid))
			continue;
		limit = limit_of(p.pid, standard);
		if (age_of(&p) > (double)limit) {
			cut_off(bats, p, limit);
			return;
		}
	}
}

static void end_all_of_file(void)
{
	static char text[1 << 20];
	char want[PATH_MAX + 32];
	bool found = true;

	snprintf(want, sizeof(want), "BATS_FILE_TMPDIR=%s", folder);
	for (int turn = 0; found && turn < 100; turn++) {
		found = false;
		look();
		for (size_t i = 0; i < count; i++) {
			char path[64];

			if (all[i].pid == getpid() || all[i].state == 'Z')
				continue;
			snprintf(path, sizeof(path), "/proc/%d/environ", (int)all[i].pid);
			int fd = open(path, O_RDONLY | O_CLOEXEC);
			ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
			if (fd >= 0)
				close(fd);
			if (n <= 0)
				continue;
			text[n] = '\0';
			for (const char *at = text; at < text + n; at += strlen(at) + 1)
				if (strcmp(at, want) == 0) {
					found = true;
					kill(all[i].pid, SIGKILL);
				}
		}
		pause_ms(20);
	}
}

int main(int argc, char **argv)
{
	const struct timespec second = {.tv_sec = 1};
	pid_t bats = getppid();
	sigset_t ends;

	long standard = number(argc > 1 ? argv[1] : NULL);
	if (argc != 3)
		die("cutoff SECONDS FOLDER");
	folder = argv[2];
	// what ends the whole file must not end us
	setsid();
	sigemptyset(&ends);
	sigaddset(&ends, SIGHUP);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGUSR1);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	if (prctl(PR_SET_PDEATHSIG, SIGUSR1) < 0)
		die("PR_SET_PDEATHSIG: %s", strerror(errno));
	while (getppid() == bats) {
		check_tests(bats, standard);
		sigtimedwait(&ends, NULL, &second);
	}
	end_all_of_file();
	return 0;
}
