// SPDX-License-Identifier: GPL-2.0-or-later
// treenote.h: what there is to say of a tree beside its outcomes.
#pragma once

#include "act/deliver.h"

#include <stdio.h>

// One line for people; an error as a message to standard error.
void treenote_print(FILE *out, const struct deliver_note *note);
