#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2119
# -F: the process that a file names, unless the file is stale or cannot be trusted.

load helpers

# shellcheck disable=SC2120
own() {
	printf 'f%sx%s%s' "$BATS_TEST_NUMBER" "$$" "${1-}"
}

write_pidfile() {
	spawn_ready named "$(own)"
	echo "$spawned" >file
}

@test "-F selects the process of the PID in the file, in each program" {
	write_pidfile
	run_tool -0 pgrep -F file
	assert_output "$spawned"
	assert_stderr ''
	run_tool -0 pkill -0 -e --pidfile file
	assert_output "$(own) killed (pid $spawned)"
	run_tool -124 pidwait --timeout 10ms -F file
	run_tool -0 pgrep -F file "$(own)"
	assert_output "$spawned"
	run_tool -1 pgrep -F file nobody
}

@test "-F - reads standard input" {
	write_pidfile
	run bash -c '"$0" -F - <file; cat file | "$0" -F -; "$0" -F <(cat file)' "$PFD_BINDIR/pgrep"
	assert_output "$spawned"$'\n'"$spawned"$'\n'"$spawned"
}

# bats test_tags=kernel
@test "PID:INODE in the file names exactly that process" {
	requires linux:6.9
	spawn_ready named "$(own)"
	tool pgrep --handle "$(own)" >file
	run_tool -0 pgrep -F file
	assert_output "$spawned"
	echo "$spawned:$(($(inode_of "$spawned") + 12345678))" >file
	run_tool -1 pgrep -F file
	refute_output
	assert_stderr_has 'recycled'
}

@test "PID:INODE in a file that is older than this boot names no process" {
	requires linux:6.9
	spawn_ready named "$(own)"
	tool pgrep --handle "$(own)" >file
	touch -d '-1 minute' file
	run_tool -0 pgrep -F file
	assert_output "$spawned"
	assert_stderr ''
	touch -d "@$(($(date +%s) - $(cut -d. -f1 /proc/uptime) - 3600))" file
	if [[ $(stat -f -c %T .) == @(tmpfs|ramfs) ]]; then
		run_tool -0 pgrep -F file
		assert_output "$spawned"
	else
		run_tool -1 pgrep -F file
		refute_output
		assert_stderr_has 'older than this boot'
		run_tool -0 pgrep --stale-ok -F file
		assert_output "$spawned"
	fi
}

@test "a file that names no living process is status 1, without output" {
	echo 999999999 >file
	run_tool -1 pgrep -F file
	refute_output
	assert_stderr ''
}

@test "a file that is missing, empty or invalid is status 1, with a message" {
	local text
	run_tool -1 pgrep -F missing
	assert_stderr_has 'missing: no such file'
	: >file
	run_tool -1 pkill -F file
	assert_stderr_has 'file: it is empty'
	for text in x 12x -5 0 '1 2x'; do
		echo "$text" >file
		[[ $text != '1 2x' ]] || continue
		run_tool -1 pkill -0 -F file
		assert_stderr_has 'neither PID nor PID:INODE'
	done
}

@test "further words and lines in the file cause a warning" {
	write_pidfile
	echo "$spawned 1" >file
	run_tool -0 pgrep -F file
	assert_output "$spawned"
	assert_stderr "pgrep: file: there is more than one word in it; only the first is used"
	printf '  %s  \n\n' "$spawned" >file
	run_tool -0 pgrep -F file
	assert_output "$spawned"
	assert_stderr ''
	printf '  %s  \nmore data\n' "$spawned" >file
	run_tool -0 pfdkill -0 pidfile:file
	assert_stderr "pfdkill: pidfile:file: there is more than one word in it; only the first is used"
}

@test "a file that is older than its process is stale, and rejected" {
	write_pidfile
	touch -d '-1 minute' file
	run_tool -1 pkill -F file
	refute_output
	assert_stderr_has 'stale'
	[[ -e /proc/$spawned ]]
	run_tool -0 pgrep --stale-ok -F file
	assert_output "$spawned"
	assert_stderr ''
}

