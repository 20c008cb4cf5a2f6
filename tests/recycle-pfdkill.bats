#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pfdkill and PIDs that are reused: a process that gets the PID of a target is not signalled.

load helpers

# Inside the namespace. The victim is in $victim until `end_victim`; then `make_stranger` gives its
# PID to a process that records every signal it gets.
ACTORS='
	# make_victim COMMAND...: start it and wait until the exec has happened.
	make_victim() {
		local name=$1
		case $1 in
		named | setsid) name=$2 ;;
		esac
		"$@" >victim.out 2>&1 &
		victim=$!
		wait_for comm_is $victim "$name"
	}
	end_victim() {
		finish $victim
		is_gone $victim
	}
	# make_stranger [NAME]: named sigecho, or NAME and then without output.
	make_stranger() {
		: >recycle.out
		if [ $# = 0 ]; then
			recycle $victim -- sh -c "exec sigecho >stranger" >recycle.out 2>&1 &
			wait_for file_has stranger ready
		else
			recycle $victim -- named "$1" >recycle.out 2>&1 &
			wait_for comm_is $victim "$1"
		fi
		wait_for has_line recycle.out
		test "$(head -n 1 recycle.out)" = $victim
	}
	# Check that it was not signalled: the highest signal arrives after all others, and a dead
	# process records nothing.
	stranger_is_unharmed() {
		kill -64 $victim
		wait_for file_has stranger "^64 "
		test "$(cut -d" " -f1 stranger | tr "\n" ,)" = ready,64,
		finish $victim || true
	}
	# make_session: the same, as the leader of a session and a group.
	make_session() {
		: >recycle.out
		recycle $victim -- sh -c "exec setsid sigecho >stranger" >recycle.out 2>&1 &
		wait_for file_has stranger ready
		wait_for has_line recycle.out
	}
	# held_behind CALL N ARG...: run pfdkill and stop it after its Nth CALL.
	held_behind() {
		local call=$1 n=$2
		shift 2
		point=after
		: >held
		# shellcheck disable=SC2016
		strace -f -o calls -e "trace=$call" -e "inject=$call:signal=SIGSTOP:when=$n" \
			sh -c "echo \$\$ >held; exec \"\$PFD_BINDIR/pfdkill\" \"\$@\"" sh "$@" >out 2>err &
		tracer=$!
		wait_for has_line held
		read -r held <held
		wait_for in_window
	}
	# held_at POINT ARG...: run pfdkill and stop it before or after its first pidfd_open.
	held_at() {
		local how=signal=SIGSTOP filter=
		# with the filter, only this call is delayed
		[ $1 = after ] || how=delay_enter=3000000 filter=--seccomp-bpf
		point=$1
		shift
		: >held
		# shellcheck disable=SC2016
		strace $filter -f -o calls -e trace=pidfd_open -e inject=pidfd_open:$how:when=1 \
			sh -c "echo \$\$ >held; exec \"\$PFD_BINDIR/pfdkill\" \"\$@\"" sh "$@" >out 2>err &
		tracer=$!
		wait_for has_line held
		read -r held <held
		wait_for in_window
	}
	in_window() {
		if [ $point = after ]; then
			grep -qs "stopped by SIGSTOP" calls
		else
			grep -qs "^434 " /proc/$held/syscall
		fi
	}
	let_go() {
		[ $point = before ] || kill -CONT $held
		status=0
		wait $tracer || status=$?
	}
	tell() {
		echo "status $status"
		sed "s/$victim\b/PID/g; s/\(PID:\)[0-9][0-9]*/\1INODE/; s/^[^:]*pfdkill/pfdkill/" out err
	}
'

# bats test_tags=kernel
@test "PID:INODE of a process that is gone signals no process, with any options" {
	requires pidns linux:6.9
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim sleep 1000
		handle=$victim:$(inode_of $victim)
		end_victim
		make_stranger
		for options in "-TERM" "-q 5" "--timeout 10ms KILL" "--wait" "-9 --deadline 1s" "-p" "--dry-run" \
			"--thread" "--group" "--require-handler -USR1" "--mrelease -KILL"; do
			status=0
			tool pfdkill $options $handle >out 2>err || status=$?
			tell
		done
		stranger_is_unharmed'
	assert_success
	assert_equal "$(grep -c '^status 1$' <<<"$output")" 11
	assert_equal "$(grep -c '^pfdkill: PID:INODE: recycled: that process is gone$' <<<"$output")" 11
}

@test ":INODE of a process that is gone signals no process" {
	requires pidns linux:6.14
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim sleep 1000
		inode=$(inode_of $victim)
		end_victim
		make_stranger
		status=0
		tool pfdkill -KILL :$inode >out 2>err || status=$?
		echo "status $status"
		sed "s/:$inode/:INODE/; s/^[^:]*pfdkill/pfdkill/" err out
		stranger_is_unharmed'
	assert_success
	assert_line 'status 1'
	assert_line 'pfdkill: :INODE: No such process'
}

# bats test_tags=kernel
@test "the PID is reused between the open and the signal" {
	requires pidns strace
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim sleep 1000
		held_at after -KILL $victim
		end_victim
		make_stranger
		let_go
		tell
		stranger_is_unharmed'
	assert_success
	assert_line 'status 1'
	assert_line 'pfdkill: PID: No such process'
}

# bats test_tags=kernel
@test "the PID is reused before the follow-up" {
	requires pidns
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim sleep 1000
		stubborn >other &
		other=$!
		wait_for has_line other
		tool pfdkill -TERM --timeout 1s KILL --wait --verbose $victim $other >out 2>err &
		killer=$!
		# it got TERM, and we reaped it long before the second signal
		wait $victim || true
		wait_for is_gone $victim
		make_stranger
		status=0
		wait $killer || status=$?
		sed -i "s/$other\b/OTHER/g" out
		tell
		stranger_is_unharmed'
	assert_success
	assert_line 'status 0'
	assert_line 'PID (sleep): sent TERM'
	assert_ended 'PID (sleep)' 'killed by signal 15 (TERM)'
	refute_line 'PID (sleep): sent KILL'
	assert_line 'OTHER (stubborn): sent KILL'
	assert_line 'OTHER (stubborn): forced with KILL'
}

@test "the PID is reused while the deadline passes" {
	requires pidns strace
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim stubborn
		wait_for has_line victim.out
		# stopped after its first signal, until death and reuse have happened
		held_behind pidfd_send_signal 1 -TERM --timeout 100ms KILL --wait --verbose $victim
		end_victim
		make_stranger
		let_go
		tell
		stranger_is_unharmed'
	assert_success
	assert_line 'status 0'
	assert_line --regexp '^PID \(stubborn\): killed by signal 9 \(KILL\)$'
	refute_line --partial 'sent KILL'
}

@test "a name: the PID is reused between the first look and the open" {
	requires pidns strace
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim named unlucky
		wait_for comm_is $victim unlucky
		held_at before -KILL unlucky
		end_victim
		make_stranger
		let_go
		tell
		stranger_is_unharmed'
	assert_success
	assert_line 'status 1'
	assert_line 'pfdkill: cannot find process "unlucky"'
}

@test "a name: the PID is reused between the open and the reading" {
	requires pidns strace
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim named unlucky
		wait_for comm_is $victim unlucky
		held_at after -KILL unlucky
		end_victim
		make_stranger
		let_go
		tell
		stranger_is_unharmed'
	assert_success
	assert_line 'status 1'
	assert_line 'pfdkill: cannot find process "unlucky"'
}

@test "the path of a program: the PID is reused before or after the open" {
	requires pidns strace
	local when
	for when in before after; do
		# shellcheck disable=SC2016
		run in_pidns "$ACTORS"'
			make_victim named unlucky
			wait_for comm_is $victim unlucky
			held_at $1 -KILL "$(readlink /proc/$victim/exe)"
			end_victim
			make_stranger
			let_go
			tell
			stranger_is_unharmed' "$when"
		assert_success
		assert_line 'status 1'
		assert_line --regexp 'cannot find process "/.*/unlucky"$'
	done
}

# bats test_tags=kernel
@test "a name: facts that were read about another process do not count for the one that is held" {
	requires pidns strace
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim named unlucky
		wait_for comm_is $victim unlucky
		held_at after --pid unlucky
		end_victim
		make_stranger unlucky
		let_go
		tell
		finish $victim || true'
	assert_success
	assert_output $'status 1\npfdkill: cannot find process "unlucky"'
}

# bats test_tags=kernel
@test "a pidfile's age is not judged by the process that has the PID now" {
	requires pidns strace
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim named unlucky
		echo $victim >file
		held_at after pidfile:file
		end_victim
		# younger than the file by more than a tick: this much time must pass
		sleep 0.1
		make_stranger
		let_go
		tell
		stranger_is_unharmed'
	assert_success
	assert_output $'status 1\npfdkill: pidfile:file: No such process'
}

# bats test_tags=kernel
@test "a group without a leader: the PID of a member is reused between the first look and the open" {
	requires pidns strace
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		set -m
		# its leader is gone, and the victim is its only member
		sh -c "echo \$\$ >group; sh -c \"echo \\\$\\\$ >member; exec sleep 1000\" & exit" &
		wait_for has_line member
		set +m
		read -r group <group
		read -r victim <member
		wait_for is_gone $group
		held_at before -KILL -- -$group
		# its parent is now PID 1, which reaps it
		kill -KILL $victim
		wait_for is_gone $victim
		make_stranger
		let_go
		sed -i "s/$group/PGID/" err
		tell
		stranger_is_unharmed'
	assert_success
	assert_line 'status 1'
	assert_line 'pfdkill: -PGID: no such process group'
}

@test "the PID is reused between the deadline and the follow-up signal" {
	requires pidns strace
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim stubborn
		wait_for has_line victim.out
		# the timer first; the second check finds that none is gone by now
		held_behind "?epoll_wait,?epoll_pwait" 2 -TERM --timeout 100ms KILL --wait --json $victim
		end_victim
		make_stranger
		let_go
		tell
		stranger_is_unharmed'
	assert_success
	assert_line 'status 0'
	# it ended by itself, not by the follow-up
	assert_line --partial '"signal":"TERM","result":"ended"'
}

@test "--group: another group reuses the PID between the open and the search" {
	requires pidns strace linux:6.9
	local options
	for options in '-r -USR1' '--dry-run -USR1' '-p'; do
		# the state that is waited for below must not exist yet
		rm -f calls stranger
		# shellcheck disable=SC2016
		run in_pidns "$ACTORS"'
			make_victim setsid sleep 1000
			wait_for comm_is $victim sleep
			held_behind pidfd_send_signal 1 --group $1 $victim
			end_victim
			make_session
			let_go
			tell
			stranger_is_unharmed' "$options"
		assert_success
		assert_line 'status 1'
		assert_line 'pfdkill: PID: no such process group'
	done
}

@test "-PGID: a group that reuses the number later is not waited for" {
	requires pidns strace linux:6.9
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim setsid sleep 1000
		wait_for comm_is $victim sleep
		held_behind pidfd_send_signal 1 -TERM --wait -- -$victim
		end_victim
		make_session
		let_go
		tell
		stranger_is_unharmed'
	assert_success
	assert_line 'status 1'
	assert_line 'pfdkill: -PID: no such process group'
}

@test "the name and handlers of a process that has reused the PID are not taken for those of the target" {
	requires pidns strace
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim sleep 1000
		held_at after --json -r -USR1 $victim
		end_victim
		make_stranger
		let_go
		tell
		stranger_is_unharmed'
	assert_success
	assert_line 'status 1'
	assert_line --partial '"name":null,'
	assert_line --partial '"result":"gone"'
}

@test "-d does not show the signals of a process that has reused the PID" {
	requires pidns strace
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim sleep 1000
		held_at after -d $victim
		end_victim
		make_stranger
		let_go
		tell
		stranger_is_unharmed'
	assert_success
	assert_line 'status 1'
	assert_line 'pfdkill: PID: No such process'
	refute_output --partial Caught
}
