// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "tell/guard.h"
#include "tell/message.h"
#include "wait/await.h"

#include <errno.h>
#include <string.h>

void guard_name(pid_t pid, const char *name)
{
	if (name)
		message("%d (%s)", (int)pid, name);
	else
		message("%d", (int)pid);
}

void guard_message(size_t count, size_t at_most, const char *consequence)
{
	message("%zu processes match, --at-most allows %zu%s", count, at_most, consequence);
}

static pid_t pid_of(const struct delivery *d)
{
	return d->parked.pid ? d->parked.pid : d->ref.pid;
}

static void check_count(const struct batch *b)
{
	size_t at_most = b->plan->at_most;
	size_t count = 0;

	// with a tree some may be decided already, such as those without a handler
	for (size_t i = 0; i < b->all.count; i++)
		count += b->all.list[i].outcome == OUTCOME_NONE;
	if (!at_most || count <= at_most)
		return;
	for (size_t i = 0; i < b->all.count; i++)
		if (b->all.list[i].outcome == OUTCOME_NONE)
			guard_name(pid_of(&b->all.list[i]), b->all.list[i].name);
	guard_message(count, at_most, ": no process was signalled");
	message_exit(message_status(EXIT_USAGE));
}

noreturn void guard_full(const struct batch *b)
{
	bool tree = b->plan->tree;

	message_die(EXIT_SYSTEM,
		"more %s than descriptors: only %zu can be held (ulimit -Hn); no process was "
		"signalled%s",
		tree ? "processes in the trees" : "targets to wait for", b->capacity,
		tree ? " or stays stopped" : "");
}

void guard_flush(struct batch *b)
{
	check_count(b);
	int r = batch_flush(b);

	// with the trees there are too many
	if (r == -E2BIG)
		check_count(b);
	if (r == -EMFILE)
		guard_full(b);
	if (r < 0)
		message_die(EXIT_SYSTEM, "%s; no process was signalled",
			r == -EOPNOTSUPP ? "waiting needs Linux 5.3" : await_problem(r));
}
