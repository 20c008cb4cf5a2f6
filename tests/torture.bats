#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Thousands of PIDs are recycled while our programs signal. `./dev torture` makes it a million of each
# kind.

load helpers

# torture_with COUNT LEAST COMMAND...: COUNT PIDs are recycled, no bystander may be hit, and LEAST
# of those that are meant have to be (0 where all of them may be gone in time on a busy machine).
torture_with() {
	local count=$1 least=$2
	shift 2
	requires pidns linux:6.9 plain
	time_limit 300
	# shellcheck disable=SC2016
	run in_pidns 'torture "$@"' "$count" "$@"
	printf '%s\n' "$output"
	assert_success
	read -r _ runs _ recycles _ wanted _ bystanders <<<"${lines[0]}"
	assert_equal "$bystanders" 0
	((recycles >= count && runs > 0 && wanted >= least))
}

@test "pfdkill PID:INODE hits no bystander while 20,000 PIDs are recycled" {
	torture_with 20000 1 "$PFD_BINDIR/pfdkill" -s USR1 '{HANDLE}' '{HANDLE}' '{HANDLE}' '{HANDLE}' '{HANDLE}' '{HANDLE}'
}

@test "pwait --kill hits no bystander while 20,000 PIDs are recycled" {
	torture_with 20000 0 "$PFD_BINDIR/pwait" --timeout 1ms --kill USR1 '{HANDLE}' '{HANDLE}' '{HANDLE}' '{HANDLE}'
}

@test "pkill hits no bystander while 20,000 PIDs are recycled" {
	torture_with 20000 1 "$PFD_BINDIR/pkill" -USR1 -x wanted
}

@test "--tree hits no bystander while the numbers of roots and members are recycled" {
	torture_with 5000 1 tree "$PFD_BINDIR/pfdkill" --tree -s USR1 '{HANDLE}'
}

@test "--group hits no bystander while the numbers of groups and members are recycled" {
	torture_with 5000 1 group "$PFD_BINDIR/pfdkill" --group -r -s USR1 '{HANDLE}'
}

@test "pkill -g hits no bystander while the numbers of groups and members are recycled" {
	torture_with 5000 1 group "$PFD_BINDIR/pkill" -USR1 -g '{HANDLE}'
}

@test "pkill -s hits no bystander while the numbers of sessions and members are recycled" {
	torture_with 5000 1 session "$PFD_BINDIR/pkill" -USR1 -s '{HANDLE}'
}

@test "pkill -P hits no bystander while the numbers of parents and children are recycled" {
	torture_with 5000 1 parent "$PFD_BINDIR/pkill" -USR1 -P '{HANDLE}'
}

@test "pkill --ns hits no bystander while the numbers of processes and namespaces are recycled" {
	torture_with 5000 1 ns "$PFD_BINDIR/pkill" -USR1 --ns '{HANDLE}' --nslist uts
}

@test "pfdkill --in hits no bystander while the numbers inside are recycled" {
	torture_with 5000 1 inside "$PFD_BINDIR/pfdkill" --in '{INIT}' -s USR1 '{HANDLE}' '{HANDLE}'
}

@test "pfdkill pidfile:PATH hits no bystander while the numbers in pidfiles are recycled" {
	torture_with 5000 1 pidfile "$PFD_BINDIR/pfdkill" -s USR1 'pidfile:{FILE}'
}
