// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "tell/optvalue.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "base/duration.h"
#include "base/number.h"
#include "base/signame.h"
#include "tell/message.h"
#include "tell/operands.h"

int64_t optvalue_duration(const char *option, const char *text, int64_t unit)
{
	bool needs_unit = !unit;
	int64_t ns;

	int r = duration_parse(text, needs_unit ? DURATION_S : unit, &ns);
	if (r == -ERANGE)
		message_usage("%s: '%s' is longer than 100 years", option, text);
	if (r < 0)
		message_usage(
			"%s: '%s' is not a duration (like 500ms, 1.5s, 2m or 1h)", option, text);
	if (needs_unit && ns && !duration_has_unit(text))
		message_usage("%s: '%s' has no unit: write %sms or %ss", option, text, text, text);
	return ns;
}

int optvalue_signal(const char *option, const char *text)
{
	int sig;

	if (signame_parse(text, &sig) < 0)
		message_usage("%s: '%s' is not a signal (like TERM, KILL or 15)", option, text);
	return sig;
}

int optvalue_int(const char *option, const char *text)
{
	int64_t value;

	if (number_parse_signed(text, INT_MIN, INT_MAX, &value) < 0)
		message_usage("%s: '%s' is not a number between %d and %d", option, text, INT_MIN,
			INT_MAX);
	return (int)value;
}

struct target optvalue_target(const char *option, const char *text)
{
	const char *why;
	struct target t;

	if (target_parse(&t, text, TARGET_ONE, &why) < 0)
		operands_refuse(option, text, why);
	return t;
}

void optvalue_read_text(void *field, const char *option, const char *text)
{
	(void)option;
	*(const char **)field = text;
}

void optvalue_read_duration(void *field, const char *option, const char *text)
{
	*(int64_t *)field = optvalue_duration(option, text, DURATION_S);
}

void optvalue_read_exact_duration(void *field, const char *option, const char *text)
{
	*(int64_t *)field = optvalue_duration(option, text, 0);
}

void optvalue_read_count(void *field, const char *option, const char *text)
{
	uint64_t count;

	if (number_parse(text, SIZE_MAX, &count) < 0 || !count)
		message_usage("%s: '%s' is not a number above 0", option, text);
	*(size_t *)field = (size_t)count;
}

void optvalue_read_reclaim(void *field, const char *option, const char *text)
{
	enum reclaim_how how = reclaim_parse(text);

	if (how == RECLAIM_NONE)
		message_usage("%s: '%s' is neither cold nor pageout", option, text);
	*(enum reclaim_how *)field = how;
}
