#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pwait --in TARGET -- COMMAND: COMMAND runs in the namespaces of TARGET.

load helpers

FILE_REQUIRES='root pidns linux:5.8 cap:SYS_ADMIN cap:SYS_CHROOT nsenter'

# box [FLAG...]: a process in a pid and a mount namespace of its own, and in those of the flags; its
# PID is in $inmate. --mount-proc implies --mount: the /proc of the machine stays as it is.
box() {
	spawn unshare --pid --fork --kill-child --mount-proc "$@" sh -c 'echo ready; exec sleep 1000'
	wait_for has_line "$spawned_out"
	inmate=$(cut -d' ' -f1 "/proc/$spawned/task/$spawned/children")
}

ALL=(--net --ipc --uts --cgroup)
PLACES='for kind in user mnt pid net ipc uts cgroup time; do
	readlink /proc/self/ns/$kind; done; stat -L -c "%d %i" /proc/self/root/'

@test "COMMAND runs in the namespaces that nsenter enters, with the same root" {
	local flags
	for flags in '' --uts '--net --ipc' "${ALL[*]}"; do
		# shellcheck disable=SC2086
		box $flags
		run_tool -0 pwait --in "$inmate" -- sh -c "$PLACES"
		run -0 nsenter -t "$inmate" -a sh -c "$PLACES"
		assert_output "$(tool pwait --in "$inmate" -- sh -c "$PLACES")"
		[[ ${lines[2]} != "$(readlink /proc/self/ns/pid)" ]]
	done
}

@test "COMMAND has the root of TARGET, also where only the root is another" {
	requires python3
	mkdir root
	spawn_ready python3 -c 'import os, time
os.chroot("root")
print("ready", flush=True)
time.sleep(1000)'
	# there is nothing in that folder
	run_tool -127 pwait --in "$spawned" -- "$(command -v true)"
	touch root/file
	chmod +x root/file
	run_tool -126 pwait --in "$spawned" -- /file/x
	run_tool -0 pwait --in $$ -- pwd
	assert_output "$PWD"
}

@test "no descriptor but 0, 1 and 2 reaches COMMAND" {
	box "${ALL[@]}"
	# shellcheck disable=SC2016
	run -0 bash -c '"$PFD_BINDIR/pwait" --in "$0" -- sh -c "ls /proc/\$\$/fd" 7</etc/passwd 8>&1' "$inmate" 3>&-
	assert_output '0
1
2'
}

@test "while COMMAND runs, pwait has no folder of TARGET open, which can be unmounted" {
	box "${ALL[@]}"
	spawn "$PFD_BINDIR/pwait" --in "$inmate" -- sh -c 'echo ready; exec sleep 1000'
	wait_for has_line "$spawned_out"
	run ls -l "/proc/$spawned/fd"
	refute_line --regexp '[0-9] -> /$'
	refute_line --partial mnt:
}

@test "until COMMAND runs, its process shows no file of the host" {
	requires strace
	box "${ALL[@]}"
	spawn strace -f -qq -o calls -e trace=execve -e inject=execve:delay_enter=2000000 \
		"$PFD_BINDIR/pwait" --in "$inmate" -- sleep 1000
	inside() { nsenter -t "$inmate" -a sh -c 'for p in /proc/[0-9]*; do [ "$p" = /proc/1 ] || [ "$p" = "/proc/$$" ] || ls -l $p/exe $p/fd; done' >seen 2>/dev/null && file_has seen exe; }
	wait_for inside
	run ! file_has seen "$PFD_BINDIR"
	file_has seen '/memfd:pwait (deleted)'
	# the socket on which the failure of the exec would be reported
	run ! grep -E ' [4-9][0-9]* -> ' seen
}

@test "the status, -t and -k are as without --in" {
	local way direct
	box "${ALL[@]}"
	for way in 'exit 0' 'exit 7' 'kill -SEGV $$' 'kill -KILL $$' 'kill -TERM $$'; do
		direct=0 status=0
		sh -c "$way" || direct=$?
		tool pwait --in "$inmate" -- sh -c "$way" || status=$?
		assert_equal "$status" "$direct"
	done 2>/dev/null
	run_tool -127 pwait --in "$inmate" -- ./no-such-command
	assert_stderr 'pwait: ./no-such-command: No such file or directory'
	run_tool -124 pwait --in "$inmate" -t 300ms -k TERM/200ms/KILL -- sh -c '
		(setsid sh -c "trap \"\" TERM; exec sleep 777" &) >/dev/null 2>&1; exec sleep 778'
	run -1 nsenter -t "$inmate" -a pgrep -f '^sleep 77[78]' --runstates S
}

@test "the handle of COMMAND is in the file before it runs" {
	requires linux:6.9
	box "${ALL[@]}"
	run_tool -0 pwait --in "$inmate" --handle-file handle -- true
	[[ $(<handle) =~ ^[0-9]+:[0-9]+:[0-9a-f]{32}$ ]]
}

@test "what cannot be found in another pid namespace is not promised" {
	box
	local option
	for option in cleanup tree; do
		run_tool -3 pwait "--$option" --in "$inmate" -- touch ran
		assert_stderr "pwait: --$option: what COMMAND leaves behind becomes a child of the init of that pid namespace, and cannot be found"
	done
	[[ ! -e ran ]]
	run_tool -2 pwait --ready --in "$inmate" -- touch ran
	[[ $stderr == *'--ready and --in cannot be combined'* ]]
}

@test "a TARGET that is gone, dead or forbidden is rejected, and nothing is run" {
	requires setpriv
	run_tool -1 pwait --in 4999999 -- touch ran
	assert_stderr 'pwait: 4999999: No such process'
	zombie true >number </dev/zero &
	wait_for has_line number
	run_tool -1 pwait --in "$(<number)" -- touch ran
	assert_stderr "pwait: $(<number): it is dead, and has no namespaces"
	kill %%
	box "${ALL[@]}"
	run as_user "$PFD_BINDIR/pwait" --in "$inmate" -- true
	assert_failure
	assert_output --partial 'its namespaces may not be read: that needs the right to trace it'
	[[ ! -e ran ]]
}

# bats test_tags=recycle
@test "a stranger that has the PID of TARGET by the time of setns is not entered" {
	requires strace
	# the shell writes "Killed" to standard error
	run -0 --separate-stderr in_pidns '
		# its uts namespace is another one, so there is something to enter
		unshare --uts sleep 1000 & target=$!
		name_is() { [ "$(cat /proc/$target/comm)" = sleep ]; }
		wait_for name_is
		strace -f -qq -o calls -e trace=setns -e inject=setns:delay_enter=1500000 \
			"$PFD_BINDIR/pwait" --in "$target" -- touch ran 2>err & job=$!
		wait_for file_has calls setns
		kill -KILL $target
		wait $target 2>/dev/null || true
		echo $((target - 1)) >/proc/sys/kernel/ns_last_pid
		unshare --uts sleep 1000 & [ $! = $target ] || echo "not recycled: $!"
		wait $job || echo "status $?"
		sed "s/$target/TARGET/" err'
	assert_output 'status 1
pwait: TARGET: No such process'
	[[ ! -e ran ]]
}
