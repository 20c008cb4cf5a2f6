#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --tree: the targets and all their descendants; none is missed, and no other process is hit.

load helpers
load tree

# ---- which process gets the signal ----

# bats test_tags=kernel
@test "--tree: every process below the target gets the signal and continues" {
	family
	run_tool -0 pfdkill --tree -USR1 "$root"
	refute_output
	assert_stderr ''
	wait_for file_has root USR1
	wait_for file_has child USR1
	wait_for file_has leaf '^10 '
	all_go_on "$root" "$child" "$leaf"
}

@test "--tree: each process has its own outcome, reported with the target that named its root" {
	family
	run_tool -0 pfdkill --tree --verbose -USR1 "$root"
	assert_line "$root (bash): sent USR1"
	assert_line "$root: $child (bash): sent USR1"
	assert_line "$root: $leaf (sigecho): sent USR1"
	run_tool -0 pfdkill --tree --json -USR1 "$root"
	assert_equal "${#lines[@]}" 3
	assert_line --partial '"pid":'"$leaf,"
	assert_line --partial '"target":"'"$root"'","root":'"$root,"
}

# bats test_tags=kernel
@test "--tree --wait returns when the whole tree is gone, and prints how each process ended" {
	family
	run_tool -0 pfdkill --tree --wait --verbose "$root"
	assert_ended "$root: $child (bash)" 'killed by signal 15 (TERM)'
	all_ended "$root" "$child"
	assert_ended "$root: $leaf (sigecho)" 'exited with status 0'
	all_ended "$root" "$child"
}

@test "--tree --wait names the survivors at the deadline" {
	spawn sh -c 'trap "" TERM; stubborn & wait'
	wait_for has_line "$spawned_out"
	run_tool -124 pfdkill --tree --deadline 0.1s "$spawned"
	assert_stderr_has " (stubborn): survived TERM"
}

@test "--tree: a descendant that ends before its signal is not reported, and is no failure" {
	requires strace
	family
	run --separate-stderr strace -o calls -e trace=pidfd_send_signal \
		-e inject=pidfd_send_signal:error=ESRCH:when=2 "$PFD_BINDIR/pfdkill" --tree --json -URG "$root"
	assert_success
	assert_stderr ''
	assert_equal "${#lines[@]}" 2
	refute_line --partial gone
	assert_equal "$(grep -c '= 0$' calls)" 2
}

@test "--tree: two targets of one tree count once" {
	family
	run_tool -0 pfdkill --tree -p "$leaf" "$root" "$child"
	assert_equal "$(sort <<<"$output")" "$(printf '%s\n' "$root" "$child" "$leaf" | sort)"
	run_tool -0 pfdkill --tree -USR1 "$leaf" "$root"
	wait_for file_has child USR1
	assert_equal "$(grep -c '^10 ' leaf)" 1
}

@test "--tree: the members of a group are roots" {
	set -m
	family
	set +m
	run_tool -0 pfdkill --tree -USR1 -- "-$root"
	wait_for file_has root USR1
	wait_for file_has leaf '^10 '
	assert_equal "$(grep -c '^10 ' leaf)" 1
}

@test "--tree: a process that was stopped before stays stopped" {
	family
	kill -STOP "$child"
	wait_for is_stopped "$child"
	run_tool -0 pfdkill --tree -USR1 "$root"
	wait_for file_has root USR1
	wait_for file_has leaf '^10 '
	is_stopped "$child"
	all_go_on "$root" "$leaf"
	[[ ! -e child ]]
	kill -CONT "$child"
	wait_for file_has child USR1
}

@test "--tree: STOP, TSTP, TTIN and TTOU leave the tree stopped, and CONT continues it" {
	local signal
	family
	for signal in STOP TSTP TTIN TTOU; do
		# a process that catches it continues, like sigecho
		run_tool -0 pfdkill --tree "-$signal" "$root"
		wait_for all_stopped "$root" "$child"
		run_tool -0 pfdkill --tree -CONT "$root"
		wait_for all_go_on "$root" "$child" "$leaf"
	done
}

