#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pwait -- COMMAND: a command held by its pidfd from its birth, as if it ran without pwait.

load helpers
load pwait

# bats test_tags=kernel
@test "pwait exits with the status of the command" {
	run_tool -0 pwait -- true
	run_tool -7 pwait -- sh -c 'exit 7'
	run_tool -255 pwait -- sh -c 'exit 255'
	refute_output
	assert_stderr ''
}

@test "an interrupted look for dead children is not the end of looking" {
	requires strace
	local n
	for n in 1 2 3 4; do
		run -3 timeout "$((10 * ${PFD_PATIENCE:-1}))" strace -o calls -e trace=waitid \
			-e inject=waitid:error=EINTR:when="$n" "$PFD_BINDIR/pwait" -- sh -c 'exit 3' 3>&-
		cat calls >>all
	done
	assert grep -q '(P_ALL.*INJECTED' all
}

@test "the command reads our standard input and writes our standard output" {
	run_tool -0 pwait -- sh -c 'read -r x; echo "got $x"; echo err >&2' <<<word
	assert_output 'got word'
	assert_stderr err
}

@test "with -v the end of the command is printed" {
	run_tool -5 pwait -v -- sh -c 'echo $$; exit 5'
	assert_output "${lines[0]}
${lines[0]}: exited with status 5."
}

# bats test_tags=kernel
@test "if the command dies from a signal, pwait dies from the same signal" {
	run_tool -143 pwait -v -- sh -c 'kill -TERM $$'
	assert_output --partial ': killed by signal 15 (TERM).'
	spawn "$PFD_BINDIR/pwait" -- sh -c 'kill -KILL $$'
	# the shell also sees a signal, not a status
	wait "$spawned" || status=$?
	assert_equal "$status" 137
	requires python3
	run -0 python3 -c '
import subprocess, sys
print(subprocess.call(sys.argv[1:]))' "$PFD_BINDIR/pwait" -- sh -c 'kill -INT $$'
	assert_output -- -2
	[[ -z $(compgen -G 'core*') ]]
}

@test "a command that does not exist is 127, one that cannot run is 126" {
	# a folder in PATH that may not be entered would make it 126, as in env(1)
	PATH=/usr/bin:/bin run_tool -127 pwait -- no-such-command
	refute_output
	assert_stderr 'pwait: no-such-command: No such file or directory'
	touch file
	run_tool -126 pwait -- ./file
	assert_stderr 'pwait: ./file: Permission denied'
}

@test "mistakes with commands are status 2 with a message, and nothing is run" {
	local row args message
	while IFS='|' read -r args message; do
		read -ra row <<<"$args"
		run_tool -2 pwait "${row[@]}"
		assert_stderr "pwait: $message (see 'pwait --help')"
	done <<-'ROWS'
		--|no COMMAND follows '--'
		1 -- touch ran|'1': targets and a COMMAND cannot be combined
		-c 2 -- touch ran|--count: a COMMAND is one process
		--nohang -- touch ran|--nohang cannot be combined with a COMMAND
		--foreground --cleanup -- touch ran|--foreground and --cleanup cannot be combined
		--foreground --tree -- touch ran|--foreground and --tree cannot be combined
		--handle-file x 1|--handle-file needs a COMMAND after --
		--cgroup x 1|--cgroup needs a COMMAND after --
	ROWS
	[[ ! -e ran && ! -e x ]]
}

