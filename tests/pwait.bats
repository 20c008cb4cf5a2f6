#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pwait waits for any process and prints how it ended.

load helpers
load pwait

# ---- endings ----

# bats test_tags=kernel
@test "the exit status of another shell's process is printed" {
	requires linux:6.15
	victim exit 42
	start_waiting pwait -v "$pid"
	order
	order
	result
	assert_equal "$status" 0
	assert_output "$pid: exited with status 42."
}

@test "the signal that killed another shell's process is printed with its name" {
	requires linux:6.15
	victim signal 15
	start_waiting pwait -v "$pid"
	order
	order
	result
	assert_equal "$status" 0
	assert_output "$pid: killed by signal 15 (TERM)."
}

@test "a core dump is reported if there was one" {
	requires linux:6.15
	victim dump 6
	start_waiting pwait -v "$pid"
	order
	order
	wait_for file_has "$parent_out" 6
	result
	assert_equal "$status" 0
	if file_has "$parent_out" dumped; then
		assert_output "$pid: killed by signal 6 (ABRT), core dumped."
	else
		assert_output "$pid: killed by signal 6 (ABRT)."
	fi
}

@test "an ordinary user sees the status of another user's process" {
	requires root linux:6.15
	victim exit 42
	start_waiting as_user pwait -v -s "$pid"
	order
	order
	result
	assert_equal "$status" 42
	assert_output "$pid: exited with status 42."
}

# bats test_tags=kernel
@test "the status of a zombie is printed at once, before its reap" {
	victim exit 42
	end_victim
	run_tool -0 pwait -v --reap-grace 1h "$pid"
	assert_output "$pid: exited with status 42."
	assert_stderr ''
	is_zombie "$pid"
	run_tool -42 pwait -s --reap-grace 1h "$pid"
}

# bats test_tags=kernel
@test "a status that was read by PID does not count if the PID may have been reused" {
	requires seccomp
	victim exit 7
	end_victim
	run -0 old-kernel pidfd_send_signal=ENOSYS "$PFD_BINDIR/pwait" -v "$pid"
	if kernel_at_least 6.9; then # the handle reports a reap
		assert_output "$pid: exited with status 7."
	else
		assert_line "$pid: gone, status unknown."
	fi
}

@test "the signal that killed a zombie is printed" {
	victim signal 9
	end_victim
	run_tool -0 pwait -v --reap-grace 1h "$pid"
	assert_output "$pid: killed by signal 9 (KILL)."
	assert_stderr ''
}

@test "an ending is printed at the death if the status can be read then" {
	victim exit 3
	start_waiting pwait -v --reap-grace 1h "$pid"
	order
	result
	assert_equal "$status" 0
	assert_output "$pid: exited with status 3."
	is_zombie "$pid"
}

@test "a status that we may not read from a zombie is printed after the reap" {
	requires root linux:6.15
	victim exit 9
	end_victim
	start_waiting as_user pwait -v --reap-grace 1h "$pid"
	order
	result
	assert_equal "$status" 0
	assert_output "$pid: exited with status 9."
}

@test "the wait for the reap of a zombie uses no processor time" {
	requires strace linux:6.9
	victim exit 9
	end_victim
	run strace -o calls -e "trace=?epoll_wait,?epoll_pwait" "$PFD_BINDIR/pwait" -r -t 300ms "$pid"
	assert_equal "$status" 124
	few_waits <calls
}

# bats test_tags=kernel
@test "a status that we may not read from a zombie is unknown after the grace time, not guessed" {
	requires root
	victim exit 9
	end_victim
	run --separate-stderr as_user pwait -v -s --reap-grace 100ms "$pid"
	assert_equal "$status" 3
	assert_output "$pid: gone, status unknown."
	if kernel_at_least 6.15; then
		assert_stderr_has "$pid: status unknown: its parent has not reaped it, and we may not read"
	else
		assert_stderr_has "$pid: status unknown: this kernel keeps no record of it (Linux 6.15 does)"
	fi
	is_zombie "$pid"
}

@test "with a /proc of another namespace no status of a zombie is guessed, and the reap still gives it" {
	requires pidns linux:6.15
	local flags=(--pid --fork --kill-child)
	((EUID == 0)) || flags+=(--user --map-root-user)
	# this /proc shows the outer PIDs: PID 2 in it is another process, also for LeakSanitizer
	# shellcheck disable=SC2016
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 run --separate-stderr unshare "${flags[@]}" bash -c "$CONDITIONS"'
		mkfifo orders
		exec 7<>orders
		: >out
		waitstatus exit 5 <&7 >out &
		wait_for has_line out
		read -r pid <out
		echo >&7
		"$PFD_BINDIR/pwait" -v -s --reap-grace 0.1 $pid | sed "s/^$pid/PID/"
		echo ${PIPESTATUS[0]}
		"$PFD_BINDIR/pwait" /proc/$pid
		echo $?
		sh -c "read -r number rest </proc/self/stat; echo \$number >number
			exec \"\$PFD_BINDIR/pwait\" -v $pid" >told &
		wait_for has_line number
		wait_for waits "$(<number)"
		echo >&7
		wait $!
		sed "s/^$pid/PID/" told'
	assert_output $'PID: gone, status unknown.\n3\n3\nPID: exited with status 5.'
	assert_stderr_has 'there is no /proc of our pid namespace'
	assert_stderr_has '/proc belongs to another pid namespace'
}

