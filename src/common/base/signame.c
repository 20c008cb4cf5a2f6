// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/number.h"
#include "base/signame.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

// If a number has several names, the first one is printed.
static const struct {
	const char *name;
	int sig;
} names[] = {
	{"HUP", SIGHUP},
	{"INT", SIGINT},
	{"QUIT", SIGQUIT},
	{"ILL", SIGILL},
	{"TRAP", SIGTRAP},
	{"ABRT", SIGABRT},
	{"IOT", SIGABRT},
	{"BUS", SIGBUS},
	{"FPE", SIGFPE},
	{"KILL", SIGKILL},
	{"USR1", SIGUSR1},
	{"SEGV", SIGSEGV},
	{"USR2", SIGUSR2},
	{"PIPE", SIGPIPE},
	{"ALRM", SIGALRM},
	{"TERM", SIGTERM},
#ifdef SIGSTKFLT
	{"STKFLT", SIGSTKFLT},
#endif
#ifdef SIGEMT
	{"EMT", SIGEMT},
#endif
	{"CHLD", SIGCHLD},
	{"CLD", SIGCHLD},
	{"CONT", SIGCONT},
	{"STOP", SIGSTOP},
	{"TSTP", SIGTSTP},
	{"TTIN", SIGTTIN},
	{"TTOU", SIGTTOU},
	{"URG", SIGURG},
	{"XCPU", SIGXCPU},
	{"XFSZ", SIGXFSZ},
	{"VTALRM", SIGVTALRM},
	{"PROF", SIGPROF},
	{"WINCH", SIGWINCH},
	{"IO", SIGIO},
	{"POLL", SIGIO},
	{"PWR", SIGPWR},
	{"SYS", SIGSYS},
	{"UNUSED", SIGSYS},
};

enum { NAMES = sizeof(names) / sizeof(*names) };

int signame_last(void)
{
	return SIGRTMAX;
}

// RTMIN, RTMIN+n, RTMAX, RTMAX-n, RTn
static int parse_realtime(const char *text, int *sig)
{
	int base = SIGRTMIN;
	int step = 1;
	uint64_t offset = 0;

	if (!strncasecmp(text, "RTMIN", 5)) {
		text += 5;
	} else if (!strncasecmp(text, "RTMAX", 5)) {
		text += 5;
		base = SIGRTMAX;
		step = -1;
	} else if (!strncasecmp(text, "RT", 2) && text[2]) {
		if (number_parse(text + 2, (uint64_t)(SIGRTMAX - SIGRTMIN), &offset) < 0)
			return -EINVAL;
		text = "";
	} else {
		return -EINVAL;
	}
	if (*text == (step > 0 ? '+' : '-')) {
		if (number_parse(text + 1, (uint64_t)(SIGRTMAX - SIGRTMIN), &offset) < 0)
			return -EINVAL;
	} else if (*text) {
		return -EINVAL;
	}
	*sig = base + step * (int)offset;
	return 0;
}

int signame_parse_name(const char *text, int *sig)
{
	if (!strncasecmp(text, "SIG", 3))
		text += 3;
	for (size_t i = 0; i < NAMES; i++) {
		if (!strcasecmp(names[i].name, text)) {
			*sig = names[i].sig;
			return 0;
		}
	}
	return parse_realtime(text, sig);
}

int signame_parse(const char *text, int *sig)
{
	uint64_t number;

	if (number_parse(text, (uint64_t)SIGRTMAX, &number) < 0)
		return signame_parse_name(text, sig);
	*sig = (int)number;
	return 0;
}

const char *signame_format(char buf[static SIGNAME_MAX], int sig)
{
	const char *name = NULL;

	for (size_t i = 0; i < NAMES && !name; i++)
		if (names[i].sig == sig)
			name = names[i].name;
	if (name)
		snprintf(buf, SIGNAME_MAX, "%s", name);
	else if (sig == SIGRTMIN || sig == SIGRTMAX)
		snprintf(buf, SIGNAME_MAX, "%s", sig == SIGRTMIN ? "RTMIN" : "RTMAX");
	else if (sig > SIGRTMIN && sig < SIGRTMAX)
		snprintf(buf, SIGNAME_MAX, "RTMIN+%d", sig - SIGRTMIN);
	else
		snprintf(buf, SIGNAME_MAX, "%d", sig);
	return buf;
}

const char *signame_at(size_t index, int *sig)
{
	// UNUSED, the last name, is accepted as input, but current headers no longer have it
	if (index >= NAMES - 1)
		return NULL;
	*sig = names[index].sig;
	return names[index].name;
}
