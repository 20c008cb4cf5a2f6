// SPDX-License-Identifier: GPL-2.0-or-later
// name.c: the name of a process in the output of pgrep, pkill and pidwait.
#include "config.h"

#include "base/escape.h"
#include "base/shellquote.h"
#include "pkill/act.h"
#include "tell/memory.h"

#include <stdlib.h>
#include <string.h>

struct bytes pkill_name(const struct proc *p)
{
	static const struct bytes unknown = {"?", 1};

	return p->known & FACT_NAME ? p->name : p->known & FACT_COMM ? p->comm : unknown;
}

char *pkill_name_copy(const struct proc *p)
{
	return memory_checked(strdup(pkill_name(p).data));
}

void pkill_write_name(FILE *out, const struct options *o, const char *name, size_t len)
{
	if (o->shell_quote)
		shellquote_word(out, name, len);
	else
		escape_write(out, name, len);
}
