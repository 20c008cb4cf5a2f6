#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Output that no process reads, or that does not fit, does not end a program between two signals.

load helpers

own() {
	echo "lo${BATS_TEST_NUMBER}x$BASHPID"
}

# many COUNT: start this many processes, their PIDs in $pids, a name in $name.
many() {
	local i
	name=$(own)
	pids=()
	for ((i = 0; i < $1; i++)); do
		spawn_ready named "$name"
		pids+=("$spawned")
	done
}

all_over() {
	local pid
	for pid in "${pids[@]}"; do
		is_zombie "$pid" || is_gone "$pid" || return 1
	done
}

# The pipe is closed before the tool writes.
closed_pipe() {
	# shellcheck disable=SC2016
	run --separate-stderr python3 -c '
import os, signal, subprocess, sys
r, w = os.pipe()
os.close(r)
signal.signal(signal.SIGPIPE, signal.SIG_IGN if sys.argv[1] == "ignored" else signal.SIG_DFL)
p = subprocess.run(sys.argv[2:], stdout=w, restore_signals=False)
print(p.returncode)' "$@" 3>&-
	status=$output
}

@test "if the reader is gone, pkill still signals the other processes" {
	requires python3
	many 5
	closed_pipe default "$PFD_BINDIR/pkill" -e "^$name\$"
	wait_for all_over
	# then it dies like any program without a reader
	assert_equal "$status" -13
	assert_stderr ''
	many 5
	closed_pipe ignored "$PFD_BINDIR/pkill" -e "^$name\$"
	wait_for all_over
	assert_equal "$status" 3
	assert_stderr 'pkill: write error: Broken pipe'
}

@test "if the reader is gone, pfdkill still signals the other processes" {
	requires python3
	many 5
	closed_pipe default "$PFD_BINDIR/pfdkill" --json "${pids[@]}"
	wait_for all_over
	assert_equal "$status" -13
	many 5
	closed_pipe default "$PFD_BINDIR/pfdkill" --verbose --timeout 10ms KILL -USR1 "${pids[@]}"
	wait_for all_over
	many 5
	closed_pipe default "$PFD_BINDIR/pfdkill" --verbose --tree -KILL "${pids[@]}"
	wait_for all_over
}

@test "with a limit of file size the other processes are still signalled" {
	many 5
	# shellcheck disable=SC2016
	run bash -c 'ulimit -f 0; exec "$@" 2>&1 >lost' bash "$PFD_BINDIR/pfdkill" --json "${pids[@]}" 3>&-
	wait_for all_over
	assert_equal "$status" 3
	assert_output --partial 'pfdkill: write error: '
	if [[ -x $PFD_BINDIR/pkill ]]; then
		many 5
		# shellcheck disable=SC2016
		run bash -c 'ulimit -f 0; exec "$@" 2>&1 >lost' bash "$PFD_BINDIR/pkill" -e "^$name\$" 3>&-
		wait_for all_over
		assert_equal "$status" 3
		assert_output --partial 'pkill: write error: '
	fi
}

@test "if the reader is gone, pwait still kills at the deadline" {
	requires python3
	many 1
	closed_pipe default "$PFD_BINDIR/pwait" -v -t 0.1 -k KILL "${pids[@]}"
	wait_for all_over
	# shellcheck disable=SC2016
	closed_pipe default "$PFD_BINDIR/pwait" -v -t 0.1 -k KILL -- sh -c 'echo $$ >number; exec sleep 100'
	pids=("$(cat number)")
	wait_for all_over
}

@test "a command has the default action for the signals of lost output" {
	requires python3
	local was
	for was in default ignored; do
		rm -f own theirs
		# shellcheck disable=SC2016
		closed_pipe "$was" sh -c 'grep Sig[IC] /proc/self/status >own'
		# shellcheck disable=SC2016
		closed_pipe "$was" "$PFD_BINDIR/pwait" -- sh -c 'grep Sig[IC] /proc/self/status >theirs'
		run diff own theirs
		assert_output ''
	done
}

@test "--handle-file with a limit of file size is an error, not a crash" {
	# shellcheck disable=SC2016
	run -3 bash -c 'ulimit -f 0; exec "$@" 2>&1' bash "$PFD_BINDIR/pwait" --handle-file handle -- touch ran 3>&-
	assert_output "pwait: --handle-file: 'handle': File too large"
	run ls
	refute_output
}

