#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What each kernel can and cannot do: a promise is kept, or rejected with a message, but never
# weakened. `./dev vm` runs this file inside other kernels.
# bats file_tags=kernel

load helpers

# offers TEXT: whether --version reports that this kernel has it.
offers() {
	tool pfdkill --version | grep -qE "^  $1 +yes "
}

@test "--version lists what this kernel supports" {
	local line what has version
	tool pfdkill --version >offers
	while IFS= read -r line; do
		[[ $line =~ ^\ \ (.*[^ ])\ +(yes|no)\ \ \(Linux\ ([0-9.]+)\)$ ]] || continue
		what=${BASH_REMATCH[1]} has=${BASH_REMATCH[2]} version=${BASH_REMATCH[3]}
		echo "$what: $has, Linux $version, here $(uname -r)"
		if kernel_at_least "$version"; then
			assert_equal "$has" yes
		else
			assert_equal "$has" no
		fi
	done <offers
	[[ ${version-} ]] || fail "no table"
}

@test "--version prints no for a feature that could not be tested, yes for the others, and succeeds" {
	requires strace linux:6.15
	local call row
	# the second pidfd is that of a child that was created for the tests
	while read -r call row; do
		run --separate-stderr strace -f -qq -o /dev/null -e trace="${call%%:*}" \
			-e inject="$call" "$PFD_BINDIR/pfdkill" --version 3>&-
		printf '%s\n%s\n%s\n' "$call" "$output" "$stderr"
		assert_success
		assert_line --regexp "^  $row +no "
		assert_line --regexp "^  .* yes "
	done <<-'END'
		pidfd_send_signal:error=ENOSYS signals through pidfds
		socketpair:error=EMFILE processes behind Unix sockets
		getsockopt:error=ENOPROTOOPT processes behind Unix sockets
		fstatfs:error=ENOSYS PID:INODE handles
		open_by_handle_at:error=ENOSYS :INODE handles
		ioctl:error=ENOTTY process facts by pidfd
		ioctl:error=ENOTTY:when=2+ exit status of any process
		pipe2:error=EMFILE exit status of any process
		clone,?fork:error=EAGAIN exit status of any process
		pidfd_open:error=EMFILE:when=2 exit status of any process
	END
	run --separate-stderr strace -f -qq -o /dev/null -e trace=waitid \
		-e inject=waitid:error=EINTR:when=1 "$PFD_BINDIR/pfdkill" --version 3>&-
	assert_line --regexp "^  exit status of any process +yes "
	run --separate-stderr strace -f -qq -o /dev/null -e trace=pidfd_open \
		-e inject=pidfd_open:error=EMFILE "$PFD_BINDIR/pfdkill" --version 3>&-
	assert_success
	assert_line --regexp "^  pidfds for any process, waiting +no "
}

@test "a plain PID is signalled and waited for" {
	spawn_ready sigecho
	run_tool -0 pfdkill -s USR1 "$spawned"
	wait_for file_has "$spawned_out" '^10 '
	run_tool -0 pfdkill -s KILL --deadline 20s "$spawned"
	assert_equal "$stderr" ''
}

@test "if the first signal is not enough, another one follows" {
	spawn_ready stubborn
	run_tool -0 pfdkill --verbose --timeout 50ms KILL --deadline 20s "$spawned"
	assert_output --partial 'forced with KILL'
}

@test "PID:INODE names exactly that process, or is rejected" {
	sleeper
	if offers 'PID:INODE handles'; then
		run_tool -0 pfdkill -0 "$spawned:$(inode_of "$spawned")"
		run_tool -1 pfdkill --verbose -0 "$spawned:1"
		assert_stderr_has 'recycled'
	else
		run_tool -3 pfdkill -0 "$spawned:77"
		assert_stderr_has 'PID:INODE needs Linux 6.9'
	fi
}

@test ":INODE names exactly that process, or is rejected" {
	sleeper
	if offers ':INODE handles'; then
		run_tool -0 pfdkill -0 ":$(inode_of "$spawned")"
	else
		run_tool -3 pfdkill -0 :77
		assert_stderr_has ':INODE 6.14'
	fi
}