# ---- when it returns ----

# bats test_tags=kernel
@test "pwait prints nothing and exits with 0 when the processes are gone" {
	victim exit 1
	start_waiting pwait "$pid"
	order
	result
	assert_equal "$status" 0
	refute_output
}

# bats test_tags=kernel
@test "at the deadline the status is 124, and with -v 'timeout' is printed" {
	sleeper
	run_tool -124 pwait -t 100ms "$spawned"
	refute_output
	assert_stderr ''
	run_tool -124 pwait -v -t 0.1 "$spawned"
	assert_output timeout
	assert_stderr ''
}

# bats test_tags=kernel
@test "a timeout of 0 is no limit" {
	victim exit 0
	start_waiting pwait -v -t 0 "$pid"
	order
	result
	assert_equal "$status" 0
	assert_output "$pid: exited with status 0."
}

# bats test_tags=kernel
@test "a process that is dead at the deadline is not late" {
	victim exit 4
	start_waiting pwait -v -t 2 "$pid"
	kill -STOP %%
	wait_for is_stopped "$waiter"
	end_victim
	wait_for timer_has_fired "$waiter"
	kill -CONT %%
	result
	assert_equal "$status" 0
	assert_output "$pid: exited with status 4."
}

# timer_has_fired PID: the time left on its timer is 0.
timer_has_fired() {
	grep -qs '^it_value: (0, 0)$' "/proc/$1"/fdinfo/*
}

# bats test_tags=kernel
@test "--any returns at the first death" {
	local option
	for option in -o -i --any --count=1; do
		sleeper
		victim exit 6
		start_waiting pwait "$option" -v "$spawned" "$pid"
		order
		result
		assert_equal "$status" 0
		assert_output "$pid: exited with status 6."
	done
}

@test "--count returns after this many deaths" {
	sleeper
	local stays=$spawned
	victim exit 6
	local first=$pid
	start_waiting pwait -c 2 -v "$stays" "$first"
	kill -KILL %1
	wait_for file_has "$told" "$stays: killed by signal 9 (KILL)"
	waits "$waiter"
	order
	result
	assert_equal "$status" 0
	assert_output "$stays: killed by signal 9 (KILL).
$first: exited with status 6."
}

@test "without --count all must be gone" {
	victim exit 1
	sleeper
	start_waiting pwait -v -t 2 "$spawned" "$pid"
	order
	result
	assert_equal "$status" 124
	assert_output "$pid: exited with status 1.
timeout"
}

# bats test_tags=kernel
@test "with -r pwait waits for the reap, not only for the death" {
	requires linux:6.15
	victim exit 11
	end_victim
	run_tool -124 pwait -r -v -t 100ms "$pid"
	assert_output timeout
	assert_stderr ''
	start_waiting pwait -r -v -s "$pid"
	order
	result
	assert_equal "$status" 11
	assert_output "$pid: exited with status 11."
}

@test "the wait for a status that we may not read yet uses no processor time" {
	requires root strace linux:6.9
	victim exit 0
	end_victim
	run --separate-stderr as_user sh -c 'exec strace -qq -e "trace=?epoll_wait,?epoll_pwait" \
		"$PFD_BINDIR/pwait" -v --reap-grace 1h -t 300ms "$1"' - "$pid"
	assert_output "$pid: gone, status unknown."
	few_waits <<<"$stderr"
}

# few_waits: the calls on standard input are the death, the deadline and a last check; a busy loop
# would make a million per second.
few_waits() {
	local waits
	waits=$(grep -c '^epoll_')
	((waits >= 1 && waits <= 4)) || fail "$waits waits"
}

# ---- targets that are gone, and statuses ----

@test "a target that was gone before causes a warning, and counts as gone" {
	victim exit 1
	run_tool -0 pwait 4194303
	refute_output
	assert_stderr 'pwait: 4194303: No such process'
	start_waiting pwait -v 4194303 "$pid"
	order
	result
	assert_equal "$status" 0
	assert_output "pwait: 4194303: No such process
4194303: gone, status unknown.
$pid: exited with status 1."
}

@test "with -e a target that was gone before is not reported" {
	run_tool -0 pwait -e 4194303
	refute_output
	assert_stderr ''
	run_tool -0 pwait -e -s 4194303
	assert_stderr ''
}

@test "with --strict a target that was gone before is status 1, after the wait for all others" {
	victim exit 0
	start_waiting pwait --strict -e -v 4194303 "$pid"
	order
	result
	assert_equal "$status" 1
	assert_output "4194303: gone, status unknown.
$pid: exited with status 0."
}

# bats test_tags=kernel
@test "with -s a status that cannot be known is 127, as in a shell" {
	run_tool -127 pwait -s 4194303
	assert_stderr 'pwait: 4194303: No such process'
}

@test "with -s pwait exits with the first status that is not 0" {
	victim exit 0
	end_victim
	local ok=$pid
	victim exit 77
	end_victim
	run_tool -77 pwait -s "$ok" "$pid"
	run_tool -0 pwait -s "$ok"
	victim signal 15
	end_victim
	run_tool -143 pwait -s "$ok" "$pid"
	refute_output
	assert_stderr ''
}

@test "the deadline has priority over a status" {
	victim exit 77
	end_victim
	sleeper
	run_tool -124 pwait -s -t 100ms "$pid" "$spawned"
}

# ---- the command line ----

@test "a mistake is one message and status 2, before any wait" {
	local row
	while IFS='|' read -r args message; do
		read -ra row <<<"$args"
		run_tool -2 pwait "${row[@]}"
		refute_output
		assert_stderr "pwait: $message (see 'pwait --help')"
	done <<-'ROWS'
		|no targets: name at least one process to wait for
		x|'x': a name: use pidwait to wait for it, or pgrep --handle to get its handle; pwait takes a COMMAND behind '--'
		%1|'%1': jobs are the shell's: write $(jobs -p %1)
		1 2 3 0|'0': PID 0 names no process
		-c 3 1 2|--count: 3 is more than the 2 targets
		-c 0 1|--count: '0' is not a number above 0
		-c x 1|--count: 'x' is not a number above 0
		-o -c 2 1 2|--any and --count cannot be combined
		-t x 1|--timeout: 'x' is not a duration (like 500ms, 1.5s, 2m or 1h)
		-t -1 1|--timeout: '-1' is not a duration (like 500ms, 1.5s, 2m or 1h)
		-t 101y 1|--timeout: '101y' is not a duration (like 500ms, 1.5s, 2m or 1h)
		-t 999999d 1|--timeout: '999999d' is longer than 100 years
		-t 1 -k NOPE 1|--kill: 'NOPE' is not a signal (like TERM, KILL or 15)
		-t 1 -k 0/5s/KILL 1|--kill: signal 0 cannot be used here
		-t 1 -k 9 1|--kill: '9' could be a signal or a time: write a signal by name, as in KILL or TERM/5s/KILL
		-t 1 -k TERM -k KILL 1|--kill is given twice: write --kill TERM/5s/KILL for one signal after another
		-t 1 -k TERM/x/KILL 1|--kill: 'x' is not a duration (like 500ms, 1.5s, 2m or 1h)
		-t 1 -k TERM/5s/ 1|--kill: '' is not a signal (like TERM, KILL or 15)
		--cleanup 1|--cleanup needs a COMMAND after --
		--tree 1|--tree needs a COMMAND after --
		--foreground 1|--foreground needs a COMMAND after --
		--die-with-parent 1|--die-with-parent needs a COMMAND after --
		--nohang -t 1 1|--nohang and --timeout cannot be combined
		1 cgroup:|'cgroup:': cgroup: must be followed by the path of a cgroup (v2), as in cgroup:/user.slice
		1 cgroup:x|'cgroup:x': cgroup: must be followed by the path of a cgroup (v2), as in cgroup:/user.slice
		1 unit:a/b|'unit:a/b': the name of a unit has no slash; write cgroup:/PATH for a path
		-s 1 unit:x|'unit:x': --status needs processes, and a cgroup is waited for as a whole
		-r cgroup:/x|'cgroup:/x': --reaped needs processes, and a cgroup is waited for as a whole
		-c 3 1 unit:x|--count: 3 is more than the 2 targets
		/proc/1:5|'/proc/1:5': not a target: /proc/PID has only a number
	ROWS
}

@test "an inherited descriptor that is not a process is rejected with status 1" {
	run_tool -1 pwait fd:99
	assert_stderr 'pwait: fd:99: no such descriptor is open'
	run_tool -1 pwait fd:0 </dev/null
	assert_stderr 'pwait: fd:0: that descriptor is neither a pidfd nor a Unix socket'
}

@test "a path in /proc names a process, as on FreeBSD and illumos" {
	victim exit 8
	end_victim
	run_tool -0 pwait -v "/proc/$pid"
	assert_output "$pid: exited with status 8."
	assert_stderr ''
}

# ---- many (see pwait-many.bats) ----

@test "more targets than available descriptors are rejected with both numbers" {
	# shellcheck disable=SC2016
	run --separate-stderr bash -c '
		ulimit -n 20
		exec "$PFD_BINDIR/pwait" $(seq 1 30)' 3>&-
	assert_equal "$status" 3
	refute_output
	assert_stderr_has '30 targets need 38 descriptors, the limit allows 1'
}

# ---- every way to end ----

@test "for 35 ways to end the status is the one that the parent gets, from the zombie and at the reap" {
	requires linux:6.15
	mkfifo orders
	exec {orders}<>orders
	spawn -i orders ways
	local out=$spawned_out
	wait_for file_has "$out" ready
	local -a number name
	while read -r pid way; do
		[[ $pid != ready ]] || break
		number+=("$pid")
		name+=("$way")
	done <"$out"
	start_waiting pwait -r -v --json "${number[@]}"
	order
	wait_for file_has "$out" dead
	# every zombie, as our user and as another
	local i zombie=()
	for i in "${!number[@]}"; do
		status=0
		tool pwait -s "${number[i]}" || status=$?
		zombie+=("$status")
	done
	order
	wait_for file_has "$out" reaped
	result
	local -A truth
	while read -r pid code; do
		[[ $code != *[!0-9]* && -n $code ]] && truth[$pid]=$code
	done <"$out"
	for i in "${!number[@]}"; do
		pid=${number[i]}
		echo "${name[i]}: parent ${truth[$pid]}, zombie ${zombie[i]}"
		assert_equal "${zombie[i]}" "${truth[$pid]}"
		assert_equal "$(json_status "$(grep "\"pid\":$pid," <<<"$output")")" "${truth[$pid]}"
	done
}

@test "an ordinary user sees the status for 35 ways to end" {
	requires root linux:6.15
	mkfifo orders
	exec {orders}<>orders
	spawn -i orders ways
	local out=$spawned_out
	wait_for file_has "$out" ready
	mapfile -t number < <(sed -n 's/ [a-z].*//p' "$out")
	start_waiting as_user pwait --json --reap-grace 1h "${number[@]}"
	order
	wait_for file_has "$out" dead
	order
	wait_for file_has "$out" reaped
	result
	local pid code seen=0
	while read -r pid code; do
		[[ $code =~ ^[0-9]+$ ]] || continue
		assert_equal "$(json_status "$(grep "\"pid\":$pid," <<<"$output")")" "$code"
		((++seen))
	done <"$out"
	((seen == ${#number[@]} && seen >= 30))
}

@test "for 35 ways to end pwait -s of an ordinary user equals what the parent gets" {
	requires root linux:6.15
	mkfifo orders
	exec {orders}<>orders
	spawn -i orders ways
	local out=$spawned_out pid code seen=0
	wait_for file_has "$out" ready
	mapfile -t number < <(sed -n 's/ [a-z].*//p' "$out")
	# shellcheck disable=SC2016
	spawn as_user bash -c '
		for pid; do
			{
				sh -c "echo waits \$\$ >&7; exec \"\$PFD_BINDIR/pwait\" -s --reap-grace 1h $pid"
				echo "$pid $?" >&7
			} &
		done 7>&1
		wait' - "${number[@]}"
	wait_for so_many_wait "${#number[@]}"
	order
	wait_for file_has "$out" dead
	order
	wait_for file_has "$out" reaped
	while read -r pid code; do
		[[ $code =~ ^[0-9]+$ ]] || continue
		wait_for file_has "$spawned_out" "^$pid "
		grep -x "$pid $code" "$spawned_out"
		((++seen))
	done <"$out"
	((seen == ${#number[@]} && seen >= 30))
}

so_many_wait() {
	local word pid count=0
	while read -r word pid; do
		[[ $word != waits ]] || ! waits "$pid" || ((++count))
	done <"$spawned_out"
	((count == $1))
}

@test "a process that continues without its leader thread is not dead" {
	requires python3
	spawn_ready python3 -c '
import ctypes, os, threading, time
def stay():
    time.sleep(1000)
threading.Thread(target=stay).start()
print(os.getpid(), flush=True)
ctypes.CDLL(None).syscall(60, 7)'
	wait_for is_zombie "$spawned"
	run_tool -124 pwait -v -t 200ms "$spawned"
	assert_output timeout
	run_tool -124 pwait --nohang "$spawned"
}

# ---- special targets ----

@test "a process that is named more than once counts once" {
	victim exit 3
	start_waiting pwait -v "$pid" "$pid" "$pid:$(inode_of "$pid")" "$pid"
	order
	result
	assert_equal "$status" 0
	assert_output "$pid: exited with status 3."
	run_tool -2 pwait -c 2 "$$" "$$"
	assert_stderr_has 'pwait: --count: 2 is more than the 1 '
	run_tool -0 pwait 4194303 4194303
	assert_stderr 'pwait: 4194303: No such process'
}

@test "pwait does not wait for itself" {
	# shellcheck disable=SC2016
	run --separate-stderr sh -c 'echo $$; exec "$PFD_BINDIR/pwait" $$' 3>&-
	assert_equal "$status" 0
	assert_stderr_has "pwait: $output: skipped: that is this program itself"
}

@test "pwait waits for its own parent as for any other process" {
	# shellcheck disable=SC2016
	mkfifo go
	spawn_ready sh -c '"$PFD_BINDIR/pwait" -v $$ >told & echo $!; read -r line <go; exit 4'
	local waiter
	read -r waiter <"$spawned_out"
	wait_for waits "$waiter"
	echo >go
	wait_for file_has told "$spawned: exited with status 4."
}

@test "pwait waits for kernel threads and PID 1, which do not end" {
	[[ $(proc_state 2) == [SIRD] && ! -s /proc/2/cmdline ]] || skip "no kernel thread to be seen"
	run_tool -124 pwait -v -t 100ms 1 2
	assert_output timeout
	assert_stderr ''
}

@test "a stopped process is not gone" {
	victim exit 5
	kill -STOP "$pid"
	wait_for is_stopped "$pid"
	run_tool -124 pwait -t 100ms "$pid"
	start_waiting pwait -v "$pid"
	kill -CONT "$pid"
	order
	result
	assert_output "$pid: exited with status 5."
}

@test "a traced process is gone when it is dead, and reaped when its parent reaps it" {
	requires strace linux:6.15
	victim exit 6
	spawn strace -o /dev/null -p "$pid"
	wait_for grep -q "TracerPid:[[:space:]][1-9]" "/proc/$pid/status"
	start_waiting pwait -v -r "$pid"
	order
	wait_for is_zombie "$pid"
	run_tool -0 pwait -v "$pid"
	assert_output "$pid: exited with status 6."
	order
	result
	assert_equal "$status" 0
	assert_output "$pid: exited with status 6."
}

# ---- the other options ----

@test "-p prints at the end which targets are not gone" {
	sleeper
	local first=$spawned
	sleeper
	local second=$spawned
	victim exit 0
	run_tool -124 pwait -p -t 100ms "$first" "$second" "$pid"
	assert_output "$first
$second
$pid"
	start_waiting pwait -o -p "$first" "$pid" "$second"
	order
	result
	assert_equal "$status" 0
	assert_output "$first
$second"
}

@test "--nohang checks once and returns" {
	victim exit 0
	run_tool -124 pwait --nohang -v "$pid"
	assert_output timeout
	end_victim
	run_tool -0 pwait --nohang -v "$pid"
	assert_output "$pid: exited with status 0."
	assert_stderr ''
}

@test "--nohang does not wait for a status" {
	requires root
	victim exit 9
	end_victim
	run --separate-stderr as_user pwait --nohang -v --reap-grace 1h "$pid"
	assert_equal "$status" 0
	assert_output "$pid: gone, status unknown."
}

@test "-k signals the remaining processes at the deadline, with status 124" {
	victim exit 2
	end_victim
	spawn_ready sigecho -x 12
	run_tool -124 pwait -v -t 100ms -k USR2 "$spawned" "$pid"
	assert_line --index 0 "$pid: exited with status 2."
	assert_line --index 1 timeout
	wait_for file_has "$spawned_out" '^12 '
}

@test "-k waits only for the grace time if a process ignores the signal" {
	spawn_ready stubborn
	run_tool -124 pwait -v -p -t 100ms -k TERM --reap-grace 100ms "$spawned"
	assert_output "timeout
$spawned"
	assert_stderr ''
	[[ $(proc_state "$spawned") == [RSD] ]]
}

@test "-k reports a process that it could not signal" {
	requires root
	sleeper
	run --separate-stderr as_user pwait -t 100ms -k TERM --reap-grace 0 "$spawned"
	assert_equal "$status" 124
	assert_stderr_has "$spawned: cannot send the signal: not permitted: it belongs to root"
}

@test "--json prints one valid object per line for each process" {
	requires python3 linux:6.15
	victim signal 15
	sleeper
	local stays=$spawned
	start_waiting pwait --json -t 2 "$pid" "$stays" 4194303
	order
	order
	result
	assert_equal "$status" 124
	python3 - "$pid" "$stays" "$(inode_of "$stays")" 3<<<"$(grep '^{' <<<"$output")" <<-'PYTHON'
		import json, os, sys
		lines = [json.loads(line) for line in os.fdopen(3)]
		pid, left, inode = map(int, sys.argv[1:])
		by = {line["pid"]: line for line in lines}
		assert len(lines) == 3, lines
		assert by[4194303]["result"] == "gone" and "ending" not in by[4194303]
		assert by[4194303]["pidfdId"] is None
		dead = by[pid]
		assert dead["result"] == "ended" and dead["ending"] == "killed", dead
		assert dead["killedBy"] == "TERM" and dead["coreDumped"] is False, dead
		assert dead["name"] == "waitstatus" and dead["target"] == str(pid), dead
		live = by[left]
		assert live["result"] == "survived" and "ending" not in live, live
		assert live["pidfdId"] == inode and live["handle"] == f"{left}:{inode}", live
		assert live["name"] == "sleep", live
	PYTHON
}

@test "on USR1 pwait prints what is left, and continues" {
	sleeper
	local stays=$spawned
	victim exit 1
	start_waiting pwait "$stays" "$pid"
	kill -USR1 "$waiter"
	wait_for file_has "$told" "^0/2 gone 00:0[0-9] waiting for $stays (sleep), $pid (waitstatus)\$"
	kill -KILL %1
	order
	result
	assert_equal "$status" 0
}

@test "--progress is silent when standard error is no terminal" {
	victim exit 1
	start_waiting pwait --progress -v "$pid"
	order
	result
	assert_output "$pid: exited with status 1."
}

@test "every line is written to a pipe at once, with one write" {
	requires strace
	victim exit 1
	local other=$pid
	sleeper
	mkfifo lines
	exec {lines}<>lines
	# shellcheck disable=SC2016
	spawn strace -o calls -e trace=write,writev sh -c 'exec "$PFD_BINDIR/pwait" -v "$@" >lines' sh \
		"$other" "$spawned"
	order
	read -r -t 10 line <&"$lines"
	assert_equal "$line" "$other: exited with status 1."
	assert_equal "$(grep -cE 'writev?\(1,' calls)" 1
}

@test "lost output is status 3" {
	victim exit 1
	end_victim
	run --separate-stderr bash -c '"$PFD_BINDIR/pwait" -v "$1" >/dev/full' - "$pid" 3>&-
	assert_equal "$status" 3
	assert_stderr_has 'write error: '
	run --separate-stderr bash -c '"$PFD_BINDIR/pwait" --json "$1" >/dev/full' - "$pid" 3>&-
	assert_equal "$status" 3
	# in waitpid 3 is the deadline, and 2 a kernel that lacks something
	run --separate-stderr bash -c '"$PFD_BINDIR/waitpid" -v "$1" >/dev/full' - "$pid" 3>&-
	assert_equal "$status" 1
	assert_stderr_has 'waitpid: write error: '
}

# ---- the exit status if there are several reasons ----

@test "the order of priority of exit statuses is: deadline, status of a process, gone before" {
	victim exit 0
	end_victim
	local ok=$pid
	victim exit 77
	end_victim
	local bad=$pid
	sleeper
	local lives=$spawned expected arguments row
	while IFS='|' read -r expected arguments; do
		arguments=${arguments//OK/$ok}
		arguments=${arguments//BAD/$bad}
		arguments=${arguments//LIVES/$lives}
		read -ra row <<<"${arguments//GONE/4194303}"
		run_tool "-$expected" "${row[@]}"
	done <<-'ROWS'
		0|pwait OK GONE
		77|pwait -s BAD GONE
		77|pwait -s --strict BAD GONE
		1|pwait -s --strict OK GONE
		127|pwait -s OK GONE
		0|pwait -s -e OK GONE
		1|pwait -e --strict OK GONE
		0|pwait -o LIVES GONE
		127|pwait -o -s LIVES GONE
		1|pwait -o --strict LIVES GONE
		77|pwait -o -s -t 60 LIVES BAD
		77|pwait -c 2 -s LIVES OK BAD
		0|pwait -c 2 -t 60 LIVES OK GONE
		124|pwait -t 0.1 LIVES GONE
		124|pwait -t 0.1 -s LIVES BAD
		124|pwait -t 0.1 --strict LIVES GONE
		124|pwait -t 0.1 -s -k CONT --reap-grace 0 LIVES BAD
		124|pwait -t 0.1 -c 2 -s LIVES BAD
		124|pwait --nohang -s LIVES BAD
		77|pwait --nohang -o -s LIVES BAD
		1|waitpid OK GONE
		0|waitpid -e OK GONE
		1|waitpid -s OK BAD GONE
		77|waitpid -e -s OK BAD GONE
		1|waitpid -s OK GONE
		1|waitpid -t 0.1 LIVES GONE
		3|waitpid -e -t 0.1 LIVES GONE
		3|waitpid -t 0.1 -s LIVES BAD
	ROWS
}

@test "with -o a target that was gone before is enough, and pwait does not wait" {
	sleeper
	run_tool -0 pwait -o -v -p "$spawned" 4194303
	assert_output "4194303: gone, status unknown.
$spawned"
	assert_stderr 'pwait: 4194303: No such process'
}

@test "a process that is dead when another was enough is not reported as running" {
	requires python3
	victim exit 4
	end_victim
	local first=$pid
	victim exit 5
	end_victim
	sleeper
	run_tool -0 pwait -o -p "$first" "$pid" "$spawned"
	assert_output "$spawned"
	run_tool -4 pwait -o -s --json "$first" "$pid" "$spawned"
	assert_equal "$(grep -o '"result":"[a-z]*"\|"exitStatus":[0-9a-z]*' <<<"$output" | paste -sd' ')" \
		'"result":"ended" "exitStatus":4 "result":"ended" "exitStatus":5 "result":"running"'
	# with -r a zombie is not gone
	run_tool -124 pwait -r -p --nohang "$first"
	assert_output "$first"
	reap_victim
}

# ---- other programs with this name ----

@test "the options of FreeBSD's pwait have the same meaning, and -v the same words" {
	victim exit 3
	end_victim
	local exits=$pid
	victim signal 1
	end_victim
	local dies=$pid option
	sleeper
	for option in 5 5s 1m 1h 0.5h; do
		run_tool -0 pwait -t "$option" "$exits"
		refute_output
	done
	run_tool -0 pwait -v "$exits" "/proc/$dies" "$exits"
	assert_output "$exits: exited with status 3.
$dies: killed by signal 1 (HUP)."
	run_tool -124 pwait -v -t 0.1s "$spawned"
	assert_output timeout
	run_tool -0 pwait -o "$exits" "$spawned"
	run_tool -124 pwait -p -t 0.1 "$exits" "$spawned"
	assert_output "$spawned"
	run_tool -124 pwait -r -t 0.1 "$exits"
	run_tool -2 pwait -t 5x "$exits"
	run_tool -0 pwait 4194303
	assert_stderr 'pwait: 4194303: No such process'
}

@test "the options of illumos's pwait are accepted: paths in /proc, -v, more than the soft limit" {
	victim exit 3
	end_victim
	run_tool -0 pwait -v "/proc/$pid"
	assert_output "$pid: exited with status 3."
	run -0 bash -c 'ulimit -Sn 12; exec "$PFD_BINDIR/pwait" -v "$@"' - "$pid" 5000{100..120} 3>&-
	assert_line "$pid: exited with status 3."
}

@test "the options of util-linux's waitpid have the same meaning" {
	victim exit 3
	end_victim
	sleeper
	local handle
	handle=$pid:$(inode_of "$pid")
	run_tool -0 waitpid "$handle"
	run_tool -0 waitpid --verbose --timeout 0.5 --exited "$handle" 4194303
	assert_output "PID $pid finished"
	run_tool -0 waitpid --count 1 "$spawned" "$pid"
	run_tool -3 waitpid --timeout 0.1 --count 2 "$spawned" "$pid"
	run_tool -1 waitpid --count 0 "$pid"
}

@test "waitpid raises the soft limit, and with -e waits for the others when one is gone (U12)" {
	victim exit 3
	end_victim
	sleeper
	run --separate-stderr bash -c 'ulimit -Sn 12; exec "$PFD_BINDIR/waitpid" -e -v -t 0.2 "$@"' - \
		5000{100..120} "$pid" "$spawned" 3>&-
	assert_equal "$status" 3
	assert_line "PID $pid finished"
	assert_line 'Timeout expired'
	assert_stderr_has 'waitpid: PID 5000120 has exited, skipping'
}

@test "waitpid -v writes each line at once, also to a pipe (U6)" {
	victim exit 3
	sleeper
	mkfifo lines
	exec {lines}<>lines
	# shellcheck disable=SC2016
	spawn sh -c 'exec "$PFD_BINDIR/waitpid" -v "$@" >lines' sh "$pid" "$spawned"
	order
	read -r -t 60 line <&"$lines"
	assert_equal "$line" "PID $pid finished"
}

# ---- errors of the system ----

@test "if the kernel rejects a wait, the status is 3 and no process is left out (P12)" {
	requires strace
	sleeper
	run --separate-stderr strace -o calls -e trace=epoll_ctl -e inject=epoll_ctl:error=ENOSPC:when=3 \
		"$PFD_BINDIR/pwait" -v "$spawned" 3>&-
	assert_equal "$status" 3
	refute_output
	assert_stderr_has 'too many processes to wait for (sysctl fs.epoll.max_user_watches)'
	run --separate-stderr strace -o calls -e trace=epoll_ctl -e inject=epoll_ctl:error=ENOSPC \
		"$PFD_BINDIR/pfdkill" --wait "$spawned" 3>&-
	assert_equal "$status" 3
	assert_stderr 'pfdkill: too many processes to wait for (sysctl fs.epoll.max_user_watches); no process was signalled'
	run --separate-stderr strace -o calls -e trace='?epoll_wait,?epoll_pwait' \
		-e inject='?epoll_wait,?epoll_pwait:error=EIO' "$PFD_BINDIR/pwait" -v "$spawned" 3>&-
	assert_equal "$status" 3
	refute_output
	# an interruption is not an error
	victim exit 3
	end_victim
	run -0 strace -o calls -e trace='?epoll_wait,?epoll_pwait' \
		-e inject='?epoll_wait,?epoll_pwait:error=EINTR:when=1' "$PFD_BINDIR/pwait" -v "$pid" 3>&-
	assert_output "$pid: exited with status 3."
}

# pwait_waits_below PID: a pwait among its descendants has begun to wait.
pwait_waits_below() {
	local kid kids=()
	read -ra kids < <(cat "/proc/$1/task/$1/children" 2>/dev/null) || true
	for kid in "${kids[@]}"; do
		[[ $(cat "/proc/$kid/comm" 2>/dev/null) != pwait ]] || ! waits "$kid" || return 0
		! pwait_waits_below "$kid" || return 0
	done
	return 1
}

@test "pwait waits for a process outside our pid namespace by its handle, and does not guess its status" {
	requires pidns python3 linux:6.15
	victim exit 7
	cat >inherit.py <<-'PYTHON'
		import os, sys
		fd = os.pidfd_open(int(sys.argv[1]))
		os.dup2(fd, 9)
		os.execvp(sys.argv[2], sys.argv[2:])
	PYTHON
	# the answer of this kernel to PIDFD_GET_INFO
	cat >ask.py <<-'PYTHON'
		import errno, fcntl
		try:
		    fcntl.ioctl(9, 0xC040FF0B, bytearray(64))
		except OSError as e:
		    print(errno.errorcode[e.errno])
	PYTHON
	# shellcheck disable=SC2016
	spawn_ready python3 inherit.py "$pid" unshare "${PIDNS_FLAGS[@]}" sh -c '
		python3 ask.py >answer
		echo ready
		"$PFD_BINDIR/pwait" -v -s --reap-grace 0.2 fd:9
		echo status $?'
	wait_for pwait_waits_below "$spawned"
	order
	order
	wait_for file_has "$spawned_out" '^status 3'
	run cat "$spawned_out"
	assert_line -n 1 'fd:9: gone, status unknown.'
	# early kernels with exit records report only that there is none
	local why='status unknown: '
	[[ $(<answer) != EREMOTE ]] || why+='it was outside our pid namespace'
	assert_line -n 2 --partial "pwait: fd:9: $why"
	assert_line -n 3 'status 3'
}

# ---- waitpid ----

@test "waitpid has the exit statuses of util-linux" {
	sleeper
	run_tool -3 waitpid -t 0.1 "$spawned"
	refute_output
	run_tool -1 waitpid 4194303
	assert_stderr 'waitpid: could not open PID 4194303: No such process'
	run_tool -0 waitpid -e 4194303
	assert_stderr ''
	run_tool -0 waitpid -e -- 4194303
	run_tool -1 waitpid fd:99
	# usage is 1, a kernel that lacks something 2
	run_tool -1 waitpid --no-such-option "$spawned"
	run_tool -1 waitpid x
	run_tool -1 waitpid
	requires seccomp
	run old-kernel 5.2 "$PFD_BINDIR/waitpid" "$spawned"
	assert_equal "$status" 2
}

@test "waitpid has the texts of util-linux" {
	sleeper
	run_tool -3 waitpid -v -t 0.1 "$spawned"
	assert_output 'Timeout expired'
	assert_stderr ''
	run_tool -0 waitpid -e -v 4194303
	refute_output
	assert_stderr 'waitpid: PID 4194303 has exited, skipping'
	victim exit 3
	end_victim
	run_tool -0 waitpid -v "$pid"
	assert_output "PID $pid finished"
	assert_stderr ''
}

@test "waitpid does not wait for the others if one is gone, except with -e" {
	sleeper
	run_tool -1 waitpid -t 60 "$spawned" 4194303 4194302
	refute_output
	assert_stderr 'waitpid: could not open PID 4194303: No such process'
	run_tool -3 waitpid -e -t 0.1 "$spawned" 4194303
	# pwait does
	run_tool -124 pwait --strict -t 0.1 "$spawned" 4194303
}

@test "waitpid ignores blanks around a number, as ps writes them" {
	sleeper
	run_tool -3 waitpid -t 0.1 " $spawned"
	run_tool -3 waitpid -t 0.1 "$spawned "
	run_tool -2 pwait -t 0.1 " $spawned"
	run_tool -1 waitpid -t 0.1 "$spawned $spawned"
	run_tool -1 waitpid -t 0.1 ''
}

@test "waitpid -e accepts the handle of a process that is gone (U5)" {
	run_tool -0 waitpid -e "$$:1"
	assert_stderr ''
	run_tool -1 waitpid "$$:1"
	assert_stderr "waitpid: could not open PID $$:1: recycled: that process is gone"
}

@test "waitpid -t 0 has no limit, and -c can be combined with -e (U6)" {
	victim exit 3
	sleeper
	start_waiting waitpid -v -t 0 -e -c 1 "$spawned" "$pid"
	order
	result
	assert_equal "$status" 0
	assert_output "PID $pid finished"
}

@test "waitpid accepts no command and no handle file" {
	run_tool -1 waitpid --handle-file x -- true
	run_tool -1 waitpid -- true
	assert_stderr "waitpid: 'true': a name: use pidwait to wait for it, or pgrep --handle to get its handle; pwait takes a COMMAND behind '--' (see 'waitpid --help')"
}

@test "tid:N is one thread: pwait waits for its end, not for that of its process" {
	requires python3 linux:6.15
	local thread process
	mkfifo line
	spawn python3 -c '
import os, threading, time
def stay():
	print(threading.get_native_id(), flush=True)
	open("line").read()
threading.Thread(target=stay).start()
time.sleep(1000)'
	wait_for has_line "$spawned_out"
	thread=$(<"$spawned_out")
	run_tool -124 pwait --nohang -p "tid:$thread"
	assert_output "tid:$thread"
	process=$spawned
	start_waiting pwait -v "tid:$thread"
	: >line
	result
	assert_equal "$status" 0
	assert_output "tid:$thread: exited with status 0."
	kill -0 "$process"
	run_tool -0 pwait "tid:$thread"
	assert_stderr "pwait: tid:$thread: No such process"
}

@test "tid:N before Linux 6.9 is rejected, and the message names the version" {
	requires seccomp
	spawn sleep 1000
	run --separate-stderr old-kernel thread=EINVAL "$PFD_BINDIR/pwait" "tid:$spawned"
	assert_equal "$status" 3
	assert_stderr "pwait: tid:$spawned: holding a thread needs Linux 6.9"
}

@test "with -r, -p prints a zombie as not gone" {
	requires linux:6.9
	victim exit 4
	local first=$pid
	end_victim
	victim exit 5
	end_victim
	reap_victim
	run_tool -0 pwait -r -p -o "$first" "$pid"
	assert_output "$first"
	run_tool -0 pwait -p -o "$first" "$pid"
	refute_output
}

@test "-k prints no error about a process that is gone when it is signalled" {
	requires strace
	sleeper
	run --separate-stderr strace -qq -o /dev/null -e trace=pidfd_send_signal \
		-e inject=pidfd_send_signal:error=ESRCH "$PFD_BINDIR/pwait" -t 10ms -k TERM \
		--reap-grace 10ms "$spawned" 3>&-
	assert_equal "$status" 124
	assert_stderr ''
}

@test "a deadline does not count the time while the machine is suspended" {
	requires strace
	local options=(-f -o calls -e trace=timerfd_create)
	sleeper
	run strace "${options[@]}" "$PFD_BINDIR/pwait" -t 10ms "$spawned"
	run strace -A "${options[@]}" "$PFD_BINDIR/pwait" -t 10ms -k KILL -- sleep 100
	run strace -A "${options[@]}" "$PFD_BINDIR/pwait" -t 10ms -k KILL --ready -- sleep 100
	run strace -A "${options[@]}" "$PFD_BINDIR/pfdkill" --timeout 10ms WINCH -WINCH "$spawned"
	[[ ! -x $PFD_BINDIR/pidwait ]] ||
		run strace -A "${options[@]}" "$PFD_BINDIR/pidwait" --timeout 10ms -p "$spawned" sleep
	run grep -o 'timerfd_create(CLOCK_[A-Z]*' calls
	assert_line 'timerfd_create(CLOCK_MONOTONIC'
	refute_line 'timerfd_create(CLOCK_BOOTTIME'
	((${#lines[@]} >= 4))
}
