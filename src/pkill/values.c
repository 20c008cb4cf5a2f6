// SPDX-License-Identifier: GPL-2.0-or-later
// values.c: the options of pgrep, pkill and pidwait that do more than set one field.
#include "config.h"

#include "base/duration.h"
#include "pkill/lists.h"
#include "pkill/options.h"
#include "tell/memory.h"
#include "tell/message.h"
#include "tell/optvalue.h"

void parse_step(void *options, struct cli_parser *parser, const char *text)
{
	struct options *o = &((struct parse *)options)->o;

	if (o->plan.step_count == PKILL_STEPS)
		message_usage("%s can be given at most %d times", parser->name, PKILL_STEPS);
	const char *sig = cli_second_value(parser, "a signal (like KILL)");
	o->steps[o->plan.step_count++] = (struct deliver_step){
		.after = optvalue_duration(parser->name, text, DURATION_MS),
		.sig = optvalue_signal(parser->name, sig),
	};
}

void parse_count(void *options, struct cli_parser *parser, const char *text)
{
	struct options *o = &((struct parse *)options)->o;

	if (text)
		o->enough = optvalue_count(parser->name, text);
	else
		o->count = true;
}

void parse_any(void *options, struct cli_parser *parser, const char *text)
{
	struct options *o = &((struct parse *)options)->o;

	(void)parser;
	(void)text;
	o->enough = 1;
}

void parse_pattern(void *options, struct cli_parser *parser, const char *text)
{
	struct parse *p = options;

	(void)parser;
	if (!*text && program_mode == MODE_PKILL)
		message_usage("an empty pattern matches every process; say '.' if that is meant");
	p->patterns = memory_grow((void *)p->patterns, p->pattern_count, sizeof(*p->patterns));
	p->patterns[p->pattern_count++] = text;
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

void parse_wait(void *options, struct cli_parser *parser, const char *text)
{
	struct options *o = &((struct parse *)options)->o;

	o->plan.wait = true;
	o->plan.wait_limit = text ? optvalue_duration(parser->name, text, DURATION_S) : 0;
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
