// SPDX-License-Identifier: GPL-2.0-or-later
// ask.h: ask a question on the terminal, answered in the user's language.
#pragma once

#include <stdbool.h>

// Ask on the controlling terminal, or on standard error and standard input if there is none. The
// text has to be safe to print. True only if the answer means yes in the locale (see rpmatch(3));
// the end of input means no.
__attribute__((format(printf, 1, 2))) bool ask_yes(const char *format, ...);
