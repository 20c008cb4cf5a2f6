// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "find/libproc.h"

#include <errno.h>
#include <libproc2/pids.h>
#include <stdlib.h>

enum { ITEM_START, ITEM_TTY, ITEMS };

static const enum pids_item items[] = {
	[ITEM_START] = PIDS_TICS_BEGAN,
	[ITEM_TTY] = PIDS_TTY_NAME,
};

_Static_assert(sizeof(items) / sizeof(*items) == ITEMS, "an index for every item");

struct libproc {
	struct pids_info *info;
	bool tty;
};

int libproc_new(struct libproc **out, bool tty)
{
	enum pids_item asked[ITEMS] = {items[ITEM_START], items[ITEM_TTY]};
	struct libproc *lib = calloc(1, sizeof(*lib));

	if (!lib)
		return -ENOMEM;
	lib->tty = tty;
	// with this variable the library would leave out kernel threads
	unsetenv("LIBPROC_HIDE_KERNEL");
	int r = procps_pids_new(&lib->info, asked, tty ? ITEM_TTY + 1 : ITEM_START + 1);
	if (r < 0) {
		free(lib);
		return r;
	}
	*out = lib;
	return 0;
}

int libproc_read(struct libproc *lib, pid_t pid, uint64_t *start, const char **tty)
{
	unsigned number = (unsigned)pid;

	// the library's macro for results changed its arguments in 4.0.5, but the structure did not
	// change
	struct pids_fetch *got = procps_pids_select(lib->info, &number, 1, PIDS_SELECT_PID);
	if (!got || got->counts->total < 1 || !got->stacks[0])
		return -ENODATA;
	const struct pids_result *head = got->stacks[0]->head;
	*start = head[ITEM_START].result.ull_int;
	if (lib->tty)
		*tty = head[ITEM_TTY].result.str ? head[ITEM_TTY].result.str : "?";
	return 0;
}

void libproc_free(struct libproc **lib)
{
	if (*lib) {
		procps_pids_unref(&(*lib)->info);
		free(*lib);
	}
	*lib = NULL;
}

const char *libproc_version(void)
{
	return "libproc2 " LIBPROC2_VERSION;
}
