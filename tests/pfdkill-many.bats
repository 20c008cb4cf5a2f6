#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pfdkill with more targets than descriptors, and its cost.

load helpers

# herd_of N: N processes, their PIDs in the array $all; `end_herd` ends them.
herd_of() {
	mkfifo life
	exec 8<>life
	spawn -i life herd "$1"
	wait_for -t 60 file_has "$spawned_out" ready
	mapfile -t all < <(grep -v ready "$spawned_out")
	assert_equal "${#all[@]}" "$1"
}

end_herd() {
	echo >&8
}

under_limit() {
	local limit=$1
	shift
	(ulimit -n "$limit" && exec "$@")
}

# bats test_tags=kernel
@test "more targets than descriptors are signalled in rounds" {
	herd_of 300
	run --separate-stderr under_limit 20 "$PFD_BINDIR/pfdkill" -0 "${all[@]}"
	assert_success
	run --separate-stderr under_limit 20 "$PFD_BINDIR/pfdkill" -KILL "${all[@]}"
	assert_success
	refute_output
	assert_stderr ''
	wait_for is_dead "${all[@]}"
}

is_dead() {
	local pid
	for pid; do
		is_zombie "$pid" || is_gone "$pid" || return
	done
}

@test "each process counts once, even if it is named again in another round" {
	herd_of 50
	run --separate-stderr under_limit 20 "$PFD_BINDIR/pfdkill" --json -WINCH "${all[@]}" "${all[@]}"
	assert_success
	assert_equal "${#lines[@]}" 50
	assert_stderr ''
	end_herd
}

@test "a dead process among many is reported as dead and gets no signal" {
	herd_of 150
	mkfifo hold
	exec 9<>hold
	spawn_ready -i hold zombie true
	local zombie
	zombie=$(head -n 1 "$spawned_out")
	run --separate-stderr "$PFD_BINDIR/pfdkill" --json -WINCH \
		"${all[@]:0:100}" "$zombie" "${all[@]:100}"
	assert_success
	assert_equal "$(grep -c '"result":"sent"' <<<"$output")" 150
	assert_line --regexp "\"pid\":$zombie,.*\"result\":\"dead\""
	exec 9>&-
	end_herd
}

@test "for ascending PIDs, three system calls per process are enough" {
	requires strace plain
	herd_of 100
	mapfile -t all < <(printf '%s\n' "${all[@]}" | sort -n)
	strace -o calls "$PFD_BINDIR/pfdkill" -WINCH "${all[@]}"
	local count
	count=$(sed -n '/pidfd_open/,$p' calls | wc -l)
	((count >= 300 && count <= 320)) || fail "$count calls"
	end_herd
}

@test "processes and the groups they lead are signalled in the same rounds" {
	local i leaders=()
	for i in {1..12}; do
		spawn setsid sleep 1000
		leaders+=("$spawned")
		wait_for leads_a_group "$spawned"
	done
	run --separate-stderr under_limit 12 timeout -s KILL 60 "$PFD_BINDIR/pfdkill" --json -WINCH -- \
		"${leaders[@]}" "${leaders[@]/#/-}"
	assert_success
	assert_equal "${#lines[@]}" 24
	assert_equal "$(grep -c '"result":"sent"' <<<"$output")" 24
	assert_stderr ''
}

leads_a_group() {
	[[ $(ps -o pgid= -p "$1") -eq $1 ]]
}

# bats test_tags=kernel
@test "few descriptors are enough for names and groups" {
	local i name=pfdm$BASHPID
	spawn setsid bash -c 'for i in {1..30}; do sleep 1000 & done; echo ready; wait'
	wait_for has_line "$spawned_out"
	run --separate-stderr under_limit 16 "$PFD_BINDIR/pfdkill" --dry-run -- "-$spawned"
	assert_success
	assert_equal "${#lines[@]}" 32
	run --separate-stderr under_limit 16 "$PFD_BINDIR/pfdkill" -KILL -- "-$spawned"
	assert_success
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		spawn_ready named "$name"
	done
	run --separate-stderr under_limit 14 "$PFD_BINDIR/pfdkill" --json -KILL "$name"
	assert_success
	assert_equal "${#lines[@]}" 20
	assert_stderr ''
}

