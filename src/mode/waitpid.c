// SPDX-License-Identifier: GPL-2.0-or-later
// waitpid.c: makes the binary it is linked into waitpid.
#include "mode/mode.h"

const enum mode program_mode = MODE_WAITPID;
