// SPDX-License-Identifier: GPL-2.0-or-later
// signame.h: signal names and numbers, including real-time signals.
#pragma once

#include <stddef.h>

enum {
	SIGNAME_MAX = 16, // room for any name and its NUL
};

// The highest signal number of this system (SIGRTMAX).
int signame_last(void);

// Read TERM, SIGTERM, term, 15, 0, RTMIN, RTMIN+3, RTMAX-2 or RT3 into *sig.
// -EINVAL: no such name or number.
int signame_parse(const char *text, int *sig);

// The same without numbers: what may follow the dash of -SIGNAL if it is not digits.
int signame_parse_name(const char *text, int *sig);

// Write the name without SIG (TERM, RTMIN+3, 0) into buf, or the number if the signal has no name.
// Returns buf; signame_parse reads the result back.
const char *signame_format(char buf[static SIGNAME_MAX], int sig);

// The name at position `index` in the list of all names, and its number in *sig. The list includes
// aliases, but not real-time signals. NULL after the last name.
const char *signame_at(size_t index, int *sig);
