#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The helpers do what the other tests expect.

load helpers

@test "spawn starts a process, teardown ends it" {
	spawn sleep 1000
	local pid=$spawned
	[[ -e /proc/$pid ]]
	end_spawned
	is_gone "$pid"
}

@test "spawned processes do not hold the descriptor of bats" {
	spawn sleep 1000
	wait_for comm_is "$spawned" sleep
	# a program that starts may have a library open there for a moment
	wait_for lacks_3 "$spawned"
}

lacks_3() {
	[[ ! -e /proc/$1/fd/3 ]]
}

@test "wait_for returns when the condition is true" {
	(sleep 0.2 && touch there) 3>&- &
	wait_for test -e there
}

@test "wait_for fails when the condition never becomes true" {
	run wait_for -t 0 test -e nowhere
	assert_failure
	assert_output --partial 'still not so: test -e nowhere'
}

# inner: run the tests from standard input in a file of their own, inner.bats. They use %test
# instead of @test, because bats would take @test for tests of this file.
inner() {
	printf 'load %q\n' "$PFD_SRCDIR/tests/helpers"
	sed 's/%test/@test/'
}

# Processes whose environment contains our own folder as OUTER.
left_of_inner() {
	grep -lsz "^OUTER=$BATS_TEST_TMPDIR" /proc/[1-9]*/environ | grep -vx "/proc/$BASHPID/environ"
}

nothing_left() {
	[[ -z $(left_of_inner) ]]
}

@test "a test that takes too long fails with its name and its processes, and these are ended" {
	inner >inner.bats <<-'TEXT'
		%test "in a command" {
			time_limit 1
			setsid sleep 1001 3>&- &
			run_tool pwait "$$"
		}
		%test "in a loop" {
			time_limit 1
			until false; do sleep 0.01; done
		}
		%test "not at all" {
			true
		}
	TEXT
	run env -u PFD_BUILDDIR -u PFD_PATIENCE OUTER="$BATS_TEST_TMPDIR" bats --formatter tap inner.bats
	assert_line --partial 'not ok 1 in a command'
	assert_line --partial '# in a command: it has not ended after 1 s, and is cut off'
	assert_line --regexp '^#   [0-9]+ S .*/pwait [0-9]+$'
	assert_line --partial 'not ok 2 in a loop'
	assert_line 'ok 3 not at all'
	nothing_left
}

@test "a test file that is killed leaves no processes behind" {
	inner >inner.bats <<-'TEXT'
		%test "in a command" {
			setsid sleep 1001 3>&- &
			wait_for comm_is "$!" sleep
			: >"$OUTER/there"
			sleep 1002
		}
	TEXT
	spawn env -u PFD_BUILDDIR OUTER="$BATS_TEST_TMPDIR" timeout 1000 bats --formatter tap inner.bats
	wait_for -t 50 test -e there
	kill "$spawned"
	wait_for nothing_left
}

@test "sigecho prints the number, sender and value of each signal" {
	spawn_ready sigecho
	kill -USR1 %%
	wait_for file_has "$spawned_out" "^10 code=0 pid=$BASHPID uid=$EUID value=0\$"
}

@test "sigecho exits after the chosen signal" {
	spawn_ready sigecho -x 12
	kill -USR2 %%
	wait "$spawned"
	file_has "$spawned_out" '^12 '
}

@test "stubborn survives TERM and is killed by KILL" {
	spawn_ready stubborn
	kill -TERM %%
	kill -INT %%
	kill -HUP %%
	[[ $(proc_state "$spawned") == [SR] ]]
	end_spawned
	is_gone "$spawned"
}

@test "named has the requested name, cut at 15 bytes in comm" {
	spawn_ready named a-name-of-twenty-six-bytes -- --some argument
	comm_is "$spawned" a-name-of-twent
	assert_equal "$(tr '\0' '|' <"/proc/$spawned/cmdline")" \
		'a-name-of-twenty-six-bytes|--some|argument|'
	[[ $(readlink "/proc/$spawned/exe") == */a-name-of-twenty-six-bytes* ]]
}

@test "named accepts any byte in a name, and another argv 0" {
	spawn_ready named -a other $'new\nline'
	comm_is "$spawned" $'new\nline'
	assert_equal "$(tr '\0' '|' <"/proc/$spawned/cmdline")" 'other|'
}

@test "zombie leaves a process unreaped until it is ordered to reap it" {
	mkfifo orders
	exec 7<>orders
	spawn_ready -i orders zombie sh -c 'exit 3'
	local pid
	read -r pid <"$spawned_out"
	is_zombie "$pid"
	kill -USR1 %%
	wait_for is_gone "$pid"
	wait_for file_has "$spawned_out" '^exited 3$'
}

