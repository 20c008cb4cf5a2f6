// SPDX-License-Identifier: GPL-2.0-or-later
// ask.h: a question on the terminal, answered in the user's language.
#pragma once

#include <stdbool.h>

// Ask on the controlling terminal, or where there is none on standard error and input; the text is
// escaped. True only if the answer is a yes of the locale (see rpmatch(3)); the end of the input
// is a no.
__attribute__((format(printf, 1, 2))) bool ask_yes(const char *format, ...);
