#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Locks as targets: lock:PATH is every process that holds a lock on the file.

load helpers

is_dead() {
	is_zombie "$1" || is_gone "$1"
}

is_alive() {
	! is_dead "$1"
}

# unlocked PATH: no process holds a lock on it, as far as we can know. Outside the first PID
# namespace an ordinary user cannot.
unlocked() {
	if ((EUID)) && [[ $(readlink /proc/self/ns/pid) != 'pid:[4026531836]' ]]; then
		run_tool -3 pfdkill "lock:$1"
		assert_stderr "pfdkill: lock:$1: a process that we may not look into may hold a lock on it; try as root"
	else
		run_tool -1 pfdkill "lock:$1"
		assert_stderr "pfdkill: lock:$1: no process holds a lock on it"
	fi
}

@test "lock:PATH is the process with a lock on the file, of any kind" {
	local kind
	for kind in flock fcntl ofd; do
		spawn_ready locker open "$kind.lock"
		local other=$spawned
		spawn_ready locker "$kind" "$kind.lock"
		run_tool -0 pgrep -p "lock:$kind.lock"
		assert_output "$spawned"
		ln -s "$kind.lock" "$kind.link"
		run_tool -0 pfdkill -p "lock:$BATS_TEST_TMPDIR/$kind.link"
		assert_output "$spawned"
		run_tool -0 pfdkill --wait --verbose "lock:$kind.lock"
		assert_ended "lock:$kind.lock: $spawned (locker)" 'killed by signal 15 (TERM)'
		is_alive "$other"
		unlocked "$kind.lock"
	done
	if ((EUID == 0)); then
		run_tool -0 pwait lock:flock.lock
		assert_stderr "pwait: lock:flock.lock: no process holds a lock on it"
	fi
	run_tool -1 pfdkill lock:missing
	assert_stderr "pfdkill: lock:missing: no such file"
	run_tool -1 pwait lock:missing
	assert_stderr "pwait: lock:missing: no such file"
}

@test "all that share a lock are meant" {
	spawn_ready locker -s flock x
	local one=$spawned
	spawn_ready locker -s flock x
	run_tool -0 pgrep -p lock:x
	assert_output "$(printf '%s\n' "$one" "$spawned" | sort -n)"
}

@test "a lease is no lock" {
	spawn_ready locker lease x
	unlocked x
	is_alive "$spawned"
}

@test "a lock on a file that was replaced is not one on the file in its place" {
	spawn_ready locker flock x
	mv x y
	: >x
	unlocked x
	run_tool -0 pfdkill -p lock:y
	assert_output "$spawned"
}

