#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pwait --ready -- COMMAND: return when it sends READY=1 as in sd_notify(3), and let it run on.

load helpers
load pwait

FILE_REQUIRES=linux:6.5

# End the processes that are left: the one in the file `handle`, and those that wrote their PIDs to
# *.pid.
teardown() {
	local file
	for file in handle ./*.pid; do
		[[ ! -s $file ]] || tool pfdkill -KILL "$(<"$file")" 2>/dev/null || true
	done
	test_ends
}

runs() {
	[[ $(proc_state "$1") == [RSD] ]]
}

exists() {
	[[ -e $1 ]]
}

# bats test_tags=kernel
@test "READY=1 is status 0, and the command continues" {
	run_tool -0 pwait --ready -- notifier pid=d.pid say=READY=1
	refute_output
	assert_stderr ''
	runs "$(<d.pid)"
}

@test "-v prints what the command reports" {
	run_tool -0 pwait -v --ready -- notifier pid=d.pid 'say=STATUS=Loading' \
		$'say=STATUS=half\033[2Jway|ERRNO=2|EXIT_STATUS=7|STOPPING=1|X=1' \
		'say=STATUS=Here we go|READY=1'
	local pid
	pid=$(<d.pid)
	assert_output "$pid: says 'Loading'
$pid: says 'half\\x1b[2Jway'
$pid: reports error 2 (No such file or directory)
$pid: reports exit status 7
$pid: reports that it is stopping
$pid: says 'Here we go'
$pid: ready."
	assert_stderr ''
}

@test "--json prints the process that is ready" {
	requires jq linux:6.9
	run_tool -0 pwait --json --ready -- notifier pid=d.pid say=READY=1
	run -0 jq -r '"\(.pid) \(.handle) \(.name) \(.result) \(.ending) \(.target)"' <<<"$output"
	assert_output "$(<d.pid) $(<d.pid):$(inode_of "$(<d.pid)") notifier ready null null"
}

# bats test_tags=kernel
@test "the handle file names a daemon that forked away" {
	requires linux:6.9 reaper
	run_tool -0 pwait -v --ready --handle-file handle -- \
		notifier pid=first fork pid=d.pid say=READY=1
	local pid
	pid=$(<d.pid)
	refute [ "$pid" == "$(<first)" ]
	assert_equal "$(<handle)" "$(boot_handle_of "$pid")"
	# which of the two comes first depends on the machine, and after "ready" nothing is printed
	assert_equal "${lines[-1]}" "$pid: ready."
	[[ ${#lines[@]} == 1 || ${lines[0]} == "$(<first): exited with status 0." ]]
	run_tool -0 pfdkill --wait "$(<handle)"
	wait_for is_gone "$pid"
}

@test "the handle file names a daemon whose parent waits for it" {
	requires linux:6.9
	run_tool -0 pwait --ready --handle-file handle -- sh -c \
		'exec >/dev/null 2>&1; notifier pid=d.pid say=READY=1 & echo $$ >sh.new; mv sh.new sh.pid; wait'
	assert_equal "$(<handle)" "$(boot_handle_of "$(<d.pid)")"
}

# bats test_tags=kernel
@test "MAINPID names the process if it belongs to the command" {
	requires linux:6.9
	run_tool -0 pwait --ready --handle-file handle -- sh -c \
		'exec >/dev/null 2>&1; echo $$ >sh.new; mv sh.new sh.pid
		notifier "say=MAINPID=$$" say=READY=1 barrier exit=0 & exec sleep 1000'
	assert_equal "$(<handle)" "$(boot_handle_of "$(<sh.pid)")"
}

@test "MAINPID is ignored if it is not of the command, or has another inode" {
	requires linux:6.9
	sleeper
	run_tool -0 pwait -v --ready --handle-file handle -- \
		notifier pid=d.pid "say=MAINPID=$spawned" "say=MAINPID=%|MAINPIDFDID=1" say=READY=1
	assert_equal "$(<handle)" "$(boot_handle_of "$(<d.pid)")"
	assert_stderr "pwait: MAINPID=$spawned is ignored: it is not a process of the command
pwait: MAINPID=$(<d.pid) is ignored: it is not a process of the command"
}

@test "MAINPID of a process that has ended is ignored" {
	requires linux:6.9
	# shellcheck disable=SC2016
	start pwait -v --ready --handle-file handle -- sh -c 'sleep 1000 & echo $! >main
		exec notifier pid=a.pid "say=MAINPID=$!|STATUS=one" wait=go say=READY=1 wait=never'
	wait_for file_has "$told" "says 'one'"
	kill -KILL "$(<main)"
	wait_for is_zombie "$(<main)"
	touch go
	result
	assert_equal "$status" 0
	[[ $(<handle) == "$(<a.pid):"* ]]
	file_has "$told" "MAINPID=$(<main) is ignored: it has ended"
}

@test "messages of other processes are ignored" {
	start pwait -v --ready -- notifier socket=name pid=d.pid wait=go 'say=STATUS=myself|READY=1'
	wait_for exists d.pid
	spawn env "NOTIFY_SOCKET=$(<name)" notifier fds=3 \
		'say=STATUS=stranger|READY=1|MAINPID=%' barrier pid=s.pid
	wait_for exists s.pid
	wait_for file_has "$told" "a message from process $(<s.pid) of user $EUID is ignored: it is not a process of the command"
	runs "$waiter"
	touch go
	result
	assert_equal "$status" 0
	refute_output --partial stranger
	assert_output --partial "$(<d.pid): says 'myself'
$(<d.pid): ready."
}

@test "if a command dies before it is ready, pwait exits with its status" {
	run_tool -7 pwait --ready -- notifier 'say=STATUS=No config' exit=7
	refute_output
	assert_stderr "pwait: notifier: ended before it was ready: 'No config'"
	start pwait -v --ready -- notifier pid=d.pid wait=never
	wait_for exists d.pid
	tool pfdkill -KILL "$(<d.pid)"
	result
	assert_equal "$status" 137
	assert_output "$(<d.pid): killed by signal 9 (KILL).
pwait: notifier: ended before it was ready"
}

@test "a command that could not be run is 126 or 127" {
	PATH=/usr/bin:/bin run_tool -127 pwait --ready -- no-such-command
	assert_stderr 'pwait: no-such-command: No such file or directory'
}

@test "if no process is left and none was ready, the status is 1" {
	run_tool -1 pwait --ready -- true
	assert_stderr 'pwait: true: ended before it reported that it is ready'
	run_tool -1 pwait --ready -t 60 -- notifier fork say=STATUS=Oh exit=3
	assert_stderr "pwait: notifier: ended before it reported that it is ready: 'Oh'"
}

@test "at the deadline the status is 124, and the command continues" {
	run_tool -124 pwait -v --ready -t 300ms -- notifier pid=d.pid
	assert_output timeout
	wait_for exists d.pid
	runs "$(<d.pid)"
}

@test "with -k the command, and the daemon that reported for it, end at the deadline" {
	run_tool -124 pwait -v --ready -t 300ms -k TERM -- notifier pid=d.pid
	assert_output --regexp '^timeout
[0-9]+: killed by signal 15 \(TERM\)\.$'
	start pwait -v --ready -t 2s -k KILL -- notifier fork say=STATUS=x pid=e.pid
	wait_for exists e.pid
	result
	assert_equal "$status" 124
	refute runs "$(<e.pid)"
	rm ./*.pid
}

@test "EXTEND_TIMEOUT_USEC extends the deadline" {
	run_tool -124 pwait --ready -t 300ms -- notifier pid=d.pid wait=go
	wait_for exists d.pid
	run_tool -0 pwait -v --ready -t 2s -- sh -c \
		'exec >/dev/null 2>&1; notifier say=EXTEND_TIMEOUT_USEC=60000000 pid=e.pid &
		sleep 2.5; exec notifier pid=f.pid say=READY=1'
	assert_line --regexp ': asks for 60000000 more microseconds$'
}

@test "EXTEND_TIMEOUT_USEC can extend it for ever, has no effect without a deadline, and never shortens it" {
	run_tool -0 pwait -v --ready -t 20s -- notifier say=EXTEND_TIMEOUT_USEC=18446744073709551615 \
		pid=d.pid say=READY=1
	assert_line --regexp ': asks for 18446744073709551615 more microseconds$'
	tool pfdkill -KILL "$(<d.pid)"
	run_tool -0 pwait -v --ready -- notifier say=EXTEND_TIMEOUT_USEC=1 pid=e.pid say=READY=1
	assert_output "$(<e.pid): ready."
	tool pfdkill -KILL "$(<e.pid)"
	run_tool -0 pwait -v --ready -t 20s -- notifier say=EXTEND_TIMEOUT_USEC=1 pid=f.pid barrier barrier \
		say=READY=1
	assert_line "$(<f.pid): ready."
}

@test "-k KILL continues no stopped process, and a signal that may not be sent is reported" {
	requires strace
	start pwait -v --ready -t 2s -k KILL -- sh -c 'echo $$ >d.pid; kill -STOP $$; echo woken >woken'
	wait_for has_line d.pid
	result
	assert_equal "$status" 124
	[[ $output == timeout$'\n'*': killed by signal 9 (KILL).' ]]
	refute exists woken
	spawn strace -f -qq -o /dev/null -e trace=pidfd_send_signal \
		-e inject=pidfd_send_signal:error=EPERM "$PFD_BINDIR/pwait" --ready -t 300ms -k TERM -- \
		notifier pid=e.pid
	wait_for file_has "$spawned_out" 'cannot send the signal: '
	# it waits for them nevertheless
	wait_for has_line e.pid
	tool pfdkill -KILL "$(<e.pid)"
	status=0
	wait "$spawned" || status=$?
	assert_equal "$status" 124
	rm ./*.pid
}

@test "descriptors that come with a message are closed, and a barrier is passed" {
	start pwait --ready -- notifier say=STATUS=x barrier pid=a.pid wait=go1 \
		fds=253 say=FDSTORE=1 fds=1 say=STATUS=y barrier pid=d.pid wait=go2 say=READY=1
	wait_for exists a.pid
	wait_for waits "$waiter"
	local before
	before=$(ls "/proc/$waiter/fd")
	touch go1
	wait_for exists d.pid
	wait_for waits "$waiter"
	assert_equal "$(ls "/proc/$waiter/fd")" "$before"
	touch go2
	result
	assert_equal "$status" 0
}

@test "a message that is too long, or contains a NUL, is ignored" {
	local long
	long=$(printf 'x%.0s' {1..4096})
	start pwait --ready -- notifier "say=READY=1|STATUS=$long" barrier pid=d.pid wait=go say=READY=1
	wait_for exists d.pid
	runs "$waiter"
	touch go
	result
	assert_equal "$status" 0
}

@test "a message of an unprivileged daemon of another user is accepted" {
	requires root
	run_tool -0 pwait -v --ready -- setpriv --reuid 65534 --clear-groups notifier say=READY=1
	[[ $output =~ ^([0-9]+): ]]
	echo "${BASH_REMATCH[1]}" >d.pid
	runs "$(<d.pid)"
}

@test "TERM is passed on to the command, and ends pwait when the command is gone" {
	start pwait --ready -- notifier pid=d.pid wait=never
	wait_for exists d.pid
	kill -TERM "$waiter"
	result
	assert_equal "$status" 143
	start pwait -v --ready -- notifier fork pid=e.pid wait=never
	wait_for exists e.pid
	wait_for file_has "$told" 'exited with status 0'
	kill -TERM "$waiter"
	result
	assert_equal "$status" 143
	runs "$(<e.pid)"
}

@test "pwait waits for a real daemon that uses sd_notify" {
	requires redis-check-rdb linux:6.9
	# the server and this program are the same file, which checks its name
	ln -s "$(command -v redis-check-rdb)" redis-server
	run_tool -0 pwait -v --ready -t 60 --handle-file handle -- sh -c \
		'exec ./redis-server --port 0 --unixsocket redis.sock --supervised systemd >log 2>&1'
	assert_line --regexp ": says '.*Ready to accept connections"
	assert_line --index -1 --regexp ': ready\.$'
	local pid
	pid=$(<handle)
	pid=${pid%%:*}
	comm_is "$pid" redis-server
	[[ -S redis.sock ]]
	run_tool -0 pfdkill --deadline 60s "$(<handle)"
	wait_for is_gone "$pid"
}

@test "if a real daemon dies before it is ready, pwait exits with its status" {
	requires redis-check-rdb
	ln -s "$(command -v redis-check-rdb)" redis-server
	run_tool -1 pwait --ready -t 60 -- sh -c \
		'exec ./redis-server --port 0 --unixsocket no/such/folder/sock --supervised systemd >log 2>&1'
	assert_stderr_has 'pwait: sh: ended before it was ready'
}

# bats test_tags=kernel
@test "before Linux 6.5 the message names the version, and nothing is run" {
	requires seccomp
	run -3 old-kernel 6.4 "$PFD_BINDIR/pwait" --ready -- touch ran
	assert_output "pwait: --ready: identifying the sender of a message needs Linux 6.5"
	refute exists ran
}

@test "Linux 6.5 is enough" {
	requires seccomp
	run -0 old-kernel 6.5 "$PFD_BINDIR/pwait" -v --ready -- notifier fork pid=d.pid say=READY=1
	assert_line "$(<d.pid): ready."
}

@test "--ready waits for the reader of a FIFO, and passes signals on until the deadline" {
	requires linux:6.9
	mkfifo fifo
	run_tool -124 pwait -v -t 2 --ready --handle-file fifo -- notifier pid=a.pid say=READY=1
	assert_output timeout
	runs "$(<a.pid)"
	start pwait --ready --handle-file fifo -- notifier pid=b.pid say=READY=1 pid=said.pid wait=never
	wait_for exists said.pid
	kill -TERM "$waiter"
	result
	assert_equal "$status" 143
	is_gone "$(<b.pid)"
	# a parent that ends with status 0 may have left a daemon behind
	start pwait -v --ready --handle-file fifo -- sh -c \
		'notifier fork pid=c.pid say=READY=1; until [ -e go ]; do sleep 0.01; done'
	wait_for exists c.pid
	touch go
	wait_for file_has "$told" 'exited with status 0'
	timeout 20 head -n 1 fifo >handle
	result
	assert_equal "$status" 0
	[[ $(<handle) == "$(<c.pid):"* ]]
	# and with --kill a TERM ends that daemon; the FIFO is tried again and again
	rm handle
	start pwait -v --ready -k TERM/20s/KILL --handle-file fifo -- notifier fork pid=d.pid say=READY=1
	wait_for file_has "$told" 'exited with status 0'
	wait_for slept_more "$waiter" "$(($(sleeps "$waiter") + 5))"
	kill -TERM "$waiter"
	wait_for is_gone "$(<d.pid)"
	result
	assert_equal "$status" 0
}

@test "a handle that cannot be written is reported" {
	run_tool -3 pwait --ready --handle-file no/such/folder/handle -- notifier pid=d.pid say=READY=1
	assert_stderr "pwait: --handle-file: 'no/such/folder/handle': No such file or directory"
}

@test "a descriptor of another process, whose server does not answer, does not hold up --ready" {
	requires root pidns python3
	[[ -c /dev/fuse ]] || skip 'needs /dev/fuse'
	mkdir stuck
	cat >send.py <<-'END'
		import array, ctypes, os, signal, socket, sys
		pid = int(sys.argv[1])
		held = "/proc/%d/fd/" % pid
		file = [int(fd) for fd in os.listdir(held) if os.readlink(held + fd).endswith("stuck/file")][0]
		# pidfd_getfd(2)
		fd = ctypes.CDLL(None).syscall(438, os.pidfd_open(pid), file, 0)
		os.setresgid(65534, 65534, 65534)
		os.setresuid(65534, 65534, 65534)
		end = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		fds = array.array("i", [fd, fd])
		end.sendmsg([b"MAINPIDFD=1"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)], 0, "\0" + sys.argv[2][1:])
		print("sent", flush=True)
		signal.pause()
	END
	# shellcheck disable=SC2016
	run -0 unshare --pid --fork --mount-proc --kill-child bash -c "$CONDITIONS"'
		"$PFD_HELPERS/stuckfs" stuck >up & stuck=$!
		wait_for has_line up
		timeout -s KILL 20 "$PFD_BINDIR/pwait" --ready -v -- notifier socket=name wait=go say=READY=1 &
		wait_for test -s name
		python3 send.py $stuck "$(<name)" >sent &
		wait_for has_line sent
		: >go
		wait %2' 3>&-
	assert_line --regexp ': ready\.$'
}

@test "if --ready cannot offer or read its socket, that is reported with status 3" {
	requires strace plain
	local fault
	for fault in socket:error=EMFILE bind:error=ENOMEM getsockname:error=ENOBUFS \
		prctl:error=EINVAL epoll_create1:error=EMFILE recvmsg:error=ENOMEM; do
		run --separate-stderr strace -f -qq -o /dev/null -e trace="${fault%%:*}" \
			-e inject="$fault:when=1" "$PFD_BINDIR/pwait" --ready -- notifier pid=d.pid say=READY=1 exit=0 3>&-
		printf '%s: status %s\n%s\n%s\n' "$fault" "$status" "$output" "$stderr"
		assert_equal "$status" 3
		assert_stderr_has "pwait: "
	done
	for fault in recvmsg:error=EINTR:when=1 epoll_wait:error=EINTR:when=1; do
		run --separate-stderr strace -f -qq -o /dev/null -e trace="?${fault%%:*}" \
			-e inject="?$fault" "$PFD_BINDIR/pwait" --ready -- notifier say=READY=1 exit=0 3>&-
		printf '%s: status %s\n%s\n%s\n' "$fault" "$status" "$output" "$stderr"
		assert_success
		assert_stderr ''
	done
}

@test "mistakes with --ready are reported with status 2" {
	local row args message
	while IFS='|' read -r args message; do
		read -ra row <<<"$args"
		run_tool -2 pwait "${row[@]}"
		assert_stderr "pwait: $message (see 'pwait --help')"
	done <<-'ROWS'
		--ready 1|--ready needs a COMMAND after --
		--ready -r -- touch ran|--ready and --reaped cannot be combined
		--ready -p -- touch ran|--ready and --print cannot be combined
		--ready --progress -- touch ran|--ready and --progress cannot be combined
	ROWS
	refute exists ran
}

@test "when the process that sent READY=1 has ended, the handle file names the command" {
	mkfifo go keep
	exec 7<>keep
	# it is a zombie, so that it can be recognised as a process of the command
	spawn "$PFD_BINDIR/pwait" --ready -v --handle-file handle -- sh -c 'echo $$ >command.pid
		read -r line <go
		zombie notifier say=READY=1 exit=0 <keep >zombie'
	wait_for has_line command.pid
	wait_for waits "$spawned"
	kill -STOP "$spawned"
	wait_for is_stopped "$spawned"
	echo >go
	wait_for has_line zombie
	kill -CONT "$spawned"
	wait "$spawned"
	assert_equal "$(cut -d: -f1 handle)" "$(<command.pid)"
}

@test "a child that was there before pwait --ready is not believed" {
	# shellcheck disable=SC2016
	spawn sh -c 'sh -c "until [ -s name ]; do sleep 0.01; done
			NOTIFY_SOCKET=\$(cat name); export NOTIFY_SOCKET
			exec notifier say=READY=1 wait=never" &
		exec "$@"' sh "$PFD_BINDIR/pwait" --ready -v -t 60 --handle-file handle -- \
		sh -c 'echo $$ >command.pid; echo "$NOTIFY_SOCKET" >name.new; mv name.new name
			until [ -e go ]; do sleep 0.01; done; exec notifier say=READY=1 wait=never'
	wait_for file_has "$spawned_out" 'is ignored: it is not a process of the command'
	run ! exists handle
	: >go
	wait_for exists handle
	assert_equal "$(cut -d: -f1 handle)" "$(<command.pid)"
}

@test "a child that was there before does not keep pwait --ready waiting" {
	local began=$SECONDS
	# shellcheck disable=SC2016
	run -1 bash -c 'sleep 60 3>&- >/dev/null 2>&1 & exec "$@"' bash "$PFD_BINDIR/pwait" --ready -- true
	assert_output 'pwait: true: ended before it reported that it is ready'
	((SECONDS - began < 30))
}

@test "a daemon that forks away is believed, though there were children before pwait" {
	# shellcheck disable=SC2016
	run -0 bash -c 'sleep 60 3>&- >/dev/null 2>&1 & exec "$@"' bash \
		"$PFD_BINDIR/pwait" --ready -t 60 --handle-file handle -- sh -c '
		(setsid notifier pid=daemon.pid say=READY=1 wait=never >/dev/null 2>&1 &); exit 0' 3>&-
	assert_equal "$(cut -d: -f1 handle)" "$(<daemon.pid)"
	kill -KILL "$(<daemon.pid)"
}

@test "the process of MAINPIDFD=1 is the one that is ready, if it belongs to the command" {
	requires python3
	# shellcheck disable=SC2016
	cat >say.py <<-'END'
		import array, os, socket, subprocess, sys
		child = subprocess.Popen(["sleep", "1000"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
		open("child.pid", "w").write(str(child.pid))
		other = int(sys.argv[1])
		s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		s.connect("\0" + os.environ["NOTIFY_SOCKET"][1:])
		def say(text, pid):
		    fds = array.array("i", [os.pidfd_open(pid), os.pidfd_open(pid)])
		    s.sendmsg([text], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
		say(b"MAINPIDFD=1", child.pid)
		say(b"MAINPIDFD=1", other)
		say(b"READY=1", other)
	END
	sleep 1000 3>&- &
	run_tool -0 pwait --ready -v -t 60 --handle-file handle -- python3 say.py $!
	assert_stderr "pwait: MAINPID=$! is ignored: it is not a process of the command"
	assert_equal "$(cut -d: -f1 handle)" "$(<child.pid)"
	kill -KILL "$(<child.pid)" %%
}

@test "descriptors that come after READY=1 are closed too" {
	requires python3
	cat >say.py <<-'END'
		import array, os, signal, socket
		pwait = os.getppid()
		s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		s.connect("\0" + os.environ["NOTIFY_SOCKET"][1:])
		def say(text, fd):
		    s.sendmsg([text], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))])
		def barrier():
		    r, w = os.pipe()
		    say(b"BARRIER=1", w)
		    os.close(w)
		    return r
		def count():
		    return len(os.listdir(f"/proc/{pwait}/fd"))
		if os.fork() == 0:
		    open("speaker.pid", "w").write(str(os.getpid()))
		    os.read(barrier(), 1)
		    before = count()
		    # a socket holds ten messages
		    os.kill(pwait, signal.SIGSTOP)
		    s.send(b"READY=1")
		    for i in range(8):
		        say(b"MAINPIDFD=1", os.pidfd_open(os.getpid()))
		    last = barrier()
		    os.kill(pwait, signal.SIGCONT)
		    os.read(last, 1)
		    open("added", "w").write(str(count() - before) + "\n")
		    open("told", "w")
		else:
		    open("command.pid", "w").write(str(os.getpid()))
		signal.pause()
	END
	spawn "$PFD_BINDIR/pwait" --ready -- python3 say.py
	wait_for exists told
	# those of the speaker and of its last message
	local more
	read -r more <added
	((more <= 2)) || fail "$more more"
	wait "$spawned"
}

@test "with --kill a TERM that comes while pwait finds out which process is ready ends all" {
	# shellcheck disable=SC2016
	spawn "$PFD_BINDIR/pwait" --ready -k TERM/20s/KILL -- sh -c '
		notifier pid=speaker.pid wait=go say=READY=1 pid=said wait=never & sleep 100'
	wait_for exists speaker.pid
	kill -STOP "$spawned"
	wait_for is_stopped "$spawned"
	touch go
	wait_for exists said
	kill -TERM "$spawned"
	kill -CONT "$spawned"
	local status=0
	wait "$spawned" || status=$?
	assert_equal "$status" 143
	is_gone "$(<speaker.pid)"
}

@test "a speaker that ends is not the service, however long it takes to end" {
	# shellcheck disable=SC2016
	spawn "$PFD_BINDIR/pwait" --ready --handle-file handle -- sh -c 'echo $$ >command.pid
		(sleep 0.2; : >leave) & notifier say=READY=1 wait=leave exit=0; exec sleep 100'
	wait_for exists handle
	assert_equal "$(cut -d: -f1 handle)" "$(<command.pid)"
	# a process that stays is the service
	# shellcheck disable=SC2016
	spawn "$PFD_BINDIR/pwait" --ready --handle-file second -- sh -c '
		notifier say=READY=1 wait=never & echo $! >speaker.pid; wait'
	wait_for exists second
	assert_equal "$(cut -d: -f1 second)" "$(<speaker.pid)"
}

@test "a flood of messages that are not believed is reported in six lines" {
	# shellcheck disable=SC2016
	spawn "$PFD_BINDIR/pwait" --ready -v -t 60 -- sh -c 'echo "$NOTIFY_SOCKET" >name.new
		mv name.new name; until [ -e go ]; do sleep 0.01; done; exec notifier say=READY=1'
	local out=$spawned_out i
	wait_for exists name
	for i in {1..20}; do
		NOTIFY_SOCKET=$(<name) notifier say=READY=1 exit=0 3>&- || true
	done
	: >go
	wait_for file_has "$out" 'ready\.'
	assert_equal "$(grep -c 'ignored' "$out")" 6
}

@test "READY=1 of a COMMAND that ends while an orphan is reaped is not lost" {
	requires strace linux:6.5
	# the fourth call is the reap of the orphan
	run -0 timeout 20 strace -o calls -e trace=waitid -e inject=waitid:delay_enter=1000000:when=4 \
		"$PFD_BINDIR/pwait" --ready -v -- sh -c '
			sleep 1000 >/dev/null 2>&1 3>&- & echo $! >left
			(:&); until grep -q CLD_EXITED.*WNOWAIT calls; do :; done
			exec notifier say=READY=1 exit=0' 3>&-
	assert_line --partial ready.
	kill -KILL "$(<left)"
	sed -n 4p calls | grep -q WEXITED
}
