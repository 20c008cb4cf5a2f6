#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The program kill: what scripts for POSIX, util-linux, procps, busybox and toybox rely on, and
# faults of these that ours does not have.

load helpers

# got SIGNAL_NUMBER [VALUE]: the process in $spawned got it since the last check.
got() {
	wait_for file_has "$spawned_out" "^$1 ${2:+code=-1 .*value=$2\$}"
	: >"$spawned_out"
}

# ---- POSIX ----

@test "POSIX: kill -s NAME PID, kill -NAME PID, kill -NUMBER PID, kill PID" {
	spawn_ready sigecho
	: >"$spawned_out"
	run_tool -0 kill -s HUP "$spawned"
	got 1
	run_tool -0 kill -HUP "$spawned"
	got 1
	run_tool -0 kill -1 "$spawned"
	got 1
	run_tool -0 kill -s INT -- "$spawned"
	got 2
	run_tool -0 kill -- "$spawned"
	got 15
	run_tool -0 kill "$spawned"
	got 15
	run_tool -0 kill -s 0 "$spawned"
	run_tool -0 kill -0 "$spawned"
	refute_output
	assert_stderr ''
}

@test "POSIX: process groups" {
	spawn setsid bash -c 'sigecho >one & trap : HUP TERM; while :; do wait; done'
	wait_for file_has one ready
	local words
	for words in "-s TERM -- -$spawned" "-- -$spawned" "-15 -$spawned" "-TERM -$spawned" \
		"-s TERM -$spawned" "-TERM -- -$spawned" "-s 15 -- -$spawned"; do
		: >one
		# shellcheck disable=SC2086
		run_tool -0 kill $words
		refute_output
		assert_stderr ''
		wait_for file_has one '^15 '
	done
	run_tool -0 kill -9 "-$spawned"
	run_tool -1 kill "-$spawned"
	assert_stderr_has "unknown signal '-$spawned'"
}

@test "POSIX: kill -l, kill -l STATUS" {
	run_tool -0 kill -l
	assert_line TERM
	run_tool -0 kill -l 143
	assert_output TERM
	run_tool -0 kill -l 15
	assert_output TERM
	run_tool -0 kill -l TERM
	assert_output 15
	local status_of_killed=0
	bash -c '"$PFD_BINDIR/kill" -s USR1 $$' || status_of_killed=$?
	run_tool -0 kill -l "$status_of_killed"
	assert_output USR1
}

@test "POSIX: if one of several operands is bad, the others are signalled and the status is not 0" {
	spawn_ready sigecho
	: >"$spawned_out"
	run_tool -64 kill -USR1 999999999 "$spawned"
	refute_output
	assert_stderr 'kill: 999999999: No such process'
	got 10
}

# ---- each option of other programs in its form ----

@test "util-linux: -s, --signal, -SIGNAL, -q, --queue" {
	spawn_ready sigecho
	: >"$spawned_out"
	run_tool -0 kill --signal USR1 "$spawned"
	got 10
	run_tool -0 kill -q 7 "$spawned"
	got 15 7
	run_tool -0 kill --queue 8 -s USR2 "$spawned"
	got 12 8
	run_tool -0 kill -SIGUSR2 "$spawned"
	got 12
}

@test "util-linux: --timeout MILLISECONDS SIGNAL, more than once" {
	spawn_ready sigecho
	run_tool -0 kill --verbose --timeout 30 USR1 --timeout 30 KILL --signal HUP "$spawned"
	assert_output "$spawned (sigecho): sent HUP
$spawned (sigecho): sent USR1
$spawned (sigecho): sent KILL"
	wait_for is_dead "$spawned"
	assert_equal "$(cut -d' ' -f1 "$spawned_out" | tr '\n' ' ')" 'ready 1 10 '
}

is_dead() {
	is_zombie "$1" || is_gone "$1"
}

