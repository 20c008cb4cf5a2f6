// SPDX-License-Identifier: GPL-2.0-or-later
// cleanup.h: locals that are released when their scope ends, on every way out of it.
//
//	CLEANUP(buffer_free) struct buffer text = {0};
//
// The local has to be empty or set from its declaration on. A function that hands its value on
// moves it (pidref_take), so that the end of the scope finds it empty.
#pragma once

#define CLEANUP(release) __attribute__((cleanup(release)))