@test "if the terminal hangs up, a follow-up is still sent" {
	local waiter
	many 3
	spawn bash -c 'exec "$@"' bash "$PFD_BINDIR/pfdkill" --timeout 700ms KILL -WINCH "${pids[@]}"
	waiter=$spawned
	wait_for waits "$waiter"
	kill -HUP "$waiter"
	wait_for all_over
	# it ends a wait without a signal to send
	many 1
	spawn "$PFD_BINDIR/pfdkill" --wait -WINCH "${pids[@]}"
	waiter=$spawned
	wait_for waits "$waiter"
	kill -HUP "$waiter"
	wait_for is_gone "$waiter"
	all_over && fail "the target of WINCH is gone"
	status=0
	wait "$waiter" || status=$?
	assert_equal "$status" 129
}

@test "a signal that ends pfdkill or pkill takes effect when all targets are signalled" {
	requires strace
	local signal
	for signal in TERM INT USR1; do
		many 3
		# as if the first target were timeout(1) or sudo(8), and passed the signal on to pfdkill
		run strace -o /dev/null -e trace=pidfd_send_signal \
			-e inject=pidfd_send_signal:signal=$signal:when=1 "$PFD_BINDIR/pfdkill" "${pids[@]}" 3>&-
		wait_for all_over
		assert_equal "$status" $((128 + $(kill -l $signal)))
	done
	[[ -x $PFD_BINDIR/pkill ]] || return 0
	many 3
	run strace -o /dev/null -e trace=pidfd_send_signal \
		-e inject=pidfd_send_signal:signal=TERM:when=1 "$PFD_BINDIR/pkill" "^$name\$" 3>&-
	wait_for all_over
	assert_equal "$status" 143
}

@test "if the reader stops reading, all targets are signalled" {
	requires python3
	# its input does not end
	spawn_ready -i /dev/zero herd 60
	wait_for grep -q ready "$spawned_out"
	mapfile -t pids < <(grep -v ready "$spawned_out")
	spawn_ready python3 -c '
import fcntl, os, signal, subprocess, sys
r, w = os.pipe()
size = fcntl.fcntl(w, 1031, 4096)  # F_SETPIPE_SZ
os.write(w, b"x" * size)
print(subprocess.Popen(sys.argv[1:], stdout=w).pid, flush=True)
signal.pause()' "$PFD_BINDIR/pfdkill" --json "${pids[@]}"
	wait_for all_over
	kill -KILL "$(cat "$spawned_out")"
}

# on_lost_terminal TOOL ARG...: run it on a terminal whose other side is closed.
on_lost_terminal() {
	# shellcheck disable=SC2016
	run --separate-stderr python3 -c '
import os, subprocess, sys
master, terminal = os.openpty()
os.close(master)
p = subprocess.run(sys.argv[1:], stdout=terminal, stdin=subprocess.DEVNULL)
print(p.returncode)' "$@" 3>&-
	status=$output
}

@test "lost output is reported with its reason, also if it is not the last" {
	requires python3
	many 2
	# a message writes what was printed before it
	run --separate-stderr bash -c '"$PFD_BINDIR/pfdkill" --verbose -0 "$@" >/dev/full' - "${pids[0]}" 4000000 "${pids[1]}" 3>&-
	assert_equal "$status" 3
	assert_stderr_has 'pfdkill: write error: No space left on device'
	# more than one buffer
	run --separate-stderr bash -c '"$PFD_BINDIR/pfdkill" --help --help >/dev/full' 3>&-
	assert_stderr 'pfdkill: write error: No space left on device'
	run bash -c '(trap "" XFSZ; ulimit -f 0; exec "$PFD_BINDIR/pfdkill" --help 2>&1 >lost) | cat' 3>&-
	assert_output 'pfdkill: write error: File too large'
	on_lost_terminal "$PFD_BINDIR/pfdkill" --verbose -0 "${pids[@]}"
	assert_equal "$status" 3
	assert_stderr 'pfdkill: write error: Input/output error'
	on_lost_terminal "$PFD_BINDIR/pfdkill" --verbose "${pids[@]}"
	wait_for all_over
	assert_equal "$status" 3
	assert_stderr 'pfdkill: write error: Input/output error'
}