@test "util-linux: -a, --all, -p, --pid with names" {
	local name=pfdk$BASHPID
	spawn_ready named "$name"
	local way
	for way in -p --pid '-a -p' '--all --pid' '-p -a'; do
		# shellcheck disable=SC2086
		run_tool -0 kill $way "$name"
		assert_output "$spawned"
	done
	run_tool -0 kill -p "$spawned"
	assert_output "$spawned"
	run_tool -0 kill "$name"
	refute_output
	wait_for is_dead "$spawned"
}

@test "util-linux: -l, --list, -l=, --list= with a number and a mask, -L, --table" {
	run_tool -0 kill --list
	assert_line TERM
	local way
	for way in '-l 9' '--list 9' '-l=9' '--list=9' '-l9' '-l 137'; do
		# shellcheck disable=SC2086
		run_tool -0 kill $way
		assert_output KILL
	done
	for way in '-l 0x100' '-l=0x100' '--list=0x100' '--list 0x100'; do
		# shellcheck disable=SC2086
		run_tool -0 kill $way
		assert_output KILL
	done
	run_tool -0 kill -l 0x0000000180004002
	assert_output 'INT
TERM
32
33'
	run_tool -0 kill -L
	assert_line --index 9 ' 9 KILL    '
	run_tool -0 kill --table
	assert_line '15 TERM    '
}

@test "util-linux: -r, --require-handler, -d, --show-process-state, -d=" {
	sleeper
	run_tool -1 kill -r -USR1 "$spawned"
	run_tool -1 kill --require-handler -s USR1 "$spawned"
	run_tool -0 kill -0 "$spawned"
	spawn_ready stubborn
	local way
	for way in "-d $spawned" "-d=$spawned" "--show-process-state $spawned" \
		"--show-process-state=$spawned"; do
		# shellcheck disable=SC2086
		run_tool -0 kill $way
		assert_line 'Ignored: HUP INT QUIT USR1 USR2 TERM '
	done
}

@test "util-linux and procps: -v, -V, --version, -h, --help" {
	local way
	for way in -v -V --version; do
		run_tool -0 kill "$way"
		assert_line --index 0 --regexp '^kill \(pidfd-utils\) [0-9]'
		assert_stderr ''
	done
	for way in -h --help; do
		run_tool -0 kill "$way"
		assert_line --index 0 'Usage: kill [-s SIGNAL | -SIGNAL] [OPTION]... TARGET...'
		assert_stderr ''
	done
}

@test "util-linux: PID:INODE, 0, -1 and the exit statuses 0, 1, 64" {
	requires linux:6.9
	spawn_ready sigecho
	: >"$spawned_out"
	run_tool -0 kill -USR1 "$spawned:$(inode_of "$spawned")"
	got 10
	run_tool -1 kill 999999999
	run_tool -64 kill -USR1 "$spawned" 999999999
	run_tool -0 kill -p 0 "$spawned"
	assert_line "$spawned"
}

@test "util-linux: -1 is every process except init and ourselves, in any position" {
	requires pidns
	local words
	for words in '-s USR1 -1' '-USR1 -1' '-10 -1' '-s USR1 -- -1' '-q 4 -10 -1' \
		'--timeout 1 USR1 -s HUP -1'; do
		# shellcheck disable=SC2016
		run in_pidns '
			rm -f one two
			trap "" USR1 HUP
			sigecho >one & setsid sigecho >two &
			for f in one two; do wait_for has_line $f; done
			tool kill $1 && echo "status $?"
			for f in one two; do wait_for file_has $f "^10 "; done
			kill -KILL %1 %2' "$words"
		assert_success
		assert_line 'status 0'
	done
	# without more operands it is a signal
	run_tool -1 kill -1
	assert_stderr "kill: no target was named (see 'kill --help')"
}

