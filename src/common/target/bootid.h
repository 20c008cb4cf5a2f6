// SPDX-License-Identifier: GPL-2.0-or-later
// bootid.h: the id of this boot: 32 hex digits that no other boot has.
#pragma once

#include <stdbool.h>

enum {
	BOOTID_LENGTH = 32,
	BOOTID_ROOM = BOOTID_LENGTH + 1,
};

// The id of this boot as bootid_text keeps it. {0}: not read yet.
struct bootid {
	bool asked;
	char text[BOOTID_ROOM];
};

// The id of this boot, which is read once; NULL: it cannot be read.
const char *bootid_text(struct bootid *b);

// Fill in the id of this boot, in lower case. -FAULT_NO_BOOT: it cannot be read in /proc.
int bootid_read(char out[static BOOTID_ROOM]);

// Read such an id at the start of *text, in upper or lower case, and move *text past it. -EINVAL:
// there is none.
int bootid_take(const char **text, char out[static BOOTID_ROOM]);
