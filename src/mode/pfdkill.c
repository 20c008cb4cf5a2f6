// SPDX-License-Identifier: GPL-2.0-or-later
// pfdkill.c: makes the binary it is linked into pfdkill.
#include "mode/mode.h"

const enum mode program_mode = MODE_PFDKILL;
