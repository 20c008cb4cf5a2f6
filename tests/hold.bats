#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --tree: how the tree is held while the signal is sent, and how it is released.

load helpers
load pwait
load tree

# limited TOOL ARG...: run_tool, killed if it does not return.
limited() {
	run --separate-stderr timeout -s KILL "$((10 * ${PFD_PATIENCE:-1}))" "$PFD_BINDIR/$1" \
		"${@:2}" 3>&-
	printf '$ %s\nstatus %s\n%s\n%s\n' "$*" "$status" "$output" "$stderr"
}

# pair: $root is a sleep with the child $leaf, another sleep.
pair() {
	rm -f leaf.pid
	spawn setpriv --pdeathsig KILL sh -c 'sleep 1000 & echo $! >leaf.pid; exec sleep 1001'
	root=$spawned
	wait_for has_line leaf.pid
	leaf=$(<leaf.pid)
	wait_for comm_is "$root" sleep
	wait_for comm_is "$leaf" sleep
}

# ---- members that cannot be held ----

@test "--tree: a process that keeps sending SIGCONT to the tree does not keep it alive" {
	pair
	spawn_ready odd cont "$root" "$leaf"
	limited pfdkill --tree -KILL "$root"
	assert_success
	wait_for all_ended "$root" "$leaf"
}

@test "--tree: a tree in a frozen control group is killed" {
	new_cgroup
	pair
	move_to_cgroup "$root" "$leaf"
	echo 1 >"$folder/cgroup.freeze"
	wait_for file_has "$folder/cgroup.events" 'frozen 1'
	limited pfdkill --tree -KILL "$root"
	assert_success
	assert_stderr ''
	wait_for all_ended "$root" "$leaf"
	echo 0 >"$folder/cgroup.freeze"
}

@test "--tree: a tree in a frozen control group of version 1 is signalled, and dies when it is thawed" {
	local begin ms
	old=/sys/fs/cgroup/freezer/pidfd-utils-$BASHPID
	mkdir "$old" 2>/dev/null || skip "no freezer of cgroup v1 here"
	pair
	echo "$root" >"$old/tasks"
	echo "$leaf" >"$old/tasks"
	echo FROZEN >"$old/freezer.state"
	wait_for file_has "$old/freezer.state" FROZEN
	begin=$(date +%s%N)
	limited pfdkill --tree -TERM "$root"
	ms=$((($(date +%s%N) - begin) / 1000000))
	echo THAWED >"$old/freezer.state"
	assert_success
	wait_for all_ended "$root" "$leaf"
	wait_for rmdir "$old"
	assert [ "$ms" -lt $((1400 * ${PFD_PATIENCE:-1})) ]
}

@test "--tree: a member that another process traces is signalled, and a message names the tracer" {
	local tracer
	pair
	spawn_ready odd tracer "$leaf"
	tracer=$spawned
	limited pfdkill --tree -KILL "$root"
	assert_success
	assert_stderr "pfdkill: $leaf (sleep): could not be held while the signal was sent: process $tracer traces it"
	wait_for all_ended "$root" "$leaf"
}

@test "--tree: of many members that could not be held, four are named and the others counted" {
	local pids pid
	spawn sh -c 'for i in 1 2 3 4 5 6; do sleep 1000 & echo $!; done >pids; wait'
	root=$spawned
	# shellcheck disable=SC2016
	wait_for eval '(($(grep -c . pids) == 6))'
	mapfile -t pids <pids
	for pid in "${pids[@]}"; do
		wait_for comm_is "$pid" sleep
		spawn_ready odd tracer "$pid"
	done
	limited pfdkill --tree -KILL "$root"
	assert_success
	assert_equal "$(grep -c 'could not be held while the signal was sent: process .* traces it$' <<<"$stderr")" 4
	assert_stderr_has 'pfdkill: 2 more processes could not be held'
	wait_for all_ended "$root" "${pids[@]}"
}

@test "--tree: a parent that waits in vfork does not delay the signal" {
	local begin ms best=100000 round
	for round in 1 2 3; do
		spawn_ready odd vfork
		wait_for in_vfork "$spawned"
		begin=$(date +%s%N)
		limited pfdkill --tree -WINCH "$spawned"
		assert_success
		assert_stderr ''
		ms=$((($(date +%s%N) - begin) / 1000000))
		((ms > best)) || best=$ms
		run_tool -0 pfdkill --tree -KILL "$spawned"
	done
	assert [ "$best" -lt $((700 * ${PFD_PATIENCE:-1})) ]
}

