#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pfdkill: signals, targets, output and exit status.

load helpers

# zombie_of CMD...: a process that stays a zombie until the test ends, its PID in $zombie.
zombie_of() {
	mkfifo hold
	exec 8<>hold
	spawn_ready -i hold zombie "$@"
	zombie=$(head -n 1 "$spawned_out")
}

# ---- which signal ----

@test "without a signal TERM is sent, and nothing is printed" {
	spawn_ready sigecho
	run_tool -0 pfdkill "$spawned"
	refute_output
	assert_stderr ''
	wait_for file_has "$spawned_out" '^15 code=0 '
}

@test "-s, --signal, -n and -SIGNAL name the signal, in one word with the option or not" {
	spawn_ready sigecho
	local way
	for way in '-s USR1' '-sUSR1' '--signal USR1' '--signal=USR1' '--sig=USR1' '-n 10' '-n10' \
		'-USR1' '-10' '-SIGUSR1' '-usr1' '-sigusr1' '-s usr1' '-s 10' '-s SIGUSR1'; do
		: >"$spawned_out"
		# shellcheck disable=SC2086
		run_tool -0 pfdkill $way "$spawned"
		refute_output
		assert_stderr ''
		wait_for file_has "$spawned_out" '^10 code=0 '
	done
}

@test "real-time signals can be named in every way" {
	spawn_ready sigecho
	local way want
	want=$(rt 3)
	for way in RTMIN+3 rtmin+3 SIGRTMIN+3 RT3 "RTMAX-$((64 - want))" "$want"; do
		: >"$spawned_out"
		run_tool -0 pfdkill -s "$way" "$spawned"
		wait_for file_has "$spawned_out" "^$want code=0 "
		: >"$spawned_out"
		run_tool -0 pfdkill "-$way" "$spawned"
		wait_for file_has "$spawned_out" "^$want code=0 "
	done
	run_tool -0 pfdkill -RTMIN "$spawned"
	wait_for file_has "$spawned_out" "^$(rt 0) code=0 "
	run_tool -0 pfdkill -s RTMAX "$spawned"
	wait_for file_has "$spawned_out" '^64 code=0 '
}

@test "a signal may come after its target, but not after a double dash" {
	spawn_ready sigecho
	run_tool -0 pfdkill "$spawned" -USR1
	wait_for file_has "$spawned_out" '^10 '
	run_tool -2 pfdkill -- "$spawned" -USR1
	assert_stderr_has "'-USR1': not a process group: -PGID takes a number above 0"
}

@test "-q sends a number with the signal" {
	spawn_ready sigecho
	run_tool -0 pfdkill -q 42 -s USR1 "$spawned"
	refute_output
	assert_stderr ''
	wait_for file_has "$spawned_out" '^10 code=-1 pid=[0-9]* uid='"$(id -u)"' value=42$'
	run_tool -0 pfdkill --queue=-7 -USR2 "$spawned"
	wait_for file_has "$spawned_out" '^12 code=-1 pid=[0-9]* uid='"$(id -u)"' value=-7$'
	run_tool -0 pfdkill -q 0 -s HUP "$spawned"
	wait_for file_has "$spawned_out" '^1 code=-1 .* value=0$'
}

# ---- signal 0 ----

@test "-0 answers only with its exit status" {
	sleeper
	run_tool -0 pfdkill -0 "$spawned"
	refute_output
	assert_stderr ''
	run_tool -0 pfdkill -s 0 "$spawned"
	run_tool -0 pfdkill -n 0 "$spawned" "$$"
	run_tool -1 pfdkill -0 999999999
	refute_output
	assert_stderr ''
	run_tool -1 pfdkill -0 "$spawned" 999999999
	refute_output
	assert_stderr ''
}

@test "-0 answers no for a zombie, which is not alive" {
	zombie_of true
	run_tool -1 pfdkill -0 "$zombie"
	refute_output
	assert_stderr ''
}

@test "-0 answers no for a process that may not be signalled" {
	requires root
	sleeper
	run as_user pfdkill -0 "$spawned"
	assert_equal "$status" 1
	refute_output
}

# ---- lists ----

