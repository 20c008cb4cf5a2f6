// SPDX-License-Identifier: GPL-2.0-or-later
// quote.h: command lines that quote a search for processes, as that of sh -c 'pkill -f foo' does.
//
// A search word is the name of a program that searches: pgrep, pkill, pidwait, or a program of this
// suite under its name with pfd. Before it is a blank, a quotation mark, one of / \ ; | & ( or
// nothing, and behind it a blank, a quotation mark or nothing.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// What is behind the first search word of the `len` bytes at `text`, to their end; NULL: they have
// no search word. A NUL counts as a blank.
const char *quote_behind(const char *text, size_t len);

// Whether these arguments, each followed by a NUL, are those of a search itself: the first one has
// a search word.
bool quote_is_search(const char *words, size_t len);
