// SPDX-License-Identifier: GPL-2.0-or-later
// mode.h: which program a binary is. This is fixed when it is linked, by its one mode-*.c object,
// and is never read from argv[0], so every name, link and copy works.
#pragma once

enum mode {
	MODE_PFDKILL = 1 << 0,
	MODE_KILL = 1 << 1, // pfdkill under the name that scripts expect
	MODE_PWAIT = 1 << 2,
	MODE_WAITPID = 1 << 3, // pwait with util-linux's exit statuses
	MODE_PGREP = 1 << 4,
	MODE_PKILL = 1 << 5,
	MODE_PIDWAIT = 1 << 6,
};

extern const enum mode program_mode;
