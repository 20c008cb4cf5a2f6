// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"

#include "target/inside.h"
#include "target/notes.h"
#include "tell/hold.h"
#include "tell/message.h"
#include "tell/refusal.h"

static void tell_notes(const struct target *t, unsigned notes)
{
	const char *note;

	while ((note = note_take(&notes)))
		message_about(t->text, "%s", note);
}

static int tell_unit(const char *path, void *data)
{
	const struct target *t = data;

	message_about(t->text, "it can be cgroup:%s", path);
	return 0;
}

// Name all cgroups that a unit can be.
static void tell_choice(const struct target *t, int error)
{
	char unit[TARGET_UNIT_MAX];
	struct target copy = *t;

	if (error == -FAULT_SEVERAL_UNITS)
		cgroup_units(target_unit(unit, t), tell_unit, &copy);
}

int hold_target(const struct target *t, struct pidref *out)
{
	unsigned notes = 0;

	int r = target_open_noting(t, out, &notes);
	tell_notes(t, notes);
	return r;
}

int hold_each(const struct target *t, target_found *call, void *data)
{
	struct found f = {.call = call, .data = data};
	char user[REFUSAL_STRMAX];
	unsigned notes = 0;

	int r = target_open_each(t, &f, &notes);
	tell_notes(t, notes);
	tell_choice(t, r);
	if (r == -FAULT_HELD && f.owner != (uid_t)-1)
		message_about(t->text, "held by user %s", refusal_user(user, f.owner));
	return r;
}

int hold_cgroup(const struct target *t, struct cgroup *out)
{
	int r = cgroup_open(out, t);

	tell_choice(t, r);
	return r;
}

bool hold_inside(struct pidns *out, const struct target *t)
{
	unsigned notes = 0;
	const char *why;

	int r = inside_begin(out, t, &notes, &why);
	tell_notes(t, notes);
	if (r < 0) {
		message_about(t->text, "%s", why);
		message_exit(message_status(target_status(r)));
	}
	return !r;
}
