// SPDX-License-Identifier: GPL-2.0-or-later
// procid.h: one process by its numbers, which cost no descriptor.
#pragma once

#include <stdint.h>
#include <sys/types.h>

struct procid {
	pid_t pid;
	uint64_t inode; // on pidfs, unique for this boot; 0: not known, so the PID alone names it
};
