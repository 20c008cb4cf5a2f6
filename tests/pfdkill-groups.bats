#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pfdkill and process groups: waited for, named together with members, our own group, and -r.

load helpers

# got_times SIGNAL_NUMBER COUNT: the process in $spawned got it this many times, and no more follow.
got_times() {
	kill -64 "$spawned"
	wait_for file_has "$spawned_out" '^64 '
	assert_equal "$(grep -c "^$1 " "$spawned_out")" "$2"
}

@test "if a group and one of its members are named, the member gets one signal and each outcome is reported" {
	requires linux:6.9
	spawn setsid sleep 1000
	wait_for comm_is "$spawned" sleep
	local order
	for order in "$spawned -$spawned" "-$spawned $spawned"; do
		# shellcheck disable=SC2086
		run_tool -124 pfdkill -CHLD --deadline 10ms --verbose -- $order
		assert_line "-$spawned: sent CHLD"
		refute_line "$spawned (sleep): sent CHLD"
		assert_stderr "pfdkill: -$spawned: survived CHLD
pfdkill: -$spawned: $spawned (sleep): survived CHLD: it has no handler, and by default this signal does nothing"
	done
	run_tool -0 pfdkill -KILL --deadline 30s --verbose -- "$spawned" "-$spawned"
	assert_line "-$spawned: all its members are gone"
	assert_line "-$spawned: $spawned (sleep): killed by signal 9 (KILL)"
	assert_stderr ''
	spawn_ready setsid sigecho
	run_tool -124 pfdkill -s RTMIN --deadline 10ms -- "$spawned" "-$spawned"
	got_times "$(rt 0)" 1
}

@test "a member of a group that is named too gets the signal once, also if nothing is waited for" {
	requires linux:6.9
	local order name=sge$BASHPID
	# a name that no other test uses
	ln -s "$(type -P sigecho)" "$name"
	for order in leader-first group-first member-first name; do
		spawn_ready setsid bash -c '"./$0" & echo $! >member; wait' "$name"
		wait_for file_has "$spawned_out" ready
		local group=$spawned member
		member=$(<member)
		case $order in
		leader-first) set -- "$group" "-$group" ;;
		group-first) set -- "-$group" "$member" ;;
		member-first) set -- "$member" "-$group" ;;
		name) set -- "-$group" "name:$name" ;;
		esac
		run_tool -0 pfdkill -s RTMIN --verbose -- "$@"
		kill -64 "$member"
		wait_for file_has "$spawned_out" '^64 '
		assert_equal "$(grep -c "^$(rt 0) " "$spawned_out")" 1
		kill -KILL "$group" "$member"
	done
}

@test "a process that is named with a group that it has left still gets the signal" {
	requires linux:6.9
	spawn_ready setsid sigecho
	local other=$spawned out=$spawned_out
	spawn setsid sleep 1000
	wait_for comm_is "$spawned" sleep
	local group=$spawned
	run_tool -0 pfdkill -s RTMIN -- "-$group" "$other"
	kill -64 "$other"
	wait_for file_has "$out" '^64 '
	assert_equal "$(grep -c "^$(rt 0) " "$out")" 1
}

@test "a process that joins a group while that is searched, and is named too, gets the signal once" {
	requires linux:6.9 strace python3
	cat >joiner <<-'END'
		#!/usr/bin/env python3
		import os, signal, time
		open('/proc/self/comm', 'w').write('joiner')
		signals = [signal.SIGRTMIN, signal.SIGRTMIN + 1]
		signal.pthread_sigmask(signal.SIG_BLOCK, signals)
		leader = os.fork()
		if not leader:
		    os.setpgid(0, 0)
		    os.execvp('sleep', ['sleep', '1000'])
		while os.getpgid(leader) != leader: time.sleep(0.005)
		open('group', 'w').write(f'{leader}\n')
		while not os.path.exists('join'): time.sleep(0.005)
		os.setpgid(0, leader)
		open('joined', 'w').write('joined\n')
		while True: os.write(1, b'%d\n' % (signal.sigwaitinfo(signals).si_signo - signal.SIGRTMIN))
	END
	chmod +x joiner
	spawn ./joiner
	wait_for has_line group
	local group joiner=$spawned out=$spawned_out
	group=$(<group)
	# how many reads of /proc the search for the members takes
	run_tool -124 pfdkill -CONT --deadline 1ms -- "-$group"
	strace -o calls -e trace=getdents64 "$PFD_BINDIR/pfdkill" -CONT --deadline 1ms -- "-$group" 3>&- || true
	local count
	count=$(grep -c getdents64 calls)
	# it joins before the search for the name begins
	spawn strace -o calls2 -e trace=getdents64 -e "inject=getdents64:delay_enter=3000000:when=$((count + 1))" \
		"$PFD_BINDIR/pfdkill" -s RTMIN --deadline 10ms -- "-$group" name:joiner
	searched() { [[ $(grep -c getdents64 calls2) -ge $count ]]; }
	wait_for searched
	touch join
	wait_for has_line joined
	wait "$spawned" || true
	kill -"$(rt 1)" "$joiner"
	wait_for file_has "$out" 1
	assert_equal "$(grep -c 0 "$out")" 1
	kill -KILL "$group" 2>/dev/null || true
}