@test "procps: -l SIGNAL in both forms, --list=SIGNAL, -s, a signal after the PID" {
	run_tool -0 kill -l SEGV
	assert_output 11
	run_tool -0 kill --list=SEGV
	assert_output 11
	run_tool -0 kill --list=11
	assert_output SEGV
	spawn_ready sigecho
	: >"$spawned_out"
	run_tool -0 kill -sUSR1 "$spawned"
	got 10
	run_tool -0 kill "$spawned" -USR1
	got 10
	run_tool -0 kill --queue=3 "$spawned"
	got 15 3
}

@test "busybox and toybox: -l, -s, -SIGNAL" {
	spawn_ready sigecho
	: >"$spawned_out"
	run_tool -0 kill -s SIGUSR1 "$spawned"
	got 10
	run_tool -0 kill -usr1 "$spawned"
	got 10
	run_tool -0 kill -l USR1
	assert_output 10
}

@test "scripts for /bin/kill run unchanged" {
	cat >script <<-'SCRIPT'
		#!/bin/sh
		# stop a service as init scripts do
		set -e
		kill -0 "$1" 2>/dev/null || exit 10
		kill -HUP "$1"
		kill -s USR1 "$1"
		/usr/bin/env kill -TERM "$1"
		i=0
		while /usr/bin/env kill -0 "$1" 2>/dev/null; do
			i=$((i + 1))
			[ $i -lt 500 ] || { /usr/bin/env kill -KILL "$1"; exit 11; }
			sleep 0.01
		done
		/usr/bin/env kill -l | grep -qx KILL
		[ "$(/usr/bin/env kill -l 9)" = KILL ]
		exit 0
	SCRIPT
	mkdir bin
	ln -s "$PFD_BINDIR/kill" bin/kill
	spawn_ready sigecho -x 15
	PATH=$PWD/bin:$PATH run sh script "$spawned"
	assert_success
	assert_equal "$(cut -d' ' -f1 "$spawned_out" | tr '\n' ' ')" 'ready 1 10 15 '
}

@test "util-linux: blanks around a number are ignored, as ps writes them" {
	spawn_ready sigecho
	: >"$spawned_out"
	run_tool -0 kill -USR1 "  $spawned"
	got 10
	run_tool -0 kill -USR1 "$spawned "
	got 10
	run_tool -2 pfdkill -USR1 " $spawned"
	run_tool -1 kill -USR1 "$spawned $spawned"
	assert_stderr_has 'several numbers in one word: leave out the quotes, or use pgrep --handle'
}

@test "util-linux: an empty operand and a number too large are reported, and the others go on" {
	local wrong
	spawn_ready sigecho
	: >"$spawned_out"
	for wrong in '' ' ' 2147483648 99999999999999999999; do
		run_tool -64 kill -USR1 "$wrong" "$spawned"
		refute_output
		assert_stderr "kill: cannot find process \"$wrong\""
		got 10
		run_tool -1 kill "$wrong"
		assert_stderr "kill: cannot find process \"$wrong\""
		run_tool -2 pfdkill -USR1 "$wrong" "$spawned"
	done
	assert_equal "$(<"$spawned_out")" ''
}

@test "util-linux: kill -0 of a process that is gone has a message, pfdkill -0 has none" {
	run_tool -1 kill -0 999999999
	refute_output
	assert_stderr 'kill: 999999999: No such process'
	run_tool -1 pfdkill -0 999999999
	assert_stderr ''
	run_tool -0 kill -0 $$
	assert_stderr ''
}

@test "util-linux: a name without a process is: cannot find process" {
	local tool
	for tool in kill pfdkill; do
		run_tool -1 "$tool" nosuch-name
		refute_output
		assert_stderr "$tool: cannot find process \"nosuch-name\""
		run_tool -1 "$tool" name:nosuch-name
		assert_stderr "$tool: cannot find process \"nosuch-name\""
		run_tool -1 "$tool" -a nosuch-name
		assert_stderr "$tool: cannot find process \"nosuch-name\""
	done
	run_tool -1 pfdkill -0 nosuch-name
	assert_stderr ''
	run_tool -1 kill -0 nosuch-name
	assert_stderr 'kill: cannot find process "nosuch-name"'
}

