// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "tell/followup.h"
#include "tell/message.h"
#include "tell/optvalue.h"

struct deliver_step followup_step(struct cli_parser *parser, const char *text, int64_t unit)
{
	const char *sig = cli_second_value(parser, "a signal (like KILL)");

	return (struct deliver_step){
		.after = optvalue_duration(parser->name, text, unit),
		.sig = optvalue_signal(parser->name, sig),
	};
}

void followup_complete(const struct cli_parser *parser, struct deliver_plan *plan)
{
	int64_t last = 0;

	plan->wait |= cli_given(parser, "deadline");
	for (size_t i = 0; i < plan->step_count; i++)
		if (__builtin_add_overflow(last, plan->steps[i].after, &last))
			last = INT64_MAX;
	if (plan->deadline && plan->deadline <= last)
		message_usage("--deadline must be later than the last signal of --timeout: it "
			      "counts from the first signal");
}