@test "a file that is older than this boot is rejected" {
	write_pidfile
	local fs
	fs=$(stat -f -c %T .)
	touch -d "@$(($(date +%s) - $(cut -d. -f1 /proc/uptime) - 3600))" file
	if [[ $fs == tmpfs || $fs == ramfs ]]; then
		run_tool -0 pgrep -F file
		assert_stderr_has 'the clock was set'
	else
		run_tool -1 pgrep -F file
		refute_output
		assert_stderr_has 'older than this boot'
		run_tool -0 pgrep --stale-ok -F file
		assert_output "$spawned"
	fi
}

@test "on a tmpfs no file is older than this boot, so the clock was set" {
	[[ $(stat -f -c %T /dev/shm 2>/dev/null) == tmpfs && -w /dev/shm ]] || skip "no tmpfs at /dev/shm"
	spawn_ready named "$(own)"
	local file
	file=$(mktemp /dev/shm/pidfile.XXXXXX)
	echo "$spawned" >"$file"
	touch -d '1990-01-01' "$file"
	run_tool -0 pgrep -F "$file"
	rm -f "$file"
	assert_output "$spawned"
	assert_stderr_has 'the clock was set'
}

@test "a file from the future proves nothing, because the clock was set" {
	write_pidfile
	touch -d '+1 hour' file
	run_tool -0 pgrep -F file
	assert_output "$spawned"
	assert_stderr_has 'the clock was set'
}

@test "as root, a file that others can write is rejected" {
	requires root cap:CHOWN
	write_pidfile
	chmod 666 file
	run_tool -1 pkill -0 -F file
	assert_stderr_has 'other users can write it'
	run_tool -0 pkill -0 --trust-pidfile -F file
	chmod 664 file
	run_tool -0 pkill -0 -F file
	chgrp 54321 file
	run_tool -1 pkill -0 -F file
	chmod 644 file
	run_tool -0 pkill -0 -F file
	chown 54321 file
	run_tool -1 pkill -0 -F file
	run_tool -0 pgrep -F file --trust-pidfile
	assert_output "$spawned"
}

@test "-L: the process must hold a lock on the file" {
	requires flock
	write_pidfile
	spawn flock -F -x file sleep 1000
	wait_for eval '! flock -n file true'
	run_tool -1 pgrep -L -F file
	refute_output
	assert_stderr 'pgrep: file: its process holds no lock on it'
	echo "$spawned" >file
	run_tool -0 pgrep --logpidfile -F file
	assert_output "$spawned"
	run_tool -2 pgrep -L .
	assert_stderr_has "needs --pidfile"
}

@test "-L searches for a lock on standard input and does not change that" {
	requires flock
	# shellcheck disable=SC2016
	run bash -c 'echo $$ | tee file
		exec 9<>file
		flock -n -x 9
		"$0" -L -F - <&9
		# still an exclusive one
		flock -n -s file true || echo locked
		flock -u 9
		"$0" -L -F - <file || echo $?
		flock -n -x file true && echo free' "$PFD_BINDIR/pgrep"
	# shellcheck disable=SC2154
	assert_line -n 1 "${lines[0]}"
	assert_line -n 2 locked
	assert_line -n 3 --partial 'its process holds no lock'
	assert_line -n 4 1
	assert_line -n 5 free
}

# lock_of KIND: a process that wrote its PID to the file and holds this kind of lock on it.
lock_of() {
	cat >lock.py <<-'PYTHON'
		import fcntl, os, struct, sys, time
		file = open("file", "w+")
		print(os.getpid(), file=file, flush=True)
		lock = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0)
		if sys.argv[1] == "fcntl":
		    fcntl.lockf(file, fcntl.LOCK_EX)
		elif sys.argv[1] == "OFD":
		    fcntl.fcntl(file, 37, lock)
		else:
		    fcntl.flock(file, fcntl.LOCK_EX)
		print("ready", flush=True)
		time.sleep(1000)
	PYTHON
	rm -f file
	spawn_ready python3 lock.py "$1"
}

