#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pgrep, pkill and pidwait, and PIDs that are reused while they search: only what matched is
# printed, signalled or waited for.

load helpers

# Inside the namespace: another process gets the PID of a victim while one of our programs is
# stopped at the moment that is tested.
ACTORS='
	# Run one of our programs and stop it after call number N of CALL (on FILE of the victim, and
	# with $folder set on its folder).
	trace() {
		local call=${1%:*} path=() n=$2
		[[ $1 != *:* ]] || path=(-P "/proc/$victim/${1#*:}" ${folder+-P "/proc/$victim"})
		shift 2
		: >tool.pid
		# shellcheck disable=SC2016
		strace -f -o calls "${path[@]}" -e trace=$call -e inject=$call:signal=SIGSTOP:when=$n \
			sh -c "echo \$\$ >tool.pid; name=\$1; shift
				exec ${sandbox-} \"\$PFD_BINDIR/\$name\" \"\$@\"" sh "$@" >out 2>err &
		tracer=$!
		wait_for has_line tool.pid
		read -r traced <tool.pid
		wait_for in_window
	}
	in_window() {
		grep -qs "stopped by SIGSTOP" calls
	}
	let_go() {
		kill -CONT $traced
		status=0
		wait $tracer || status=$?
	}
	# A process with this name that does not catch signals.
	make_victim() {
		: >victim.out
		named "$1" >victim.out &
		victim=$!
		wait_for has_line victim.out
	}
	# It ends and is reaped, and a process that records every signal gets its PID.
	replace_victim() {
		finish $victim
		: >stranger.out
		recycle $victim -- ${stranger-sigecho} log >stranger.out &
		recycler=$!
		wait_for file_has stranger.out ready
		wait_for file_has stranger.out "^$victim\$"
		! comm_is $victim victim
	}
	tell() {
		echo "status $status"
		sed "s/\b$victim\b/PID/" out err
		# the highest signal arrives after all others, and a dead process records nothing
		kill -64 $victim
		wait_for file_has log "^64 "
		cut -d" " -f1 log
	}
'

@test "pkill does not take facts that it read before it held a process for a match" {
	requires pidns strace
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim victim
		trace pread64:comm 1 pkill -e -x victim
		replace_victim
		let_go
		tell'
	assert_output $'status 1\n64'
	assert_success
}

# recycled_groups OPTION CALL N: the Nth CALL is that of the first look, the next that of the reading
# while the process is held. After each, another process gets the PID. The victim is in our process
# group and session; the other process is not, when the first look is tested.
recycled_groups() {
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		stranger="setsid sigecho"
		make_victim victim
		trace '"$2 $3"' pkill -e '"$1"' 0 -p $victim
		replace_victim
		let_go
		tell'
	assert_output $'status 1\n64'
	assert_success
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		rm log
		make_victim victim
		trace '"$2 $(($3 + 1))"' pgrep '"$1"' 0 -p $victim
		replace_victim
		let_go
		tell'
	assert_output $'status 1\n64'
	assert_success
}

@test "pgrep and pkill -g do not use a process group that they read from another process" {
	requires pidns strace setsid
	recycled_groups -g getpgid 1
}

@test "pgrep and pkill -s do not use a session that they read from another process" {
	requires pidns strace setsid
	# the first is for our own session
	recycled_groups -s getsid 2
}

@test "pkill -f does not use a command line that it read before it held the process" {
	requires pidns strace
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim victim
		trace pread64:cmdline 1 pkill -e -f victim
		replace_victim
		let_go
		tell'
	assert_output $'status 1\n64'
	assert_success
}

@test "pkill --args does not use a command line that it read before it held the process" {
	requires pidns strace
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim victim
		trace pread64:cmdline 1 pkill -e --args "^vict[i]m\$"
		replace_victim
		let_go
		tell'
	assert_output $'status 1\n64'
	assert_success
}

@test "pkill --args --alive does not mix the name of one process with the command line of another" {
	requires pidns strace
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim victim
		trace pread64:comm 2 pkill -e --alive -x victim --args "victim|sigecho"
		replace_victim
		let_go
		tell'
	assert_output $'status 1\n64'
	assert_success
}

# stop_at_link N PROGRAM ARG...: stop it after it has read the link of the victim for the Nth time. A
# signal through the handle would never reach a stranger, so the second time pgrep shows the mistake.
STOP_AT_LINK='
	stop_at_link() {
		local n=$1 program=$2
		shift 2
		trace readlinkat $n $program -p $victim "$@"
		file_has calls "readlinkat.*\"$victim/"
	}
'

@test "--exe does not take the program of one process for that of another" {
	requires pidns strace
	local row
	for row in '1 pkill' '2 pgrep'; do
		rm -f log
		# shellcheck disable=SC2016
		run in_pidns "$ACTORS$STOP_AT_LINK"'
			make_victim victim
			stop_at_link $1 --exe "$(readlink /proc/$victim/exe)"
			replace_victim
			let_go
			tell' "$row"
		assert_output $'status 1\n64'
		assert_success
	done
}