# bats test_tags=kernel
@test "the handle of the command is in the file before it runs" {
	requires linux:6.9
	mkdir folder
	echo old >folder/handle
	run_tool -0 pwait --handle-file folder/handle -- sh -c 'echo $$; cat folder/handle'
	local handle
	handle=$(<folder/handle)
	assert_output "${lines[0]}
${lines[0]}:${handle#*:}"
	[[ $handle =~ ^[0-9]+:[0-9]+:[0-9a-f]{32}$ ]]
	assert_equal "$(ls folder)" handle
	run_tool -0 pwait "$handle"
	assert_stderr "pwait: $handle: No such process"
}

@test "if the handle cannot be written, the command is not run" {
	run_tool -3 pwait --handle-file no/such/folder/handle -- touch ran
	assert_stderr "pwait: --handle-file: 'no/such/folder/handle': No such file or directory"
	[[ ! -e ran ]]
	run_tool -3 pwait --handle-file /dev/full -- touch ran
	assert_stderr "pwait: --handle-file: '/dev/full': No space left on device"
	[[ ! -e ran ]]
}

@test "the handle is written through a link, and into a FIFO or descriptor" {
	requires linux:6.9
	: >real
	ln -s real link
	run_tool -0 pwait --handle-file link -- true
	[[ -L link && $(<real) =~ ^[0-9]+:[0-9]+:[0-9a-f]{32}$ ]]
	mkfifo fifo
	exec {both}<>fifo
	run_tool -0 pwait --handle-file fifo -- true
	read -r -t 10 line <&"$both"
	[[ $line =~ ^[0-9]+:[0-9]+:[0-9a-f]{32}$ && -p fifo ]]
	run --separate-stderr bash -c '"$PFD_BINDIR/pwait" --handle-file /dev/fd/4 -- true 4>>real' 3>&-
	assert_equal "$status" 0
	assert_equal "$(wc -l <real)" 2
	[[ -L link && ! -e /dev/fd.XXXXXX ]]
	# a regular file below /dev is a file too
	[[ -w /dev/shm ]] || skip "no /dev/shm to write to"
	local shared=/dev/shm/pfd-test-$$.handle
	run_tool -0 pwait --handle-file "$shared" -- cat "$shared"
	rm -f "$shared"
	[[ $output =~ ^[0-9]+:[0-9]+:[0-9a-f]{32}$ ]]
}

@test "a handle file that is replaced keeps its mode and owner" {
	requires linux:6.9
	echo old >file
	chmod 640 file
	if ((EUID == 0)) && has_cap CHOWN; then
		chown 54321:54321 file
	fi
	local before
	before=$(stat -c '%a %u %g' file)
	run_tool -0 pwait --handle-file file -- cat file
	[[ $output == "$(<file)" ]]
	assert_equal "$(stat -c '%a %u %g' file)" "$before"
	assert_equal "$(wc -l <file)" 1
}

@test "as root, the handle is not written to a link, file or FIFO of another user in a shared folder" {
	requires root cap:SETUID setpriv linux:6.9
	mkdir -m 1777 shared
	echo precious >precious
	setpriv --reuid 54321 --clear-groups sh -c 'ln -s ../precious shared/link
		mkfifo shared/fifo; echo theirs >shared/file'
	run timeout -k 1 20 "$PFD_BINDIR/pwait" --handle-file shared/fifo -- touch ran 3>&-
	assert_failure 3
	[[ ! -e ran ]]
	if [[ $(</proc/sys/fs/protected_symlinks) == 1 ]]; then
		run_tool -3 pwait --handle-file shared/link -- touch ran
		assert_stderr "pwait: --handle-file: 'shared/link': Permission denied"
		[[ ! -e ran && $(<precious) == precious ]]
	fi
	if [[ $(</proc/sys/fs/protected_regular) != 0 ]]; then
		run_tool -3 pwait --handle-file shared/file -- touch ran
		[[ ! -e ran && $(<shared/file) == theirs ]]
	fi
}

# bats test_tags=kernel
@test "the command starts in the given cgroup" {
	requires root
	local root name=/pfd-test-$$
	for root in /sys/fs/cgroup /sys/fs/cgroup/unified; do
		[[ $(stat -fc %t "$root" 2>/dev/null) != 63677270 ]] || break
	done
	mkdir "$root$name" 2>/dev/null || skip "no cgroup v2 can be made here"
	run_tool -0 pwait --cgroup "$name" -- grep ^0:: /proc/self/cgroup
	local by_name=$output
	run_tool -0 pwait --cgroup "$root$name" -- grep ^0:: /proc/self/cgroup
	local by_path=$output
	run old-kernel clone3=ENOSYS "$PFD_BINDIR/pwait" --cgroup "$root$name" -- \
		grep ^0:: /proc/self/cgroup
	local by_write=$output
	rmdir "$root$name"
	assert_equal "$by_name" "0::$name"
	assert_equal "$by_path" "0::$name"
	assert_equal "$by_write" "0::$name"
}

@test "a cgroup that does not exist is rejected, and nothing is run" {
	run_tool -3 pwait --cgroup /no/such/cgroup -- touch ran
	assert_stderr "pwait: --cgroup: '/no/such/cgroup': no such cgroup (v2)"
	run_tool -3 pwait --cgroup . -- touch ran
	assert_stderr "pwait: --cgroup: '.': no such cgroup (v2)"
	[[ ! -e ran ]]
}

@test "a cgroup that accepts no process is rejected with the reason, and nothing is run" {
	requires strace
	local error reason
	run_tool pwait --cgroup / -- true
	[[ $stderr != *"no such cgroup (v2)"* ]] || skip "no cgroup v2 is mounted here"
	while read -r error reason; do
		run --separate-stderr strace -f -qq -o /dev/null -e trace=clone3 \
			-e inject=clone3:error="$error" "$PFD_BINDIR/pwait" --cgroup / -- touch ran 3>&-
		echo "$error: $stderr"
		assert_equal "$status" 3
		assert_stderr "pwait: --cgroup: '/': $reason"
		# with --in it is not the fault of TARGET
		run --separate-stderr strace -f -qq -o /dev/null -e trace=clone3 \
			-e inject=clone3:error="$error" "$PFD_BINDIR/pwait" --in $$ --cgroup / -- touch ran 3>&-
		assert_equal "$status" 3
		assert_stderr "pwait: --cgroup: '/': $reason"
	done <<-'END'
		EACCES no right to start a process in that cgroup
		EBUSY that cgroup hands its controllers on, it can have no processes of its own
		EOPNOTSUPP that cgroup is threaded or invalid, it takes no processes
		EAGAIN Resource temporarily unavailable
	END
	[[ ! -e ran ]]
}

@test "the command gets the original signal mask, ignored signals and descriptor limit" {
	local facts='grep -E "^Sig(Blk|Ign|Cgt)" /proc/self/status; ulimit -Sn; ulimit -Hn'
	run -0 bash -c "ulimit -Sn 9; trap '' USR2 CHLD; sh -c '$facts'" 3>&-
	local plain=$output
	run -0 bash -c "ulimit -Sn 9; trap '' USR2 CHLD; \"\$PFD_BINDIR/pwait\" -- sh -c '$facts'" 3>&-
	assert_output "$plain"
}

@test "no descriptor of ours reaches the command" {
	run_tool -0 pwait -- ls /proc/self/fd
	local with=$output
	run --separate-stderr ls /proc/self/fd 3>&-
	assert_equal "$(wc -l <<<"$with")" "$(wc -l <<<"$output")"
}

@test "the status is not lost if SIGCHLD is ignored" {
	run -7 bash -c 'trap "" CHLD; "$PFD_BINDIR/pwait" -- sh -c "exit 7"' 3>&-
}

@test "200 times: the status with SIGCHLD ignored, with 50 other children and two busy loops" {
	: >busy
	# shellcheck disable=SC2016
	run bash -c '
		trap "" CHLD
		for i in 1 2; do (while [ -e busy ]; do :; done) & loops+=($!); done
		for ((i = 0; i < 50; i++)); do sleep 100 & done
		good=0
		for ((i = 0; i < 200; i++)); do
			"$PFD_BINDIR/pwait" -- sh -c "exit 7"
			[ $? != 7 ] || ((++good))
		done
		for loop in "${loops[@]}"; do [ ! -e /proc/$loop ] || ((++going)); done
		rm busy
		kill $(jobs -p) 2>/dev/null
		echo "$good of 200, $going loops"' 3>&-
	assert_output '200 of 200, 2 loops'
}

@test "TERM, INT, HUP and QUIT to pwait reach the command" {
	local sig
	for sig in TERM INT HUP QUIT; do
		# bash makes background commands ignore INT and QUIT
		spawn_ready env --default-signal "$PFD_BINDIR/pwait" -- sigecho -x "$(kill -l "$sig")"
		kill "-$sig" %%
		wait "$spawned"
		wait_for file_has "$spawned_out" "^$(kill -l "$sig") code=0 pid=$spawned "
	done
}

@test "a signal that was ignored when pwait started is not passed on" {
	spawn_ready bash -c 'trap "" HUP; exec "$PFD_BINDIR/pwait" -- sigecho -x 15'
	kill -HUP %%
	kill -TERM %%
	wait "$spawned"
	run -1 grep '^1 ' "$spawned_out"
}

@test "a command that outlives the deadline continues, unless -k ends it" {
	run_tool -124 pwait -v -t 100ms -- sh -c 'echo $$; exec sleep 1000 >/dev/null 2>&1'
	assert_output "${lines[0]}
timeout"
	[[ $(proc_state "${lines[0]}") == [RSD] ]]
	run_tool -124 pwait -v -t 100ms -k KILL -- sh -c 'echo $$; exec sleep 1000'
	kill -KILL "$(head -n 1 <<<"$stderr$output")" 2>/dev/null || true
	assert_line --index 1 timeout
	assert_line --index 2 "${lines[0]}: killed by signal 9 (KILL)."
}

@test "-k waits for a command that ends slowly, and continues one that is stopped" {
	run_tool -124 pwait -v -t 100ms -k TERM --reap-grace 0 -- \
		sh -c 'trap "sleep 0.5; exit 3" TERM; echo $$; sleep 1000 >/dev/null 2>&1 & wait'
	assert_line --index 2 "${lines[0]}: exited with status 3."
	run_tool -124 pwait -v -t 500ms -k TERM -- sh -c 'echo $$; kill -STOP $$'
	assert_line --index 2 "${lines[0]}: killed by signal 15 (TERM)."
}

# bats test_tags=kernel
@test "a command is held from its birth even without clone3" {
	requires seccomp linux:6.9
	run -7 old-kernel clone3=ENOSYS "$PFD_BINDIR/pwait" --handle-file handle -- sh -c 'exit 7'
	[[ $(<handle) =~ ^[0-9]+:[0-9]+:[0-9a-f]{32}$ ]]
}

# bats test_tags=kernel
@test "without pidfds nothing is run and the status is 3" {
	requires seccomp
	run -3 old-kernel clone3=ENOSYS pidfd_open=ENOSYS "$PFD_BINDIR/pwait" -- touch ran
	assert_output --partial 'cannot start a process: this kernel has no pidfds'
	[[ ! -e ran ]]
}

@test "if the command stops and no shell would notice, pwait does not stop" {
	spawn_ready "$PFD_BINDIR/pwait" -- sh -c 'echo $$; kill -STOP $$; exit 4'
	local pid
	read -r pid <"$spawned_out"
	wait_for is_stopped "$pid"
	[[ $(proc_state "$spawned") == [RSD] ]]
	kill -CONT "$pid"
	wait "$spawned" || status=$?
	assert_equal "$status" 4
}

@test "a signal that reaches pwait before the command runs reaches the command" {
	requires strace reaper
	# the exec takes ten seconds
	spawn strace -f -o calls -e trace=execve,pidfd_send_signal \
		-e inject=execve:delay_enter=10000000 "$PFD_BINDIR/pwait" -- /bin/sh -c ': >ran'
	wait_for file_has calls 'execve("/bin/sh"'
	local pid
	read -r pid _ <calls
	kill -TERM "$pid"
	wait_for file_has calls "^$pid *pidfd_send_signal([0-9]*, SIGTERM, NULL, 0) = 0"
	run ! file_has calls DELAYED
	# when it is released, the signal kills it
	kill -KILL "$spawned"
	wait_for is_gone "$pid"
	[[ ! -e ran ]]
}

@test "a command that cannot be held does not run" {
	requires strace
	run strace -f -o calls -e trace=clone3,pidfd_open -e inject=clone3:error=ENOSYS \
		-e inject=pidfd_open:error=ENFILE:when=2 "$PFD_BINDIR/pwait" -- touch ran
	assert_equal "$status" 3
	assert_output 'pwait: cannot start a process: Too many open files in system'
	[[ ! -e ran ]]
	# nor does one of a child of ours, which does the work where there were children before
	run strace -o calls -e trace=pidfd_open -e inject=pidfd_open:error=ENFILE:when=2 \
		sh -c 'sleep 1000 >/dev/null 2>&1 3>&- & exec "$PFD_BINDIR/pwait" --cleanup -- touch ran'
	assert_equal "$status" 3
	assert_output 'pwait: cannot start a process: Too many open files in system'
	[[ ! -e ran ]]
}

@test "a FIFO without a reader delays the command, and a signal or the deadline ends pwait meanwhile" {
	mkfifo fifo
	run_tool -124 pwait -v -t 0.1 --handle-file fifo -- touch ran
	assert_output timeout
	assert_stderr "pwait: --handle-file: 'fifo': it has no reader"
	spawn "$PFD_BINDIR/pwait" --handle-file fifo -- touch ran
	wait_for waits "$spawned"
	kill -TERM "$spawned"
	wait_for is_gone "$spawned"
	wait "$spawned" || status=$?
	assert_equal "$status" 143
	[[ ! -e ran && -p fifo ]]
	# one that is blocked stays pending, and counts when the command runs
	spawn env --block-signal=TERM "$PFD_BINDIR/pwait" -k KILL --handle-file fifo -- sleep 1000
	wait_for waits "$spawned"
	kill -TERM "$spawned"
	read -rt 60 _ <fifo
	wait "$spawned" || status=$?
	assert_equal "$status" 137
}

@test "for a command that is killed before it runs, pwait ends by the same signal" {
	mkfifo fifo
	spawn "$PFD_BINDIR/pwait" -v --handle-file fifo -- touch ran
	wait_for waits "$spawned"
	kill -KILL "$(cut -d' ' -f1 "/proc/$spawned/task/$spawned/children")"
	read -rt 60 _ <fifo
	wait "$spawned" || status=$?
	assert_equal "$status" 137
	file_has "$spawned_out" ': killed by signal 9 (KILL)\.$'
	[[ ! -e ran ]]
}

@test "a signal that pwait may not pass on is reported" {
	requires root
	install -m 4755 "$(command -v setpriv)" become
	as_user ./become --reuid 0 true 2>/dev/null || skip "set-user-ID programs do not work here"
	spawn_ready as_user "$PFD_BINDIR/pwait" -- ./become --reuid 0 sh -c 'echo $$; exec sleep 1000'
	local pid
	read -r pid <"$spawned_out"
	kill -TERM "$(ppid_of "$pid")"
	wait_for file_has "$spawned_out" \
		"pwait: $pid: cannot pass the signal TERM on: not permitted: it belongs to root"
	kill -KILL "$pid"
	wait "$spawned" || status=$?
	assert_equal "$status" 137
}

ppid_of() {
	awk '$1 == "PPid:" { print $2 }' "/proc/$1/status"
}

@test "pwait waits for a command that a tracer keeps after its death" {
	requires python3 strace
	mkfifo go
	# its status must not be readable from the zombie
	spawn_ready strace -o /dev/null -e inject=readlinkat:error=EACCES \
		"$PFD_BINDIR/pwait" --reap-grace 0 -- sh -c 'echo $$; read -r line <go; exit 9'
	local job=$spawned pid
	read -r pid <"$spawned_out"
	# PTRACE_SEIZE without options: only the death is reported
	spawn_ready python3 -c 'if True:
		import ctypes, os, sys
		pid = int(sys.argv[1])
		if ctypes.CDLL(None).ptrace(0x4206, pid, None, None) < 0:
		    sys.exit("no right to trace")
		print("traces", flush=True)
		os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
		while not os.path.exists("let-go"):
		    pass
		os.waitpid(pid, 0)' "$pid"
	file_has "$spawned_out" traces || skip "nothing can be traced here"
	local waiter
	waiter=$(cut -d' ' -f1 "/proc/$job/task/$job/children")
	wait_for waits "$waiter"
	echo >go
	wait_for is_zombie "$pid"
	wait_for waits "$waiter"
	: >let-go
	wait "$job" || status=$?
	assert_equal "$status" 9
}

@test "a core dump of the COMMAND is reported, and pwait leaves no core of its own" {
	ulimit -c unlimited || skip "core files are not allowed here"
	zombie sh -c 'kill -ABRT $$' </dev/null >direct
	[[ $(tail -n 1 direct) == 'dumped 6' ]] || skip "this system writes no core files"
	zombie "$PFD_BINDIR/pwait" -v -- sh -c 'kill -ABRT $$' </dev/null >ours
	file_has ours '^[0-9]*: killed by signal 6 (ABRT), core dumped\.$'
	assert_equal "$(tail -n 1 ours)" 'killed 6'
}

@test "the handle file has the mode that the umask allows" {
	requires linux:6.9
	local mask mode
	for mask in 022:644 027:640 077:600 002:664; do
		mode=${mask#*:}
		(umask "${mask%:*}" && tool pwait --handle-file "handle.$mode" -- true)
		assert_equal "$(stat -c %a "handle.$mode")" "$mode"
	done
}

@test "if a handle file cannot be renamed into place, no temporary file is left" {
	requires linux:6.9 strace
	mkdir folder
	local call
	for call in '?rename,?renameat,?renameat2' '?link,?linkat' 'write'; do
		run --separate-stderr strace -qq -o /dev/null -e trace="$call" \
			-e inject="$call":error=ENOSPC "$PFD_BINDIR/pwait" --handle-file folder/handle -- touch ran 3>&-
		printf '%s: %s %s\n' "$call" "$status" "$stderr"
		case $status in
		0) [[ $call == *link* ]] && rm -f ran folder/handle ;;
		*)
			assert_equal "$status" 3
			[[ ! -e ran ]]
			;;
		esac
		assert_equal "$(ls -A folder)" ''
	done
}

