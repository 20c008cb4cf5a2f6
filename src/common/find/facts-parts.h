// SPDX-License-Identifier: GPL-2.0-or-later
// facts-parts.h: the facts of files and of namespaces. Only for facts.c.
//
// Each function learns one fact as facts_learn does. 0 or -errno.
#pragma once

#include "find/facts.h"

#include <errno.h>
#include <stdbool.h>

// Whether an error says that we have not enough, and nothing about the process.
static inline bool facts_is_shortage(int error)
{
	return error == -EMFILE || error == -ENFILE || error == -ENOMEM;
}

// (facts-files.c) FACT_EXE and FACT_CWD; nothing is there of a thread of the kernel or a zombie.
int facts_learn_exe(struct facts *f);
int facts_learn_cwd(struct facts *f);

// FACT_SCRIPT, where FACT_COMM and FACT_CMDLINE are known.
int facts_find_script(struct facts *f);

// (facts-ns.c) FACT_NS; *ref is the process, or the process of the thread.
int facts_learn_ns(struct facts *f, const struct pidref *ref);
