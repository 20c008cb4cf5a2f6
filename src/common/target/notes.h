// SPDX-License-Identifier: GPL-2.0-or-later
// notes.h: what there is to warn of although a target could be held.
#pragma once

// Bits of a set.
enum note {
	NOTE_MORE = 1 << 0,    // of a pidfile: it has more than one word
	NOTE_STEPPED = 1 << 1, // the clock was set since it was written, so its age says little
	NOTE_REMOTE = 1 << 2,  // the times of its file system are those of another machine
};

// What to say of one of the notes in *notes, which is then no more in it; NULL: there is none.
const char *note_take(unsigned *notes);
