// SPDX-License-Identifier: GPL-2.0-or-later
// treenote.h: print a note about a tree.
#pragma once

#include "act/deliver.h"

#include <stdio.h>

// Print one line of text; an error is printed as a message on standard error.
void treenote_print(FILE *out, const struct deliver_note *note);
