// SPDX-License-Identifier: GPL-2.0-or-later
// pgrep.c: makes the binary it is linked into pgrep.
#include "mode/mode.h"

const enum mode program_mode = MODE_PGREP;
