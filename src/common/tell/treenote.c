// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/escape.h"
#include "tell/message.h"
#include "tell/treenote.h"

#include <limits.h>
#include <string.h>

void treenote_print(FILE *out, const struct deliver_note *note)
{
	char path[PATH_MAX];

	if (note->error) {
		message("no further look for descendants: %s", strerror(-note->error));
		return;
	}
	escape_format(path, sizeof(path), note->cgroup, strlen(note->cgroup));
	if (note->at_once)
		fprintf(out, "control group %s: killed as a whole (cgroup.kill)\n", path);
	else if (note->strangers)
		fprintf(out,
			"hint: %zu %s of control group %s %s not in the tree, like a daemon that "
			"has left its parents (pkill --cgroup finds them)\n",
			note->strangers, note->strangers == 1 ? "process" : "processes", path,
			note->strangers == 1 ? "is" : "are");
	fflush(out);
}
