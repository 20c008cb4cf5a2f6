#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# System calls and allocations that fail at a bad moment; each of these caused a fault once.
# tests/sweep.bats makes all of them fail.

load helpers

# inject CALL:error=ERROR:when=N TOOL ARG...: run one of our programs while this call fails.
inject() {
	local what=$1 name=$2
	shift 2
	run --separate-stderr strace -f -qq -o /dev/null -e trace="${what%%[:=]*}" \
		-e inject="$what" "$PFD_BINDIR/$name" "$@" 3>&-
	printf '%s: status %s\n%s\n%s\n' "$what" "$status" "$output" "$stderr"
}

# preload N TOOL ARG...: run one of our programs while its N-th allocation fails.
preload() {
	local n=$1 name=$2
	shift 2
	run --separate-stderr env LC_ALL=C LD_PRELOAD="$PFD_HELPERS/faults.so" \
		FAULTS_COUNT=/dev/zero FAULTS_MALLOC="$n" "$PFD_BINDIR/$name" "$@" 3>&-
	printf 'allocation %s: status %s\n%s\n%s\n' "$n" "$status" "$output" "$stderr"
}

# not with a sanitizer, which has allocations of its own
can_preload() {
	[[ -e $PFD_HELPERS/faults.so ]] || skip "faults.so was not built"
	requires plain
}

two_named() {
	name=flt$BASHPID
	spawn_ready named "$name" sigecho
	first=$spawned
	spawn_ready named "$name" sigecho
	second=$spawned
	wait_for comm_is "$first" "$name"
	wait_for comm_is "$second" "$name"
}

@test "if memory runs out while a name is matched, that is an error, not a missing match" {
	can_preload
	two_named
	local n
	for n in {1..110} {50..90}+; do
		preload "$n" pgrep "${name:0:4}[^ ]*${name:4}"
		if ((status == 0)); then
			assert_equal "$output" "$first"$'\n'"$second"
		else
			assert_equal "$status" 3
			assert_stderr_has 'Cannot allocate memory'
		fi
	done
}

@test "if a handle cannot be read, that is an error, and no PID is printed instead" {
	requires strace linux:6.9
	two_named
	local n bad=0
	for n in {1..6}; do
		inject fstatfs:error=ENOMEM:when="$n" pgrep --handle -x "$name"
		if ((status == 0)); then
			assert_equal "$output" "$first:$(inode_of "$first")"$'\n'"$second:$(inode_of "$second")"
		else
			assert_equal "$status" 3
			assert_stderr_has 'Cannot allocate memory'
			bad=1
		fi
	done
	((bad)) || fail "no call failed"
}

@test "if a user or group cannot be looked up, that is a system failure, not a wrong name" {
	requires strace
	[[ -e /etc/nsswitch.conf ]] || skip "this C library looks names up in another way"
	local option
	for option in -u -U -G; do
		run --separate-stderr strace -qq -o /dev/null -P /etc/nsswitch.conf -e trace=openat \
			-e inject=openat:error=ENFILE "$PFD_BINDIR/pgrep" "$option" nosuchname 3>&-
		assert_equal "$status" 3
		assert_stderr_has "'nosuchname' cannot be looked up: Too many open files in system"
		run_tool -2 pgrep "$option" nosuchname
	done
}

@test "ancestors are spared even if a call fails while they are searched for" {
	requires strace
	two_named
	local n call
	# strace is the parent, and the pattern is in its command line too
	for call in fstatfs pidfd_open ioctl poll; do
		for n in {1..12}; do
			inject "$call:error=EMFILE:when=$n" pkill -USR1 -f "no-such-thing-but-us-$name"
			((status == 1 || status == 3)) || fail "strace was signalled"
		done
	done
}

@test "if threads cannot be listed, that is an error, not a missing match" {
	requires strace linux:6.9
	spawn_ready threads 3
	local n all bad=0
	all=$(<"$spawned_out")
	for n in {1..16}; do
		inject getdents64:error=ENOMEM:when="$n" pgrep -w -p "$spawned"
		if ((status == 0)); then
			assert_equal "${output//$'\n'/ }" "$all"
		else
			assert_equal "$status" 3
			assert_stderr_has 'Cannot allocate memory'
			bad=1
		fi
	done
	((bad)) || fail "no call failed"
}

@test "an interrupted read is repeated" {
	requires strace
	two_named
	local pid
	for pid in "$first" "$second"; do
		run --separate-stderr strace -qq -o /dev/null -P "/proc/$pid/environ" \
			-e inject=read:error=EINTR:when=1 "$PFD_BINDIR/pgrep" --env BATS_TEST_NUMBER -x "$name" 3>&-
		assert_success
		assert_output "$(printf '%s\n' "$first" "$second" | sort -n)"
	done
}

@test "a command that cannot be started is not waited for" {
	requires strace
	# with this option the command is held back until pwait lets it run
	inject sendto:error=ENOTCONN:when=1 pwait --die-with-parent -- true
	assert_equal "$status" 126
	[[ $stderr == *': true: '@(Transport|Socket)*' not connected' ]] || fail "$stderr"
	inject sendto:error=EINTR:when=1 pwait --die-with-parent -- true
	assert_equal "$status" 0
	# neither end receives anything
	inject recvfrom:error=ENOTCONN:when=1 pwait --die-with-parent -- true
	assert_equal "$status" 126
	inject recvfrom:error=EINTR:when=1 pwait --die-with-parent -- true
	assert_equal "$status" 0
}

@test "if the namespace of --in cannot be compared with ours, it is not taken for ours" {
	requires pidns strace
	spawn unshare "${PIDNS_FLAGS[@]}" sleep 1000
	wait_for runs_sleep "$spawned"
	# the first three look at the standard streams
	inject fcntl:error=EMFILE:when=4+ pfdkill -0 --in "$(first_child "$spawned")" 1
	assert_equal "$status" 3
	assert_stderr_has 'Too many open files'
}

first_child() {
	cut -d' ' -f1 "/proc/$1/task/$1/children"
}

runs_sleep() {
	comm_is "$(first_child "$1")" sleep
}

@test "if folders of cgroups cannot be listed, a unit in them is not taken for gone" {
	requires strace
	grep -q ' - cgroup2 ' /proc/self/mountinfo || skip "cgroup v2 is not mounted"
	local tool
	for tool in 'pwait -t 10s' 'pfdkill -0' 'pgrep -p'; do
		# shellcheck disable=SC2086
		inject getdents64:error=EIO:when=1+ $tool unit:no-such-unit
		assert_equal "$status" 3
		assert_stderr_has 'unit:no-such-unit: Input/output error'
	done
}
