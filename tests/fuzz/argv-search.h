// SPDX-License-Identifier: GPL-2.0-or-later
// argv-search.h: any command line of pgrep, pkill and pidwait is understood or refused. Which of
// them it is depends on what is linked.
#pragma once

#include "argv.h"
#include "pkill/pkill.h"

static void parse(int argc, char **argv)
{
	struct options o;

	pkill_parse(&o, argc, argv);

	// the C library's own, which argv.h does not see
	if (o.match.pattern)
		pattern_free((struct pattern *)(uintptr_t)o.match.pattern);
	for (size_t i = 0; i < o.match.arg_count; i++)
		pattern_free(&((struct pattern *)(uintptr_t)o.match.args)[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	// the C library takes for ever, and all memory, to compile (((a{9}){9}){9}){9}, or
	// a++++++++, of which it doubles what is repeated with each +
	size_t pluses = 0;

	for (size_t i = 0; i < size; i++) {
		pluses += data[i] == '+';
		if (data[i] == '{' || pluses > 8)
			return -1;
	}
	argv_try(data, size, parse);
	return 0;
}