@test "the soft limit is raised when many processes are waited for" {
	herd_of 300
	run --separate-stderr bash -c 'ulimit -Sn 64; exec "$PFD_BINDIR/pfdkill" --wait -KILL "$@"' \
		sh "${all[@]}"
	assert_success
	refute_output
	assert_stderr ''
	is_dead "${all[@]}"
}

@test "more targets to wait for than the hard limit allows are rejected before any signal is sent" {
	herd_of 60
	run --separate-stderr under_limit 40 "$PFD_BINDIR/pfdkill" --wait -KILL "${all[@]}"
	assert_equal "$status" 3
	refute_output
	[[ $stderr =~ ^'pfdkill: more targets to wait for than descriptors: only '[0-9]+' can be held (ulimit -Hn); no process was signalled'$ ]] ||
		fail "$stderr"
	run --separate-stderr under_limit 40 "$PFD_BINDIR/pfdkill" --timeout 1ms KILL "${all[@]}"
	assert_equal "$status" 3
	run_tool -0 pfdkill -0 "${all[@]}"
	end_herd
}

@test "a group with more members than can be held is rejected before any signal is sent" {
	spawn setsid bash -c 'for i in {1..40}; do sleep 1000 & done; echo ready; wait'
	wait_for has_line "$spawned_out"
	run --separate-stderr under_limit 24 "$PFD_BINDIR/pfdkill" --deadline 1s -KILL -- "-$spawned"
	assert_equal "$status" 3
	assert_stderr_has 'no process was signalled'
	run_tool -0 pfdkill -0 "$spawned"
	run_tool -0 pfdkill -KILL -- "-$spawned"
}

@test "there is no polling, and /proc is not used after all are held" {
	requires strace
	spawn_ready sigecho -x 10
	local first=$spawned
	spawn_ready stubborn
	strace -f -o calls -e trace=epoll_wait,epoll_pwait,poll,ppoll,nanosleep,clock_nanosleep,pidfd_send_signal,openat,open,newfstatat,readlink,readlinkat \
		"$PFD_BINDIR/pfdkill" -USR1 --timeout 300ms KILL --wait "$first" "$spawned"
	# the end of the first, the deadline (with one check whether any is gone by now), the end of
	# the second (two of these can be one event)
	local waits
	waits=$(grep -c epoll_ calls)
	((waits >= 2 && waits <= 4)) || fail "$waits waits"
	run grep -cE 'nanosleep' calls
	assert_output 0
	run grep '/proc' calls
	refute_output --regexp 'proc/[0-9]'
	# after the first signal there are only waits, signals, and a poll without waiting for the
	# state of a handle that has ended
	run sed '1,/pidfd_send_signal/d; /pidfd_send_signal\|epoll_\|SIG\|+++ \|, 1, 0) = /d' calls
	refute_output
}

@test "one plain target needs no /proc, no locale and three system calls" {
	requires strace plain
	spawn_ready sigecho
	strace -o calls "$PFD_BINDIR/pfdkill" -USR1 "$spawned"
	run grep -E '/proc|locale|ld.so.preload.*= [0-9]' calls
	refute_output
	run grep -c "pidfd_open($spawned" calls
	assert_output 1
	assert_equal "$(grep -c 'pidfd_send_signal(' calls)" 1
	run grep -E 'epoll|timerfd|prlimit.*NOFILE|fstatfs' calls
	refute_output
}

@test "for many names /proc is opened once" {
	requires strace
	strace -o log -e trace=open,openat "$PFD_BINDIR/pfdkill" -0 "$(own)a" "$(own)b" "$(own)c" || true
	assert_equal "$(grep -c '"/proc"' log)" 1
}

@test "the memory does not grow with the rounds, and only little with the targets" {
	requires plain fds:200 python3
	herd_of 3000
	# shellcheck disable=SC2016
	run bash -c 'ulimit -n 64; exec python3 -c "
import resource, subprocess, sys
pids = sys.argv[2:]
for n in 100, 3000:
    subprocess.run([sys.argv[1], \"-CHLD\"] + pids[:n], check=True)
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
" "$PFD_BINDIR/pfdkill" "$@"' sh "${all[@]}"
	assert_success
	echo "$output kB"
	# 256 bytes for each target
	((lines[1] - lines[0] < 3000 / 4 + 200))
	end_herd
}
