// SPDX-License-Identifier: GPL-2.0-or-later
// argv-pkill.c: any command line of pkill is understood or refused.
#include "config.h"

#include "argv-search.h"
