#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A sample of `./dev sweep`, which makes every system call and every allocation of some twenty
# command lines of each program fail, one per run.

load helpers

# sample PROGRAM: some faults of each command line, always the same ones.
sample() {
	requires pidns strace python3 linux:6.14 plain
	[[ -e $PFD_HELPERS/faults.so ]] || skip "faults.so was not built"
	LD_PRELOAD=$PFD_HELPERS/faults.so "$PFD_BINDIR/$1" --version >/dev/null 2>&1 ||
		skip "faults.so does not go with this C library"
	time_limit 300
	run "$PFD_SRCDIR/tools/sweep" --quick=4 "$1" 3>&-
	echo "$output"
	assert_success
	assert_line --regexp "^$1: [0-9]+ command lines, [0-9]+ calls, [0-9]+ runs of [0-9]+, 0 problems$"
}

@test "no call that fails makes kill crash, hang, hit a bystander or lose an outcome in silence" {
	sample kill
}

@test "no call that fails makes pfdkill crash, hang, hit a bystander or lose an outcome in silence" {
	sample pfdkill
}

@test "no call that fails makes pgrep crash, hang, hit a bystander or lose an outcome in silence" {
	sample pgrep
}

@test "no call that fails makes pidwait crash, hang, hit a bystander or lose an outcome in silence" {
	sample pidwait
}

@test "no call that fails makes pkill crash, hang, hit a bystander or lose an outcome in silence" {
	sample pkill
}

@test "no call that fails makes pwait crash, hang, hit a bystander or lose an outcome in silence" {
	sample pwait
}

@test "no call that fails makes waitpid crash, hang, hit a bystander or lose an outcome in silence" {
	sample waitpid
}