@test "--cwd does not take the folder of one process for that of another" {
	requires pidns strace
	local row
	for row in '1 pkill' '2 pgrep'; do
		rm -f log
		# shellcheck disable=SC2016
		run in_pidns "$ACTORS$STOP_AT_LINK"'
			mkdir -p sub/low
			cd sub/low
			make_victim victim
			cd ../..
			stop_at_link $1 --cwd sub/low
			replace_victim
			let_go
			tell' "$row"
		assert_output $'status 1\n64'
		assert_success
	done
}

@test "--under: a PID that a descendant has reused does not make its former children descendants" {
	requires pidns strace linux:6.13
	# the first ioctl gives the PID of the parent
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		mkfifo go
		bash -c "read -r n <go; recycle \$n -- sigecho other >stranger.out & wait" &
		target=$!
		: >child.out
		bash -c "sigecho log >child.out & echo \$! >child; wait; :" &
		parent=$!
		wait_for file_has child.out ready
		wait_for has_line child
		victim=$(cat child)
		trace ioctl 1 pkill -USR1 -p $victim --under $target
		finish $parent
		: >stranger.out
		echo $parent >go
		wait_for file_has stranger.out ready
		wait_for file_has stranger.out "^$parent\$"
		let_go
		tell'
	assert_output $'status 1\n64'
	assert_success
}

@test "pkill does not mix the name of one process with the folder of another" {
	requires pidns strace
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		mkdir -p sub
		cd sub
		make_victim victim
		cd ..
		trace pread64:comm 2 pkill -e -x victim --cwd .
		replace_victim
		let_go
		tell'
	assert_output $'status 1\n64'
	assert_success
}

@test "--not-pid spares the process that it names, not one that has its PID later" {
	requires pidns strace linux:6.9
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim crowd
		ln -s "$(command -v sigecho)" crowd
		stranger=./crowd
		trace pidfd_open 1 pkill -USR1 -x crowd --not-pid $victim
		replace_victim
		let_go
		tell'
	assert_output $'status 0\n10\n64'
	assert_success
}

@test "pgrep prints no process that has reused a PID if a sandbox hides pidfds and forbids signals" {
	requires pidns strace seccomp
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		sandbox="old-kernel pidfd_open=ENOSYS pidfd_send_signal=EPERM"
		make_victim victim
		trace pread64:comm 2 pgrep --json -x victim
		replace_victim
		let_go
		tell'
	assert_output $'status 1\n64'
	assert_success
}

@test "pgrep does not print a PID that was recycled between the hold and the reading" {
	requires pidns strace
	# the victim has the name, the other process the handler: together they would match
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim victim
		trace pread64:comm 2 pgrep -l -H -x victim
		replace_victim
		let_go
		tell'
	assert_output $'status 1\n64'
	assert_success
}

@test "pgrep --handle does not mix the facts of two processes" {
	requires pidns strace linux:6.9
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim victim
		trace pread64:comm 2 pgrep --handle -H -x victim
		replace_victim
		let_go
		tell'
	assert_output $'status 1\n64'
	assert_success
}

@test "pgrep --handle prints no process by the facts of another one that also matches" {
	requires pidns strace linux:6.9
	# a process after many that match is held without a first look
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		for i in {1..6}; do named crowd >crowd.$i & done
		for i in {1..6}; do wait_for has_line crowd.$i; done
		make_victim crowd
		ln -s "$(command -v sigecho)" crowd
		trace pidfd_open 7 pgrep --handle -x crowd
		file_has calls "pidfd_open($victim, "
		stranger=./crowd
		replace_victim
		let_go
		echo "$(wc -l <out) found"
		: >out
		tell'
	assert_output $'6 found\nstatus 0\n64'
	assert_success
}

@test "pkill signals no process when the PID is recycled between the hold and the reading" {
	requires pidns strace
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim victim
		trace pread64:comm 2 pkill -e -H -x victim
		replace_victim
		let_go
		tell'
	assert_output $'status 1\n64'
	assert_success
}

# bats test_tags=kernel
@test "pkill signals no process when the PID is recycled between the match and the signal" {
	requires pidns strace
	# the first poll proves that the process that matched is still the one that was read
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim victim
		trace poll 1 pkill -e -x victim
		replace_victim
		let_go
		tell'
	assert_output $'status 1\n64'
	assert_success
}

@test "the handle that pgrep prints is rejected after its PID was reused" {
	requires pidns linux:6.9
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim victim
		handle=$(tool pgrep --handle -x victim)
		test $handle = $victim:$(inode_of $victim)
		replace_victim
		status=0
		tool pkill -e -p $handle >out 2>err || status=$?
		sed -i "s/$handle/HANDLE/; s/^[^:]*pkill/pkill/" err
		tell'
	assert_output $'status 1\npkill: HANDLE: recycled: that process is gone\n64'
	assert_success
}

