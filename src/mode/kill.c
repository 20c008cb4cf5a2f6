// SPDX-License-Identifier: GPL-2.0-or-later
// kill.c: makes the binary it is linked into kill.
#include "mode/mode.h"

const enum mode program_mode = MODE_KILL;
