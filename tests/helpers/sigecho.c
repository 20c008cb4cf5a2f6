// SPDX-License-Identifier: GPL-2.0-or-later
// sigecho [-x SIGNAL] [FILE]: say which signals arrive.
//
// Catches every signal that can be caught. Prints "ready" and a newline, then for each signal
// one line, appended to FILE (or standard output) by a single write(2):
//	SIGNAL code=SI_CODE pid=SI_PID uid=SI_UID value=SI_VALUE
// SIGNAL is the number. With -x, the process leaves with status 0 after that signal.
#include "config.h"

#include <fcntl.h>
#include <signal.h>

#include "helper.h"

static int log_fd = STDOUT_FILENO;
static int last_signal;

// printf is not safe in a handler; this is.
static char *put(char *to, const char *text, long n)
{
	char digits[24];
	size_t length = 0;

	while (*text != '\0')
		*to++ = *text++;
	if (n < 0)
		*to++ = '-';
	do {
		digits[length++] = (char)('0' + (n < 0 ? -(n % 10) : n % 10));
		n /= 10;
	} while (n != 0);
	while (length > 0)
		*to++ = digits[--length];
	return to;
}

static void caught(int sig, siginfo_t *info, void *context)
{
	char line[160];
	char *end = line;
	int saved = errno;

	(void)context;
	end = put(end, "", sig);
	end = put(end, " code=", info->si_code);
	end = put(end, " pid=", info->si_pid);
	end = put(end, " uid=", (long)info->si_uid);
	// only a queued signal has a value; elsewhere these bytes are something else
	end = put(end, " value=", info->si_code == SI_QUEUE ? info->si_value.sival_int : 0);
	*end++ = '\n';
	if (write(log_fd, line, (size_t)(end - line)) < 0 || sig == last_signal)
		_exit(sig == last_signal ? 0 : 125);
	errno = saved;
}

int main(int argc, char **argv)
{
	for (int c; (c = getopt(argc, argv, "+x:")) != -1;) {
		if (c != 'x')
			die("usage: sigecho [-x SIGNAL] [FILE]");
		last_signal = (int)number(optarg);
	}
	if (optind < argc) {
		log_fd = open(argv[optind], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
		if (log_fd < 0)
			die("%s: %s", argv[optind], strerror(errno));
	}

	struct sigaction action = {.sa_sigaction = caught, .sa_flags = SA_SIGINFO | SA_RESTART};
	sigset_t none;
	sigfillset(&action.sa_mask); // one at a time: lines stay in the order of delivery
	for (int sig = 1; sig <= SIGRTMAX; sig++)
		sigaction(sig, &action, NULL); // KILL, STOP and the C library's own refuse
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);

	if (write(STDOUT_FILENO, "ready\n", 6) != 6)
		die("standard output: %s", strerror(errno));
	for (;;)
		pause();
}
