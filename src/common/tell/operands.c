// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "tell/memory.h"
#include "tell/message.h"
#include "tell/operands.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

// What to write instead of a name; `option` is NULL for an operand, which only pwait and waitpid
// take without names.
static const char *advice(const char *option)
{
	if (!option)
		return "a name: use pidwait to wait for it, or pgrep --handle to get its handle; "
		       "pwait takes a COMMAND behind '--'";
	// of pgrep, pkill and pidwait
	if (!strcmp(option, "--pid"))
		return "a name: write it as the pattern, without -p";
	return target_is_name;
}

void operands_refuse(const char *option, const char *text, const char *why)
{
	char reason[TARGET_REASON];

	if (why == target_is_name)
		why = advice(option);
	target_reason(reason, text, why);
	message_usage("%s%s%s", option ? option : "", option ? ": " : "", reason);
}

void operands_add(struct targets *all, const char *option, const char *text, unsigned kinds)
{
	const char *why;

	int r = targets_add(all, text, kinds, &why);
	if (r == -ENOMEM)
		memory_checked(NULL);
	if (r < 0 && !option && targets_is_blank(text))
		message_usage("%s", why);
	if (r < 0)
		operands_refuse(option, text, why);
}

void operands_drop_repeats(struct targets *all)
{
	if (targets_drop_repeats(all) < 0)
		memory_checked(NULL);
}

void operands_demand(struct targets *all, const struct pidfile_demands *demands,
	enum target_kind kinds, const char *others)
{
	if (!(kinds & TARGET_PIDFILE) && (demands->stale_ok || demands->trusted))
		message_usage("%s needs %s%sa target pidfile:PATH",
			demands->stale_ok ? "--stale-ok" : "--trust-pidfile", others ? others : "",
			others ? " or " : "");
	targets_demand(all, demands);
}
