// SPDX-License-Identifier: GPL-2.0-or-later
// optvalue.h: the values that options of several programs take, with one sentence for what is
// wrong.
//
// `option` is how the option is called in that sentence, with its dashes. Each of these returns
// what it read, or leaves by message_usage with status 2, before anybody was opened.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "act/reclaim.h"
#include "target/target.h"

// Nanoseconds; `unit` (in nanoseconds) is what a number without one means.
int64_t optvalue_duration(const char *option, const char *text, int64_t unit);

// The number of a signal that has a name or number here; 0 too.
int optvalue_signal(const char *option, const char *text);

// The int that goes with a queued signal.
int optvalue_int(const char *option, const char *text);

// A number above 0.
size_t optvalue_count(const char *option, const char *text);

// How memory is given back; never RECLAIM_NONE.
enum reclaim_how optvalue_reclaim(const char *option, const char *text);

// A target that names one process; it borrows `text`.
struct target optvalue_target(const char *option, const char *text);
