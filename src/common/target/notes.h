// SPDX-License-Identifier: GPL-2.0-or-later
// notes.h: warnings about a target that could be held nevertheless.
#pragma once

// Bits of a set.
enum note {
	NOTE_MORE = 1 << 0,    // of a pidfile: it contains more than one word
	NOTE_STEPPED = 1 << 1, // the clock was set after it was written, so its age proves little
	NOTE_REMOTE = 1 << 2,  // the times of its file system come from another machine
	NOTE_SHARED = 1 << 3,  // of what is held: processes that we may not look into may hold it
};

// Remove one of the notes from *notes and return its text; NULL: there is none left.
const char *note_take(unsigned *notes);