in_vfork() {
	[[ $(proc_state "$1") == D ]]
}

@test "--tree: many members that wait for a server that does not answer delay the signal no longer than one" {
	requires root pidns
	[[ -c /dev/fuse ]] || skip 'needs /dev/fuse'
	mkdir stuck
	# shellcheck disable=SC2016
	run --separate-stderr unshare --pid --fork --mount-proc --kill-child bash -c '
		"$PFD_HELPERS/stuckfs" stuck >ready & stuck=$!
		until [[ -s ready ]]; do kill -0 "$stuck" || exit; done
		bash -c "for i in {1..16}; do stat stuck/file & done; wait" & root=$!
		until (($("$PFD_BINDIR/pgrep" -c -x stat) == 16)); do :; done
		begin=$(date +%s%N)
		"$PFD_BINDIR/pfdkill" --tree -WINCH "$root"
		echo $((($(date +%s%N) - begin) / 1000000))' 3>&-
	assert_success
	assert_stderr_has 'it waits in the kernel (state D)'
	assert [ "$output" -lt $((1500 * ${PFD_PATIENCE:-1})) ]
}

@test "--tree: threads that call exec all the time do not escape" {
	local round
	for round in 1 2 3 4 5; do
		spawn_ready odd exec
		limited pfdkill --tree -KILL "$spawned"
		assert_success
		wait_for all_ended "$spawned"
	done
}

@test "a process that /proc hides is not held, with the right reason, and stays stopped" {
	requires root pidns
	public_copy
	# shellcheck disable=SC2016
	run in_pidns '
		hide_processes 2
		cd "$1"
		: >file
		chmod 666 file
		user="setpriv --reuid 65534 --regid 65534 --clear-groups"
		$user helpers/locker -h flock file >ready & hidden=$!
		wait_for has_line ready
		kill -STOP $hidden
		wait_for is_stopped $hidden
		$user bin/pfdkill --tree -URG $hidden
		is_stopped $hidden' "$PFD_PUBLIC"
	skip_if_not_hidden
	assert_success
	assert_output --regexp '^pfdkill: [0-9]+.*: could not be held while the signal was sent: not permitted to hold it$'
}

# ---- only the given signal is sent ----

@test "--tree: no handler of SIGCONT runs" {
	local leaf
	spawn bash -c 'sigecho leaf >/dev/null & echo $! >leaf.pid; wait'
	wait_for has_line leaf.pid
	leaf=$(<leaf.pid)
	wait_for catches "$leaf" 10
	run_tool -0 pfdkill --tree -USR1 "$leaf"
	wait_for file_has leaf '^10 '
	run_tool -0 pfdkill --tree -USR2 "$leaf"
	wait_for file_has leaf '^12 '
	run ! grep -q '^18 ' leaf
}

# When the first process of a group ends, the group is orphaned. If a member is stopped then, the
# kernel sends it SIGHUP, which it takes before SIGTERM.
@test "--tree -TERM: every handler of SIGTERM runs, and none gets SIGHUP" {
	local round i
	for round in 1 2 3 4 5; do
		rm -f log.*
		set -m
		spawn sh -c 'for i in 1 2 3 4; do sigecho -x 15 log.$i >/dev/null & done; sleep 1000; exit'
		set +m
		wait_for four_ready "$spawned"
		run_tool -0 pfdkill --tree "$spawned"
		for i in 1 2 3 4; do
			wait_for file_has "log.$i" '^15 '
		done
		run ! grep -q '^1 ' log.*
	done
}

# Wait until its four children named sigecho have their handlers.
four_ready() {
	local pid count=0
	for pid in $(<"/proc/$1/task/$1/children"); do
		! comm_is "$pid" sigecho || ! catches "$pid" 15 || count=$((count + 1))
	done
	((count == 4))
}

