#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --in TARGET: numbers as they are seen inside of another pid namespace.

load helpers

# box [-u]: a container-like namespace, with another one in it. $box is its PID 1 by the number
# that it has here, $nested the PID 1 of the second. In each PID 7 is a sigecho, which writes to
# seven.1 and seven.2; in the second a process group of its own is called $inmate. With -u all
# of it is a user's own, made by `as_user`.
box() {
	requires pidns linux:5.8
	local as=() flags=("${PIDNS_FLAGS[@]}")
	inmate=in$BATS_TEST_NUMBER-$RANDOM
	touch seven.1 seven.2 inmate
	if [[ ${1-} == -u ]]; then
		as=(as_user)
		flags=(--user --map-root-user --pid --fork --mount-proc --kill-child)
		as_user unshare "${flags[@]}" true 2>/dev/null ||
			skip "an ordinary user cannot make a namespace here"
		chmod a+w seven.1 seven.2 inmate
		public_copy
	fi
	cat >seven <<-'SCRIPT'
		echo 6 >/proc/sys/kernel/ns_last_pid
		sigecho >"seven.$1" &
		[[ $! == 7 ]] || exit
		if [[ $1 == 1 ]]; then
			unshare --pid --fork --mount-proc --kill-child bash ./seven 2 "$2" &
		else
			set -m
			named "$2" >inmate &
			for file in seven.1 seven.2 inmate; do
				until read -r line <"$file"; do sleep 0.05; done
			done
			echo ready
		fi
		wait
		exec sleep 1000
	SCRIPT
	spawn "${as[@]}" unshare "${flags[@]}" bash ./seven 1 "$inmate"
	wait_for -t 60 has_line "$spawned_out"
	box=$(child_of "$(child_of "$spawned" unshare || echo "$spawned")")
	nested=$(child_of "$(child_of "$box" unshare)")
	[[ $box && $nested ]]
}

# child_of PID [NAME]: a child of it, of that name.
child_of() {
	local pid name
	while read -r pid name; do
		[[ $name == "${2-$name}" ]] || continue
		echo "$pid"
		return
	done < <(ps -o pid=,comm= --ppid "$1")
	return 1
}

# by_name NAME: the processes of that name, as numbers here.
by_name() {
	ps -o pid= -C "$1" | tr -d ' '
}

# bats test_tags=kernel
@test "PID 1 and PID 7 of a namespace, nested twice, are named by number" {
	box
	run_tool -0 pfdkill --in "$box" -s USR1 7
	refute_output
	assert_stderr ''
	wait_for file_has seven.1 '^10 '
	run_tool -0 pfdkill --in "$nested" -s USR2 7
	wait_for file_has seven.2 '^12 '
	assert_equal "$(wc -l <seven.1)" 2
	assert_equal "$(wc -l <seven.2)" 2
	run_tool -0 pfdkill --in "$nested" --wait -KILL 1
	wait_for is_gone "$nested"
	refute is_gone "$box"
	run_tool -0 pfdkill --in "$box" --wait -KILL 1
	wait_for is_gone "$box"
}

@test "an ordinary user reaches into a user namespace of his own" {
	box -u
	run -0 as_user pfdkill --in "$box" -s USR1 7 3>&-
	wait_for file_has seven.1 '^10 '
	run -0 as_user pfdkill --in "$nested" -s USR2 7 3>&-
	wait_for file_has seven.2 '^12 '
	run -0 as_user pfdkill --in "$nested" --wait "$inmate" 3>&-
	run -0 as_user pfdkill --in "$nested" --wait -KILL 1 3>&-
	refute is_gone "$box"
	run -0 as_user pfdkill --in "$box" --wait -KILL 1 3>&-
	wait_for is_gone "$box"
}

@test "messages and JSON have the numbers of our own namespace" {
	requires jq linux:6.9
	box
	local seven
	seven=$(tool pfdkill --pid --in "$box" 7)
	run_tool -0 pfdkill --in "$box" --verbose -s USR1 7
	assert_output "7 in $box: $seven (sigecho): sent USR1"
	run_tool -0 pfdkill --in "$box" --json -s USR1 7
	run -0 jq -r '"\(.pid) \(.name) \(.target) \(.handle)"' <<<"$output"
	assert_output "$seven sigecho 7 in $box $seven:$(inode_of "$seven")"
	run_tool -1 pfdkill --in "$box" 4000000
	assert_stderr "pfdkill: 4000000 in $box: no such process"
}

