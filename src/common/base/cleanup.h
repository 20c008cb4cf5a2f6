// SPDX-License-Identifier: GPL-2.0-or-later
// cleanup.h: local variables that are released when their scope ends, however it ends.
//
//	CLEANUP(buffer_free) struct buffer text = {0};
//
// The variable must be empty or set from its declaration on. A function that returns its value
// moves it out (pidref_take), so that it is empty at the end of the scope.
#pragma once

#define CLEANUP(release) __attribute__((cleanup(release)))