@test "-L finds locks of every kind" {
	requires python3
	local kind
	for kind in fcntl OFD flock; do
		lock_of "$kind"
		run_tool -0 pgrep -L -F file
		assert_output "$spawned"
	done
}

@test "options about the file need -F; -p and -F cannot be combined" {
	run_tool -2 pgrep --stale-ok .
	run_tool -2 pgrep --trust-pidfile .
	echo 1 >file
	run_tool -2 pgrep -F file -p 1
	assert_stderr_has 'Cannot use pidfile and pid option together'
}

# ---- pidfile:PATH, in every program that reads targets ----

# bats test_tags=kernel
@test "pidfile:PATH is the process that the file names" {
	spawn_ready sigecho -x 15
	echo "$spawned" >file
	run_tool -0 pfdkill -USR1 pidfile:file
	refute_output
	assert_stderr ''
	wait_for file_has "$spawned_out" '^10 '
	run_tool -124 pwait --nohang -p pidfile:file
	assert_output 'pidfile:file'
	run_tool -0 pfdkill --json --wait "pidfile:$PWD/file"
	assert_output --partial '"target":"pidfile:'
	run_tool -0 pwait pidfile:file
	assert_stderr 'pwait: pidfile:file: No such process'
	run_tool -1 pfdkill pidfile:file
	assert_stderr 'pfdkill: pidfile:file: No such process'
}

@test "-p accepts pidfile:PATH" {
	write_pidfile
	run_tool -0 pgrep -p pidfile:file,1
	assert_line "$spawned"
	run_tool -124 pidwait --timeout 10ms -p pidfile:file
	touch -d '-1 minute' file
	run_tool -1 pgrep -p pidfile:file
	refute_output
	assert_stderr_has 'pgrep: pidfile:file: stale: '
	run_tool -0 pgrep --stale-ok -p pidfile:file
	assert_output "$spawned"
}

@test "pidfile:PATH with PID:INODE is exactly that process, however old the file is" {
	requires linux:6.9
	spawn_ready named "$(own)"
	echo "$spawned:$(inode_of "$spawned")" >file
	touch -d '-1 minute' file
	run_tool -0 pfdkill -0 pidfile:file
	echo "$spawned:$(($(inode_of "$spawned") + 12345678))" >file
	run_tool -1 pfdkill pidfile:file
	assert_stderr 'pfdkill: pidfile:file: recycled: that process is gone'
}

@test "if pidfile:PATH is stale, no process is signalled and its process counts as gone" {
	write_pidfile
	touch -d '-1 minute' file
	run_tool -1 pfdkill pidfile:file
	refute_output
	assert_stderr "pfdkill: pidfile:file: stale: that process started after the file was written (use --stale-ok to accept it)"
	run_tool -0 pwait pidfile:file
	assert_stderr_has 'pwait: pidfile:file: stale: '
	run_tool -0 pfdkill --stale-ok -0 pidfile:file
	run_tool -124 pwait --stale-ok --nohang pidfile:file
	touch -d '+1 hour' file
	run_tool -0 pfdkill -USR1 --dry-run pidfile:file
	assert_stderr_has 'pfdkill: pidfile:file: the clock was set since it was written, so it may be stale; going on'
	[[ $(proc_state "$spawned") == [RSD] ]]
}

@test "pidfile:PATH of a file that is missing or names no process is reported" {
	run_tool -1 pfdkill pidfile:missing
	assert_stderr 'pfdkill: pidfile:missing: no such file'
	echo nonsense >file
	run_tool -1 pfdkill pidfile:file
	assert_stderr 'pfdkill: pidfile:file: its first word is neither PID nor PID:INODE nor PID:INODE:BOOT'
	run_tool -1 pwait pidfile:file
	assert_stderr 'pwait: pidfile:file: its first word is neither PID nor PID:INODE nor PID:INODE:BOOT'
	run_tool -2 pfdkill pidfile:
	assert_stderr_has "'pidfile:': pidfile: must be followed by the path of a file"
}

