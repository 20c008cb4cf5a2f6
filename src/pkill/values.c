// SPDX-License-Identifier: GPL-2.0-or-later
// values.c: the options of pgrep, pkill and pidwait that do more than set one field.
#include "config.h"

#include "base/duration.h"
#include "base/signame.h"
#include "pkill/lists.h"
#include "pkill/options.h"
#include "tell/followup.h"
#include "tell/message.h"
#include "tell/optvalue.h"

void parse_step(void *options, struct cli_parser *parser, const char *text)
{
	struct options *o = &((struct parse *)options)->o;

	if (o->plan.step_count == PKILL_STEPS)
		message_usage("%s can be given at most %d times", parser->name, PKILL_STEPS);
	o->steps[o->plan.step_count++] = followup_step(parser, text, 0);
	o->plan.steps = o->steps;
}

void parse_any(void *options, struct cli_parser *parser, const char *text)
{
	struct options *o = &((struct parse *)options)->o;

	(void)parser;
	(void)text;
	o->enough = 1;
}

static void refuse_second_pattern(const char *first, const char *second)
{
	const char *texts[] = {first, second};
	int sig;

	for (size_t i = 0; i < 2 && program_mode == MODE_PKILL; i++)
		if (!signame_parse_name(texts[i], &sig))
			message_usage("'%s' is a second pattern; a signal is written -%s", texts[i],
				texts[i]);
	message_usage("only one pattern can be provided: write 'a|b' for either, quote a "
		      "pattern with a space");
}

void parse_pattern(void *options, struct cli_parser *parser, const char *text)
{
	struct parse *p = options;

	(void)parser;
	if (p->o.pattern)
		refuse_second_pattern(p->o.pattern, text);
	p->o.pattern = text;
}

void parse_signal(void *options, struct cli_parser *parser, const char *text)
{
	struct options *o = &((struct parse *)options)->o;

	o->signal_given = true;
	o->sig = optvalue_signal(parser->name, text);
}

void parse_queue(void *options, struct cli_parser *parser, const char *text)
{
	struct options *o = &((struct parse *)options)->o;

	o->queue = true;
	o->value = optvalue_int(parser->name, text);
}

void parse_older(void *options, struct cli_parser *parser, const char *text)
{
	struct options *o = &((struct parse *)options)->o;

	o->older = optvalue_duration(parser->name, text, DURATION_S);
	o->match.older = true;
}

void parse_younger(void *options, struct cli_parser *parser, const char *text)
{
	struct options *o = &((struct parse *)options)->o;

	o->younger = optvalue_duration(parser->name, text, DURATION_S);
	o->match.younger = true;
}

void parse_ns(void *options, struct cli_parser *parser, const char *text)
{
	struct options *o = &((struct parse *)options)->o;

	o->ns = optvalue_target(parser->name, text);
	o->ns_given = true;
}

void parse_states(void *options, struct cli_parser *parser, const char *text)
{
	((struct parse *)options)->o.match.states = lists_states(parser->name, text);
}