@test "-0 of a name is 0 if one process of that name is alive, whatever zombies it has" {
	local name=alive$BASHPID zombie
	spawn_ready named "$name"
	run_tool -0 pfdkill -0 "name:$name"
	mkfifo hold
	exec 8<>hold
	ln -s "$(type -P true)" "./$name"
	spawn_ready -i hold zombie "./$name"
	zombie=$(head -n 1 "$spawned_out")
	wait_for is_zombie "$zombie"
	run_tool -0 pfdkill -0 "$name"
	refute_output
	run_tool -0 pfdkill -s 0 -- "name:$name" "-$(ps -o pgid= -p "$zombie" | tr -d ' ')"
	# it is not alive if it is named alone
	run_tool -1 pfdkill -0 "$zombie"
	pkill -KILL -x "$name"
	wait_for only_zombies "$name"
	run_tool -1 pfdkill -0 "$name"
}

only_zombies() {
	! tool pgrep --alive -x "$1" >/dev/null
}

@test "a queued signal that a member of a group could not get is reported" {
	requires root setpriv
	# the queue of one user is full, and the kernel says that the group got it
	spawn setsid bash -c 'trap : RTMIN RTMIN+1
		(ulimit -i 0; exec setpriv --reuid 65534 --clear-groups sigecho) >full &
		sigecho >taken & while :; do wait; done'
	wait_for file_has full ready
	wait_for file_has taken ready
	local option
	for option in '' '--timeout 1ms RTMIN+1'; do
		# shellcheck disable=SC2086
		run_tool -64 pfdkill -s RTMIN -q 5 $option -- "-$spawned"
		assert_stderr_has 'the queue of pending signals is full'
	done
	run_tool -64 pfdkill --json -s RTMIN -q 5 -- "-$spawned"
	assert_equal "$(grep -c '"result":"failed","error":"the queue of pending signals is full"' <<<"$output")" 1
	assert_equal "$(grep -c '"result":"sent"' <<<"$output")" 2
	assert_equal "$(<full)" ready
	# without a value the kernel sends the signal without its sender
	run_tool -0 pfdkill -s RTMIN -- "-$spawned"
	wait_for file_has full "^$(rt 0) "
}

@test "a member that may not be signalled is not waited for, also if its handle is a target as well" {
	requires root linux:6.9
	spawn setsid bash -c 'setpriv --reuid 65534 --regid 65534 --clear-groups sigecho >member & wait
		exec sleep 1000'
	wait_for file_has member ready
	run --separate-stderr timeout -s KILL 60 bash -c "$(declare -f as_user drop_rights public_copy)
		as_user pfdkill -s USR2 --timeout 30ms KILL --wait -- $spawned:$(inode_of "$spawned") -$spawned"
	assert_equal "$status" 64
	assert_stderr_has "$spawned (bash): not permitted: it belongs to root"
}

@test "-0 of a group whose leader is gone is 0 if one member is alive, whatever zombies it has" {
	# the leader ends; a member stays, and has a zombie of the group as its child
	spawn setsid bash -c 'bash -c "sleep 1000 & echo \$! >zombie; echo \$\$ >member; exec sleep 1000" & exec sleep 0'
	wait_for has_line member
	wait "$spawned"
	wait_for comm_is "$(<member)" sleep
	kill -KILL "$(<zombie)"
	wait_for is_zombie "$(<zombie)"
	run_tool -0 pfdkill -0 -- "-$spawned"
	kill -KILL "$(<member)"
	wait_for is_gone "$(<member)"
	run_tool -1 pfdkill -0 -- "-$spawned"
}