@test "as root, pidfile:PATH that others can write is rejected" {
	requires root
	write_pidfile
	chmod 666 file
	run_tool -1 pfdkill -0 --verbose pidfile:file
	assert_stderr_has 'pidfile:file: other users can write it'
	run_tool -1 pwait --nohang pidfile:file
	assert_stderr_has 'pidfile:file: other users can write it'
	run_tool -0 pfdkill --trust-pidfile -0 pidfile:file
	run_tool -124 pwait --trust-pidfile --nohang pidfile:file
}

@test "--stale-ok and --trust-pidfile need a pidfile, and --in rejects pidfiles" {
	local tool option
	for tool in pfdkill pwait; do
		for option in --stale-ok --trust-pidfile; do
			run_tool -2 "$tool" "$option" 1
			assert_stderr_has 'needs a target pidfile:PATH'
		done
		run_tool -2 "$tool" --in 1 pidfile:file
		assert_stderr_has "'pidfile:file': --in takes no pidfiles"
	done
}

@test "--stale-ok and --trust-pidfile apply to the pidfile of --in, and its warnings are printed" {
	write_pidfile
	touch -d "@$(($(date +%s) - 3600))" file
	run_tool -1 pfdkill -0 --verbose --in pidfile:file "$spawned"
	assert_stderr_has 'pidfile:file: stale'
	run_tool -0 pfdkill --stale-ok --trust-pidfile -0 --in pidfile:file "$spawned"
	assert_stderr ''
	run_tool -124 pwait --stale-ok --nohang --in pidfile:file "$spawned"
	assert_stderr ''
	echo "$spawned more" >file
	run_tool -124 pwait --nohang --in pidfile:file "$spawned"
	assert_stderr "pwait: pidfile:file: there is more than one word in it; only the first is used"
	run_tool -1 pwait --in pidfile:file -- false
	assert_stderr "pwait: pidfile:file: there is more than one word in it; only the first is used"
}

@test "a file that is older than this boot is stale in each program, with status 1" {
	[[ $(stat -f -c %T .) != @(tmpfs|ramfs) ]] || skip "on a tmpfs no file is older than this boot"
	write_pidfile
	touch -d "@$(($(date +%s) - $(cut -d. -f1 /proc/uptime) - 3600))" file
	run_tool -1 pfdkill -0 --verbose pidfile:file
	run_tool -1 pfdkill pidfile:file
	assert_stderr_has 'older than this boot'
	run_tool -1 pwait --strict pidfile:file
	assert_stderr_has 'older than this boot'
	run_tool -1 pgrep -p pidfile:file
	assert_stderr_has 'older than this boot'
	[[ -e /proc/$spawned ]]
}

@test "a file that is older than its process by less than a clock tick is not stale" {
	requires python3
	write_pidfile
	# half a tick before the process started, because the kernel counts its start in ticks
	python3 - "$spawned" <<-'END'
		import os, sys, time
		tick = 1000000000 // os.sysconf("SC_CLK_TCK")
		start = int(open(f"/proc/{sys.argv[1]}/stat").read().rsplit(")")[1].split()[19])
		boot = time.time_ns() - time.clock_gettime_ns(time.CLOCK_BOOTTIME)
		written = boot + start * tick - tick // 2
		os.utime("file", ns=(written, written))
	END
	run_tool -0 pgrep -F file
	assert_output "$spawned"
	assert_stderr ''
	touch -d "$(date -r file '+%F %T.%N') 5 seconds ago" file
	run_tool -1 pgrep -F file
	assert_stderr_has stale
}

@test "however many blanks are before it, the PID in the file is whole" {
	write_pidfile
	local blanks
	for blanks in 200 249 250 251 252 253 254 255 256 5000; do
		printf "%${blanks}s%s\n" '' "$spawned" >file
		run_tool -0 pgrep -F file
		assert_output "$spawned"
		run_tool -0 pgrep -F - <file
		assert_output "$spawned"
	done
	# it is cut by nothing but a blank
	printf '%0255d\n' "$spawned" >file
	run_tool -1 pgrep -F file
	assert_stderr_has 'neither PID nor PID:INODE'
	printf '%01000d' "$spawned" >file
	run_tool -1 pgrep -F file
	assert_stderr_has 'neither PID nor PID:INODE'
}