@test "a thread is signalled, or the target is rejected" {
	spawn_ready threads 2
	local numbers
	read -ra numbers <"$spawned_out"
	if offers 'thread and group scope'; then
		run_tool -0 pfdkill -s USR1 "tid:${numbers[1]}"
		wait_for file_has "$spawned_out" "^${numbers[1]} 10$"
	else
		run_tool -3 pfdkill -s USR1 "tid:${numbers[1]}"
		assert_stderr_has 'Linux 6.9'
	fi
	run_tool -1 pfdkill -s USR1 "${numbers[2]}"
}

@test "a process group is signalled as a whole" {
	spawn setsid bash -c 'sigecho one >/dev/null & sigecho two >/dev/null & echo ready; wait'
	wait_for has_line "$spawned_out"
	wait_for -t 60 test -e one -a -e two
	local pid
	for pid in $(ps -o pid= --ppid "$spawned"); do
		wait_for -t 60 catches "$pid" 10
	done
	run_tool -0 pfdkill -s WINCH -- "-$spawned"
	wait_for -t 60 file_has one '^28 '
	wait_for -t 60 file_has two '^28 '
}

@test "the process behind a socket is found, or the target is rejected" {
	spawn_ready listener x.sock
	if offers 'processes behind Unix sockets'; then
		run_tool -0 pfdkill -0 unix:x.sock
	else
		run_tool -3 pfdkill -0 unix:x.sock
		assert_stderr_has 'Linux 6.5'
	fi
}

@test "the ending of a process that is not our child is reported, or reported as unknown" {
	mkfifo go
	exec 7<>go
	spawn_ready -i go waitstatus exit 42
	local child
	read -r child <"$spawned_out"
	run_in_background pwait -v -s --reap-grace 20s "$child"
	echo >&7
	wait_for is_zombie "$child"
	echo >&7
	wait_for -t 60 file_has out "^$child: "
	wait_for -t 60 test -s status
	if ((EUID == 0)) || offers 'exit status of any process'; then
		file_has out "^$child: exited with status 42\.$"
		assert_equal "$(<status)" 42
	elif file_has out unknown; then
		assert_equal "$(<status)" 3
	else
		file_has out "^$child: exited with status 42\.$"
	fi
}

# Its output is in the file out, its status in the file status. Returns when it waits.
run_in_background() {
	spawn bash -c '"$PFD_BINDIR/$0" "$@" >out 2>err; echo $? >status' "$@"
	wait_for -t 60 child_sleeps "$spawned"
}

