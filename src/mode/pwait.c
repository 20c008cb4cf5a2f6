// SPDX-License-Identifier: GPL-2.0-or-later
// pwait.c: makes the binary it is linked into pwait.
#include "mode/mode.h"

const enum mode program_mode = MODE_PWAIT;