@test "-F - waits for a standard input that does not block" {
	requires python3
	write_pidfile
	run --separate-stderr timeout 20 python3 -c '
import os, subprocess, sys, time
out, into = os.pipe()
os.set_blocking(out, False)
search = subprocess.Popen(sys.argv[1:], stdin=out)
while True:
    with open(f"/proc/{search.pid}/wchan") as wchan:
        if "poll" in wchan.read() or search.poll() is not None:
            break
    time.sleep(0.01)
os.write(into, open("file", "rb").read())
sys.exit(search.wait())' "$PFD_BINDIR/pgrep" -F -
	assert_success
	assert_output "$spawned"
	assert_stderr ''
}

@test "an error of the file system of the file does not mean that the process is gone" {
	requires strace
	write_pidfile
	local error call tool form
	for error in ESTALE ESRCH ECONNREFUSED EAGAIN ENODATA ENOTTY; do
		for call in openat read; do
			for form in pidfile lock; do
				[[ $call/$form != read/lock && $call/$error != read/EAGAIN ]] || continue
				for tool in 'pwait -t 10s' 'pfdkill -0' 'pgrep -p'; do
					# shellcheck disable=SC2086
					run -3 --separate-stderr strace -qq -o /dev/null -P "$PWD/file" -P file \
						-e "trace=$call" -e "inject=$call:error=$error" \
						"$PFD_BINDIR"/$tool "$form:file" 3>&-
					refute_output
					case $error in
					ESTALE) assert_stderr_has "$form:file: Stale file handle" ;;
					ESRCH) assert_stderr_has "$form:file: No such process" ;;
					*) [[ $stderr != *socket* && $stderr != *listener* ]] ;;
					esac
				done
			done
		done
	done
}

@test "the wait for a FIFO continues after an interrupted call" {
	requires strace
	spawn_ready named "$(own)"
	local named=$spawned
	mkfifo fifo
	spawn strace -qq -o /dev/null -e trace=poll,ppoll -e inject=poll,ppoll:error=EINTR:when=1 \
		"$PFD_BINDIR/pgrep" -F fifo
	local told=$spawned_out
	# it waits, or has ended
	wait_for waits_or_gone "$spawned"
	timeout 10 sh -c 'echo "$1" >fifo' - "$named" || true
	wait "$spawned"
	assert_equal "$(<"$told")" "$named"
}

# waits_or_gone TRACER: the process that it traces waits in poll, or has ended.
waits_or_gone() {
	local child
	child=$(cat "/proc/$1/task/$1/children" 2>/dev/null)
	[[ -z $child && -z $(proc_state "$1") || $(proc_state "$1") == Z ]] && return
	[[ -n $child ]] && waits "${child%% *}"
}

@test "a terminal from which a pidfile is read does not become the controlling terminal" {
	requires python3
	write_pidfile
	cat >terminal.py <<-'END'
		import os, subprocess, sys, time
		master, slave = os.openpty()
		p = subprocess.Popen([sys.argv[1], "--trust-pidfile", "pidfile:" + os.ttyname(slave)],
		    start_new_session=True, stdin=subprocess.DEVNULL)
		# until it waits: then a line, and the end of the file
		while "eventpoll" not in str([os.readlink(f.path) for f in os.scandir(f"/proc/{p.pid}/fd")]):
		    os.write(master, sys.argv[2].encode() + b"\n\x04")
		    time.sleep(0.05)
		print(open(f"/proc/{p.pid}/stat").read().rsplit(")")[1].split()[4])
		p.kill()
	END
	run python3 terminal.py "$PFD_BINDIR/pwait" "$spawned"
	assert_output 0
}
