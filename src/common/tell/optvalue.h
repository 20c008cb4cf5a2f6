// SPDX-License-Identifier: GPL-2.0-or-later
// optvalue.h: the values that options of several programs take, with one sentence for what is
// wrong.
//
// `option` is what that sentence calls the option, with its dashes. Each of these returns what it
// read, or leaves by message_usage with status 2, before any process is opened.
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

// The same as readers for a row of an option table (options.h): `field` is where the value goes.
void optvalue_read_text(void *field, const char *option, const char *text);	// const char *
void optvalue_read_duration(void *field, const char *option, const char *text); // int64_t, in s
void optvalue_read_signal(void *field, const char *option, const char *text);	// int
void optvalue_read_count(void *field, const char *option, const char *text);	// size_t
void optvalue_read_reclaim(void *field, const char *option, const char *text);	// enum reclaim_how
void optvalue_read_target(void *field, const char *option, const char *text);	// struct target
