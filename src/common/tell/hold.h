// SPDX-License-Identifier: GPL-2.0-or-later
// hold.h: hold what a target names, and print the warnings about it.
#pragma once

#include "handle/pidns.h"
#include "handle/pidref.h"
#include "target/cgroup.h"
#include "target/each.h"
#include "target/target.h"

// target_open; its warnings are printed with the target.
int hold_target(const struct target *t, struct pidref *out);

// target_open_each; its warnings are printed with the target. If a unit has several cgroups, each
// is named.
int hold_each(const struct target *t, target_found *call, void *data);

// cgroup_open, in the same way.
int hold_cgroup(const struct target *t, struct cgroup *out);

// inside_begin for --in; its warnings are printed with the target, and if it fails, this exits with
// a message. Whether it is another namespace than ours.
bool hold_inside(struct pidns *out, const struct target *t);
