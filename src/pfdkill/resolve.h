// SPDX-License-Identifier: GPL-2.0-or-later
// resolve.h: from the operands of pfdkill to the batch. Only for resolve.c and its parts.
#pragma once

#include "pfdkill/find.h"
#include "pfdkill/pfdkill.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdnoreturn.h>

// ---- resolve-add.c ----

// Exit with the message for an error of the target.
noreturn void resolve_die(const char *target, int error);

// target_open in the namespace of --in, with the warnings printed.
int resolve_hold(const struct job *job, const struct target *t, struct pidref *ref);

// Whether `pgid` is our own process group.
bool resolve_is_own_group(const struct job *job, pid_t pgid);

// Whether the group must be handled member by member even if it has a handle.
bool resolve_wants_members(const struct job *job, pid_t pgid);

// Add the process of *d, which is taken over, to the batch, unless it is there already. Exits if
// that fails.
void resolve_add(struct job *job, struct operand *o, struct delivery *d);

// Report an outcome of the operand for which no process is held.
void resolve_decide_unheld(struct job *job, struct operand *o, enum pidref_scope scope,
	enum outcome outcome, int error);

// The search for the processes of an operand.
struct resolve_search {
	struct job *job;
	struct operand *operand;
	size_t group; // 1 + the index of the group whose members they are; 0: none
};

// Add a process that was found, which is taken over; `data` is a struct resolve_search. 0 or an
// error of the batch.
int resolve_take_found(struct pidref *ref, void *data);

// Search for the processes of the operand and add them. Exits if that fails.
void resolve_find(struct resolve_search *s, const struct query *query);

// ---- resolve-group.c ----

// Add the group `pgid`, in the numbers of --in: as a whole, or member by member.
void resolve_group(struct job *job, struct operand *o, pid_t pgid);

// Add the group that a held process leads, for --group. The handle is taken over.
void resolve_led(struct job *job, struct operand *o, struct pidref *leader);
