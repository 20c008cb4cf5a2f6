// SPDX-License-Identifier: GPL-2.0-or-later
// selfcopy.h: run from a copy of our program in memory.
//
// A process that enters a container shows the file of its program there (/proc/PID/exe) until it
// runs another one, and a container with the right to trace it could open that file of ours.
#pragma once

// Run this program again from a copy that nothing can change, unless that was done before: then 0.
// `argv` as in main, `name` for ps(1). Returns only 0 or -errno.
int selfcopy(char *const argv[], const char *name);
