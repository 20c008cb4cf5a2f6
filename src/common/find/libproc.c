// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "find/libproc.h"

#include <errno.h>
#include <libproc2/pids.h>
#include <stdlib.h>

struct libproc {
	struct pids_info *info;
};

int libproc_new(struct libproc **out)
{
	enum pids_item items[] = {PIDS_TTY_NAME};
	struct libproc *lib = calloc(1, sizeof(*lib));

	if (!lib)
		return -ENOMEM;
	// with this variable the library would leave out kernel threads
	unsetenv("LIBPROC_HIDE_KERNEL");
	int r = procps_pids_new(&lib->info, items, sizeof(items) / sizeof(*items));
	if (r < 0) {
		free(lib);
		return r;
	}
	*out = lib;
	return 0;
}

int libproc_terminal(void *lib, pid_t pid, const char **name)
{
	struct libproc *of = lib;
	unsigned number = (unsigned)pid;

	// the library's macro for results changed its arguments in 4.0.5, but the structure did not
	// change
	struct pids_fetch *got = procps_pids_select(of->info, &number, 1, PIDS_SELECT_PID);
	if (!got || got->counts->total < 1 || !got->stacks[0])
		return -ENODATA;
	const char *tty = got->stacks[0]->head->result.str;
	*name = tty ? tty : "?";
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
