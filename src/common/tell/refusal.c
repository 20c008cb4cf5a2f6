// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "base/escape.h"
#include "handle/pidread.h"
#include "tell/refusal.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { OVERFLOW_UID = 65534 }; // shown for a user that has no UID in our user namespace

const char *refusal_user(char buf[static REFUSAL_STRMAX], uid_t uid)
{
	const struct passwd *user = getpwuid(uid);

	if (user)
		return escape_format(buf, REFUSAL_STRMAX, user->pw_name, strlen(user->pw_name));
	snprintf(buf, REFUSAL_STRMAX, "%u", (unsigned)uid);
	return buf;
}

static const char *belongs_to(char buf[static REFUSAL_STRMAX], uid_t owner)
{
	const struct passwd *user = getpwuid(owner);
	char name[64];

	if (user)
		snprintf(buf, REFUSAL_STRMAX, "not permitted: it belongs to %s",
			escape_format(name, sizeof(name), user->pw_name, strlen(user->pw_name)));
	else
		snprintf(buf, REFUSAL_STRMAX, "not permitted: it belongs to uid %u",
			(unsigned)owner);
	return buf;
}

const char *refusal_phrase(char buf[static REFUSAL_STRMAX], const uid_t *owner)
{
	bool root = geteuid() == 0;

	if (root && owner && *owner == OVERFLOW_UID)
		return "not permitted: it is outside our user namespace, or a sandbox refuses it";
	if (owner && (geteuid() == *owner || getuid() == *owner))
		return "not permitted: a sandbox refuses it (Landlock, seccomp or a security module)";
	// for root only a sandbox or a missing capability remains
	if (root)
		return "not permitted: a sandbox refuses it (Landlock, seccomp, a security module), or "
		       "CAP_KILL is missing";
	return owner ? belongs_to(buf, *owner) : "not permitted";
}

const char *refusal_of(char buf[static REFUSAL_STRMAX], int error, const struct pidref *ref)
{
	uid_t owner;

	if (error != -EPERM)
		return strerror(-error);
	return refusal_phrase(buf, pidref_owner(ref, &owner) < 0 ? NULL : &owner);
}