@test "a name that only processes of other users have is reported with their number and --all" {
	requires root
	local name=o$BASHPID
	spawn_ready named "$name"
	spawn_ready named "$name"
	run --separate-stderr as_user pfdkill "$name"
	assert_equal "$status" 1
	assert_stderr "pfdkill: cannot find process \"$name\": 2 of other users (--all)"
}

# ---- under any name ----

@test "links and copies with any name behave the same and use that name in messages" {
	ln -s "$PFD_BINDIR/kill" gkill
	ln -s "$PFD_BINDIR/kill" pgrep
	cp "$PFD_BINDIR/pfdkill" xpfdkill
	local name
	spawn_ready sigecho
	for name in ./gkill ./pgrep ./xpfdkill; do
		: >"$spawned_out"
		run --separate-stderr "$name" -s USR1 "$spawned"
		assert_success
		refute_output
		got 10
		run --separate-stderr "$name" 999999999
		assert_equal "$status" 1
		assert_stderr "${name#./}: 999999999: No such process"
		run --separate-stderr "$name" -s FOO "$spawned"
		assert_equal "$status" "$([[ $name == ./xpfdkill ]] && echo 2 || echo 1)"
	done
}

@test "kill and pfdkill have the same options, but kill counts --timeout in milliseconds" {
	diff <(tool kill --help | sed '/after DURATION/,/repeated/d') \
		<(tool pfdkill --help | sed '/after DURATION/,/repeated/d; s/pfdkill/kill/')
	tool kill --help | grep -A 1 'after DURATION' | grep 'a bare number is milliseconds'
	run_tool -1 kill --deadline 1000 "$$"
}

# ---- faults of other programs ----

@test "the queued value is the one that was given, also in the follow-up" {
	spawn_ready sigecho
	run_tool -0 kill -q 42 --timeout 1 USR2 -s USR1 "$spawned"
	wait_for file_has "$spawned_out" '^12 code=-1 .*value=42$'
	assert_equal "$(grep -c 'value=42$' "$spawned_out")" 2
	: >"$spawned_out"
	# without -q there is no value, nor the code of a queued signal
	run_tool -0 kill --timeout 1 USR2 -s USR1 "$spawned"
	wait_for file_has "$spawned_out" '^12 code=0 '
	assert_equal "$(grep -c 'code=0 ' "$spawned_out")" 2
}

@test "neither -q nor -p ignores the inode" {
	spawn_ready sigecho
	: >"$spawned_out"
	run_tool -1 kill -q 5 "$spawned:1"
	run_tool -1 kill -p "$spawned:1"
	refute_output
	assert_stderr "kill: $spawned:1: recycled: that process is gone"
	run_tool -0 kill -USR2 "$spawned"
	wait_for file_has "$spawned_out" '^12 '
	assert_equal "$(grep -c . "$spawned_out")" 1
}

@test "--timeout without its signal is a usage error, not a crash" {
	run_tool -1 kill --timeout 1000
	assert_stderr "kill: --timeout needs a signal (like KILL) as its second value (see 'kill --help')"
}

@test "--timeout needs no inodes" {
	requires seccomp
	spawn_ready stubborn
	run old-kernel 5.3 "$PFD_BINDIR/kill" --timeout 10 KILL "$spawned"
	assert_success
	refute_output
	wait_for is_dead "$spawned"
}

@test "if one target is gone, --timeout still applies to the others" {
	spawn_ready sigecho
	run_tool -64 kill --timeout 10 CONT 999999999 "$spawned"
	assert_stderr 'kill: 999999999: No such process'
	wait_for file_has "$spawned_out" '^18 '
}

@test "a target that ends between the deadline and the signal is not an error" {
	requires strace
	sleeper
	# delayed before the second signal until it is gone
	strace -o calls -e trace=pidfd_send_signal -e inject=pidfd_send_signal:error=ESRCH:when=2 \
		"$PFD_BINDIR/kill" --verbose -s WINCH --timeout 10 KILL --wait "$spawned" >out 2>err || fail "$?"
	run cat out err
	assert_line "$spawned (sleep): sent WINCH"
	assert_line "$spawned (sleep): gone, status unknown"
	refute_line --partial 'KILL'
}