@test "/proc/self/fd/N and /dev/stdout are written to, never replaced" {
	requires linux:6.9
	echo before >file
	local inode path
	inode=$(stat -c %i file)
	for path in /proc/self/fd/4 /dev/fd/4 /dev/stderr; do
		run -0 bash -c '"$PFD_BINDIR/pwait" --handle-file "$0" -- true 4>>file 2>>file' "$path" 3>&-
		assert_equal "$(stat -c %i file)" "$inode"
	done
	assert_equal "$(grep -cE '^[0-9]+:[0-9]+:[0-9a-f]{32}$' file)" 3
	assert_equal "$(head -n 1 file)" before
}

@test "a command that cannot run is 127 or 126 even when its error message is lost" {
	requires strace
	: >file
	local call='?recvfrom,?recv'
	run -127 strace -qq -o /dev/null -e trace="$call" -e inject="$call":error=ECONNRESET \
		"$PFD_BINDIR/pwait" -- ./nosuch 3>&-
	run -126 strace -qq -o /dev/null -e trace="$call" -e inject="$call":error=ECONNRESET \
		"$PFD_BINDIR/pwait" -- ./file 3>&-
}

@test "a COMMAND gets SIGCHLD ignored or not, as pwait got it" {
	local ignored
	for ignored in CHLD USR2 CHLD,USR1; do
		run -0 env --ignore-signal="$ignored" grep SigIgn /proc/self/status
		local plain=$output
		run -0 env --ignore-signal="$ignored" "$PFD_BINDIR/pwait" -- grep SigIgn /proc/self/status 3>&-
		assert_output "$plain"
	done
}

