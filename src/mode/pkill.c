// SPDX-License-Identifier: GPL-2.0-or-later
// pkill.c: makes the binary it is linked into pkill.
#include "mode/mode.h"

const enum mode program_mode = MODE_PKILL;
