// SPDX-License-Identifier: GPL-2.0-or-later
// refusal.h: what to say of a signal that may not be sent: who refused it.
#pragma once

#include "handle/pidref.h"

enum { REFUSAL_STRMAX = 128 };

// Why the kernel answered -EPERM for a process whose real user is *owner (NULL: not known), as in
// "not permitted: it belongs to root". The kernel lets root and the owner signal a process; where
// we are one of them a sandbox refused. Written into buf, escaped; returns buf.
const char *refusal_phrase(char buf[static REFUSAL_STRMAX], const uid_t *owner);

// What to say of pidref_signal's `error` about the process *ref: the above for -EPERM, else
// strerror(3).
const char *refusal_of(char buf[static REFUSAL_STRMAX], int error, const struct pidref *ref);