# ---- --json-fd ----

@test "--json-fd N: the JSON goes there, and standard output is COMMAND's alone" {
	local fd
	run_tool -7 pwait --json-fd 5 -- sh -c 'echo hello; echo lost 2>&- >&5; exit 7' 5>json
	assert_output hello
	assert_equal "$(jq -c '[.name, .result, .ending, .exitStatus]' json)" '["sh","ended","exited",7]'
	# a reader sees the end with pwait, whatever COMMAND left running
	run -0 timeout 20 bash -c '"$0" --json-fd 5 -- sh -c "sleep 1000 >/dev/null 2>&1 3>&- & echo \$! >left" 5>&1 >/dev/null | jq -r .result' \
		"$PFD_BINDIR/pwait"
	assert_output ended
	run_tool -0 pfdkill -KILL "$(<left)"
	for fd in 1 2; do
		run --separate-stderr "$PFD_BINDIR/pwait" --json-fd "$fd" -- true
		[[ $output$stderr == '{'*'"exited"'* ]] || fail "$output$stderr"
	done
	# what is written nowhere is an error
	[[ ! -c /dev/full ]] || run_tool -3 pwait --json-fd 5 -- true 5>/dev/full
}

@test "--json-fd refuses a descriptor that cannot be written, and what is no COMMAND" {
	run_tool -2 pwait --json-fd 9 -- touch ran 9>&-
	assert_stderr "pwait: --json-fd: descriptor 9 is not open for writing (see 'pwait --help')"
	run_tool -2 pwait --json-fd 9 -- touch ran 9</dev/null
	run_tool -2 pwait --json-fd 0 -- touch ran
	run_tool -2 pwait --json-fd 1 $$
	refute [ -e ran ]
}
