#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --in TARGET: PIDs as they are seen inside another pid namespace.

load helpers

# box [-u]: a namespace like a container, with another one in it. $box is its PID 1, by its PID in
# our namespace; $nested is the PID 1 of the second. In each, PID 7 is a sigecho that writes to
# seven.1 and seven.2; the second also has a process group named $inmate. With -u all of it belongs
# to a user, made by `as_user`.
box() {
	requires pidns
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

# child_of PID [NAME]: a child of PID with this name.
child_of() {
	local pid name
	while read -r pid name; do
		[[ $name == "${2-$name}" ]] || continue
		echo "$pid"
		return
	done < <(ps -o pid=,comm= --ppid "$1")
	return 1
}

# by_name NAME: the PIDs, in our namespace, of the processes with this name.
by_name() {
	ps -o pid= -C "$1" | tr -d ' '
}

# bats test_tags=kernel
@test "PID 1 and PID 7 of a namespace, nested twice, are named by their PIDs" {
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

@test "an ordinary user can use --in for a user namespace of their own" {
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

@test "messages and JSON contain the PIDs of our own namespace" {
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
	assert_stderr "pfdkill: 4000000 in $box: No such process"
}

@test "an inode is compared inside the namespace too" {
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

@test "a name is searched for only inside the namespace" {
	box
	spawn_ready named "$inmate"
	run_tool -0 pfdkill --in "$nested" --wait --verbose "$inmate"
	assert_line --regexp "^$inmate in $nested: [0-9]+ \\($inmate\\): killed by signal 15"
	assert_equal "$(by_name "$inmate")" "$spawned"
	run_tool -1 pfdkill --in "$nested" "$inmate"
	assert_stderr "pfdkill: cannot find process \"$inmate\" in $nested"
}

# bats test_tags=kernel
@test "-1 means every process inside and below, except its PID 1" {
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

@test "a process group inside is signalled with its leader or without it" {
	box
	local pid pgid
	pid=$(by_name "$inmate")
	pgid=$(awk '/^NSpgid:/ { print $NF }' "/proc/$pid/status")
	run_tool -0 pfdkill --in "$nested" --dry-run -KILL -- "-$pgid"
	assert_row "$pid" "$inmate"
	assert_equal "${#lines[@]}" 2
	run_tool -0 pfdkill --in "$nested" --wait -- "-$pgid"
	wait_for is_gone "$pid"
	run_tool -1 pfdkill --in "$nested" -- "-$pgid"
	assert_stderr "pfdkill: -$pgid in $nested: no such process group"
}

@test "a target without a PID is found as without --in" {
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

@test "a namespace that we may not read is rejected, and the message names what is needed" {
	requires root
	box
	run -3 as_user pfdkill --in "$box" 1 3>&-
	assert_output "pfdkill: $box: its pid namespace may not be read: that needs the right to trace it, which root has, and the user who made its user namespace"
	refute is_gone "$box"
}

@test "a namespace that is not below ours is rejected" {
	requires root pidns linux:6.5
	spawn_ready listener x.sock
	# shellcheck disable=SC2016
	run in_pidns 'tool pfdkill --in unix:x.sock 1 || echo status $?'
	assert_line 'pfdkill: unix:x.sock: its pid namespace is not below ours, so its processes have no numbers here'
	assert_line 'status 3'
}

@test "if the target of --in is gone or dead, that is reported and no process is signalled" {
	run_tool -1 pfdkill --in 4000000 4000001
	assert_stderr 'pfdkill: 4000000: No such process'
	spawn_ready zombie true
	run_tool -1 pfdkill --in "$(head -n 1 "$spawned_out")" 4000001
	assert_stderr "pfdkill: $(head -n 1 "$spawned_out"): No such process"
	# there /proc is asked
	run --separate-stderr -1 old-kernel 6.10 "$PFD_BINDIR/pfdkill" \
		--in "$(head -n 1 "$spawned_out")" 4000001 3>&-
	assert_stderr "pfdkill: $(head -n 1 "$spawned_out"): No such process"
}

# last_number PID: the number that the pid namespace of PID used last, which is that of the reader
# itself.
last_number() {
	nsenter --target "$1" --pid --mount cat /proc/sys/kernel/ns_last_pid
}

@test "before Linux 6.11 a target of --in that ends while its namespace is looked for is gone" {
	requires strace
	local n=0 target tracer us
	stopped_or_over() { file_has calls 'stopped by SIGSTOP' || is_zombie "$tracer"; }
	while :; do
		n=$((n + 1))
		: >calls # of the round before
		spawn sleep 1000
		target=$spawned
		spawn strace -f -o calls -e trace=poll,openat -e inject=poll:signal=SIGSTOP:when=$n \
			old-kernel 6.10 "$PFD_BINDIR/pfdkill" --in "$target" 4000001
		tracer=$spawned
		wait_for stopped_or_over
		us=$(awk '/stopped by SIGSTOP/ { print $1; exit }' calls)
		[[ $us ]] || break
		finish "$target"
		kill -CONT "$us"
		wait "$tracer" || assert_equal $? 1
		assert_equal "$(<"$spawned_out")" "pfdkill: $target: No such process"
		! grep -q '/ns/pid".*ENOENT' calls || return 0
	done
	fail "its namespace was not looked for after its end"
}

@test "a process of our own namespace is never signalled by a PID inside" {
	requires root nsenter
	box
	local before
	before=$(last_number "$box")
	run_tool -0 pfdkill --in "$box" -s USR1 7
	run_tool -0 pfdkill --in "$box" -0 sigecho
	run_tool -0 pfdkill --in "$nested" --pid "$inmate" -- -1
	run_tool -0 pfdkill --in "$box" --dry-run -- -1
	run_tool -124 pwait --nohang --in "$box" 7 1
	assert_equal "$(last_number "$box")" "$((before + 1))"
}

@test "a container that stops and kills every process it sees neither delays --in nor notices anything" {
	requires root nsenter
	box
	# shellcheck disable=SC2016
	spawn nsenter --target "$box" --pid --mount bash -c '
		# processes inside are not touched now
		for own in /proc/[1-9]*; do known[${own#/proc/}]=1; done
		known[$$]=1
		echo watching
		while :; do
			for each in /proc/[1-9]*; do
				pid=${each#/proc/}
				[[ ! ${known[pid]-} ]] || continue
				kill -STOP "$pid" && echo "found $pid"
			done
		done'
	wait_for has_line "$spawned_out"
	local i
	for i in {1..100}; do
		run -0 timeout -s KILL 20 "$PFD_BINDIR/pfdkill" --in "$box" -0 7
	done
	run -0 timeout -s KILL 20 "$PFD_BINDIR/pfdkill" --in "$box" -0 sigecho
	run cat "$spawned_out"
	assert_output watching
}

# everything_by_number TOOL-PREFIX...: PIDs, names, groups and -1, under this prefix.
everything_by_number() {
	local pid pgid
	pid=$(by_name "$inmate")
	pgid=$(awk '/^NSpgid:/ { print $NF }' "/proc/$pid/status")
	run -0 "$@" "$PFD_BINDIR/pfdkill" --in "$box" -s USR1 7
	wait_for file_has seven.1 '^10 '
	run -0 "$@" "$PFD_BINDIR/pfdkill" --in "$nested" -s USR2 7
	wait_for file_has seven.2 '^12 '
	run -1 "$@" "$PFD_BINDIR/pfdkill" --in "$nested" 4000000
	assert_output "pfdkill: 4000000 in $nested: No such process"
	run -0 "$@" "$PFD_BINDIR/pfdkill" --in "$box" --pid -- -1
	refute_line "$box"
	assert_line "$nested"
	run -0 "$@" "$PFD_BINDIR/pfdkill" --in "$nested" --pid -- "-$pgid"
	assert_output "$pid"
	run -0 "$@" "$PFD_BINDIR/pfdkill" --in "$nested" --pid "$inmate"
	assert_output "$pid"
	run -124 "$@" "$PFD_BINDIR/pwait" --nohang -p --in "$nested" 7
	assert_output "7 in $nested"
}

# bats test_tags=kernel
@test "before Linux 6.11 the PIDs are read from our own /proc" {
	requires seccomp
	box
	everything_by_number old-kernel 6.10
}

@test "before Linux 6.11 a process of another namespace with the same PID is not signalled" {
	requires seccomp
	box
	spawn unshare "${PIDNS_FLAGS[@]}" bash -c '
		echo 6 >/proc/sys/kernel/ns_last_pid
		sigecho &
		[[ $! == 7 ]] && wait'
	wait_for has_line "$spawned_out"
	local rules
	for rules in 6.10 getns=ENOTTY pidns=ENOTTY pidns=EPERM; do
		run -0 old-kernel "$rules" "$PFD_BINDIR/pfdkill" --in "$box" -s USR1 7
	done
	wait_for file_has seven.1 '^10 '
	run -0 cat "$spawned_out"
	assert_output ready
}

@test "without /proc PIDs still work, but names do not" {
	requires plain root linux:6.11
	box
	# shellcheck disable=SC2016
	run unshare --mount bash -c 'mount -t tmpfs none /proc
		"$PFD_BINDIR/pfdkill" --in "$1" -s USR1 7; echo "status $?"
		"$PFD_BINDIR/pfdkill" --in "$1" sigecho; echo "status $?"' bash "$box"
	assert_line --index 0 'status 0'
	assert_line --index 1 "pfdkill: sigecho in $box: /proc is not mounted"
	assert_line --index 2 'status 3'
	wait_for file_has seven.1 '^10 '
}

# windows CALLS [PREFIX...]: after each use of these calls, the process that is 7 inside ends and
# another process gets the PID that it has outside; that process gets no signal.
windows() {
	# shellcheck disable=SC2016
	run in_pidns '
		calls=$1 windows=0
		shift
		# a box with a PID 7; its first process reaps
		begin() {
			: >box.out
			unshare --pid --fork --mount-proc --kill-child bash -c "
				echo 6 >/proc/sys/kernel/ns_last_pid
				sleep 1000 &
				echo \$!; wait; sleep 1000; :" >box.out &
			maker=$!
			wait_for has_line box.out
			[ "$(cat box.out)" = 7 ]
			box=$(ps -o pid= --ppid $maker | tr -d " ")
			seven=$(ps -o pid= --ppid $box | tr -d " ")
			wait_for comm_is $seven sleep
		}
		stopped_or_over() { file_has calls "stopped by SIGSTOP" || is_zombie $tracer || is_gone $tracer; }
		# after the Nth use of a call; 1: there are fewer uses
		try() {
			call=$1 n=$2
			shift 2
			begin
			rm -f stranger calls recycle.out
			strace -f -o calls -e "trace=$call" -e "inject=$call:signal=SIGSTOP:when=$n" \
				"$@" "$PFD_BINDIR/pfdkill" --in $box -USR1 7 >out 2>&1 &
			tracer=$!
			wait_for stopped_or_over
			us=$(awk "/stopped by SIGSTOP/ { print \$1; exit }" calls)
			[ "$us" ] || return 1
			kill -KILL $seven
			wait_for is_gone $seven
			recycle $seven -- sh -c "exec sigecho >stranger" >recycle.out 2>&1 &
			stranger=$!
			wait_for file_has stranger ready
			kill -CONT $us
			wait $tracer || :
			kill -64 $seven
			wait_for file_has stranger "^64 "
			[ "$(cut -d" " -f1 stranger | tr "\n" ,)" = ready,64, ] ||
				{ echo "$call $n: $(cat stranger calls)"; exit 1; }
			finish $stranger
			finish $maker
		}
		for call in $calls; do
			n=1
			while try $call $n "$@"; do n=$((n + 1)) windows=$((windows + 1)); done
		done
		echo "windows: $windows"' "$@"
	echo "$output"
	assert_success
	# the shell may report an end after it
	[[ $output =~ windows:\ ([0-9]+) ]]
	((BASH_REMATCH[1] >= 5))
}

@test "if a PID of a namespace is reused outside at any moment, no other process is hit" {
	requires strace pidns
	windows 'pidfd_open ioctl poll'
}

@test "before Linux 6.11 too, if a PID is reused outside, no other process is hit" {
	requires strace seccomp pidns
	windows 'pidfd_open ioctl poll getdents64' old-kernel 6.10
}

@test "pwait waits for PIDs inside, and prints ours" {
	requires linux:6.9
	box
	local two
	two=$(tool pfdkill --pid --in "$nested" 7)
	run_tool -124 pwait --nohang -p --in "$box" 7
	assert_output "7 in $box"
	run_tool -0 pwait -v --in "$box" 4000000
	assert_output "4000000 in $box: gone, status unknown."
	assert_stderr "pwait: 4000000 in $box: No such process"
	spawn "$PFD_BINDIR/pwait" -v --in "$nested" 1 "7:$(inode_of "$two")"
	wait_for waits "$spawned"
	run -1 child_of "$spawned"
	run_tool -0 pfdkill --in "$nested" -KILL 1
	local ended='killed by signal 9 (KILL)'
	kernel_at_least 6.15 || ended="\($ended\|gone, status unknown\)"
	wait_for file_has "$spawned_out" "^$nested: $ended\.$"
	wait_for file_has "$spawned_out" "^$two: $ended\.$"
}

@test "pwait --in rejects a target that is gone, is not a target, or may not be traced" {
	run_tool -1 pwait --in 4000000 1
	assert_stderr 'pwait: 4000000: No such process'
	run_tool -2 pwait --in nonsense 1
	assert_stderr "pwait: --in: 'nonsense': a name: use pgrep --handle to get its handle (see 'pwait --help')"
	requires root
	box
	run -3 as_user pwait --in "$box" 1 3>&-
	assert_output --partial "pwait: $box: its pid namespace may not be read"
}

@test "mistakes with --in are reported with status 2" {
	run_tool -2 pfdkill --in nonsense 1
	assert_stderr "pfdkill: --in: 'nonsense': a name: use pgrep --handle to get its handle (see 'pfdkill --help')"
	run_tool -2 pfdkill --in 1 0
	assert_stderr "pfdkill: '0': our own process group is in no namespace but ours (see 'pfdkill --help')"
	run_tool -2 pfdkill --in 1 -l
	assert_stderr "pfdkill: --list and --in cannot be combined (see 'pfdkill --help')"
}

@test "before Linux 6.11 a process that /proc hides is not taken for gone" {
	requires root pidns seccomp
	public_copy
	# shellcheck disable=SC2016
	run in_pidns '
		hide_processes 2
		user="setpriv --reuid 65534 --regid 65534 --clear-groups"
		sleep 1000 & hidden=$!
		unshare --pid --fork sh -c "sleep 1000 & exec $user sleep 1000" &
		until seen=$(cat /proc/$!/task/$!/children) && comm_is ${seen:-0} sleep; do :; done
		for box in $hidden $seen; do
			$user "$1/helpers/old-kernel" 6.8 "$1/bin/pwait" --in $box 2 2>&1 || echo $?
		done
		echo $seen' "$PFD_PUBLIC"
	skip_if_not_hidden
	assert_output --regexp '^pwait: 1002: its pid namespace may not be read: .*
3
pwait: 2 in '"${lines[-1]}"': we have no right to it
3
[0-9]+$'
}

@test "--in takes a process whose first thread has ended" {
	requires pidns
	spawn_ready unshare "${PIDNS_FLAGS[@]}" odd leader
	local init
	init=$(child_of "$spawned")
	wait_for is_zombie "$init"
	run_tool -0 pfdkill -0 --in "$init" 1
}