@test "waitstatus ends its child and reaps it on two orders" {
	mkfifo orders
	exec 7<>orders
	spawn_ready -i orders waitstatus signal 15
	local pid
	read -r pid <"$spawned_out"
	[[ $(proc_state "$pid") == [SR] ]]
	echo >&7
	wait_for is_zombie "$pid"
	echo >&7
	wait_for file_has "$spawned_out" '^killed 15$'
	is_gone "$pid"
	exec 7>&-
}

@test "subreap reaps orphans at once and ends as its command does" {
	run subreap sh -c '(sleep 0.1 & echo $! >orphan; exec true) & wait $!
		until ! test -e /proc/$(cat orphan); do sleep 0.02; done; exit 7'
	assert_failure 7
	refute_output
}

@test "old-kernel makes single calls fail and does not change others" {
	requires seccomp
	run old-kernel pidfd_open=ENOSYS getinfo=ENOTTY pidfacts calls
	assert_success
	assert_line 'pidfd_open 38'
	assert_line 'getinfo 25'
	refute_line 'pidfd_send_signal 38'
}

@test "old-kernel makes one use of a call fail" {
	requires seccomp linux:6.9
	run old-kernel signal-flags=EINVAL thread=EPERM pidfacts calls
	assert_success
	assert_line 'pidfd_open 0'
	assert_line 'thread 1'
	assert_line 'pidfd_send_signal 0'
	assert_line 'signal-flags 22'
}

@test "old-kernel rejects the calls that a kernel version does not have" {
	requires seccomp linux:6.13
	run old-kernel 5.2 -- pidfacts calls
	assert_line 'pidfd_open 38'
	run old-kernel 6.1 pidfacts calls
	assert_output $'pidfd_open 0\nthread 22\ngetinfo 25\npidfd_send_signal 0\nsignal-flags 22'
	run old-kernel 6.12 pidfacts calls
	assert_output $'pidfd_open 0\nthread 0\ngetinfo 22\npidfd_send_signal 0\nsignal-flags 0'
}

@test "pidfacts prints an inode that belongs to one process only" {
	requires linux:6.9
	spawn sleep 1000
	local one=$spawned
	spawn sleep 1000
	[[ $(inode_of "$one") == "$(inode_of "$one")" ]]
	[[ $(inode_of "$one") != "$(inode_of "$spawned")" ]]
}

@test "old-kernel rejects a rule that it does not know" {
	run old-kernel no_such_call=ENOSYS true
	assert_failure 125
	run old-kernel pidfd_open=ENOSUCH true
	assert_failure 125
}

@test "in_pidns runs as PID 2 or later, with a PID 1 that reaps" {
	requires pidns
	# shellcheck disable=SC2016
	run in_pidns 'cat /proc/1/comm; echo $#.$1; test $BASHPID -lt 300' an-argument
	assert_success
	assert_output $'subreap\n1.an-argument'
}

@test "in_pidns ends with the status of the script" {
	requires pidns
	run in_pidns 'exit 9'
	assert_failure 9
	run in_pidns 'false; exit 0'
	assert_failure 1
}

@test "recycle gives a new process the PID of a dead one" {
	requires pidns
	# shellcheck disable=SC2016
	run in_pidns '
		sleep 1000 & old=$!
		finish $old
		recycle $old -- sigecho log >number &
		wait_for has_line number
		read -r new <number
		wait_for catches $new 10
		test $new = $old
		comm_is $old sigecho
		echo same'
	assert_success
	assert_output same
}

@test "recycle succeeds a hundred times in a row" {
	requires pidns
	# shellcheck disable=SC2016
	run in_pidns '
		for ((i = 0; i < 100; i++)); do
			recycle 1234 -- true
		done'
	assert_success
}

@test "recycle ends as its command does, and fails if that cannot run" {
	requires pidns
	run in_pidns 'recycle 1234 -- sh -c "exit 5"'
	assert_failure 5
	run in_pidns 'recycle 1234 -- ./no-such-command'
	assert_failure 125
}

@test "recycle reports that it is not permitted" {
	requires user
	run recycle 12345 -- true
	assert_failure 125
	assert_output --partial 'Operation not permitted'
}

@test "as_user has no privileges, and finds our programs" {
	requires root
	run as_user id -u
	assert_output 65534
	run as_user sh -c 'command -v sigecho && grep CapEff /proc/self/status'
	assert_success
	assert_line --partial 0000000000000000
}
