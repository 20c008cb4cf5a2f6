#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pidwait: wait for the processes that match.

load helpers

own() {
	printf 'w%sx%s%s' "$BATS_TEST_NUMBER" "$$" "${1-}"
}

# still_waits PID COMMAND...: COMMAND wakes the process, and it continues to wait.
still_waits() {
	local waiter=$1 before
	shift
	before=$(sleeps "$waiter")
	"$@"
	wait_for slept_more "$waiter" "$before"
	wait_for waits "$waiter"
}

# holds PROGRAM PID: it has a pidfd of that process.
holds() {
	grep -qsE "^Pid:[[:space:]]+$2\$" "/proc/$1/fdinfo"/*
}

# bats test_tags=kernel
@test "it returns when all matching processes are gone, and prints nothing" {
	spawn_ready named "$(own)"
	local a=$spawned
	spawn_ready named "$(own)"
	local b=$spawned
	spawn "$PFD_BINDIR/pidwait" "$(own)"
	local waiter=$spawned
	wait_for waits "$waiter"
	still_waits "$waiter" finish "$a"
	kill "$b"
	wait "$waiter"
	assert_equal "$(<"$spawned_out")" ''
}

@test "no process to wait for is status 1" {
	run_tool -1 pidwait "$(own)nobody"
	refute_output
	assert_stderr ''
}

@test "before the wait -e prints the processes, and -c their number" {
	spawn_ready named "$(own)"
	local pid=$spawned
	spawn "$PFD_BINDIR/pidwait" -e -c "$(own)"
	wait_for file_has "$spawned_out" waiting
	assert_equal "$(<"$spawned_out")" "1"$'\n'"waiting for $(own) (pid $pid)"
	[[ -e /proc/$pid ]]
	kill "$pid"
	wait "$spawned"
	run_tool -1 pidwait --count "$(own)nobody"
	assert_output 0
	run_tool -2 pidwait --count=2 "$(own)"
}

@test "-e without a pattern prints the name too (P7)" {
	spawn_ready named "$(own)"
	run_tool -124 pidwait --timeout 10ms -e -p "$spawned"
	assert_output "waiting for $(own) (pid $spawned)"
}

@test "--timeout: status 124 when a process is left" {
	spawn_ready named "$(own)"
	run_tool -124 pidwait --timeout 50ms "$(own)"
	refute_output
	run_tool -124 pidwait --timeout 0.05 --verbose "$(own)"
	assert_output timeout
	run_tool -2 pidwait --timeout 5x "$(own)"
	assert_stderr_has "'5x'"
}

@test "--any returns at the first end, --first N at the Nth" {
	local pids=() i
	for i in 1 2 3; do
		spawn_ready named "$(own)"
		pids+=("$spawned")
	done
	spawn "$PFD_BINDIR/pidwait" --any "$(own)"
	local any=$spawned
	spawn "$PFD_BINDIR/pidwait" --first 2 "$(own)"
	local two=$spawned
	wait_for waits "$any"
	wait_for waits "$two"
	still_waits "$two" finish "${pids[1]}"
	wait "$any"
	kill "${pids[0]}"
	wait "$two"
	[[ -e /proc/${pids[2]} ]]
	run_tool -2 pidwait --first 0 "$(own)"
}

@test "--json at the deadline: each process that is still there has survived" {
	requires jq
	spawn_ready named "$(own)"
	run_tool -124 pidwait --json --deadline 0.05 "$(own)"
	assert_equal "$(jq -r '"\(.pid) \(.result)"' <<<"$output")" "$spawned survived"
}

@test "--deadline is another name of --timeout, and the durations can have several units" {
	spawn_ready named "$(own)"
	run_tool -124 pidwait --deadline 0.05 "$(own)"
	run_tool -124 pidwait --deadline 0s50ms "$(own)"
	run_tool -124 pwait --deadline 0.05 "$spawned"
	run_tool -124 pwait --deadline 0s50ms -k KILL "$spawned"
}

# chain NAME COUNT: a program that starts itself again before it ends; the last one writes "last".
chain() {
	cat >"$1" <<-END
		#!/bin/bash
		if ((\$1)); then "\$0" \$((\$1 - 1)) & else echo >last; fi
	END
	chmod +x "$1"
	spawn "./$1" "$2"
}

@test "--until-none follows processes that start the next one before they end, to the last" {
	local round
	for round in 1 2 3; do
		rm -f last
		chain "$(own)" 60
		run_tool -0 pidwait --until-none "$(own)"
		[[ -e last ]]
	done
	refute_output
}

@test "--until-none waits for a process that matches after the others are gone" {
	spawn_ready named "$(own)"
	local a=$spawned
	spawn "$PFD_BINDIR/pidwait" --until-none -e "$(own)"
	local waiter=$spawned out=$spawned_out
	wait_for waits "$waiter"
	spawn_ready named "$(own)"
	local b=$spawned
	finish "$a"
	wait_for file_has "$out" "pid $b"
	kill -0 "$waiter"
	kill "$b"
	wait "$waiter"
	assert_equal "$(<"$out")" "waiting for $(own) (pid $a)"$'\n'"waiting for $(own) (pid $b)"
}

@test "--until-none returns at once when no process matches, and a zombie does not count" {
	run_tool -0 pidwait --until-none "$(own)"
	refute_output
	spawn_zombie
	run_tool -0 pidwait --until-none -p "$zombie"
	run_tool -124 pidwait --appear --timeout 50ms -p "$zombie"
}

@test "--until-none --settle waits until none has matched for that long" {
	spawn_ready named "$(own)"
	local pid=$spawned
	spawn "$PFD_BINDIR/pidwait" --until-none --settle 1h --verbose "$(own)"
	local waiter=$spawned out=$spawned_out
	wait_for waits "$waiter"
	finish "$pid"
	wait_for file_has "$out" "^$pid: "
	spawn_ready named "$(own)"
	# it is found, and waited for
	wait_for holds "$waiter" "$spawned"
	finish "$spawned"
	wait_for file_has "$out" "^$spawned: "
	refute is_gone "$waiter"
	finish "$waiter"
	# and a short one ends
	run_tool -0 pidwait --until-none --settle 100ms "$(own)"
}

@test "--until-none: the deadline ends the wait, and the searches" {
	spawn_ready named "$(own)"
	run_tool -124 pidwait --until-none --timeout 50ms --verbose "$(own)"
	assert_output timeout
	run_tool -124 pidwait --until-none --settle 1h --timeout 50ms --verbose "$(own)nothing"
	assert_output timeout
}

@test "--until-none --status exits with the first status that is not 0" {
	requires linux:6.15
	mkfifo go
	run subreap bash -c "$CONDITIONS"'
		bash -c "echo \$\$ >pid; read -r n <go; exit \$n" &
		wait_for has_line pid
		"$PFD_BINDIR/pidwait" --until-none --status -p "$(<pid)" &
		wait_for waits $!
		echo 42 >go
		wait $!
		echo "status $?"'
	assert_output 'status 42'
}

@test "--until-none searches again where the last PID is not known" {
	requires root
	# shellcheck disable=SC2016
	run in_pidns '
		echo "0.00 0.00 0.00 1/1 77" >fake
		mount --bind fake /proc/loadavg
		named target >ready & pid=$!
		wait_for has_line ready
		waiting() { waits "$(tool pgrep -x pidwait)"; }
		(wait_for waiting; kill $pid) &
		tool pidwait --until-none target
		tool pgrep -r RSD -x target || echo none'
	assert_output none
}

@test "--appear returns when a process matches, and prints its handle" {
	requires linux:6.9
	spawn "$PFD_BINDIR/pidwait" --appear -x "$(own)"
	local waiter=$spawned out=$spawned_out
	wait_for waits "$waiter"
	spawn_ready named "$(own)"
	wait "$waiter"
	assert_equal "$(<"$out")" "$spawned:$(inode_of "$spawned")"
	run_tool -0 pidwait --appear -x "$(own)"
	assert_output "$spawned:$(inode_of "$spawned")"
	run_tool -124 pidwait --appear --timeout 150ms --verbose -x "$(own)none"
	assert_output timeout
}

# appears ARG...: `pidwait --appear ARG...` waits in $waiter; what it prints is in $appeared.
appears() {
	spawn "$PFD_BINDIR/pidwait" --appear --timeout 20s "$@"
	waiter=$spawned appeared=$spawned_out
	wait_for slept_more "$waiter" 2
}

@test "--appear looks again for a pidfile, a socket or a lock that is not there yet" {
	requires linux:6.9 flock
	local option
	for option in '-F late.pid' '-p pidfile:late.pid'; do
		rm -f late.pid
		# shellcheck disable=SC2086
		appears $option
		sleeper
		echo "$spawned" >late.pid
		wait "$waiter"
		assert_equal "$(<"$appeared")" "$spawned:$(inode_of "$spawned")"
	done
	appears -p "unix:$PWD/late.sock"
	spawn_ready listener "$PWD/late.sock"
	wait "$waiter"
	assert_equal "$(<"$appeared")" "$spawned:$(inode_of "$spawned")"
	touch file
	appears --under "lock:$PWD/file" -x sleep
	spawn bash -c 'exec 9<file; flock 9; sleep 1000 & echo $! >child; wait'
	wait "$waiter"
	wait_for has_line child
	assert_equal "$(<"$appeared")" "$(<child):$(inode_of "$(<child)")"
	# a pipe is read only once
	spawn_ready named "$(own)"
	run -124 bash -c '"$PFD_BINDIR/pidwait" --appear --timeout 300ms -F <(echo "$1") -x "$2"none' - \
		"$spawned" "$(own)"
	assert_equal "$output" ''
}

@test "--until-none looks again which processes --not-pid names" {
	requires flock
	touch file
	spawn_ready named "$(own)"
	local first=$spawned
	spawn "$PFD_BINDIR/pidwait" --until-none --timeout 20s --not-pid "lock:$PWD/file" -x "$(own)"
	local waiter=$spawned
	wait_for waits "$waiter"
	spawn_ready bash -c 'exec 9<file; flock 9; exec named "$1"' - "$(own)"
	finish "$first"
	wait "$waiter"
}

@test "--until-none and --appear: the next process with a PID is not the one that -p names" {
	requires pidns
	# shellcheck disable=SC2016
	run in_pidns '
		for option in "--until-none --timeout 20s" "--appear --timeout 1s -x sleep"; do
			number=900
			recycle $number -- named other >ready & first=$!
			wait_for has_line ready
			wait_for comm_is $number other
			"$PFD_BINDIR/pidwait" $option -p $number >out 2>&1 & waiter=$!
			wait_for waits $waiter
			kill -STOP $waiter
			wait_for is_stopped $waiter
			kill -KILL $number
			wait $first || :
			recycle $number -- sleep 1000 >ready & next=$!
			wait_for comm_is $number sleep
			kill -CONT $waiter
			status=0
			wait $waiter || status=$?
			echo "$option: $status $(cat out)"
			kill -KILL $number
			wait $next || :
		done'
	assert_output "--until-none --timeout 20s: 0 "$'\n'"--appear --timeout 1s -x sleep: 124 "
}

# relay: a session (and process group) without a leader, with the number $session. Its member writes
# "ready" into the file `first`, and after a line in `go` it starts the next member, writes its PID
# into `second`, and ends.
relay() {
	rm -f go first second
	mkfifo go
	# shellcheck disable=SC2016
	spawn setsid bash -c '(echo ready >first; read -r _ <go; sleep 1000 & echo $! >second) &'
	session=$spawned
	wait "$session"
	wait_for has_line first
}

# pass_on WAITER: while it stands still, the member starts the next one, and ends; that one is waited
# for.
pass_on() {
	echo >go
	wait_for has_line second
	wait_for alone_in "$session" "$(<second)"
	kill -CONT "$1"
	wait_for holds "$1" "$(<second)"
	kill "$(<second)"
}

@test "--until-none -g and -s: the member that the last one has started is waited for" {
	requires reaper
	local option waiter
	for option in -g -s; do
		relay
		spawn "$PFD_BINDIR/pidwait" --until-none --timeout 30s "$option" "$session"
		waiter=$spawned
		wait_for waits "$waiter"
		kill -STOP "$waiter"
		wait_for is_stopped "$waiter"
		pass_on "$waiter"
		wait "$waiter"
	done
}

# alone_in SESSION PID: it is the only process of the session.
alone_in() {
	[[ $(ps -o pid= -s "$1" | xargs) == "$2" ]]
}

@test "--until-none -g and -s: a member that was started while they were looked for is found" {
	requires strace reaper
	local option tracer
	for option in -g -s; do
		relay
		# the PIDs have been listed when it asks for the first one
		spawn strace -o calls -e trace=getpgid,getsid -e inject=getpgid,getsid:signal=SIGSTOP:when=1 \
			"$PFD_BINDIR/pidwait" --until-none --timeout 30s "$option" "$session"
		tracer=$spawned
		wait_for file_has calls 'stopped by SIGSTOP'
		pass_on "$(pgrep -P "$tracer")"
		wait "$tracer"
	done
}

@test "--until-none --explain prints once what is excluded, however many searches follow" {
	spawn_ready named "$(own)"
	run_tool -0 pidwait --until-none --settle 300ms --explain -u 54321 "$(own)"
	assert_stderr "pidwait: $spawned ($(own)): excluded by --euid"
}

@test "--appear --json prints the process" {
	requires jq linux:6.9
	spawn_ready named "$(own)"
	run_tool -0 pidwait --appear --json "$(own)"
	assert_equal "$(jq -r '"\(.pid) \(.name) \(.result)"' <<<"$output")" "$spawned $(own) running"
}

@test "--appear uses at most a twentieth of a processor" {
	requires plain
	TIMEFORMAT='%U %S'
	local used
	used=$({ time tool pidwait --appear --timeout 2s "$(own)" || true; } 2>&1 3>&-)
	awk -v used="$used" 'BEGIN { split(used, t, " "); exit !(t[1] + t[2] < 0.2) }'
}

@test "--first, --until-none and --appear reject options that they cannot be combined with" {
	local other
	for other in '--any' '--first 2' -c -n -o; do
		# shellcheck disable=SC2086
		run_tool -2 pidwait --until-none $other "$(own)"
		assert_stderr_has 'cannot be combined'
		# shellcheck disable=SC2086
		run_tool -2 pidwait --appear $other "$(own)"
		assert_stderr_has 'cannot be combined'
	done
	for other in -e --status --progress --until-none --if-any --explain '--reap-grace 1s'; do
		# shellcheck disable=SC2086
		run_tool -2 pidwait --appear $other "$(own)"
	done
	run_tool -2 pidwait --any --first 2 "$(own)"
	run_tool -2 pidwait --settle 1s "$(own)"
	assert_stderr_has 'needs --until-none'
}

# bats test_tags=kernel
@test "--verbose prints how each process ended, --status sets the exit status" {
	requires linux:6.15
	mkfifo go
	run subreap bash -c "$CONDITIONS"'
		bash -c "echo \$\$ >pid; read -r n <go; exit \$n" &
		wait_for has_line pid
		"$PFD_BINDIR/pidwait" --verbose --status -p "$(<pid)" &
		wait_for waits $!
		echo 42 >go
		wait $!
		echo "status $?"'
	assert_line --regexp '^[0-9]+: exited with status 42\.$'
	assert_line 'status 42'
}

@test "--json prints how each process ended" {
	requires jq linux:6.15
	spawn_ready named "$(own)"
	local pid=$spawned
	spawn "$PFD_BINDIR/pidwait" --json "$(own)"
	wait_for waits "$spawned"
	finish "$pid"
	wait "$spawned"
	assert_equal "$(jq -r '"\(.pid) \(.name) \(.result) \(.ending)"' "$spawned_out")" "$pid $(own) ended killed"
}

@test "--progress draws only on a terminal" {
	requires script
	spawn_ready named "$(own)"
	run_tool -124 pidwait --progress --timeout 50ms "$(own)"
	assert_stderr ''
	run env TERM=vt100 script -qec "$PFD_BINDIR/pidwait --progress --timeout 1s $(own)" /dev/null
	assert_output --partial '0/1 gone'
}

@test "-v waits for processes that do not match" {
	spawn_ready named "$(own a)"
	local a=$spawned
	spawn_ready named "$(own b)"
	spawn "$PFD_BINDIR/pidwait" -v -e -p "$a"
	wait_for file_has "$spawned_out" "waiting for $(own b) "
	refute grep -q "$(own a)" "$spawned_out"
}

@test "a zombie counts as gone" {
	spawn_zombie
	run_tool -0 pidwait --timeout 60 -p "$zombie"
	refute_output
}

@test "more processes than can be held are rejected at once (P12)" {
	mkfifo go
	exec 9<>go
	spawn -i go herd 60
	wait_for file_has "$spawned_out" ready
	# shellcheck disable=SC2016
	run bash -c 'ulimit -n 40; exec "$0" -P "$1"' "$PFD_BINDIR/pidwait" "$spawned" 3>&-
	assert_failure 3
	assert_output --partial 'ulimit -n'
}

@test "a failed wait is status 3, and an interrupted one continues (P12, u5)" {
	requires strace
	spawn_ready named "$(own)"
	local pid=$spawned calls='?epoll_wait,?epoll_pwait,?epoll_pwait2'
	run --separate-stderr strace -o calls -e trace=epoll_ctl -e inject=epoll_ctl:error=ENOSPC \
		"$PFD_BINDIR/pidwait" "$(own)" 3>&-
	assert_failure 3
	[[ -n $stderr ]]
	run --separate-stderr strace -o calls -e trace="$calls" -e inject="$calls:error=EIO" \
		"$PFD_BINDIR/pidwait" "$(own)" 3>&-
	assert_failure 3
	[[ -n $stderr ]]
	run --separate-stderr strace -o calls -e trace="$calls" -e inject="$calls:error=EINTR:when=1" \
		"$PFD_BINDIR/pidwait" --timeout 100ms "$(own)" 3>&-
	assert_failure 124
	assert_equal "$stderr" ''
	spawn "$PFD_BINDIR/pidwait" "$(own)"
	local waiter=$spawned
	wait_for waits "$waiter"
	kill -STOP "$waiter"
	wait_for is_stopped "$waiter"
	still_waits "$waiter" kill -CONT "$waiter"
	finish "$pid"
	wait "$waiter"
}

@test "--reap-grace limits the wait for the status after a death" {
	requires linux:6.15 seccomp
	# as a user that may not read it before the reap
	spawn_zombie
	if ((EUID == 0)); then
		run --separate-stderr as_user pidwait --verbose --reap-grace 10ms -p "$zombie"
		assert_success
		assert_output "$zombie: gone, status unknown."
	fi
	run_tool -0 pidwait --reap-grace 1ms -p "$zombie"
	run_tool -2 pidwait --reap-grace 1x -p "$zombie"
	assert_stderr_has '--reap-grace: '
}

@test "-Q quotes the names of -e, --explain prints what was excluded" {
	spawn_ready named "$(own) b"
	run_tool -124 pidwait --timeout 1ms -e -Q "$(own)"
	assert_output "waiting for '$(own) b' (pid $spawned)"
	run_tool -124 pidwait --timeout 1ms --echo --shell-quote "$(own)"
	assert_output "waiting for '$(own) b' (pid $spawned)"
	run_tool -1 pidwait --explain -u 54321 "$(own)"
	refute_output
	assert_stderr "pidwait: $spawned ($(own) b): excluded by --euid"
}

@test "-SIGNAL is not an option, --signal is for -H" {
	run_tool -2 pidwait -KILL "$(own)"
	run_tool -1 pidwait --signal USR1 -H "$(own)"
}

# bats test_tags=kernel
@test "a seccomp filter without pidfds is status 3" {
	requires seccomp
	spawn_ready named "$(own)"
	run old-kernel 5.2 "$PFD_BINDIR/pidwait" "$(own)"
	assert_failure 3
}

@test "--status exits with 3 when the status of a process cannot be read" {
	requires root
	spawn_zombie sh -c 'exit 0'
	run --separate-stderr as_user pidwait --status --reap-grace 10ms -p "$zombie"
	assert_equal "$status" 3
	run_tool -0 pidwait --status --reap-grace 10ms -p "$zombie"
}
