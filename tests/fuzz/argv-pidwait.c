// SPDX-License-Identifier: GPL-2.0-or-later
// argv-pidwait.c: any command line of pidwait is understood or refused.
#include "config.h"

#include "argv-search.h"