@test "an inode is compared inside, too" {
	requires linux:6.9
	box
	local inode
	inode=$(inode_of "$(tool pfdkill --pid --in "$nested" 7)")
	run_tool -0 pfdkill --in "$nested" -s USR2 "7:$inode"
	wait_for file_has seven.2 '^12 '
	run_tool -1 pfdkill --in "$box" -s USR2 "7:$inode"
	assert_stderr "pfdkill: 7:$inode in $box: recycled: that process is gone"
	assert_equal "$(cat seven.1)" ready
}

@test "a name is looked for inside only" {
	box
	spawn_ready named "$inmate"
	run_tool -0 pfdkill --in "$nested" --wait --verbose "$inmate"
	assert_line --regexp "^$inmate in $nested: [0-9]+ \\($inmate\\): killed by signal 15"
	assert_equal "$(by_name "$inmate")" "$spawned"
	run_tool -1 pfdkill --in "$nested" "$inmate"
	assert_stderr "pfdkill: $inmate in $nested: no such process"
}

# bats test_tags=kernel
@test "-1 is everybody inside, and below, but its PID 1" {
	box
	run_tool -0 pfdkill --in "$nested" --pid -- -1
	local below=$output
	assert_equal "$(wc -l <<<"$below")" 2
	refute_line "$nested"
	run_tool -0 pfdkill --in "$box" --pid -- -1
	refute_line "$box"
	assert_line "$nested"
	assert_equal "$(grep -cxF "$below" <<<"$output")" 2
	run_tool -0 pfdkill --in "$nested" --wait -KILL -- -1
	refute is_gone "$nested"
}

@test "a process group inside is signalled, with its leader or without" {
	box
	local pid pgid
	pid=$(by_name "$inmate")
	pgid=$(awk '/^NSpgid:/ { print $NF }' "/proc/$pid/status")
	run_tool -0 pfdkill --in "$nested" --dry-run -KILL -- "-$pgid"
	assert_output -- "-$pgid in $nested: $pid ($inmate): would get KILL"
	run_tool -0 pfdkill --in "$nested" --wait -- "-$pgid"
	wait_for is_gone "$pid"
	run_tool -1 pfdkill --in "$nested" -- "-$pgid"
	assert_stderr "pfdkill: -$pgid in $nested: no such process group"
}

@test "what has no number in it is found as without --in" {
	requires linux:6.5
	box
	spawn_ready listener x.sock
	run_tool -0 pfdkill --in "$box" --wait -v unix:x.sock 7
	assert_equal "$status" 0
}

@test "in our own namespace --in changes nothing" {
	sleeper
	run_tool -0 pfdkill --in "$$" --verbose "$spawned"
	assert_output --partial "$spawned in $$: $spawned (sleep): sent TERM"
}

@test "no helper is left behind, no namespace of ours is changed" {
	box
	spawn "$PFD_BINDIR/pfdkill" --in "$box" --wait -s USR1 7
	wait_for file_has seven.1 '^10 '
	run -1 child_of "$spawned"
	local kind
	for kind in pid pid_for_children mnt user; do
		assert_equal "$(readlink "/proc/$spawned/ns/$kind")" "$(readlink "/proc/self/ns/$kind")"
	done
}

@test "the helper dies with us" {
	requires strace
	box
	spawn strace -f -o trace -e trace=unshare -e inject=unshare:signal=STOP \
		"$PFD_BINDIR/pfdkill" --in "$box" "$inmate"
	wait_for file_has trace 'stopped by SIGSTOP'
	local us outer inner
	us=$(child_of "$spawned")
	outer=$(child_of "$us")
	inner=$(child_of "$outer")
	[[ $(<"/proc/$inner/comm") == pfdkill ]]
	kill -KILL "$us"
	wait_for is_gone "$outer"
	wait_for is_gone "$inner"
}

@test "who ends the helper is told of" {
	requires strace
	box
	run -3 strace -f -o /dev/null -e inject=unshare:signal=KILL \
		"$PFD_BINDIR/pfdkill" --in "$box" "$inmate"
	assert_output "pfdkill: $inmate in $box: its pid namespace came to an end, or somebody killed our helper in it"
}

@test "a namespace that we have no right to is refused, naming what it takes" {
	requires root
	box
	run -3 as_user pfdkill --in "$box" 1 3>&-
	assert_output "pfdkill: $box: we may not enter its pid namespace: that takes CAP_SYS_ADMIN there, which root has and whoever made its user namespace"
	refute is_gone "$box"
}