@test "a group that may not be signalled is reported once" {
	requires root linux:6.9
	spawn setsid sleep 1000
	wait_for comm_is "$spawned" sleep
	local how
	for how in '' '--deadline 1s' '--timeout 1ms KILL' '--json' '-r -0'; do
		# shellcheck disable=SC2086
		run --separate-stderr as_user pfdkill $how -- "-$spawned"
		assert_equal "$status" 1
		case $how in
		*-0) assert_stderr '' ;; # signal 0 prints nothing
		*) assert_stderr "pfdkill: -$spawned: not permitted: it belongs to root" ;;
		esac
		[[ $how != --json ]] || assert_equal "${#lines[@]}" 1
	done
	run_tool -0 pfdkill -0 "$spawned"
}

@test "if the signal to a group fails, its members are not waited for" {
	requires seccomp linux:6.9
	spawn setsid sleep 1000
	wait_for comm_is "$spawned" sleep
	# signal 0 is permitted, so its members are held before it fails
	run --separate-stderr timeout "$((10 * ${PFD_PATIENCE:-1}))" old-kernel signals=EPERM \
		"$PFD_BINDIR/pfdkill" --wait -- "-$spawned" 3>&-
	assert_equal "$status" 1
	assert_stderr "pfdkill: -$spawned: not permitted: a sandbox refuses it (Landlock, seccomp or a security module)"
	refute_output
	run_tool -0 pfdkill -0 "$spawned"
}

@test "the JSON of a group has its number, and no handle of a process" {
	requires jq linux:6.9
	spawn setsid sleep 1000
	wait_for comm_is "$spawned" sleep
	local leader=$spawned
	sleeper
	# the leader, which a second operand names, is a member
	run_tool -0 pfdkill --json -CONT -- "-$leader" "$leader" "$spawned"
	run -0 jq -r '"\(.pgid) \(.pid) \(.result)"' <<<"$output"
	assert_output "$leader null sent
null $spawned sent"
}

@test "a member that may not be signalled is an outcome of its own, and the status is 64" {
	requires root linux:6.9
	# uid 65534 leads a group with a process of root in it
	spawn setsid bash -c 'sleep 1000 & echo $! >member
		exec setpriv --reuid 65534 --regid 65534 --clear-groups sigecho'
	wait_for has_line member
	wait_for file_has "$spawned_out" ready
	local member how
	member=$(<member)
	wait_for comm_is "$member" sleep
	for how in '' --dry-run --json; do
		# shellcheck disable=SC2086
		run --separate-stderr as_user pfdkill -USR1 $how -- "-$spawned"
		assert_equal "$status" 64
		assert_stderr_has "-$spawned: $member"
		assert_stderr_has 'not permitted: it belongs to root'
	done
	run --separate-stderr as_user pfdkill --verbose --deadline 10s -KILL -- "-$spawned"
	assert_equal "$status" 64
	assert_stderr "pfdkill: -$spawned: $member (sleep): not permitted: it belongs to root"
	wait_for is_gone "$spawned"
	# without its leader, member by member
	run --separate-stderr as_user pfdkill -USR1 -- "-$spawned"
	assert_equal "$status" 1
	assert_stderr "pfdkill: -$spawned: not permitted"
	kill -KILL "$member"
}

@test "-r with --group signals only members that have a handler" {
	requires linux:6.9
	spawn setsid bash -c 'sigecho >one & sleep 1000 & echo $! >plain; wait'
	wait_for file_has one ready
	wait_for file_has plain .
	wait_for comm_is "$(<plain)" sleep
	run_tool -0 pfdkill --group -r --verbose -USR2 "$spawned"
	assert_line --regexp "^$spawned: [0-9]+ \(sigecho\): sent USR2$"
	assert_line "$spawned: $(<plain) (sleep): has no handler for USR2, nothing was sent"
	wait_for file_has one '^12 '
	run_tool -0 pfdkill -0 "$(<plain)"
	run_tool -1 pfdkill --group -r -USR2 "$(<plain)"
	assert_stderr "pfdkill: $(<plain): no such process group"
	run_tool -0 pfdkill --group --dry-run "$spawned"
	assert_equal "${#lines[@]}" 4
	assert_row "$(<plain)" sleep
	run_tool -0 pfdkill --group -p "$spawned"
	assert_line "$(<plain)"
	run_tool -0 pfdkill -KILL -- "-$spawned"
}

