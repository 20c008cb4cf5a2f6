// SPDX-License-Identifier: GPL-2.0-or-later
// optvalue.h: the kinds of values that options of several programs take, with one message for a
// wrong value of each kind.
//
// `option` is the name of the option in the message, with its dashes. Each function returns the
// value, or exits through message_usage with status 2, before any process is opened.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "act/reclaim.h"
#include "target/target.h"

// Nanoseconds. A number without a unit is in units of `unit` nanoseconds; if `unit` is 0, only the
// number 0 may have none.
int64_t optvalue_duration(const char *option, const char *text, int64_t unit);

// The number of a signal that this system has, or 0.
int optvalue_signal(const char *option, const char *text);

// The int that is sent with a queued signal.
int optvalue_int(const char *option, const char *text);

// A target that names one process. It borrows `text`.
struct target optvalue_target(const char *option, const char *text);

// The same as readers for a row of an option table (options.h). `field` is where the value is
// stored.
void optvalue_read_text(void *field, const char *option, const char *text);	// const char *
void optvalue_read_duration(void *field, const char *option, const char *text); // int64_t, in s
void optvalue_read_exact_duration(
	void *field, const char *option, const char *text); // int64_t; needs a unit, but not 0
void optvalue_read_count(void *field, const char *option, const char *text); // size_t, above 0
void optvalue_read_reclaim(
	void *field, const char *option, const char *text); // enum reclaim_how, not NONE