@test "-l prints one name per line, -L numbers and names" {
	run_tool -0 pfdkill -l
	assert_line --index 0 HUP
	assert_line KILL
	assert_line 'RTMIN+<N>'
	assert_stderr ''
	run_tool -0 pfdkill --list
	assert_line TERM
	run_tool -0 pfdkill -L
	assert_line --index 0 ' 1 HUP     '
	assert_line "$(rt 0) RTMIN   "
	assert_line '64 RTMAX   '
	assert_stderr ''
	run_tool -0 pfdkill --table
	assert_line ' 9 KILL    '
}

@test "-l converts numbers, statuses, names and masks" {
	local row word want rtmin
	rtmin=$(rt 0)
	for row in '9 KILL' '143 TERM' '137 KILL' '15 TERM' 'TERM 15' 'SIGKILL 9' 'term 15' \
		"RTMIN $rtmin" "$rtmin RTMIN" "$((rtmin + 3)) RTMIN+3" "RTMIN+3 $((rtmin + 3))" \
		'64 RTMAX' '0 0' "$((128 + rtmin)) RTMIN" '0x100 KILL' '0x0 '; do
		word=${row% *} want=${row#* }
		run_tool -0 pfdkill -l "$word"
		assert_output "$want"
		assert_stderr ''
	done
	run_tool -0 pfdkill -l 0x4102
	assert_output "INT"$'\n'"KILL"$'\n'"TERM"
	# every bit of a mask
	run_tool -0 pfdkill -l 0xffffffffffffffff
	assert_line --index 0 HUP
	assert_line --index 63 RTMAX
	run_tool -0 pfdkill -l 9 143 HUP
	assert_output "KILL"$'\n'"TERM"$'\n'"1"
	for word in -l=9 --list=9 -l9; do
		run_tool -0 pfdkill "$word"
		assert_output KILL
	done
}

@test "-l rejects an operand that is not a signal, and then prints nothing" {
	local word
	for word in 65 127 256 193 1000 FOO 0x 0xg 0x11111111111111111 '' ' 9' -9 9x; do
		run_tool -2 pfdkill -l -- 9 "$word"
		refute_output
		assert_stderr "pfdkill: --list: '$word' is no signal, exit status or 0xMASK (see 'pfdkill --help')"
	done
}

@test "-d shows what a process does with signals" {
	spawn_ready stubborn
	local way
	for way in "-d $spawned" "-d=$spawned" "--show-process-state=$spawned" \
		"--show-process-state $spawned" "-d $spawned:$(inode_of "$spawned")"; do
		# shellcheck disable=SC2086
		run_tool -0 pfdkill $way
		assert_line 'Ignored: HUP INT QUIT USR1 USR2 TERM '
		assert_stderr ''
	done
	spawn_ready sigecho
	run_tool -0 pfdkill -d "$spawned"
	assert_line --partial 'RTMIN+3 '
	assert_line --regexp '^Caught: HUP INT .* RTMAX $'
	run_tool -1 pfdkill -d 999999999
	refute_output
	assert_stderr 'pfdkill: 999999999: No such process'
}

# ---- targets ----

@test "PID, PID:INODE, :INODE and fd:N name a process" {
	requires linux:6.14 python3
	spawn_ready sigecho
	local inode
	inode=$(inode_of "$spawned")
	run_tool -0 pfdkill -HUP "$spawned"
	wait_for file_has "$spawned_out" '^1 '
	run_tool -0 pfdkill -INT "$spawned:$inode"
	wait_for file_has "$spawned_out" '^2 '
	run_tool -0 pfdkill -QUIT ":$inode"
	wait_for file_has "$spawned_out" '^3 '
	run python3 -c '
import os, sys
fd = os.pidfd_open(int(sys.argv[1]))
os.dup2(fd, 9)
os.execv(sys.argv[2], ["pfdkill", "-USR1", "fd:9"])' "$spawned" "$PFD_BINDIR/pfdkill"
	assert_success
	refute_output
	wait_for file_has "$spawned_out" '^10 '
}

@test "messages about fd:N contain the PID, from the handle or, on older kernels, from /proc" {
	requires linux:5.3 python3 seccomp
	spawn_ready named quiet
	local as
	for as in env "old-kernel getinfo=ENOTTY" "old-kernel getinfo=EINVAL"; do
		# shellcheck disable=SC2086
		run -0 python3 -c '
import os, sys
fd = os.pidfd_open(int(sys.argv[1]))
os.dup2(fd, 9)
os.execvp(sys.argv[3], sys.argv[3:] + [sys.argv[2], "--verbose", "-0", "fd:9"])' \
			"$spawned" "$PFD_BINDIR/pfdkill" $as
		assert_output "fd:9: $spawned (quiet): alive"
	done
}

# bats test_tags=kernel
@test "PID:INODE of another process is rejected as recycled" {
	requires linux:6.9
	sleeper
	run_tool -1 pfdkill "$spawned:1"
	refute_output
	assert_stderr "pfdkill: $spawned:1: recycled: that process is gone"
	run_tool -0 pfdkill -0 "$spawned"
	run_tool -1 pfdkill -q 5 "$spawned:1"
	assert_stderr "pfdkill: $spawned:1: recycled: that process is gone"
	run_tool -0 pfdkill -0 "$spawned"
}

@test "a descriptor that is not a handle is a failure of that target only" {
	spawn_ready sigecho
	run_tool -64 pfdkill -USR1 fd:77 "$spawned"
	refute_output
	assert_stderr 'pfdkill: fd:77: no such descriptor is open'
	wait_for file_has "$spawned_out" '^10 '
	run tool pfdkill fd:8 8</dev/null
	assert_equal "$status" 1
	assert_output 'pfdkill: fd:8: that descriptor is neither a pidfd nor a Unix socket'
}

@test "each of several operands is tried, and one that is gone does not stop the others" {
	spawn_ready sigecho
	local one=$spawned_out first=$spawned
	spawn_ready sigecho
	run_tool -64 pfdkill -USR1 "$first" 999999999 "$spawned"
	refute_output
	assert_stderr 'pfdkill: 999999999: No such process'
	wait_for file_has "$one" '^10 '
	wait_for file_has "$spawned_out" '^10 '
	run_tool -1 pfdkill 999999999 999999998
	refute_output
	assert_stderr 'pfdkill: 999999999: No such process
pfdkill: 999999998: No such process'
}

@test "two operands that name one process count once" {
	spawn_ready sigecho
	local handle
	handle=$spawned:$(inode_of "$spawned")
	run_tool -0 pfdkill --verbose -s RTMIN "$spawned" "$handle" "$spawned"
	assert_output "$spawned (sigecho): sent RTMIN"
	run_tool -0 pfdkill -s TERM "$spawned"
	wait_for file_has "$spawned_out" '^15 '
	assert_equal "$(grep -c "^$(rt 0) " "$spawned_out")" 1
}

@test "if the last operand has a mistake, no process is signalled" {
	sleeper
	run_tool -2 pfdkill -KILL "$spawned" 12x
	refute_output
	assert_stderr "pfdkill: '12x': not a target; PID, PID:INODE, fd:N, unix:PATH, tcp:PORT, lock:PATH, pidfile:PATH, unit:NAME and others are, see pidfd-target(7) (see 'pfdkill --help')"
	run_tool -0 pfdkill -0 "$spawned"
}

# bats test_tags=kernel
@test "a process that may not be signalled is reported with its owner" {
	requires root
	sleeper
	run --separate-stderr as_user pfdkill "$spawned"
	assert_equal "$status" 1
	refute_output
	assert_stderr "pfdkill: $spawned: not permitted: it belongs to root"
	run_tool -0 pfdkill -0 "$spawned"
}

# bats test_tags=kernel
@test "if a signal by root or the owner is not permitted, the message names a sandbox" {
	requires seccomp
	spawn sleep 100
	run -1 old-kernel signals=EPERM "$PFD_BINDIR/pfdkill" "$spawned"
	assert_output --partial "pfdkill: $spawned: not permitted: a sandbox refuses it"
	run old-kernel signals=EPERM "$PFD_BINDIR/pwait" -t 10ms -k KILL "$spawned"
	assert_output --partial "$spawned: cannot send the signal: not permitted: a sandbox refuses it"
	run old-kernel signals=EPERM "$PFD_BINDIR/pfdkill" --tree --json "$spawned"
	assert_output --partial 'not permitted: a sandbox refuses it'
	spawn setsid sleep 100
	wait_for comm_is "$spawned" sleep
	run old-kernel signals=EPERM "$PFD_BINDIR/pfdkill" -- "-$spawned"
	assert_output --partial 'a sandbox refuses it'
	# the owner, if it is not root
	# shellcheck disable=SC2016
	run as_user bash -c 'sleep 100 & old-kernel signals=EPERM pfdkill $!; kill -KILL $!'
	assert_output --regexp 'pfdkill: [0-9]+: not permitted: a sandbox refuses it'
}

@test "under Landlock the message names a sandbox, not the owner" {
	requires python3
	spawn sleep 100
	cat >landlocked <<-'PYTHON'
		import ctypes, os, struct, sys
		libc = ctypes.CDLL(None, use_errno=True)
		LANDLOCK_SCOPE_SIGNAL = 2
		attributes = struct.pack("QQQ", 0, 0, LANDLOCK_SCOPE_SIGNAL)
		ruleset = libc.syscall(444, attributes, len(attributes), 0)
		if ruleset < 0 or libc.prctl(38, 1, 0, 0, 0) or libc.syscall(446, ruleset, 0):
		    sys.exit(99)
		os.execvp(sys.argv[1], sys.argv[1:])
	PYTHON
	run python3 landlocked "$PFD_BINDIR/pfdkill" "$spawned"
	((status != 99)) || skip "no Landlock with LANDLOCK_SCOPE_SIGNAL here (Linux 6.12)"
	assert_equal "$status" 1
	assert_output --partial "pfdkill: $spawned: not permitted: a sandbox refuses it"
}

@test "a zombie is already dead, which is not a failure" {
	zombie_of sh -c 'exit 3'
	run_tool -0 pfdkill "$zombie"
	refute_output
	assert_stderr ''
	run_tool -0 pfdkill --verbose "$zombie"
	assert_output --regexp "^$zombie \(sh\): already dead \(a zombie\)(: exited with status 3)?$"
	run_tool -0 pfdkill -w "$zombie"
	refute_output
}

# ---- groups ----

# A process group: a leader and two members, each of which writes to its own file.
spawn_group() {
	spawn setsid bash -c '
		sigecho >one & sigecho >two &
		echo $$ >group; trap : HUP INT USR1 USR2 TERM; while :; do wait; done'
	wait_for file_has one ready
	wait_for file_has two ready
	wait_for file_has group .
	group=$(<group)
}

end_group() {
	run_tool pfdkill -KILL -- "-$group"
}

@test "-PGID signals every member of the group and no other process" {
	spawn_group
	spawn_ready sigecho
	local way
	for way in "-s USR1 -- -$group" "-USR1 -- -$group" "-USR1 -$group" "-10 -$group" \
		"-n 10 -$group" "-s USR1 -$group"; do
		: >one
		: >two
		# shellcheck disable=SC2086
		run_tool -0 pfdkill $way
		refute_output
		assert_stderr ''
		wait_for file_has one '^10 code=0'
		wait_for file_has two '^10 code=0'
	done
	run_tool -0 pfdkill -- "-$group"
	wait_for file_has one '^15 '
	wait_for file_has two '^15 '
	assert_equal "$(<"$spawned_out")" ready
	end_group
}

@test "a group with a zombie as leader is signalled as a whole" {
	# shellcheck disable=SC2016
	zombie_of setsid bash -c 'sigecho >one & echo $$ >group'
	wait_for file_has one ready
	wait_for file_has group .
	group=$(<group)
	wait_for is_zombie "$group"
	run_tool -0 pfdkill -USR1 -- "-$group"
	refute_output
	assert_stderr ''
	wait_for file_has one '^10 '
	end_group
}

# bats test_tags=kernel
@test "a group without its leader is signalled member by member" {
	spawn subreap bash -c 'setsid bash -c "sigecho >one & sigecho >two & echo \$\$ >group" & sleep 1000'
	wait_for file_has one ready
	wait_for file_has two ready
	wait_for file_has group .
	group=$(<group)
	wait_for is_gone "$group"
	run_tool -0 pfdkill -USR1 -- "-$group"
	refute_output
	assert_stderr ''
	wait_for file_has one '^10 '
	wait_for file_has two '^10 '
	run_tool -0 pfdkill -s KILL --deadline 10s -- "-$group"
	assert_stderr ''
	run_tool -1 pfdkill -- "-$group"
	assert_stderr "pfdkill: -$group: no such process group"
}

@test "a PID that leads no group is not a process group" {
	sleeper
	run_tool -1 pfdkill -s TERM -- "-$spawned"
	refute_output
	assert_stderr "pfdkill: -$spawned: no such process group"
	run_tool -0 pfdkill -0 "$spawned"
}

@test "0 means our own process group" {
	spawn setsid bash -c "$CONDITIONS"'
		trap : USR1
		sigecho >one & wait_for has_line one
		pfdkill() { "$PFD_BINDIR/pfdkill" "$@"; }
		pfdkill -USR1 0
		echo $? >status
		wait_for file_has one "^10 "
		kill -KILL %1'
	wait_for file_has one '^10 '
	wait_for file_has status .
}

# bats test_tags=kernel
@test "-1 means every process except init and ourselves" {
	requires pidns
	# shellcheck disable=SC2016
	run in_pidns '
		trap "" USR1
		sigecho >one & sigecho >two & setsid sigecho >three &
		for f in one two three; do wait_for has_line $f; done
		tool pfdkill -s USR1 -1 && echo "status $?"
		for f in one two three; do
			wait_for file_has $f "^10 "
			cat $f
		done
		kill -KILL %1 %2 %3'
	assert_success
	assert_line 'status 0'
	assert_equal "$(grep -c '^10 code=0' <<<"$output")" 3
}

# ---- follow-ups and waits ----

# bats test_tags=kernel
@test "--wait returns when all are gone, and with --verbose prints how each ended" {
	spawn sh -c 'trap "exit 42" TERM; echo ready; while :; do sleep 0.01; done'
	wait_for has_line "$spawned_out"
	local polite=$spawned
	sleeper
	run_tool -0 pfdkill --verbose --wait "$polite" "$spawned"
	assert_line "$spawned (sleep): sent TERM"
	assert_ended "$spawned (sleep)" 'killed by signal 15 (TERM)'
	assert_ended "$polite (sh)" 'exited with status 42'
	assert_stderr ''
}

# bats test_tags=kernel
@test "--deadline DURATION ends with 124 and names the survivors" {
	spawn_ready stubborn
	local stubborn=$spawned
	sleeper
	run_tool -124 pfdkill --deadline 200ms "$stubborn" "$spawned"
	refute_output
	assert_stderr "pfdkill: $stubborn: survived TERM: it ignores the signal"
	run_tool -124 pfdkill --deadline .2s --verbose "$stubborn"
	assert_output "$stubborn (stubborn): hint about TERM: it ignores the signal
$stubborn (stubborn): sent TERM"
	assert_stderr "pfdkill: $stubborn (stubborn): survived TERM: it ignores the signal"
}

@test "--deadline counts from the first signal" {
	spawn_ready sigecho
	local start=${EPOCHREALTIME/./} end
	run_tool -124 pfdkill -USR1 --timeout 500ms USR2 --deadline 600ms "$spawned"
	end=${EPOCHREALTIME/./}
	((end - start >= 600000)) || fail "too early: $((end - start)) us"
	# 600 ms after the last signal it would be later than 1100 ms
	((end - start < 1100000 || ${PFD_PATIENCE:-1} > 1)) || fail "too late: $((end - start)) us"
	assert_stderr "pfdkill: $spawned: survived USR2"
}

@test "--deadline 0 is no limit, and a number behind --wait and -- is a target" {
	sleeper
	run_tool -0 pfdkill --deadline 0 -KILL "$spawned"
	run_tool -1 pfdkill --wait -- 999999999 999999998
	run_tool -1 pfdkill 999999999 --wait 999999998
}

# bats test_tags=kernel
@test "--timeout sends the next signal to those still there, all at one deadline" {
	local all=() i start end
	for i in 1 2 3; do
		spawn_ready stubborn
		all+=("$spawned")
	done
	start=${EPOCHREALTIME/./}
	run_tool -0 pfdkill -s TERM --timeout 2s KILL --wait --verbose "${all[@]}"
	end=${EPOCHREALTIME/./}
	for i in "${all[@]}"; do
		assert_line "$i (stubborn): sent TERM"
		assert_line "$i (stubborn): sent KILL"
		assert_line "$i (stubborn): forced with KILL"
	done
	((end - start >= 2000000)) || fail "too early: $((end - start)) us"
	# with separate deadlines it would be TERM, KILL, TERM, KILL ...
	assert_equal "$(sed -n 's/.*: sent //p' <<<"$output" | tr '\n' ' ')" 'TERM TERM TERM KILL KILL KILL '
}

# bats test_tags=kernel
@test "a follow-up is not sent to processes that are gone" {
	spawn_ready sigecho -x 10
	run_tool -0 pfdkill -s USR1 --timeout 30s KILL --verbose "$spawned"
	assert_line -n 0 "$spawned (sigecho): sent USR1"
	assert_ended "$spawned (sigecho)" 'exited with status 0'
	assert_equal "${#lines[@]}" 2
	assert_stderr ''
}

@test "--timeout can be repeated, with or without a fraction, and returns after the last signal" {
	spawn_ready sigecho
	run_tool -0 pfdkill -s HUP --timeout 50ms INT --timeout 0.05s USR1 --timeout 0 USR2 "$spawned"
	refute_output
	assert_stderr ''
	wait_for file_has "$spawned_out" '^12 '
	assert_equal "$(cut -d' ' -f1 "$spawned_out" | tr '\n' ' ')" 'ready 1 2 10 12 '
}

@test "a value is sent with the follow-ups too" {
	spawn_ready sigecho
	run_tool -0 pfdkill -q 42 -s USR1 --timeout 10ms USR2 "$spawned"
	wait_for file_has "$spawned_out" '^12 code=-1 .* value=42$'
	assert_equal "$(grep -c ' value=42$' "$spawned_out")" 2
}

@test "if one target is gone, the others still get their follow-up" {
	spawn_ready stubborn
	run_tool -64 pfdkill --timeout 10ms KILL --wait 999999999 "$spawned"
	refute_output
	assert_stderr 'pfdkill: 999999999: No such process'
	is_zombie "$spawned" || is_gone "$spawned"
}

# bats test_tags=kernel
@test "a group is waited for and killed as a whole" {
	spawn_group
	run_tool -0 pfdkill --verbose -s HUP --timeout 50ms KILL --wait -- "-$group"
	if kernel_at_least 6.9; then
		assert_line "-$group: sent HUP"
		assert_line "-$group: sent KILL"
		assert_line "-$group: all its members are gone, forced with KILL"
	else
		assert_line "-$group: $group (bash): sent HUP"
		assert_equal "$(grep -c '(sigecho): sent KILL' <<<"$output")" 2
	fi
	assert_line "-$group: $group (bash): forced with KILL"
	assert_equal "$(grep -c '(sigecho): forced with KILL' <<<"$output")" 2
	assert_stderr ''
	run_tool -1 pfdkill -0 -- "-$group"
}

@test "a program that waits for its own group does not signal itself" {
	spawn setsid bash -c "$CONDITIONS"'
		trap "" TERM
		stubborn >one & wait_for has_line one
		(trap - TERM; exec sleep 1000) &
		trap "" KILL
		"$PFD_BINDIR/pfdkill" --deadline 300ms 0 2>err
		echo $? >status
		kill -KILL %1 %2'
	wait_for file_has status .
	assert_equal "$(<status)" 124
	run cat err
	assert_line --partial 'survived TERM'
}

# ---- what the system cannot do ----

@test "plain targets need no /proc, but names and missing leaders do" {
	requires pidns
	# a /proc of another namespace is ours without a new mount; LeakSanitizer needs its own
	# shellcheck disable=SC2016
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 run unshare "${PIDNS_FLAGS[@]/--mount-proc/--fork}" subreap bash -c '
		sleep 1000 & victim=$!
		"$PFD_BINDIR/pfdkill" -0 $victim; echo "plain $?"
		"$PFD_BINDIR/pfdkill" -w $victim; echo "wait $?"
		"$PFD_BINDIR/pfdkill" sleep; echo "name $?"
		"$PFD_BINDIR/pfdkill" -s TERM -1; echo "all $?"
		"$PFD_BINDIR/pfdkill" -r $$; echo "handler $?"
		"$PFD_BINDIR/pfdkill" -d $$; echo "state $?"
		"$PFD_BINDIR/pfdkill" -- -999999; echo "group $?"
	'
	assert_line 'plain 0'
	assert_line 'wait 0'
	assert_line 'name 3'
	assert_line 'pfdkill: sleep: /proc belongs to another pid namespace, its numbers are not ours'
	assert_line 'all 3'
	assert_line 'handler 3'
	assert_line 'state 3'
	assert_line 'group 3'
}

# bats test_tags=kernel
@test "without pidfds no signal is sent by PID" {
	requires seccomp
	sleeper
	run old-kernel pidfd_open=ENOSYS pidfd_send_signal=ENOSYS "$PFD_BINDIR/pfdkill" -KILL "$spawned"
	assert_equal "$status" 3
	assert_output "pfdkill: $spawned: this kernel has no pidfds (Linux 5.3), or a sandbox hides them"
	run_tool -0 pfdkill -0 "$spawned"
}

# bats test_tags=kernel
@test "Linux 5.2 signals through a /proc directory and rejects a wait" {
	requires seccomp
	spawn_ready sigecho
	run old-kernel 5.2 "$PFD_BINDIR/pfdkill" -USR1 "$spawned"
	assert_equal "$status" 0
	refute_output
	wait_for file_has "$spawned_out" '^10 '
	run old-kernel 5.2 "$PFD_BINDIR/pfdkill" -USR2 --wait "$spawned"
	assert_equal "$status" 3
	assert_output 'pfdkill: waiting needs Linux 5.3; no process was signalled'
	run_tool -0 pfdkill -INT "$spawned"
	wait_for file_has "$spawned_out" '^2 '
	run cat "$spawned_out"
	refute_line --regexp '^12 '
}

@test "Linux 6.8 signals a group member by member" {
	requires seccomp
	spawn_group
	run old-kernel 6.8 "$PFD_BINDIR/pfdkill" -USR1 -- "-$group"
	assert_equal "$status" 0
	refute_output
	wait_for file_has one '^10 '
	wait_for file_has two '^10 '
	end_group
}

@test "a full standard output is a failure" {
	run bash -c '"$PFD_BINDIR/pfdkill" -l >/dev/full'
	assert_equal "$status" 3
	assert_output 'pfdkill: write error: No space left on device'
}

@test "a wait continues after it was stopped and continued" {
	local how pid words
	for how in "pfdkill -CONT --wait" "pfdkill -CONT --timeout 1h KILL --wait" "kill -CONT --wait" \
		"pkill -CONT --wait -p" "pidwait -p" "pwait"; do
		read -ra words <<<"$how"
		[[ -x $PFD_BINDIR/${words[0]} ]] || continue
		sleeper
		pid=$spawned
		spawn "$PFD_BINDIR/${words[0]}" "${words[@]:1}" "$pid"
		wait_for waits "$spawned"
		kill -STOP "$spawned"
		wait_for is_stopped "$spawned"
		kill -CONT "$spawned"
		wait_for waits "$spawned"
		finish "$pid"
		wait "$spawned"
		assert_equal "$how: $(<"$spawned_out")" "$how: "
	done
}

@test "with -q the target sees the PID and user of pfdkill as the sender" {
	local user
	for user in "" as_user; do
		# shellcheck disable=SC2086
		spawn_ready $user sigecho
		local target
		target=$(pgrep_sigecho_below "$spawned")
		# shellcheck disable=SC2016
		run -0 $user sh -c 'id -u; echo $$; exec "$PFD_BINDIR/pfdkill" -q 7 -USR1 "$1"' sh "$target" 3>&-
		wait_for file_has "$spawned_out" "^10 code=-1 pid=${lines[1]} uid=${lines[0]} value=7\$"
	done
}

# pgrep_sigecho_below PID: the PID of the sigecho that PID is, or has started.
pgrep_sigecho_below() {
	local pid=$1
	while ! comm_is "$pid" sigecho; do
		pid=$(cut -d' ' -f1 "/proc/$pid/task/$pid/children")
		[[ -n $pid ]] || fail "no sigecho"
	done
	echo "$pid"
}
