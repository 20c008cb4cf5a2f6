// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "tell/colour.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool colour_possible(FILE *out)
{
	const char *terminal = getenv("TERM");
	const char *unwanted = getenv("NO_COLOR");

	return isatty(fileno(out)) && terminal && *terminal && strcmp(terminal, "dumb") != 0 &&
	       !(unwanted && *unwanted);
}

const char *colour_begin(bool wanted, enum colour colour)
{
	static const char *const sequences[] = {
		[COLOUR_TITLE] = "\033[1m",
		[COLOUR_FAINT] = "\033[2m",
		[COLOUR_ALERT] = "\033[33m",
	};

	return wanted ? sequences[colour] : "";
}

const char *colour_end(bool wanted)
{
	return wanted ? "\033[m" : "";
}
