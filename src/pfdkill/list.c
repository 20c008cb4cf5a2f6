// SPDX-License-Identifier: GPL-2.0-or-later
// list.c: pfdkill without a signal: the lists and the state of signals (-l, -L, -d).
#include "config.h"

#include "handle/pidread.h"
#include "pfdkill/pfdkill.h"
#include "tell/hold.h"
#include "tell/message.h"
#include "tell/operands.h"
#include "tell/sigtable.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

static size_t terminal_width(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col ? 72 : size.ws_col - 1u;
}

int pfdkill_list(const struct options *o)
{
	const char *words[] = {o->action_word};
	size_t first = o->action_word ? 1 : 0;

	if (!first && !o->count)
		sigtable_names(stdout, isatty(STDOUT_FILENO));
	// check all of them before one is written
	for (size_t turn = 0; turn < 2; turn++) {
		for (size_t i = 0; i < first + o->count; i++) {
			const char *word = i < first ? words[i] : o->operands[i - first];

			if (sigtable_convert(turn ? stdout : NULL, word) < 0)
				message_usage(
					"--list: '%s' is no signal, exit status or 0xMASK", word);
		}
	}
	return EXIT_DONE;
}

int pfdkill_table(void)
{
	sigtable_numbers(stdout, isatty(STDOUT_FILENO), terminal_width());
	return EXIT_DONE;
}

int pfdkill_state(const struct options *o)
{
	const char *word = o->action_word;
	struct status status;
	struct procfs proc;
	struct target t;
	struct pidref ref;
	const char *why;

	if (target_parse(&t, word, TARGET_ONE | TARGET_THREAD, &why) < 0)
		operands_refuse("--show-process-state", word, why);
	int r = procfs_open(&proc);
	if (r < 0)
		message_die(EXIT_SYSTEM, "--show-process-state: %s", procfs_problem(r));
	r = hold_target(&t, &ref);
	if (!r)
		r = pidref_status(&ref, &proc, &status);
	if (r < 0) {
		message_about(word, "%s", target_problem(r));
		return message_status(target_status(r));
	}
	sigtable_state(stdout, &status);
	pidref_close(&ref);
	procfs_close(&proc);
	return EXIT_DONE;
}