@test "--tree: signal 0, a print and a dry run stop no process" {
	requires strace
	local option
	family
	for option in -0 --pid --dry-run; do
		run strace -f -o calls -e trace=pidfd_send_signal "$PFD_BINDIR/pfdkill" --tree \
			"$option" "$root"
		assert_success
		grep -q 'pidfd_send_signal(.*, 0,' calls
		! grep -q SIGSTOP calls
	done
	run_tool -0 pfdkill --tree --dry-run "$root"
	assert_line --regexp "^ *$leaf .* sigecho +(  |│ |\| )(└─|\`-)sigecho"
	assert_equal "${#lines[@]}" 4
}

@test "--dry-run --tree warns of each process of the tree that the signal would end" {
	local tool
	family
	for tool in "pfdkill $root" "pkill -p $root"; do
		[[ -x $PFD_BINDIR/${tool%% *} ]] || continue
		# shellcheck disable=SC2086
		run_tool -0 ${tool%% *} -USR2 --tree --dry-run ${tool#* }
		[[ $stderr == *"$root: $child (bash): has no handler for USR2, which ends it"* ]]
		[[ $stderr != *"$leaf (sigecho)"* ]]
		# shellcheck disable=SC2086
		run --separate-stderr "$PFD_BINDIR/"${tool%% *} -USR2 --require-handler --tree --dry-run ${tool#* }
		[[ $stderr != *"which ends it"* ]] || fail "$stderr"
	done
}

@test "--tree -r: processes without a handler are skipped and continue" {
	family
	run_tool -0 pfdkill --tree -r --verbose -USR2 "$root"
	assert_line "$root: $leaf (sigecho): sent USR2"
	assert_line "$root: $child (bash): has no handler for USR2, nothing was sent"
	wait_for file_has leaf '^12 '
	all_go_on "$root" "$child" "$leaf"
}

@test "--tree: a process that may not be signalled is denied, and the rest gets the signal" {
	requires root
	spawn sh -c 'setpriv --reuid 65534 --regid 65534 --clear-groups sleep 1000 &
		echo $! >leaf.pid; wait'
	root=$spawned
	wait_for has_line leaf.pid
	leaf=$(<leaf.pid)
	wait_for comm_is "$leaf" sleep
	# shellcheck disable=SC2154
	run --separate-stderr as_user pfdkill --tree --verbose "$root" 3>&-
	assert_equal "$status" 64
	assert_output "$root: $leaf (sleep): sent TERM"
	assert_stderr "pfdkill: $root (sh): not permitted: it belongs to root"
	wait_for all_ended "$leaf"
}

@test "--tree: pfdkill itself is left out, but not the processes below it" {
	spawn bash -c 'sleep 1000 & echo $! >leaf.pid; exec "$PFD_BINDIR/pfdkill" --tree -J $$ >out 2>err'
	run wait_for all_ended "$spawned"
	assert_success
	assert_equal "$(cat err)" \
		"pfdkill: $spawned (pfdkill): that is this program itself, which is skipped in a tree"
	wait_for all_ended "$(<leaf.pid)"
	# our parent is in the tree
	spawn bash -c 'trap "echo heard >heard" USR1; "$PFD_BINDIR/pfdkill" --tree -USR1 $$; echo $? >status'
	wait_for has_line status
	assert_equal "$(cat status heard)" $'0\nheard'
}

@test "--tree: the process that reads the outcomes may be in the tree" {
	requires pidns
	# more than a pipe holds
	run in_pidns '
		export -f wait_for file_has
		bash -c "herd 600 </dev/zero >herd & wait_for file_has herd ready
			tool() { \"\$PFD_BINDIR/pfdkill\" --tree --json -CONT \$\$; }
			tool | cat >out"
		grep -c "\"result\":\"sent\"" out'
	assert_success
	assert [ "$output" -gt 600 ]
}

# ---- which process does not get it ----

@test "pkill --tree: a descendant that --not-pid names is not signalled or held, nor what is below it" {
	requires linux:6.9
	family
	local spare
	for spare in "$child" "$child:$(inode_of "$child")"; do
		run_tool -0 pkill --tree --not-pid "$spare" -USR1 -p "$root" --verbose
		assert_output "$root (bash): sent USR1"
	done
	run_tool -0 pkill --tree --dry-run --not-pid "$child" -p "$root"
	refute_output --partial " $leaf "
	run_tool -0 pkill --tree --not-pid "$leaf" -USR1 -p "$root"
	wait_for file_has child USR1
	all_go_on "$root" "$child" "$leaf"
	# what matches by itself is signalled
	run_tool -0 pkill --tree --not-pid "$child" -USR2 --require-handler -p "$root,$leaf"
	wait_for file_has leaf '^12 '
	assert_equal "$(grep -c '^10 ' leaf)" 0
	# follow-ups spare it as well, and what is left of the tree is waited for
	run_tool -0 pkill --tree --not-pid "$child" --timeout 1ms KILL --wait -p "$root"
	wait_for all_ended "$root"
	all_go_on "$child" "$leaf"
	kill -KILL "$child" "$leaf"
}

@test "pkill --tree --not-pid before Linux 6.9, without inodes" {
	requires seccomp
	family
	run --separate-stderr old-kernel 6.1 "$PFD_BINDIR/pkill" --tree --not-pid "$child" -USR1 \
		-p "$root" --verbose 3>&-
	assert_success
	assert_output "$root (bash): sent USR1"
}

@test "pkill --tree -A: forks of the shell are not signalled as descendants either" {
	# foo is a fork of the shell that has called exec, its child is one that has not
	run bash -c "$CONDITIONS"'
		(
			(trap "echo heard >heard" USR1; echo $BASHPID >fork; while :; do sleep 0.01; done) &
			exec sleep 1234.77
		) &
		wait_for has_line fork
		wait_for comm_is $! sleep
		"$PFD_BINDIR/pkill" -A --tree --dry-run -f "^sleep 1234[.]77$" | grep -c "^ *$(<fork) "
		kill $! $(<fork)'
	assert_output 0
}

@test "pkill --tree -H: descendants without a handler are not signalled" {
	family
	run_tool -0 pkill --tree -H -USR2 -p "$root,$child,$leaf" --verbose
	assert_output "$leaf (sigecho): sent USR2"
	run_tool -0 pkill --tree -H -USR1 -p "$root"
	wait_for file_has child USR1
	spawn bash -c 'trap "echo heard >heard" USR2; sleep 1000 & echo $! >below; until wait; do :; done'
	wait_for catches "$spawned" 12
	wait_for has_line below
	run_tool -0 pkill --json --tree -H -USR2 -p "$spawned"
	assert_line --regexp "^.\"pid\":$(<below),.*\"signal\":\"USR2\",\"result\":\"skipped\""
	wait_for has_line heard
	all_go_on "$(<below)"
	kill "$(<below)"
}

@test "pkill -e --tree prints a descendant that was born after the first signal" {
	# shellcheck disable=SC2016
	spawn bash -c 'trap "sleep 1000 & echo \$! >born" TERM
		bash -c "trap \"\" TERM; echo >ready; exec sleep 1000" & until wait; do :; done'
	wait_for has_line ready
	wait_for catches "$spawned" 15
	run_tool -0 pkill -e --tree --timeout 1s KILL --wait -p "$spawned"
	assert_line "sleep killed (pid $(<born))"
	assert_line "bash killed (pid $spawned)"
	assert_equal "${#lines[@]}" 3
}

@test "--tree -0: a dead child of a living process does not count" {
	# shellcheck disable=SC2016
	spawn bash -c 'sleep 1000 & echo $! >child; exec sleep 1000'
	wait_for comm_is "$spawned" sleep
	kill "$(<child)"
	wait_for is_zombie "$(<child)"
	run_tool -0 pfdkill --tree -0 "$spawned"
	refute_output
	run_tool -1 pfdkill --tree -0 "$spawned" "$(<child)"
}

# ---- no process escapes ----

# How many living processes have the name, without the bystander.
STORM='
	left() {
		local file state count=0
		for file in /proc/[0-9]*; do
			comm_is "${file#/proc/}" storm || continue
			state=$(proc_state "${file#/proc/}")
			[[ ${file#/proc/} == $bystander || -z $state || $state == Z ]] || count=$((count + 1))
		done
		echo $count
	} 2>/dev/null
	none_left() {
		[ "$(left)" = 0 ]
	}
	begin() {
		: >told
		storm "$@" >told &
		wait_for -t 60 has_line told
		root=$!
	}
	storm 1 >/dev/null &
	bystander=$!
'

@test "--tree ends a tree that forks all the time, and other processes with its name survive" {
	requires pidns
	run --separate-stderr in_pidns "$STORM"'
		for round in 1 2 3; do
			begin 150
			tool pfdkill --tree -KILL $root
			wait_for -t 60 none_left || echo "round $round: $(left) left"
		done
		proc_state $bystander'
	assert_success
	assert_output --regexp '^[SR]$'
}

@test "--tree --timeout: processes born since the first signal get the next one" {
	requires pidns
	# it ignores TERM
	run --separate-stderr in_pidns "$STORM"'
		for round in 1 2; do
			begin 100 15
			tool pfdkill --tree --timeout 300ms KILL --deadline 60s $root || echo "status $?"
			none_left || echo "round $round: $(left) left"
		done
		proc_state $bystander'
	assert_success
	assert_output --regexp '^[SR]$'
}

@test "--tree: a parent that has reused a PID does not bring its children into the tree" {
	requires pidns strace
	run --separate-stderr in_pidns "$HELD"'
		# a process that its parent does not have to reap
		bash -c "trap \"\" CHLD; sleep 1000 & echo \$! >number; exec sleep 1000" & root=$!
		wait_for has_line number
		read -r number <number
		wait_for comm_is $number sleep
		wait_for comm_is $root sleep
		held_at --tree --json --dry-run $root >out
		kill -KILL $number
		recycle $number -- sh -c "sleep 1000 & echo \$! >stranger; wait" >recycled &
		wait_for has_line stranger
		read -r stranger <stranger
		let_go
		proc_state $number
		proc_state $stranger
		echo
		grep -c "\"pid\":$stranger," out || true
		grep -c "\"pid\":$root," out'
	assert_success
	assert_output $'SS\n0\n1'
}

# bats test_tags=kernel
@test "--tree uses the parents in /proc if the kernel does not give them" {
	requires seccomp
	family
	local kernel
	for kernel in getinfo=ENOTTY 6.1 5.2; do
		run --separate-stderr old-kernel "$kernel" "$PFD_BINDIR/pfdkill" --tree --verbose \
			-USR1 "$root" 3>&-
		assert_success
		assert_line "$root: $leaf (sigecho): sent USR1"
		assert_equal "${#lines[@]}" 3
	done
	wait_for all_go_on "$root" "$child" "$leaf"
}

# ---- no process stays stopped ----

@test "--tree: if it is interrupted while it searches, all processes continue and none is signalled" {
	requires pidns strace
	run in_pidns "$HELD"'
		bash -c "sigecho leaf >/dev/null & echo \$! >number; wait" & root=$!
		wait_for has_line number
		read -r leaf <number
		wait_for catches $leaf 10
		held_at --tree -USR1 $root
		kill -TERM $us
		let_go
		echo $status
		running() { [ "$(proc_state $root)" = S ] && [ "$(proc_state $leaf)" = S ]; }
		wait_for running
		grep -c "^10 " leaf || true'
	assert_success
	assert_output $'143\n0'
}

@test "--tree: a signal that we ignore does not interrupt it" {
	requires pidns strace
	run in_pidns "$HELD"'
		sigecho leaf >/dev/null & leaf=$!
		wait_for catches $leaf 10
		trap "" TERM
		held_at --tree -USR1 $leaf
		kill -TERM $us
		let_go
		echo $status
		wait_for file_has leaf "^10 "'
	assert_success
	assert_output 0
}

@test "--tree: more processes than descriptors are rejected with the number, and no process stays stopped" {
	local pids
	spawn -i /dev/zero herd 40
	wait_for file_has "$spawned_out" ready
	mapfile -t pids < <(grep -v ready "$spawned_out")
	run_tool -0 pfdkill --tree -CONT "$spawned"
	run --separate-stderr bash -c 'ulimit -n 30; exec "$PFD_BINDIR/pfdkill" --tree "$1"' - "$spawned" \
		3>&-
	assert_equal "$status" 3
	refute_output
	assert_stderr_has "pfdkill: more processes in the trees than descriptors: only "
	assert_stderr_has "no process was signalled or stays stopped"
	wait_for all_go_on "$spawned" "${pids[@]}"
	[[ ! -x $PFD_BINDIR/pkill ]] || {
		run --separate-stderr bash -c 'ulimit -n 40; exec "$PFD_BINDIR/pkill" --tree -p "$1"' - \
			"$spawned" 3>&-
		assert_equal "$status" 3
		assert_stderr_has "pkill: more processes in the trees than descriptors: only "
		wait_for all_go_on "$spawned" "${pids[@]}"
	}
}

@test "--tree: where a parent is read from /proc and descriptors run out, all of the tree is signalled or nothing" {
	requires seccomp
	local limit
	spawn bash -c 'for i in {1..8}; do sleep 1000 & done; echo >ready; wait'
	wait_for has_line ready
	for limit in {10..50}; do
		# shellcheck disable=SC2016
		run --separate-stderr bash -c 'ulimit -n "$1"
			exec old-kernel getinfo=ENOTTY "$PFD_BINDIR/pfdkill" --tree --json -WINCH "$2"' \
			- "$limit" "$spawned" 3>&-
		echo "limit $limit status $status ${#lines[@]} lines $stderr"
		((status == 0 ? ${#lines[@]} == 9 : ${#lines[@]} == 0))
	done
	((status == 0))
}

# ---- control groups ----

@test "--tree -KILL: a control group of the tree is killed process by process, without cgroup.kill" {
	requires strace
	new_cgroup
	family
	move_to_cgroup "$root" "$child" "$leaf"
	run --separate-stderr strace -f -o calls "$PFD_BINDIR/pfdkill" --tree --verbose --wait -KILL \
		"$root" 3>&-
	assert_success
	assert_ended "$root: $leaf (sigecho)" "killed by signal 9 (KILL)"
	run ! grep -q cgroup.kill calls
}

@test "--tree -KILL: other processes in the control group are not killed, and a hint counts them" {
	new_cgroup
	family
	sleeper
	move_to_cgroup "$root" "$child" "$leaf" "$spawned"
	run_tool -0 pfdkill --tree --verbose -KILL "$root"
	assert_line --partial "hint: 1 process of control group $cgroup is not in the tree"
	wait_for all_ended "$root" "$child" "$leaf"
	all_go_on "$spawned"
}

@test "--tree -KILL: if the control group cannot be read, the whole tree is still killed" {
	requires strace
	new_cgroup
	local fault path
	while read -r fault path; do
		family
		move_to_cgroup "$root" "$child" "$leaf"
		run --separate-stderr strace -f -qq -o /dev/null -P "${path/FOLDER/$folder}" \
			-e trace="${fault%%:*}" -e inject="$fault" \
			"$PFD_BINDIR/pfdkill" --tree --verbose -KILL "$root" 3>&-
		printf '%s %s: %s\n%s\n%s\n' "$fault" "$path" "$status" "$output" "$stderr"
		assert_success
		assert_line "$root: $leaf (sigecho): sent KILL"
		wait_for all_ended "$root" "$child" "$leaf"
	done <<-'END'
		openat:error=EACCES FOLDER
		openat:error=EMFILE cgroup.procs
		read:error=ENODEV FOLDER/cgroup.procs
		openat:error=EMFILE cgroup.stat
	END
}

@test "--tree -KILL: a process that may not be signalled is not killed through a writable control group" {
	requires root
	new_cgroup
	spawn sh -c 'sleep 1000 & echo $! >others; exec setpriv --reuid 65534 --regid 65534 --clear-groups \
		sleep 1001'
	root=$spawned
	wait_for has_line others
	wait_for comm_is "$root" sleep
	move_to_cgroup "$root" "$(<others)"
	chown 65534 "$folder" "$folder"/cgroup.{procs,kill}
	run --separate-stderr as_user pfdkill --tree --verbose -KILL "$root"
	printf '%s\n' "$status" "$output" "$stderr"
	assert_equal "$status" 64
	refute_output --partial cgroup.kill
	wait_for all_ended "$root"
	all_go_on "$(<others)"
}

@test "--tree: a daemon that left its parents is not found, and a hint mentions it" {
	new_cgroup
	spawn sh -c 'echo $$ >"$1"/cgroup.procs && (sleep 1000 & echo $! >daemon) && exec sleep 1000' - \
		"$folder"
	wait_for has_line daemon
	wait_for comm_is "$spawned" sleep
	run_tool -0 pfdkill --tree --verbose "$spawned"
	assert_line --partial "hint: 1 process of control group $cgroup is not in the tree"
	all_go_on "$(<daemon)"
}

# ---- pkill ----

@test "pkill --tree: the matching processes and all their descendants" {
	family
	run_tool -0 pkill --tree --verbose -USR1 -p "$child"
	assert_line "$child (bash): sent USR1"
	assert_line "$child: $leaf (sigecho): sent USR1"
	assert_equal "${#lines[@]}" 2
	wait_for file_has child USR1
	wait_for file_has leaf '^10 '
	[[ ! -e root ]]
	run_tool -0 pkill --tree -e -c -USR1 -p "$root"
	assert_line "sigecho killed (pid $leaf)"
	assert_line -n 3 1
	run_tool -0 pkill --tree --json --dry-run -p "$root"
	assert_line --regexp '"pid":'"$leaf"',.*"root":'"$root"',.*"result":"planned"'
	run_tool -0 pkill --tree --wait --timeout 10ms KILL -p "$root"
	all_ended "$root" "$child" "$leaf"
}

@test "pkill --tree -KILL: processes of the control group that are not in the tree are counted" {
	new_cgroup
	family
	sleeper
	move_to_cgroup "$root" "$child" "$leaf" "$spawned"
	run_tool -0 pkill --tree --verbose -KILL -p "$root"
	assert_line --partial "hint: 1 process of control group $cgroup is not in the tree"
	wait_for all_ended "$root" "$child" "$leaf"
	all_go_on "$spawned"
	finish "$spawned"
	family
	sleeper
	local first=$spawned
	sleeper
	move_to_cgroup "$root" "$child" "$leaf" "$first" "$spawned"
	run_tool -0 pkill --tree --verbose -KILL -p "$root"
	assert_line --partial "hint: 2 processes of control group $cgroup are not in the tree"
	finish "$first"
	finish "$spawned"
	wait_for all_ended "$root" "$child" "$leaf"
}

# ---- mistakes ----

@test "--tree cannot be combined with threads or whole groups" {
	sleeper
	run_tool -2 pfdkill --tree --thread "$spawned"
	assert_stderr_has "--tree and --thread cannot be combined"
	run_tool -2 pfdkill --tree --group "$spawned"
	assert_stderr_has "--tree and --group cannot be combined"
	run_tool -2 pfdkill --tree "$spawned" "tid:$spawned"
	assert_stderr_has "'tid:$spawned': --tree takes processes, no threads"
	run_tool -2 pfdkill --tree -l
	assert_stderr_has "--list and --tree cannot be combined"
	[[ ! -x $PFD_BINDIR/pkill ]] || {
		run_tool -2 pkill --tree -I -p "$spawned"
		assert_stderr_has "--tree and --interactive cannot be combined"
	}
	all_go_on "$spawned"
}
