// SPDX-License-Identifier: GPL-2.0-or-later
// argv-pwait.c: any command line of pwait is understood or refused.
#include "config.h"

#include "argv.h"
#include "pwait/pwait.h"

static void parse(int argc, char **argv)
{
	struct options o;

	pwait_parse(&o, argc, argv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	argv_try(data, size, parse);
	return 0;
}
