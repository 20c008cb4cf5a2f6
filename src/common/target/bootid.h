// SPDX-License-Identifier: GPL-2.0-or-later
// bootid.h: the id of this boot: 32 hex digits that no other boot has.
#pragma once

enum {
	BOOTID_LENGTH = 32,
	BOOTID_ROOM = BOOTID_LENGTH + 1,
};

// Fill in the id of this boot, in lower case. -FAULT_NO_BOOT: it cannot be read in /proc.
int bootid_read(char out[static BOOTID_ROOM]);

// Read such an id at the start of *text, in upper or lower case, and move *text past it. -EINVAL:
// there is none.
int bootid_take(const char **text, char out[static BOOTID_ROOM]);
