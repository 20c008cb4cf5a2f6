#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pfdkill and pkill: those that are still there at the deadline, --continue and --progress.

load helpers

# handler: spawn a process that writes a line for each TERM, and ends at the second.
handler() {
	cat >handler <<-"END"
		#!/bin/bash
		trap 'echo term; [[ -z ${again-} ]] || exit 3; again=1' TERM
		echo ready
		while :; do read -r -t 1000 <>fifo; done
	END
	chmod +x handler
	[[ -e fifo ]] || mkfifo fifo
	spawn_ready ./handler
	# a signal just before bash waits would be handled only after the wait
	wait_for waits "$spawned"
}

terms() {
	[[ $(grep -c term "$spawned_out") == "$1" ]]
}

@test "a survivor is named with the reason if it is known" {
	spawn_ready stubborn
	run_tool -124 pfdkill --deadline 10ms "$spawned"
	assert_stderr "pfdkill: $spawned: survived TERM: it ignores the signal"
	finish "$spawned"
	handler
	run_tool -124 pfdkill --deadline 200ms "$spawned"
	assert_stderr "pfdkill: $spawned: survived TERM"
	kill -STOP "$spawned"
	wait_for is_stopped "$spawned"
	run_tool -124 pfdkill --deadline 10ms "$spawned"
	assert_stderr "pfdkill: $spawned: survived TERM: it is stopped, the signal stays pending until it continues"
}

@test "pkill names a survivor with the reason too" {
	requires libproc2
	spawn_ready named "s$$"
	kill -STOP "$spawned"
	run_tool -124 pkill -HUP --deadline 10ms -x "s$$"
	kill -CONT "$spawned"
	# the default action of HUP ends also a stopped process, when it continues
	assert_stderr "pkill: $spawned (s$$): survived HUP: it is stopped, the signal stays pending until it continues"
}

@test "--json has the reason" {
	requires jq
	spawn_ready stubborn
	run_tool -124 pfdkill --json --deadline 10ms "$spawned"
	assert_equal "$(jq -r '"\(.result) \(.reason)"' <<<"$output")" 'survived it ignores the signal'
}

@test "a survivor whose control group is frozen is named so" {
	requires root
	local mount=/sys/fs/cgroup
	[[ -e $mount/cgroup.procs ]] || mount+=/unified
	local folder=$mount/pidfd-utils-survivors-$$
	mkdir "$folder" 2>/dev/null || skip "no cgroup v2 can be made here"
	handler
	echo "$spawned" >"$folder/cgroup.procs"
	echo 1 >"$folder/cgroup.freeze"
	wait_for file_has "$folder/cgroup.events" 'frozen 1'
	run_tool pfdkill --deadline 10ms "$spawned"
	echo 0 >"$folder/cgroup.freeze"
	finish "$spawned"
	wait_for rmdir "$folder"
	assert_equal "$status" 124
	assert_stderr "pfdkill: $spawned: survived TERM: its control group is frozen, the signal stays pending until it is thawed"
}

@test "--continue: the handlers of stopped processes run, after each signal" {
	handler
	kill -STOP "$spawned"
	wait_for is_stopped "$spawned"
	run_tool -0 pfdkill --continue --verbose "$spawned"
	assert_line --regexp ': sent TERM and CONT$'
	wait_for terms 1
	wait_for waits "$spawned"
	kill -STOP "$spawned"
	wait_for is_stopped "$spawned"
	run_tool -0 pfdkill --continue --wait "$spawned"
	terms 2
}

@test "--continue: a process that is not stopped gets no CONT, nor one after a signal that stops" {
	spawn_ready sigecho
	run_tool -0 pfdkill --continue -USR1 "$spawned"
	run_tool -0 pfdkill --continue -STOP "$spawned"
	wait_for is_stopped "$spawned"
	run_tool -0 pfdkill --continue -STOP "$spawned"
	run_tool -0 pfdkill --continue -0 "$spawned"
	is_stopped "$spawned"
	refute grep -q "^$(kill -l CONT) " "$spawned_out"
	run_tool -0 pfdkill --continue -USR2 "$spawned"
	wait_for file_has "$spawned_out" "^$(kill -l CONT) "
}

@test "--continue continues the stopped members of groups and trees" {
	requires linux:6.9
	local how
	for how in '-- -PID' '--deadline 30s -- -PID' '--tree PID' '--tree --deadline 30s PID' '--group PID'; do
		handler_pair
		# shellcheck disable=SC2086
		run_tool -0 pfdkill --continue ${how//PID/$leader}
		wait_for file_has "$spawned_out" 'term member'
		wait_for file_has "$spawned_out" 'term leader'
		wait_for ended "$member"
	done
}

ended() {
	is_zombie "$1" || is_gone "$1"
}

# handler_pair: a stopped leader of a group, and its stopped child, $leader and $member.
handler_pair() {
	cat >pair <<-"END"
		#!/bin/bash
		trap "echo term ${1-leader}; exit 0" TERM
		[[ -n ${1-} ]] || { "$0" member & }
		echo "$$" >"pid.${1-leader}"
		while :; do read -r -t 1000 <>fifo; done
	END
	chmod +x pair
	rm -f pid.*
	[[ -e fifo ]] || mkfifo fifo
	spawn setsid ./pair
	wait_for has_line pid.member
	wait_for has_line pid.leader
	leader=$(<pid.leader) member=$(<pid.member)
	wait_for waits "$member"
	wait_for waits "$leader"
	kill -STOP "$member" "$leader"
	wait_for is_stopped "$member"
	wait_for is_stopped "$leader"
}

others_stopped() {
	local task
	for task in /proc/"$1"/task/*; do
		[[ ${task##*/} == "$1" || $(<"$task/stat") == *') T '* ]] || return 1
	done
}

@test "--continue continues a process whose first thread has ended" {
	local how
	for how in '' --tree; do
		spawn_ready odd leader
		wait_for is_zombie "$spawned"
		kill -STOP "$spawned"
		wait_for others_stopped "$spawned"
		# shellcheck disable=SC2086
		run_tool -0 pfdkill --continue --deadline 20s --verbose $how "$spawned"
		assert_output --partial 'sent TERM and CONT'
	done
}

@test "pkill --continue does the same" {
	requires libproc2
	handler
	kill -STOP "$spawned"
	wait_for is_stopped "$spawned"
	run_tool -0 pkill --continue -p "$spawned"
	wait_for terms 1
}

@test "--progress shows on a terminal which are left, and is silent elsewhere" {
	requires script libproc2
	spawn_ready stubborn
	local tool
	for tool in "pfdkill $spawned" "pkill -p $spawned"; do
		# shellcheck disable=SC2086
		run env TERM=vt100 script -qec "$PFD_BINDIR/${tool%% *} --progress --deadline 400ms ${tool#* }" /dev/null
		assert_output --partial "0/1 gone 00:00 waiting for $spawned (stubborn)"
		assert_output --partial 'it ignores the signal'
	done
	run_tool -124 pfdkill --progress --deadline 10ms "$spawned"
	assert_stderr "pfdkill: $spawned: survived TERM: it ignores the signal"
}