@test "pkill -p PID:INODE means exactly that process, even if its PID is recycled during the search" {
	requires pidns strace linux:6.9
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim victim
		trace fstatfs 2 pkill -e -p $victim:$(inode_of $victim)
		replace_victim
		let_go
		tell'
	assert_output $'status 1\n64'
	assert_success
}

# bats test_tags=kernel
@test "pkill with few descriptors does not take a process that has reused a PID for the one it found" {
	requires pidns strace linux:6.9
	# more processes match than can be held; one of the second round is replaced during the
	# first
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		for i in {1..30}; do named crowd >crowd.$i & done
		make_victim crowd
		for i in {31..60}; do named crowd >crowd.$i & done
		for i in {1..60}; do wait_for has_line crowd.$i; done
		ulimit -n 40
		trace pidfd_send_signal 1 pkill -c -x crowd
		replace_victim
		let_go
		tell'
	assert_output $'status 0\n61\n64'
	assert_success
}

# bats test_tags=kernel
@test "pidwait does not wait for a process that has reused the PID of a match" {
	requires pidns strace
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		make_victim victim
		trace epoll_create1 1 pidwait -e --timeout 60 -x victim
		replace_victim
		let_go
		tell'
	assert_output $'status 0\nwaiting for victim (pid PID)\n64'
	assert_success
}

# replace_caller CALL [FROM_LAST]: the shell that called pkill is gone and another process has its
# PID, after the first CALL of pkill, or the last but FROM_LAST.
replace_caller() {
	requires pidns strace linux:6.13
	cat >inner <<-'SCRIPT'
		echo $$ >tool.pid
		exec "$PFD_BINDIR/pkill" -A -e -f 'w[i]tty'
	SCRIPT
	cat >outer <<-'SCRIPT'
		echo $$ >caller
		sh inner
		:
	SCRIPT
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		word=wit
		: >tool.pid
		: >caller
		when=1
		if [ $# = 2 ]; then
			strace -o all -e trace=$1 "$PFD_BINDIR/pkill" -A -0 -f w[i]tty || true
			when=$(($(grep -c "^$1(" all) - $2))
		fi
		strace -f -o calls -e trace=$1 -e inject=$1:signal=SIGSTOP:when=$when \
			sh -c "sh outer; sleep 1000" >out 2>err &
		tracer=$!
		wait_for has_line tool.pid
		read -r traced <tool.pid
		read -r victim <caller
		wait_for in_window
		kill -KILL $victim
		wait_for is_gone $victim
		: >stranger.out
		recycle $victim -- sh -c "exec sigecho \$0\$1" $word ty >stranger.out &
		wait_for file_has stranger.out "^$victim\$"
		wait_for file_has stranger.out ready
		kill -CONT $traced
		wait_for is_gone $traced
		kill -64 $victim
		wait_for file_has ${word}ty "^64 "
		cut -d" " -f1 ${word}ty
		kill -KILL $tracer' "$@"
	assert_success
	assert_line 15
}

@test "pkill -A does not skip a process that has reused the PID of an ancestor" {
	# before its parent is held
	replace_caller ioctl
}

@test "pkill -A does not skip a process that reuses the PID of an ancestor during the search" {
	# when the ancestors are known, and /proc is listed
	replace_caller getdents64 1
}

@test "pgrep -w does not print a reused TID of a reaped process" {
	requires pidns strace linux:6.9
	# shellcheck disable=SC2016
	run in_pidns "$ACTORS"'
		: >victim.out
		threads 1 >victim.out &
		victim=$!
		wait_for has_line victim.out
		read -r _ second <victim.out
		# the second thread was read, but is not held yet
		trace pread64:task/$second/comm 1 pgrep -w -p $victim
		finish $victim
		: >stranger.out
		recycle $second -- sigecho log >stranger.out &
		wait_for file_has stranger.out ready
		let_go
		echo "status $status"
		cat err
		grep -vx $victim out || true
		kill -64 $second'
	assert_output 'status 0'
	assert_success
}

@test "pgrep --columns prints no value of a later process with the PID" {
	requires pidns strace libproc2
	local call
	for call in openat read; do
		# shellcheck disable=SC2016
		run in_pidns "$ACTORS"'
			make_victim victim
			# newer libraries open it from there
			folder=
			trace '$call':stat 1 pgrep --columns comm,pid -p $victim
			replace_victim
			let_go
			tell'
		assert_line --index 0 'status 0'
		assert_line --index 1 --regexp '^COMM +PID$'
		assert_line --index 2 --regexp '^\? +\?$'
	done
}