@test "a hard link and a bind mount name the same file, and on overlayfs a copied file stays the same" {
	requires root pidns cap:SYS_ADMIN
	# shellcheck disable=SC2016
	run in_pidns '
		is_held() { [ "$("$PFD_BINDIR/pfdkill" -p "lock:$2")" = "$1" ] && echo "$2"; }
		mount --make-rprivate / && mount -t tmpfs none "$1" && cd "$1" || { echo skip; exit 0; }
		locker flock x >out & has_lock=$!
		wait_for has_line out
		ln x hard; : >bound; mount --bind x bound
		is_held $has_lock hard; is_held $has_lock bound
		mkdir low up work over
		echo >low/f
		mount -t overlay none -o lowerdir=low,upperdir=up,workdir=work over 2>/dev/null || exit 0
		: >out
		flock -s -F over/f sh -c "echo ready; exec sleep 1000" >out & has_lock=$!
		wait_for has_line out
		is_held $has_lock over/f
		echo >>over/f
		is_held $has_lock over/f
		"$PFD_BINDIR/pwait" --nohang lock:over/f || echo $?' "$PWD"
	[[ $output != skip ]] || skip "nothing can be mounted here"
	assert_success
	assert_line --index 0 hard
	assert_line --index 1 bound
	[[ ${#lines[@]} == 2 || $output == *$'over/f\nover/f\n124' ]]
}

@test "a lock without a descriptor of a process is not taken for none" {
	requires pidns
	local option
	head -c 5000 /dev/zero >x
	for option in -m -q; do
		# outside there may be processes that we may not look into
		run in_pidns '
			locker $1 flock x >out &
			wait_for has_line out
			"$PFD_BINDIR/pfdkill" lock:x || echo $?
			"$PFD_BINDIR/pwait" lock:x || echo $?
			finish $!
			"$PFD_BINDIR/pfdkill" lock:x || echo $?' $option
		assert_output "pfdkill: lock:x: it is locked, but no process that can be seen has the descriptor of the lock
3
pwait: lock:x: it is locked, but no process that can be seen has the descriptor of the lock
3
pfdkill: lock:x: no process holds a lock on it
1"
		rm out
	done
}

@test "when the process that locked has ended, the child that has the descriptor is meant" {
	requires pidns
	# shellcheck disable=SC2016
	run in_pidns '
		locker -x flock x >child & first=$!
		wait $first
		read -r child <child
		recycle $first -- sleep 1000 >recycle.out 2>&1 &
		wait_for has_line recycle.out
		wait_for comm_is $first sleep
		"$PFD_BINDIR/pfdkill" -p lock:x | grep -qx $child && echo found
		tool pfdkill --wait lock:x
		wait_for is_gone $child && echo gone
		comm_is $first sleep && echo unharmed'
	assert_success
	assert_output "found
gone
unharmed"
}

@test "a file that may be locked by a process into which we may not look is status 3" {
	requires root
	spawn_ready locker -h flock x
	chmod 666 x
	chmod 755 .
	run -3 as_user pfdkill "lock:x"
	assert_output "pfdkill: lock:x: a process that we may not look into may hold a lock on it; try as root"
	is_alive "$spawned"
}

@test "a file whose server does not answer is not in the way of a search for a lock" {
	requires root pidns
	[[ -c /dev/fuse ]] || skip 'needs /dev/fuse'
	mkdir stuck
	run -0 unshare --pid --fork --mount-proc --kill-child bash -c '
		"$PFD_HELPERS/stuckfs" stuck >ready & stuck=$!
		until [[ -s ready ]]; do kill -0 "$stuck" || exit; done
		flock x sleep 1000 & holder=$!
		until "$PFD_BINDIR/pgrep" -P "$holder" -x sleep >no; do :; done
		timeout -s KILL 10 "$PFD_BINDIR/pgrep" -p lock:x | wc -l'
	assert_output 2
}

@test "if a file system does not say which file is locked, it can be the file" {
	requires strace
	local first tool error
	spawn_ready locker flock x
	for tool in 'pwait -t 0.1' 'pfdkill -0'; do
		# the first look at a descriptor that has a lock
		# shellcheck disable=SC2086
		first=$(strace -qq -o /dev/stdout -e trace=statx "$PFD_BINDIR"/$tool lock:x 2>/dev/null 3>&- |
			grep statx | grep -n -m 1 'statx([0-9]*, "[0-9]' | cut -d: -f1)
		for error in ESTALE EIO; do
			# shellcheck disable=SC2086
			run -3 strace -qq -o /dev/null -e trace=statx \
				-e inject="statx:error=$error:when=$first+" "$PFD_BINDIR"/$tool lock:x 3>&-
			assert_output --partial 'a process that we may not look into may hold a lock on it'
		done
	done
}

@test "that a process which we may not look into may hold it too is reported" {
	requires root python3 setpriv
	cat >share.py <<-'PY'
		import fcntl, os, socket, sys
		f = os.open("shared", os.O_RDWR | os.O_CREAT, 0o644)
		fcntl.flock(f, fcntl.LOCK_EX)
		s = socket.socket()
		s.bind(("127.0.0.1", 0))
		s.listen()
		for fd in f, s.fileno():
		    os.set_inheritable(fd, True)
		print(s.getsockname()[1], flush=True)
		# this process ends with that of the other user
		if os.fork():
		    os.wait()
		else:
		    os.execvp(sys.argv[1], sys.argv[1:])
	PY
	spawn_ready python3 share.py setpriv --reuid 65534 --regid 65534 --clear-groups sleep 1000
	local port one target
	read -r port <"$spawned_out"
	until one=$(pgrep -P "$spawned" -x sleep); do :; done
	public_copy
	for target in "tcp:$port" lock:shared; do
		run --separate-stderr -0 drop_rights "$PFD_PUBLIC/bin/pfdkill" -p "$target"
		assert_output "$one"
		assert_stderr "pfdkill: $target: a process that we may not look into may hold it too; try as root"
		run_tool -0 pfdkill -p "$target"
		assert_output "$(printf '%s\n' "$spawned" "$one" | sort -n)"
		assert_stderr ''
	done
	kill -KILL "$one"
}

@test "a thread that has descriptors of its own is a holder" {
	requires root python3
	cat >apart.py <<-'PY'
		import ctypes, fcntl, os, socket, threading, time
		def hold():
		    if ctypes.CDLL(None).unshare(0x400): # CLONE_FILES
		        os._exit(1)
		    f = os.open("apart", os.O_RDWR | os.O_CREAT)
		    fcntl.flock(f, fcntl.LOCK_EX)
		    s = socket.socket()
		    s.bind(("127.0.0.1", 0))
		    s.listen()
		    print(s.getsockname()[1], flush=True)
		    time.sleep(1000)
		threading.Thread(target=hold, daemon=True).start()
		time.sleep(1000)
	PY
	spawn_ready python3 apart.py
	local port target
	read -r port <"$spawned_out"
	for target in "tcp:$port" lock:apart; do
		run_tool -0 pfdkill -p "$target"
		assert_output "$spawned"
		assert_stderr ''
	done
	# the lock is also what -L asks for
	echo "$spawned" >apart
	[[ ! -x $PFD_BINDIR/pgrep ]] || run_tool -0 pgrep -L -F apart
}

@test "each thread that has descriptors of its own is asked, also beside another holder" {
	requires root python3
	cat >both.py <<-'PY'
		import ctypes, fcntl, os, socket, threading, time
		port = 0
		def hold(ready):
		    global port
		    if ctypes.CDLL(None).unshare(0x400): # CLONE_FILES
		        os._exit(1)
		    s = socket.socket()
		    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
		    s.bind(("127.0.0.1", port))
		    s.listen()
		    port = s.getsockname()[1]
		    f = os.open("both", os.O_RDWR | os.O_CREAT)
		    fcntl.flock(f, fcntl.LOCK_SH)
		    ready.set()
		    time.sleep(1000)
		for i in 1, 2:
		    ready = threading.Event()
		    threading.Thread(target=hold, args=(ready,), daemon=True).start()
		    ready.wait()
		print(port, flush=True)
		time.sleep(1000)
	PY
	spawn_ready python3 both.py
	local port threads=$spawned
	read -r port <"$spawned_out"
	run_tool -0 pfdkill -p "tcp:$port"
	assert_output "$threads"
	spawn flock -F -s both sleep 1000
	wait_for comm_is "$spawned" sleep
	run_tool -0 pfdkill -p lock:both
	assert_output "$(printf '%s\n' "$threads" "$spawned" | sort -n)"
}

@test "a process that made the lock and has ended is not missed among its holders" {
	requires root setpriv
	public_copy
	: >kept
	chmod 666 kept
	# as a shell locks its script: flock(1) ends, the descriptor stays
	spawn setpriv --reuid 65534 --regid 65534 --clear-groups \
		sh -c 'exec 9<>kept; flock 9; exec sleep 1000'
	wait_for comm_is "$spawned" sleep
	run --separate-stderr -0 drop_rights "$PFD_PUBLIC/bin/pfdkill" -p lock:kept
	assert_output "$spawned"
	assert_stderr ''
}
