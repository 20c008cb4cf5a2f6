// SPDX-License-Identifier: GPL-2.0-or-later
// ask.h: ask a question on the terminal, answered in the user's language.
#pragma once

enum answer {
	ANSWER_NO,
	ANSWER_YES,
	ANSWER_END, // the input has ended, or cannot be read: a further question has no answer
		    // either
};

// Ask on the controlling terminal, or on standard error and standard input if there is none. The
// text has to be safe to print. ANSWER_YES only if the answer means yes in the locale (see
// rpmatch(3)).
__attribute__((format(printf, 1, 2))) enum answer ask(const char *format, ...);
