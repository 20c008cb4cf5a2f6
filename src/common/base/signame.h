// SPDX-License-Identifier: GPL-2.0-or-later
// signame.h: signal names and numbers, real-time signals included.
#pragma once

#include <stddef.h>

enum {
	SIGNAME_MAX = 16, // room for any name, NUL included
};

// The highest signal number of this system (SIGRTMAX).
int signame_last(void);

// Read TERM, SIGTERM, term, 15, 0, RTMIN, RTMIN+3, RTMAX-2 or RT3 into *sig.
// -EINVAL: no such name or number.
int signame_parse(const char *text, int *sig);

// The same without numbers: what may follow the dash of -SIGNAL beside digits.
int signame_parse_name(const char *text, int *sig);

// Write the name without SIG (TERM, RTMIN+3, 0) into buf, or the number where the signal has
// no name; returns buf, which signame_parse reads back.
const char *signame_format(char buf[static SIGNAME_MAX], int sig);

// The name at place `index` of the list of all names, aliases too, real-time signals not, and
// its number in *sig; NULL behind the last.
const char *signame_at(size_t index, int *sig);