@test "--tree -TERM: a member takes SIGTERM before the SIGHUP that the end of its session leader sends" {
	requires script
	local round leader
	for round in 1 2 3; do
		rm -f log.*
		spawn script -qec 'for i in 1 2 3 4; do sigecho -x 15 log.$i >/dev/null & done; sleep 1000; exit' \
			/dev/null
		wait_for has_child "$spawned"
		leader=$(<"/proc/$spawned/task/$spawned/children")
		wait_for four_ready "${leader% }"
		run_tool -0 pfdkill --tree "${leader% }"
		for i in 1 2 3 4; do
			wait_for file_has "log.$i" '^15 '
		done
		run ! grep -q '^1 ' log.*
		wait_for all_ended "$spawned"
	done
}

has_child() {
	[[ $(<"/proc/$1/task/$1/children") =~ ^[0-9]+\ $ ]]
}

# ---- no process outside the tree notices ----

@test "--tree: a parent outside the tree gets no SIGCHLD" {
	spawn bash -c 'set -m; trap "echo heard >chld" CHLD; sigecho leaf >/dev/null & echo $! >leaf.pid
		until wait; do :; done'
	wait_for has_line leaf.pid
	wait_for catches "$(<leaf.pid)" 10
	for signal in USR1 USR2 HUP; do
		run_tool -0 pfdkill --tree "-$signal" "$(<leaf.pid)"
		wait_for file_has leaf "^$(kill -l "$signal") "
	done
	[[ ! -e chld ]]
}

# su, runuser, script and pwait stop themselves when their child is stopped.
@test "--tree: a parent outside the tree that stops with its child is continued" {
	local signal
	for signal in TERM KILL; do
		spawn "$PFD_BINDIR/pwait" -- sleep 1000
		goes_on "$signal"
		! command -v script >/dev/null || {
			spawn script -qec 'exec sleep 1000' /dev/null
			goes_on "$signal"
		}
		! ((EUID == 0)) || ! command -v runuser >/dev/null || {
			spawn runuser -u nobody -- sleep 1000
			goes_on "$signal"
		}
	done
}

# The spawned process ends when its child ends; only the child is signalled.
goes_on() {
	wait_for has_sleep "$spawned"
	run_tool -0 pfdkill --tree "-$1" "$child"
	wait_for all_ended "$spawned"
}

has_sleep() {
	child=$(cat "/proc/$1/task/$1/children") || return
	child=${child% }
	[[ -n $child ]] && comm_is "$child" sleep
}

@test "--tree: the foreground job of a terminal stays in the foreground" {
	terminal
	type_keys 'cat\n'
	wait_for job_named cat
	run_tool -0 pfdkill --tree -WINCH "$job"
	type_keys 'still-here\n'
	wait_for shown_twice still-here
	run ! shown Stopped
	type_keys '\004'
	wait_for prompted
}

job_named() {
	local shell
	shell=$(<"/proc/$spawned/task/$spawned/children")
	job=$(<"/proc/${shell% }/task/${shell% }/children")
	job=${job% }
	[[ -n $job ]] && comm_is "$job" "$1"
}

# Text that is typed and printed by cat.
shown_twice() {
	(($(seen | grep -c "^$1") == 2))
}

@test "--tree: a stopped process whose first thread has ended stays stopped" {
	spawn_ready odd leader
	wait_for is_zombie "$spawned"
	kill -STOP "$spawned"
	wait_for threads_are "$spawned" ZT
	run_tool -0 pfdkill --tree -WINCH "$spawned"
	threads_are "$spawned" ZT
}