@test "--timeout accepts process groups" {
	spawn setsid bash -c 'stubborn >one & trap "" TERM; while :; do wait; done'
	wait_for file_has one ready
	run_tool -0 kill --timeout 50 KILL --deadline 10s -- "-$spawned"
	refute_output
	assert_stderr ''
	run_tool -1 kill -0 -- "-$spawned"
}

@test "all targets share one deadline" {
	local all=()
	for _ in 1 2 3 4; do
		spawn_ready stubborn
		all+=("$spawned")
	done
	run_tool -0 kill --verbose --timeout 100 KILL "${all[@]}"
	assert_equal "$(sed -n 's/.*: sent //p' <<<"$output" | tr '\n' ' ')" \
		'TERM TERM TERM TERM KILL KILL KILL KILL '
}

@test "a target that survives the last signal is status 124 with --wait" {
	spawn_ready stubborn
	run_tool -124 kill --timeout 10 HUP --deadline 100ms "$spawned"
	assert_stderr "kill: $spawned: survived HUP: it ignores the signal"
}

@test "a negative time is rejected" {
	spawn_ready sigecho
	run_tool -1 kill --timeout -1 KILL "$spawned"
	assert_stderr "kill: --timeout: '-1' is not a duration (like 500ms, 1.5s, 2m or 1h) (see 'kill --help')"
	assert_equal "$(<"$spawned_out")" ready
}

@test "-r reports that the process is gone, and sees real-time handlers" {
	run_tool -1 kill -r -USR1 999999999
	assert_stderr 'kill: 999999999: No such process'
	spawn_ready sigecho
	run_tool -0 kill -r -s RTMIN+20 "$spawned"
	wait_for file_has "$spawned_out" "^$(rt 20) "
	run_tool -0 kill -r -0 "$spawned"
}

@test "names with brackets and names over 15 bytes" {
	local name
	for name in "(sd-pam)$BASHPID" "((x)y)$BASHPID" "a-name-of-thirty-bytes-or-so-$BASHPID"; do
		spawn_ready named "$name"
		run_tool -0 kill -s KILL "$name"
		assert_stderr ''
		wait_for is_dead "$spawned"
	done
}

@test "RTMIN and RTMAX bare, --signal=NAME, -sNAME, -d PID:INODE" {
	requires linux:6.9
	spawn_ready sigecho
	: >"$spawned_out"
	run_tool -0 kill -s RTMIN "$spawned"
	got "$(rt 0)"
	run_tool -0 kill -RTMAX "$spawned"
	got 64
	run_tool -0 kill --signal=HUP "$spawned"
	got 1
	run_tool -0 kill -sHUP "$spawned"
	got 1
	run_tool -0 kill -d "$spawned:$(inode_of "$spawned")"
	assert_line --partial Caught
}

@test "-CONT -PGID is 0 when it was sent and 1 when there is no group, also with more operands after it" {
	spawn_ready sigecho
	local one=$spawned out=$spawned_out
	spawn setsid sleep 1000
	wait_for comm_is "$spawned" sleep
	run_tool -0 kill -CONT "-$spawned"
	refute_output
	assert_stderr ''
	run_tool -1 kill -CONT -999999999
	assert_stderr 'kill: -999999999: no such process group'
	run_tool -64 kill -CONT -999999999 "$one"
	wait_for file_has "$out" '^18 '
}

@test "an unknown signal is rejected and nothing is sent" {
	spawn_ready sigecho
	run_tool -1 kill -s BOGUS "$spawned"
	assert_stderr "kill: --signal: 'BOGUS' is not a signal (like TERM, KILL or 15) (see 'kill --help')"
	assert_equal "$(<"$spawned_out")" ready
}
