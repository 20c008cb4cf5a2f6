// SPDX-License-Identifier: GPL-2.0-or-later
// terminals.h: the terminals of --terminal. The number of a pts is used again as soon as it is
// closed, so the file is held.
#pragma once

#include "find/match.h"

#include <stdbool.h>
#include <stddef.h>

struct terminals {
	struct terminal *list; // owned
	size_t count;
};

// Open those of `names` that exist now; the names are borrowed. Others are not an error: they may
// belong to another instance of devpts. Exits if there are no descriptors left.
void terminals_open(struct terminals *all, const struct texts *names);

// Whether the terminal of this name is still the one that existed when it was opened. Call it after
// the name was read for a held process. True for names of no such terminal.
bool terminals_exist(const struct terminals *all, const char *name);

// May be called twice.
void terminals_close(struct terminals *all);
