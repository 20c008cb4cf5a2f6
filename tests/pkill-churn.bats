#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pkill while processes are born and recycled as fast as possible: no bystander is signalled.

load helpers

# churn COMMAND... where there are few numbers, for PFD_CHURN seconds. A long run:
#	make -C build/test check TESTS=tests/pkill-churn.bats PFD_CHURN=60
churn_in_few_numbers() {
	# shellcheck disable=SC2016
	run in_pidns '
		{ echo 400 >/proc/sys/kernel/pid_max; } 2>/dev/null || echo 32000 >/proc/sys/kernel/ns_last_pid
		churn "$@"' "${PFD_CHURN:-8}" "$@"
	printf '%s\n' "$output"
	assert_success
	read -r _ runs _ births _ wanted _ bystanders <<<"$output"
}

@test "with 400 PIDs that are recycled all the time, pkill hits no bystander" {
	requires pidns
	churn_in_few_numbers "$PFD_BINDIR/pkill" -USR1 -x wanted
	assert_equal "$bystanders" 0
	((runs > 10 && births > 1000))
	((wanted > 10))
}
