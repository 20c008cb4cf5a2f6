#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# 20,000 PIDs are recycled while our programs signal. `./dev torture` makes it a million.

load helpers

# torture_with LEAST COMMAND...: no bystander may be hit, and at least LEAST of the targets must be
# (0 if all of them may be gone in time on a busy machine).
torture_with() {
	local least=$1
	shift
	requires pidns linux:6.9 plain
	time_limit 300
	# shellcheck disable=SC2016
	run in_pidns 'torture 20000 "$@"' "$@"
	printf '%s\n' "$output"
	assert_success
	read -r _ runs _ recycles _ wanted _ bystanders <<<"${lines[0]}"
	assert_equal "$bystanders" 0
	((recycles >= 20000 && runs > 0 && wanted >= least))
}

@test "pfdkill PID:INODE hits no bystander while 20,000 PIDs are recycled" {
	torture_with 1 "$PFD_BINDIR/pfdkill" -s USR1 '{HANDLE}' '{HANDLE}' '{HANDLE}' '{HANDLE}' '{HANDLE}' '{HANDLE}'
}

@test "pwait --kill hits no bystander while 20,000 PIDs are recycled" {
	torture_with 0 "$PFD_BINDIR/pwait" --timeout 1ms --kill USR1 '{HANDLE}' '{HANDLE}' '{HANDLE}' '{HANDLE}'
}

@test "pkill hits no bystander while 20,000 PIDs are recycled" {
	requires libproc2
	torture_with 1 "$PFD_BINDIR/pkill" -USR1 -x wanted
}