threads_are() {
	[[ $(awk '{ printf "%s", $3 }' "/proc/$1"/task/*/stat) == "$2" ]]
}

# ---- all continue, whatever happens to pfdkill ----

PAIR='
	bash -c "sigecho leaf >/dev/null & echo \$! >number; wait" & root=$!
	wait_for has_line number
	read -r leaf <number
	wait_for catches $leaf 10
'

@test "--tree: if pfdkill gets SIGKILL while it holds a tree, the tree continues" {
	requires pidns strace
	run --separate-stderr in_pidns "$HELD$PAIR"'
		held_at --tree -USR1 $root
		kill -KILL $us
		wait_for runs $root
		wait_for runs $leaf
		wait_for runs $root
		[ ! -e leaf ] || cat leaf'
	assert_success
	refute_output
}

@test "--tree: if pfdkill is stopped while it holds a tree, the tree continues and gets the signal later" {
	requires pidns strace
	run --separate-stderr in_pidns "$HELD$PAIR"'
		held_at --tree -USR1 $root
		wait_for runs $root
		wait_for runs $leaf
		let_go
		echo $status
		wait_for file_has leaf "^10 "'
	assert_success
	assert_output 0
}

@test "--tree: the process that holds the tree is replaced when it is killed" {
	requires pidns strace
	run --separate-stderr in_pidns "$HELD$PAIR"'
		held_at --tree -USR1 $root
		# where we were too late, it was let go, because the program stands still
		until is_traced $leaf; do
			let_go
			held_at --tree -USR1 $root
		done
		kill -KILL $(keeper_of)
		wait_for runs $leaf
		let_go
		echo $status
		wait_for file_has leaf "^10 "
		wait_for runs $leaf'
	assert_success
	assert_output 0
	[[ $stderr != *"could not be held"* ]]
}

@test "--tree: a small stack is enough" {
	requires plain
	pair
	run --separate-stderr bash -c 'ulimit -s 32; exec "$PFD_BINDIR/pfdkill" --tree -WINCH "$1"' - \
		"$root" 3>&-
	assert_success
	all_go_on "$root" "$leaf"
}

# The keeper is delayed before it attaches to the root, while another process reuses the PID of the
# root.
@test "--tree: a process that has reused a PID right before ptrace is not held" {
	requires pidns strace
	run --separate-stderr in_pidns '
		bash -c "sleep 1000 & exec sleep 1001" & root=$!
		wait_for comm_is $root sleep
		strace -f -o calls -e trace=ptrace -e inject=ptrace:delay_enter=1000000:when=2 \
			"$PFD_BINDIR/pfdkill" --tree -USR1 $root & tracer=$!
		wait_for file_has calls GETSIGINFO
		finish $root
		recycle $root -- sigecho log >number &
		wait_for has_line number
		wait_for catches $root 10
		status=0
		wait $tracer || status=$?
		echo $status
		grep -c "PTRACE_SEIZE, $root" calls
		grep -c PTRACE_INTERRUPT calls || true
		proc_state $root
		echo
		cat log'
	assert_success
	assert_output "$(printf '1\n1\n0\nS\n')"
	assert_stderr_has "No such process"
}

@test "--tree: a process that has reused the number of a thread right before ptrace is not held" {
	requires pidns strace
	run --separate-stderr in_pidns '
		mkfifo fifo
		odd reader fifo >number & root=$!
		exec 9<>fifo
		wait_for has_line number
		read -r thread <number
		# the fifth call attaches to the second thread
		strace -f -o calls -e trace=ptrace -e inject=ptrace:delay_enter=1000000:when=5 \
			"$PFD_BINDIR/pfdkill" --tree -WINCH $root & tracer=$!
		wait_for file_has calls PTRACE_INTERRUPT
		echo x >&9
		thread_ended() { [ ! -e /proc/$root/task/$thread ]; }
		wait_for thread_ended
		recycle $thread -- sigecho log >recycled &
		wait_for has_line recycled
		wait_for catches $thread 10
		status=0
		wait $tracer || status=$?
		echo $status
		grep -c "PTRACE_SEIZE, $thread" calls
		grep -c "PTRACE_INTERRUPT, $thread" calls || true
		proc_state $thread
		proc_state $root
		echo
		cat log'
	assert_success
	assert_output "$(printf '0\n1\n0\nSS\n')"
}

# ---- two runs at the same time ----

@test "--tree: two runs on one tree at the same time both reach all of it" {
	local round other
	family
	for round in 1 2 3 4 5; do
		spawn "$PFD_BINDIR/pfdkill" --tree -USR1 "$root"
		other=$spawned
		limited pfdkill --tree -USR2 "$leaf"
		assert_success
		limited pfdkill --tree -USR1 "$root"
		assert_success
		wait "$other"
		wait_for times_in leaf '^10 ' $((2 * round))
		wait_for times_in leaf '^12 ' "$round"
	done
	all_go_on "$root" "$child" "$leaf"
}

@test "--tree: two runs on a large tree at the same time both end" {
	local round herd herd_out pids
	spawn -i /dev/zero herd 80
	herd=$spawned herd_out=$spawned_out
	wait_for file_has "$spawned_out" ready
	for round in 1 2 3 4 5; do
		spawn timeout -s KILL 10 "$PFD_BINDIR/pfdkill" --tree -WINCH "$herd"
		limited pfdkill --tree -WINCH "$herd"
		assert_success
		wait "$spawned"
	done
	mapfile -t pids < <(grep -v ready "$herd_out")
	wait_for all_go_on "$herd" "${pids[@]}"
}

times_in() {
	(($(grep -c "$2" "$1") == $3))
}

@test "--tree: two runs in each other's tree at the same time both end" {
	local round
	for round in 1 2 3 4 5; do
		rm -f ended.*
		spawn bash -c 'trap : USR1
			for i in 1 2; do
				{ timeout -s KILL 10 "$PFD_BINDIR/pfdkill" --tree -WINCH $$; echo $? >ended.$i; } &
			done
			until wait; do :; done
			exec sleep 1000'
		wait_for -t 15 has_line ended.1
		wait_for -t 15 has_line ended.2
		assert_equal "$(cat ended.*)" $'0\n0'
		wait_for comm_is "$spawned" sleep
		all_go_on "$spawned"
	done
}

# ---- one outcome per process ----

@test "--tree --timeout: a zombie of the tree is reported once" {
	spawn bash -c 'trap "" TERM; zombie true </dev/zero >zombie.pid & until wait; do :; done'
	wait_for has_line zombie.pid
	run_tool -0 pfdkill --tree --verbose --timeout 10ms KILL --wait "$spawned"
	assert_equal "$(grep -c ": $(head -n 1 zombie.pid) " <<<"$output$stderr")" 1
}

# ---- without ptrace ----

@test "--tree without ptrace: SIGSTOP holds the tree, and a parent outside that stops with it is continued" {
	requires plain seccomp
	spawn "$PFD_BINDIR/pwait" -- sh -c 'sigecho -x 15 log >/dev/null & wait'
	wait_for has_child "$spawned"
	child=$(<"/proc/$spawned/task/$spawned/children")
	wait_for has_child "${child% }"
	run --separate-stderr old-kernel ptrace=EPERM "$PFD_BINDIR/pfdkill" --tree --verbose -TERM \
		"${child% }" 3>&-
	assert_success
	assert_line --partial "hint: the tree was held by SIGSTOP"
	wait_for file_has log '^15 '
	wait_for all_ended "$spawned"
}

@test "--tree without ptrace: if pfdkill gets SIGKILL while it holds a tree, the tree continues" {
	requires pidns strace seccomp
	run --separate-stderr in_pidns "$HELD$PAIR"'
		rule="old-kernel ptrace=EPERM"
		# before that, two passes hold nothing, to find out what is in the control group
		when=6
		held_at --tree -USR1 $root
		wait_for is_stopped $leaf
		is_stopped $root && echo stopped
		kill -KILL $us
		wait_for runs $root
		wait_for runs $leaf
		grep -v "^18 " leaf || true'
	assert_success
	assert_output stopped
}

@test "--tree -KILL without ptrace: if pfdkill gets SIGKILL before it has sent the signal, the tree continues" {
	requires pidns strace seccomp
	# the first signal 0 shows that the process may be signalled
	run --separate-stderr in_pidns "$HELD$PAIR"'
		: >us
		strace -o calls -e trace=pidfd_send_signal \
			-e inject=pidfd_send_signal:delay_enter=60000000:when=2 \
			old-kernel ptrace=EPERM sh -c "echo \$\$ >us
				exec \"\$PFD_BINDIR/pfdkill\" --tree -KILL $root" &
		wait_for file_has calls SIGKILL
		read -r us <us
		is_stopped $root && echo stopped
		kill -KILL $us
		wait_for runs $root
		wait_for runs $leaf'
	assert_success
	assert_output stopped
}

@test "--tree without ptrace: a process that another one traces is not stopped, and a message names the tracer" {
	requires pidns strace seccomp
	# strace stops it at each of its system calls
	run --separate-stderr in_pidns "$HELD"'
		sh -c "
			sh -c \"trap : USR1; while :; do read -r x </proc/self/stat; done\" & echo \$! >leaf.pid
			trap : USR1; while :; do wait; done" & root=$!
		wait_for has_line leaf.pid
		read -r leaf <leaf.pid
		wait_for catches $leaf 10
		wait_for catches $root 10
		strace -o trace -p $leaf 2>attached & tracer=$!
		wait_for has_line trace
		for i in 1 2 3 4 5 6; do
			old-kernel ptrace=EPERM "$PFD_BINDIR/pfdkill" --tree -USR1 $root 2>&1 |
				sed "s/$tracer/TRACER/; s/$leaf/LEAF/"
		done
		! grep "stopped by SIGSTOP" trace
		before=$(wc -c <trace)
		has_grown() {
			(($(wc -c <trace) > before))
		}
		wait_for has_grown'
	assert_success
	assert_equal "$output" "$(printf '%s\n' {1..6} | sed 's/.*/pfdkill: LEAF (sh): could not be held while the signal was sent: process TRACER traces it/')"
}

@test "--tree without ptrace: a process that was stopped before stays stopped" {
	requires plain seccomp
	pair
	kill -STOP "$leaf"
	wait_for is_stopped "$leaf"
	run --separate-stderr old-kernel ptrace=EPERM "$PFD_BINDIR/pfdkill" --tree -WINCH "$root" 3>&-
	assert_success
	wait_for all_go_on "$root"
	is_stopped "$leaf"
}

@test "--tree without ptrace: STOP, TSTP, TTIN and TTOU leave the tree stopped, and CONT continues it" {
	requires plain seccomp
	local signal
	pair
	for signal in STOP TSTP TTIN TTOU; do
		run --separate-stderr old-kernel ptrace=EPERM "$PFD_BINDIR/pfdkill" --tree \
			"-$signal" "$root" 3>&-
		assert_success
		wait_for all_stopped "$root" "$leaf"
		run --separate-stderr old-kernel ptrace=EPERM "$PFD_BINDIR/pfdkill" --tree \
			-CONT "$root" 3>&-
		assert_success
		wait_for all_go_on "$root" "$leaf"
	done
}

@test "--tree without ptrace: a control group that contains only the tree is frozen meanwhile" {
	requires strace seccomp
	new_cgroup
	family
	move_to_cgroup "$root" "$child" "$leaf"
	run --separate-stderr strace -f -o calls -e trace=write,openat,pidfd_send_signal \
		old-kernel ptrace=EPERM "$PFD_BINDIR/pfdkill" --tree -USR1 "$root" 3>&-
	assert_success
	grep -q 'cgroup.freeze' calls
	run ! grep -q SIGSTOP calls
	wait_for file_has leaf '^10 '
	wait_for all_go_on "$root" "$child" "$leaf"
	file_has "$folder/cgroup.freeze" 0
}

@test "--tree without ptrace: a control group that is to be frozen stays so, even if a process in it cannot be" {
	requires plain seccomp
	old=/sys/fs/cgroup/freezer/pidfd-utils-$BASHPID
	mkdir "$old" 2>/dev/null || skip "no freezer of cgroup v1 here"
	new_cgroup
	pair
	move_to_cgroup "$root" "$leaf"
	echo "$leaf" >"$old/tasks"
	echo FROZEN >"$old/freezer.state"
	wait_for file_has "$old/freezer.state" FROZEN
	echo 1 >"$folder/cgroup.freeze"
	run --separate-stderr old-kernel ptrace=EPERM "$PFD_BINDIR/pfdkill" --tree -WINCH "$root" 3>&-
	echo THAWED >"$old/freezer.state"
	assert_success
	assert file_has "$folder/cgroup.freeze" 1
	echo 0 >"$folder/cgroup.freeze"
	run_tool -0 pfdkill --tree -KILL "$root"
	wait_for rmdir "$old"
}

# ---- slow machines ----

@test "--tree: if a pass over /proc takes long, the tree is held meanwhile" {
	requires pidns strace
	run --separate-stderr in_pidns "$PAIR"'
		for i in {1..40}; do sleep 1000 & done
		strace -o calls -e trace=pidfd_open -e inject=pidfd_open:delay_enter=80000 \
			"$PFD_BINDIR/pfdkill" --tree -WINCH $root'
	assert_success
	assert_stderr ''
}

@test "--tree: if it takes long to hold all of a tree, it is still held" {
	requires pidns strace
	run --separate-stderr in_pidns '
		bash -c "for i in {1..30}; do sleep 1000 & done; echo >ready; wait" & root=$!
		wait_for has_line ready
		strace -f -o calls -e trace=ptrace -e inject=ptrace:delay_enter=60000 \
			"$PFD_BINDIR/pfdkill" --tree -WINCH $root
		! grep "killed by SIGKILL" calls'
	assert_success
	assert_stderr ''
}
