// SPDX-License-Identifier: GPL-2.0-or-later
// version.h: --version: which version this is, and what the running kernel offers.
#pragma once

#include <stdio.h>

// Print the version of this program, of its libraries ("NAME VERSION"; NULL: none), the release of
// the program that it can stand for ("procps-ng 4.0.6"; NULL: none), and what the kernel offers,
// found by trying. Write errors stay in ferror(out).
void version_print(FILE *out, const char *libraries, const char *compatible);

// The same as one JSON object.
void version_json(FILE *out, const char *libraries);
