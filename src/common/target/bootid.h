// SPDX-License-Identifier: GPL-2.0-or-later
// bootid.h: the name of this boot: 32 hex digits that no other boot has.
#pragma once

enum {
	BOOTID_LENGTH = 32,
	BOOTID_ROOM = BOOTID_LENGTH + 1,
};

// Fill in the name of this boot, in small letters. -FAULT_NO_BOOT: it cannot be read in /proc.
int bootid_read(char out[static BOOTID_ROOM]);

// Take such a name from the start of *text, with letters of either case, and move *text behind it.
// -EINVAL: there is none.
int bootid_take(const char **text, char out[static BOOTID_ROOM]);