child_sleeps() {
	local child
	for child in $(ps -o pid= --ppid "$1"); do
		[[ $(proc_state "$child") == S && $(<"/proc/$child/comm") == pwait ]] || continue
		# it waits when it is in the kernel function for waiting
		[[ $(readlink "/proc/$child"/fd/* 2>/dev/null) == *eventpoll* ]] && return
	done
	return 1
}

@test "the status of a command is its own on every kernel" {
	run_tool -7 pwait -- sh -c 'exit 7'
	run_tool -0 pwait -v -- true
	assert_output --regexp '^[0-9]+: exited with status 0\.$'
	run tool pwait -- sh -c 'kill -TERM $$' 3>&-
	assert_equal "$status" 143
	run_tool -127 pwait -- ./nothing
}

@test "a deadline is kept" {
	sleeper
	run_tool -124 pwait -t 50ms -v "$spawned"
	assert_output timeout
	run_tool -124 pwait --nohang "$spawned"
}

@test "pgrep, pkill and pidwait find a name, and pkill signals only those processes" {
	local name=krn$BASHPID
	spawn_ready sigecho
	local bystander_out=$spawned_out
	spawn_ready named "$name"
	wait_for comm_is "$spawned" "$name"
	run_tool -0 pgrep -x "$name"
	assert_output "$spawned"
	run_tool -124 pidwait --timeout 50ms -x "$name"
	run_tool -0 pkill --deadline 20s -x "$name"
	run_tool -1 pgrep -x "$name"
	assert_equal "$(<"$bystander_out")" ready
}

@test "if a PID was recycled after its handle was printed, the new process is not signalled" {
	requires pidns linux:6.9
	# shellcheck disable=SC2016
	run in_pidns '
		sleep 600 & victim=$!
		handle=$victim:$(inode_of $victim)
		finish $victim
		recycle $victim -- sigecho log >number &
		wait_for has_line number
		wait_for -t 60 catches $victim 10
		tool pfdkill $handle || echo status $?
		cat log'
	assert_line "status 1"
	refute_line --regexp "code="
}

@test "if a PID is recycled before the follow-up, the new process is not signalled" {
	requires pidns linux:5.5
	# shellcheck disable=SC2016
	run in_pidns '
		stubborn >one & victim=$!
		wait_for has_line one
		tool pfdkill --verbose -s HUP --timeout 60s KILL --deadline 90s $victim >out & killer=$!
		wait_for -t 60 file_has out HUP
		finish $victim
		recycle $victim -- sigecho log >number & 
		wait_for has_line number
		wait $killer || true
		cat out
		cat log 2>/dev/null || true
		[[ -e /proc/$victim ]] && echo the new one lives'
	printf '%s\n' "$output"
	assert_line 'the new one lives'
	refute_line --regexp "code="
}

@test "memory is reclaimed" {
	requires cap:SYS_NICE
	sleeper
	if kernel_at_least 5.10; then
		run_tool -0 pfdkill --reclaim=cold "$spawned"
		assert_output --regexp "^$spawned \(sleep\): [1-9][0-9]* bytes marked cold"
	else
		run_tool -3 pfdkill --reclaim=cold "$spawned"
		assert_stderr_has 'Linux 5.10'
	fi
}

@test "features that need inodes or senders are rejected on kernels that do not have them" {
	sleeper
	if ! offers 'PID:INODE handles'; then
		run_tool -3 pwait --handle-file handle -- true
		assert_stderr_has 'handles need Linux 6.9'
		run_tool -3 pwait --reaped -t 50ms "$spawned"
		assert_stderr_has 'for the reap (--reaped) Linux 6.9'
		run_tool -3 pgrep --handle -p "$spawned"
		refute_output
		assert_stderr_has 'PID:INODE needs Linux 6.9'
	fi
	if ! offers 'processes behind Unix sockets'; then
		run_tool -3 pwait --ready -- touch ran
		assert_stderr_has 'needs Linux 6.5'
		assert [ ! -e ran ]
	fi
	run_tool -0 pfdkill -0 "$spawned"
}

@test "a sandbox that rejects the call is distinguished from a process of another user" {
	requires seccomp
	local error
	spawn_ready sigecho
	for error in EPERM ENOSYS; do
		run -3 old-kernel "pidfd_send_signal=$error" "$PFD_BINDIR/pfdkill" -USR1 "$spawned"
		assert_output --partial sandbox
		run -3 old-kernel "pidfd_send_signal=$error" "$PFD_BINDIR/pfdkill" --dry-run "$spawned"
		assert_output --partial sandbox
		[[ -x $PFD_BINDIR/pkill ]] || continue
		run -3 old-kernel "pidfd_send_signal=$error" "$PFD_BINDIR/pkill" -USR1 -p "$spawned"
		assert_output --partial sandbox
	done
	run -3 old-kernel pidfd_open=EPERM "$PFD_BINDIR/pfdkill" -USR1 "$spawned"
	assert_output "pfdkill: $spawned: a sandbox refuses pidfds here"
	# a /proc directory accepts signals, but no memory advice
	run -3 old-kernel pidfd_open=ENOSYS "$PFD_BINDIR/pfdkill" --reclaim=cold "$spawned"
	assert_output --partial 'has no pidfds'
	run_tool -0 pfdkill -USR2 "$spawned"
	wait_for file_has "$spawned_out" '^12 '
	refute grep -q '^10 ' "$spawned_out"
}

@test "before Linux 5.3 a process that /proc hides is not taken for a refusal by a sandbox" {
	requires root pidns seccomp
	public_copy
	# shellcheck disable=SC2016
	run in_pidns '
		hide_processes 1
		sleep 1000 &
		for tool in "pfdkill -0" "pgrep -p"; do
			setpriv --reuid 65534 --regid 65534 --clear-groups \
				"$1/helpers/old-kernel" 5.2 "$1"/bin/$tool $! 2>&1 || echo $?
		done' "$PFD_PUBLIC"
	skip_if_not_hidden
	assert_output 'pfdkill: 1002: we have no right to it
3
pgrep: cannot read the processes: Permission denied
3'
}
