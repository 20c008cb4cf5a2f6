#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A command is held at each of its system calls once, and what it names changes hands meanwhile: the
# strangers that have the numbers then get no signal. `./dev torture` has more of it.

load helpers

# held KIND COMMAND...
held() {
	requires pidns linux:6.9 plain
	time_limit 300
	# shellcheck disable=SC2016
	run in_pidns 'windows "$@" 2>errors || cat errors >&2' "$@"
	printf '%s\n' "$output"
	assert_success
	read -r _ windows _ changed _ _ _ strangers _ left <<<"${lines[0]}"
	assert_equal "$strangers" 0
	assert_equal "$left" 0
	((changed > 0))
}

@test "at no system call of pfdkill -PGID does the group that gets the number count" {
	held group "$PFD_BINDIR/pfdkill" -r -s USR1 -- '-{PID}'
}

@test "at no system call of pfdkill -PGID does a later group count, where the leader had ended before" {
	held orphans "$PFD_BINDIR/pfdkill" -s USR1 -- '-{PID}'
}

@test "at no system call of pkill -P does the child of a later parent count" {
	held parent "$PFD_BINDIR/pkill" -USR1 -P '{PID}'
}

@test "at no system call of pkill -g does a member of a later group count" {
	held group "$PFD_BINDIR/pkill" -USR1 -g '{PID}'
}

@test "at no system call of pkill -s does a member of a later session count" {
	held session "$PFD_BINDIR/pkill" -USR1 -s '{PID}'
}

@test "at no system call of pkill --ns does a process of a later namespace count" {
	held ns "$PFD_BINDIR/pkill" -USR1 --ns '{PID}' --nslist uts
}

@test "at no system call of pfdkill --in does a later process of that number inside count" {
	held inside "$PFD_BINDIR/pfdkill" --in '{INIT}' -s USR1 '{HANDLE}'
}

@test "at no system call of pfdkill pidfile:PATH does a later process of that number count" {
	held pidfile "$PFD_BINDIR/pfdkill" -s USR1 'pidfile:{FILE}'
}

@test "at no system call of pfdkill tcp:PORT does a later listener of that port count" {
	held port "$PFD_BINDIR/pfdkill" -s USR1 'tcp:{PORT}'
}

@test "at no system call of pfdkill lock:PATH does a later process of the same number count" {
	held lock "$PFD_BINDIR/pfdkill" -s USR1 'lock:{LOCK}'
}