@test "a namespace that is not below ours is refused" {
	requires root pidns linux:6.5
	spawn_ready listener x.sock
	# shellcheck disable=SC2016
	run in_pidns 'tool pfdkill --in unix:x.sock 1 || echo status $?'
	assert_line 'pfdkill: unix:x.sock: its pid namespace is not below ours, so its processes have no numbers here'
	assert_line 'status 3'
}

@test "a target of --in that is gone, or dead, leads nowhere" {
	run_tool -1 pfdkill --in 4000000 4000001
	assert_stderr 'pfdkill: 4000000: no such process'
	spawn_ready zombie true
	run_tool -1 pfdkill --in "$(head -n 1 "$spawned_out")" 4000001
	assert_stderr "pfdkill: $(head -n 1 "$spawned_out"): no such process"
}

@test "a kernel before 5.8 is told of by its number" {
	requires seccomp
	box
	run -3 old-kernel 5.7 "$PFD_BINDIR/pfdkill" --in "$box" 7
	assert_output "pfdkill: $box: entering a namespace through a pidfd needs Linux 5.8"
	run -3 old-kernel 5.7 "$PFD_BINDIR/pwait" --in "$box" 7
	assert_output "pwait: $box: entering a namespace through a pidfd needs Linux 5.8"
	run -0 old-kernel 5.8 "$PFD_BINDIR/pfdkill" --in "$box" -s USR1 7
	wait_for file_has seven.1 '^10 '
}

@test "where clone3 is hidden the helper is made without it" {
	requires seccomp
	box
	run -0 old-kernel clone3=ENOSYS "$PFD_BINDIR/pfdkill" --in "$box" -s USR1 7
	wait_for file_has seven.1 '^10 '
}

@test "without a /proc of the namespace numbers still work, names are refused" {
	requires strace
	box
	run -0 strace -f -o /dev/null -e inject=mount:error=EPERM \
		"$PFD_BINDIR/pfdkill" --in "$box" -s USR1 7
	wait_for file_has seven.1 '^10 '
	run -3 strace -f -o /dev/null -e inject=mount:error=EPERM \
		"$PFD_BINDIR/pfdkill" --in "$box" sigecho
	assert_output "pfdkill: sigecho in $box: we may not mount a /proc of that pid namespace to look into"
}

# bats test_tags=kernel
@test "pwait waits for numbers inside, and tells ours" {
	requires linux:6.9
	box
	local two
	two=$(tool pfdkill --pid --in "$nested" 7)
	run_tool -124 pwait --nohang -p --in "$box" 7
	assert_output "7 in $box"
	run_tool -0 pwait -v --in "$box" 4000000
	assert_output "4000000 in $box: gone, status unknown."
	assert_stderr "pwait: 4000000 in $box: no such process"
	spawn "$PFD_BINDIR/pwait" -v --in "$nested" 1 "7:$(inode_of "$two")"
	wait_for waits "$spawned"
	run -1 child_of "$spawned"
	run_tool -0 pfdkill --in "$nested" -KILL 1
	local ended='killed by signal 9 (KILL)'
	kernel_at_least 6.15 || ended="\($ended\|gone, status unknown\)"
	wait_for file_has "$spawned_out" "^$nested: $ended\.$"
	wait_for file_has "$spawned_out" "^$two: $ended\.$"
}

@test "pwait refuses what it cannot enter" {
	run_tool -1 pwait --in 4000000 1
	assert_stderr 'pwait: 4000000: no such process'
	run_tool -2 pwait --in nonsense 1
	assert_stderr "pwait: --in: 'nonsense': not a target; PID, PID:INODE, :INODE, fd:N and unix:PATH are (see 'pwait --help')"
	run_tool -2 pwait --in 1 -- true
	assert_stderr "pwait: --in does not go with a COMMAND (see 'pwait --help')"
	requires root
	box
	run -3 as_user pwait --in "$box" 1 3>&-
	assert_output --partial "pwait: $box: we may not enter its pid namespace"
}

@test "mistakes with --in are told with status 2" {
	run_tool -2 pfdkill --in nonsense 1
	assert_stderr "pfdkill: --in: 'nonsense': not a target; PID, PID:INODE, :INODE, fd:N and unix:PATH are (see 'pfdkill --help')"
	run_tool -2 pfdkill --in 1 0
	assert_stderr "pfdkill: '0': our own process group is in no namespace but ours (see 'pfdkill --help')"
	run_tool -2 pfdkill --in 1 -l
	assert_stderr "pfdkill: --list and --in cannot be combined (see 'pfdkill --help')"
}
