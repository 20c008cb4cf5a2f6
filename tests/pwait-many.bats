#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pwait with very many targets.

load helpers
load pwait

@test "pwait waits for 3000 targets with a soft limit of 256 descriptors" {
	requires fds:3100 linux:6.15
	herd_of 3000
	ulimit -Sn 256
	start pwait -v "${pids[@]}"
	wait_for -t 60 waits "$waiter"
	order
	result
	assert_equal "$status" 0
	assert_equal "$(sort -n <<<"$output")" "$(
		for i in "${!pids[@]}"; do
			echo "${pids[i]}: exited with status $((i % 256))."
		done | sort -n
	)"
}

@test "a target that names many processes needs no more descriptors than these" {
	requires flock
	touch file
	# shellcheck disable=SC2016
	spawn_ready bash -c 'exec 9<file; flock 9; for i in {1..32}; do sleep 1000 & done; echo ready; wait'
	# some may be inherited
	run bash -c 'open=(/proc/$$/fd/*); ulimit -n $((44 + ${#open[@]}))
		exec "$PFD_BINDIR/pwait" --nohang -p "lock:$PWD/file"' 3>&-
	assert_equal "$status" 124
	assert_equal "${#lines[@]}" 33
	run bash -c 'ulimit -n 32; exec "$PFD_BINDIR/pwait" --nohang "lock:$PWD/file"' 3>&-
	assert_equal "$status" 3
	assert_output 'pwait: more targets than descriptors: the limit is 32 (ulimit -Hn)'
}

@test "if 15000 processes end at once, none is missed" {
	time_limit 240
	requires fds:15100 linux:6.15 plain
	(($(</proc/sys/kernel/pid_max) > 20000)) || skip "too few process numbers"
	herd_of 15000
	start pwait -v "${pids[@]}"
	wait_for -t 60 waits "$waiter"
	local before rss
	while IFS=$':\t ' read -r key rss _; do
		[[ $key != VmData ]] || break
	done <"/proc/$waiter/status"
	echo "$rss kB of data"
	# 64 bytes per target besides a pidref (24), and what every program needs (under 500 kB)
	((rss * 1024 < 15000 * 88 + 500000))
	order
	result
	assert_equal "$status" 0
	[[ $(sort -n <<<"$output") == "$(
		for i in "${!pids[@]}"; do
			echo "${pids[i]}: exited with status $((i % 256))."
		done | sort -n
	)" ]]
}
