// SPDX-License-Identifier: GPL-2.0-or-later
// named [-a ARGV0] NAME [--] [ARGUMENT...]: a process whose executable is called NAME.
//
// Runs a copy of itself under that name from a temporary folder (removed at once, unless it
// is a test's own), so comm, argv[0] and /proc/PID/exe are what they would be for a program
// of that name: comm is its first 15 bytes. NAME may hold any byte but '/'. The arguments
// mean nothing. Prints "ready", then waits for a signal.
#include "config.h"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include "helper.h"

static const char marker[] = "PFD_NAMED_FOLDER";

static void copy_self(const char *to)
{
	struct stat status;
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);

	if (from < 0 || out < 0 || fstat(from, &status) < 0)
		die("%s: %s", to, strerror(errno));
	for (off_t left = status.st_size; left > 0;) {
		ssize_t n = sendfile(out, from, NULL, (size_t)left);
		if (n <= 0)
			die("%s: %s", to, strerror(errno));
		left -= n;
	}
	if (fchmod(out, 0755) < 0 || close(out) < 0 || close(from) < 0)
		die("%s: %s", to, strerror(errno));
}

static void wait_for_signal(const char *folder)
{
	if (*folder != '\0') {
		char exe[4096];
		ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

		if (n > 0) {
			exe[n] = '\0';
			unlink(exe);
		}
		rmdir(folder);
	}
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	char *argv0 = NULL;
	const char *own = getenv("BATS_TEST_TMPDIR");
	const char *tmp = getenv("TMPDIR");
	static char folder[4096], path[8192];

	const char *made = getenv(marker);
	if (made != NULL)
		wait_for_signal(made);
	for (int c; (c = getopt(argc, argv, "+a:")) != -1;) {
		if (c != 'a')
			die("usage: named [-a ARGV0] NAME [--] [ARGUMENT...]");
		argv0 = optarg;
	}
	argv += optind;
	if (*argv == NULL)
		die("no name");
	// a user without rights on the test's folder takes a temporary one
	if (own != NULL && access(own, W_OK) != 0)
		own = NULL;
	if (tmp == NULL || access(tmp, W_OK) != 0)
		tmp = "/tmp";
	snprintf(folder, sizeof(folder), "%s/named.XXXXXX", own != NULL ? own : tmp);
	if (mkdtemp(folder) == NULL || chmod(folder, 0755) < 0)
		die("%s: %s", folder, strerror(errno));
	snprintf(path, sizeof(path), "%s/%s", folder, *argv);
	copy_self(path);
	setenv(marker, own != NULL ? "" : folder, 1);

	char *name = *argv;
	if (argv[1] != NULL && strcmp(argv[1], "--") == 0)
		argv++;
	*argv = argv0 != NULL ? argv0 : name;
	execv(path, argv);
	die("%s: %s", path, strerror(errno));
}
