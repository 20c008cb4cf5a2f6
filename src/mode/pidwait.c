// SPDX-License-Identifier: GPL-2.0-or-later
// pidwait.c: makes the binary it is linked into pidwait.
#include "mode/mode.h"

const enum mode program_mode = MODE_PIDWAIT;
