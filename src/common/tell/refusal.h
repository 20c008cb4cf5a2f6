// SPDX-License-Identifier: GPL-2.0-or-later
// refusal.h: the reason why a signal was not permitted.
#pragma once

#include "handle/pidref.h"

enum { REFUSAL_STRMAX = 128 };

// The name of the user, escaped, or the number if it has none. Written to buf; returns buf.
const char *refusal_user(char buf[static REFUSAL_STRMAX], uid_t uid);

// Why the kernel returned -EPERM for a process whose real user is *owner (NULL: not known), as in
// "not permitted: it belongs to root". The kernel permits signals by root and by the owner; if we
// are one of them, a sandbox refused. Written to buf, escaped; returns buf.
const char *refusal_phrase(char buf[static REFUSAL_STRMAX], const uid_t *owner);

// The text for pidref_signal's `error` about the process *ref: the above for -EPERM, otherwise
// strerror(3).
const char *refusal_of(char buf[static REFUSAL_STRMAX], int error, const struct pidref *ref);
