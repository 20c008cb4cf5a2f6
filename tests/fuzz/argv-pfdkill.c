// SPDX-License-Identifier: GPL-2.0-or-later
// argv-pfdkill.c: any command line of pfdkill is understood or refused.
#include "config.h"

#include "argv.h"
#include "pfdkill/pfdkill.h"

static void parse(int argc, char **argv)
{
	struct options o;

	pfdkill_parse(&o, argc, argv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	argv_try(data, size, parse);
	return 0;
}
