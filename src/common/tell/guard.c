// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "tell/guard.h"
#include "tell/message.h"

#include <stdio.h>

static void print_one(const struct delivery *d)
{
	char pid[16];
	pid_t number = d->parked.pid ? d->parked.pid : d->ref.pid;

	snprintf(pid, sizeof(pid), "%d", (int)number);
	if (d->name)
		message("%s (%s)", pid, d->name);
	else
		message("%s", pid);
}

void guard_message(size_t count, size_t at_most, const char *consequence)
{
	message("%zu processes match, --at-most allows %zu%s", count, at_most, consequence);
}

void guard_batch(const struct batch *b, size_t at_most)
{
	size_t count = 0;

	// with a tree some may be decided already, such as those without a handler
	for (size_t i = 0; i < b->all.count; i++)
		count += b->all.list[i].outcome == OUTCOME_NONE;
	if (!at_most || count <= at_most)
		return;
	for (size_t i = 0; i < b->all.count; i++)
		if (b->all.list[i].outcome == OUTCOME_NONE)
			print_one(&b->all.list[i]);
	guard_message(count, at_most, ": no process was signalled");
	message_exit(message_status(EXIT_USAGE));
}
