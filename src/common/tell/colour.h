// SPDX-License-Identifier: GPL-2.0-or-later
// colour.h: bold and other attributes of text, for terminals only.
#pragma once

#include <stdbool.h>
#include <stdio.h>

enum colour {
	COLOUR_TITLE, // titles and headings: bold
	COLOUR_FAINT, // what matters less: a zombie, the lines of a tree
	COLOUR_ALERT, // what needs attention: yellow
};

// Whether text on `out` may have colours: it is a terminal, TERM is set and not "dumb", and
// NO_COLOR is not set, or empty (no-color.org).
bool colour_possible(FILE *out);

// What to write before and after the text: escape sequences, or "" if `wanted` is false.
const char *colour_begin(bool wanted, enum colour colour);
const char *colour_end(bool wanted);
