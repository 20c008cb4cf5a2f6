#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Copy this file to tests/SUBJECT.bats and list the copy in Makefile.am (BATS_TESTS). A test name is
# a sentence of the manual, without '#'. Check status, output and messages each time.

load helpers

@test "a signal reaches the process that was named" {
	spawn_ready sigecho
	run_tool -0 pfdkill -s USR1 "$spawned"
	refute_output
	assert_stderr ''
	wait_for file_has "$spawned_out" '^10 '
}

@test "a signal is not sent to a process that has reused the PID" {
	requires pidns
	# shellcheck disable=SC2016
	run in_pidns '
		sleep 60 & victim=$!
		handle=$victim:$(inode_of $victim)
		finish $victim
		recycle $victim -- sigecho log >number &
		wait_for has_line number
		wait_for catches $victim 10
		tool pfdkill $handle || echo status $?
		cat log'
	assert_line --partial "recycled: that process is gone"
	assert_line "status 1"
	refute_line --regexp "code="
}
