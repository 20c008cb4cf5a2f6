// SPDX-License-Identifier: GPL-2.0-or-later
// argv-pgrep.c: any command line of pgrep is understood or refused.
#include "config.h"

#include "argv-search.h"
