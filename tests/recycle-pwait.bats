#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pwait and PIDs that are reused: only the process that was named is waited for, and the ending of
# another process is never reported as its own.

load helpers

# Inside the namespace: a process that ends on a line in its FIFO, and a parent that reaps it on
# order.
ACTORS='
	# Run pwait and stop it after its first CALL; its PID is in $waiter, that of strace in
	# $tracer.
	trace() {
		local call=$1
		shift
		: >waiter
		# shellcheck disable=SC2016
		strace -f -o calls -e trace=$call \
			-e inject=$call:signal=SIGSTOP:when=1 \
			sh -c "echo \$\$ >waiter; exec \"\$PFD_BINDIR/pwait\" \"\$@\"" sh "$@" >out 2>err &
		tracer=$!
		wait_for has_line waiter
		read -r waiter <waiter
	}
	# It is now stopped at the tested moment. let_go continues it.
	in_window() {
		grep -qs "stopped by SIGSTOP" calls
	}
	let_go() {
		kill -CONT $waiter
		status=0
		wait $tracer || status=$?
	}
	waits() {
		grep -qs poll "/proc/$1/wchan"
	}
	# A victim whose zombie stays until `reap`; PIDs in $parent and $victim.
	make_victim() {
		mkfifo life death
		: >parent.out
		exec 7<>death
		waitstatus exit 7 <death >parent.out &
		parent=$!
		wait_for has_line parent.out
		read -r victim <parent.out
	}
	end_victim() {
		echo >&7
		wait_for is_zombie $victim
	}
	reap_victim() {
		echo >&7
		wait_for is_gone $victim
	}
	# Another process with the PID of the victim, in $recycler; "exit N" in life ends it.
	make_stranger() {
		exec 8<>life
		: >recycle.out
		recycle $victim -- bash -c "read -r n <life; exit \$n" >recycle.out 2>&1 &
		recycler=$!
		wait_for has_line recycle.out
		test "$(<recycle.out)" = $victim
	}
'

# bats test_tags=kernel
@test "PID:INODE of a process that is gone does not name the process that has the PID now" {
	requires pidns linux:6.9
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim
		handle=$victim:$(inode_of $victim)
		end_victim
		reap_victim
		make_stranger
		status=0
		tool pwait -v -t 9 $handle >out 2>err || status=$?
		is_gone $victim && exit 70
		echo $status
		sed "s/$handle/HANDLE/; s/^$victim/PID/; s/^[^:]*pwait/pwait/" err out
		status=0
		tool pwait -t 9 --strict -e $handle || status=$?
		echo $status'
	assert_output $'0\npwait: HANDLE: recycled: that process is gone\nPID: gone, status unknown.\n1'
	assert_success
}

# bats test_tags=kernel
@test "a process that reuses the PID between the first look and the open is not taken for PID:INODE" {
	requires pidns strace linux:6.9
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim
		handle=$victim:$(inode_of $victim)
		trace getdents64 --json -t 9 $handle
		wait_for in_window
		end_victim
		reap_victim
		make_stranger
		let_go
		is_gone $victim && exit 70
		sed "s/$handle/HANDLE/; s/^[^:]*pwait/pwait/" err
		grep -o "\"result\":[^,}]*" out'
	assert_output $'pwait: HANDLE: recycled: that process is gone\n"result":"recycled"'
	assert_success
}

# bats test_tags=kernel
@test "pwait still waits for the held process when its PID is recycled" {
	requires pidns strace linux:6.15
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim
		trace pidfd_open -v --json -s -t 60 $victim
		wait_for in_window
		end_victim
		reap_victim
		make_stranger
		let_go
		is_gone $victim && exit 70
		cat err
		echo $status
		grep -o "\"name\":[^,}]*\|\"exitStatus\":[^,}]*" out'
	# the name would also be that of the other process
	assert_output $'7\n"name":null\n"exitStatus":7'
	assert_success
}

@test "pwait never reads the status from the zombie of a process that has reused the PID" {
	requires pidns strace linux:6.15
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim
		trace readlinkat -v -t 60 $victim
		wait_for waits $waiter
		end_victim
		# it now knows that it may read the status of the zombie, and is about to do so
		wait_for in_window
		reap_victim
		make_stranger
		kill -STOP $recycler
		wait_for is_stopped $recycler
		echo 42 >&8
		wait_for is_zombie $victim
		let_go
		is_zombie $victim || exit 70
		kill -CONT $recycler
		sed "s/^$victim/PID/" err out'
	assert_output 'PID: exited with status 7.'
	assert_success
}

@test "a process that ends while pwait cannot run is reported with its own ending" {
	requires pidns linux:6.15
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim
		"$PFD_BINDIR/pwait" -v $victim >out 2>err &
		waiter=$!
		wait_for waits $waiter
		kill -STOP $waiter
		wait_for is_stopped $waiter
		end_victim
		reap_victim
		make_stranger
		echo 42 >&8
		wait $recycler || true
		kill -CONT $waiter
		wait $waiter
		sed "s/^$victim/PID/" err out'
	assert_output 'PID: exited with status 7.'
	assert_success
}

@test "pwait does not print the name of a process that has reused the PID" {
	requires pidns linux:6.9
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim
		"$PFD_BINDIR/pwait" $victim >out 2>err &
		waiter=$!
		wait_for waits $waiter
		kill -STOP $waiter
		wait_for is_stopped $waiter
		# this is the first thing that it sees when it continues
		kill -USR1 $waiter
		end_victim
		reap_victim
		make_stranger
		kill -CONT $waiter
		wait $waiter
		is_gone $victim && exit 70
		sed "s/waiting for $victim/waiting for PID/; s/[0-9]*:[0-9]*/TIME/" err'
	assert_output '0/1 gone TIME waiting for PID'
	assert_success
}