@test "our own group gets its signal last, after all other targets" {
	local how
	for how in '-KILL 0' '-KILL -$$' '--group -KILL $$'; do
		spawn setsid sleep 1000
		wait_for comm_is "$spawned" sleep
		# the shell leads the group, and the signal kills it with all members
		run setsid --wait bash -c "\"\$PFD_BINDIR/pfdkill\" $how $spawned; :"
		assert_equal "$status" 137
		wait_for is_dead "$spawned"
	done
}

is_dead() {
	is_zombie "$1" || is_gone "$1"
}

@test "--group with our own group and a follow-up spares us, so that we can report the end" {
	requires linux:6.9
	# shellcheck disable=SC2016
	run setsid --wait bash -c "$CONDITIONS"'
		trap : HUP
		stubborn >one 2>&1 & wait_for has_line one
		"$PFD_BINDIR/pfdkill" --group --deadline 10ms -HUP $$ 2>err
		echo "status $?"
		kill -KILL %1'
	assert_output --partial 'status 124'
	run cat err
	assert_line --partial 'survived HUP'
}

# A group whose leader does $1 at TERM; its member then becomes a session of its own, as $2.
leaving_group() {
	spawn setsid bash -c '
		bash -c "trap \"exec setsid $2\" TERM; echo ready >one
			while :; do sleep 0.01; done" &
		echo $! >member
		trap "$1" TERM; wait; wait' sh "$@"
	wait_for file_has one ready
	wait_for file_has member .
}

# bats test_tags=kernel
@test "a member that has left its group gets the follow-up KILL" {
	requires linux:6.9
	leaving_group : stubborn
	run_tool -0 pfdkill --verbose -TERM --timeout 1s KILL --deadline 60s -- "-$spawned"
	assert_line "-$spawned: all its members are gone, forced with KILL"
	is_dead "$(<member)"
}

@test "if a group is empty, the follow-up goes to each process that left it" {
	requires linux:6.9
	leaving_group exit 'sigecho left'
	run_tool -0 pfdkill --verbose -TERM --timeout 3s USR1 --timeout 100ms KILL --deadline 60s -- "-$spawned"
	assert_line "-$spawned: all its members are gone, forced with KILL"
	is_dead "$(<member)"
	run cut -d' ' -f1 left
	assert_output 10
}

@test "if the members of a group cannot be seen, it is not waited for and no process is signalled" {
	requires strace linux:6.9
	spawn_ready setsid sigecho
	run --separate-stderr strace -o calls -e trace=getdents64 -e inject=getdents64:retval=0 \
		"$PFD_BINDIR/pfdkill" --wait -TERM -- "-$spawned"
	assert_equal "$status" 3
	assert_stderr "pfdkill: -$spawned: its members are hidden from us and cannot be waited for; no process was signalled"
	got_times 15 0
}

@test "-r does not signal a process if its handlers cannot be read" {
	requires strace
	sleeper
	# the first openat(2) is for /proc, the second for ourselves, the third for the target
	run --separate-stderr strace -o calls -P /proc -e trace=openat \
		-e inject=openat:error=EPERM:when=3 "$PFD_BINDIR/pfdkill" -r -USR1 "$spawned"
	assert_equal "$status" 1
	assert_stderr "pfdkill: $spawned: we have no right to it"
	run_tool -0 pfdkill -0 "$spawned"
}

@test "-r reads a target once, even if it is named twice" {
	sleeper
	run_tool -1 pfdkill -r --json -USR1 "$spawned" "$spawned"
	assert_equal "${#lines[@]}" 1
	assert_output --partial '"result":"skipped"'
}

@test "if a sandbox forbids pidfds, a name is status 3 too, not a missing match" {
	requires seccomp
	local name=pfdg$BASHPID
	spawn_ready named "$name"
	run old-kernel pidfd_open=EPERM "$PFD_BINDIR/pfdkill" -KILL "$name"
	assert_equal "$status" 3
	assert_output "pfdkill: $name: this kernel has no pidfds (Linux 5.3), or a sandbox hides them"
	run_tool -0 pfdkill -0 "$name"
	run_tool -0 pfdkill -KILL "$name"
}
