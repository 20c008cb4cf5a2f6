#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Targets that name a process by what it has open: a socket, a descriptor of another process.

load helpers

# listen_on ADDRESS...: $spawned is a process that listens there.
listen_on() {
	requires linux:6.5
	spawn_ready listener "$@"
}

# is_dead PID: gone, or a zombie that this shell has not reaped yet.
is_dead() {
	is_zombie "$1" || is_gone "$1"
}

# hold: $holder has a socket open as descriptor 7, with $listening at the other end.
hold() {
	listen_on "$BATS_TEST_TMPDIR/held.sock"
	listening=$spawned
	spawn_ready connector "$BATS_TEST_TMPDIR/held.sock" 7
	holder=$spawned
}

# bats test_tags=kernel
@test "unix:PATH is the process that listens on the socket" {
	listen_on x.sock
	run_tool pfdkill --verbose -0 unix:x.sock
	assert_success
	assert_output "unix:x.sock: $spawned (listener): alive"
	run_tool pfdkill --wait --verbose unix:x.sock
	assert_success
	assert_ended "unix:x.sock: $spawned (listener)" 'killed by signal 15 (TERM)'
}

# bats test_tags=kernel
@test "unix:@NAME is the process that listens on the abstract name" {
	local name=@pidfd-utils-$BASHPID-$RANDOM
	listen_on "$name"
	run_tool pwait --nohang -v "unix:$name"
	assert_equal "$status" 124
	run_tool pfdkill "unix:$name"
	assert_success
	assert_output ""
	assert_stderr ""
	wait_for is_dead "$spawned"
}

@test "the process that created the socket and the one that listens are distinguished" {
	spawn_ready listener -p x.sock
	local maker=$spawned child
	read -r child <"$spawned_out"
	run_tool pfdkill --wait unix:x.sock
	assert_success
	wait_for is_dead "$child"
	refute is_dead "$maker"
	run_tool pfdkill -0 "$maker"
	assert_success
}

@test "where the listener has ended, the processes that hold its socket are meant" {
	requires python3 linux:6.5
	# the listener ends when its two children have the socket
	cat >heirs.py <<-'PY'
		import os, signal, socket, sys
		s = socket.socket(socket.AF_UNIX)
		s.bind("\0" + sys.argv[1][1:] if sys.argv[1][0] == "@" else sys.argv[1])
		s.listen()
		children = []
		for i in range(2):
		    child = os.fork()
		    if not child:
		        os.setsid()
		        signal.pause()
		    children.append(child)
		print(*sorted(children), flush=True)
	PY
	local address heirs one two
	mkdir sub
	for address in x.sock "$BATS_TEST_TMPDIR/y.sock" "@pidfd-utils-$BASHPID-$RANDOM"; do
		spawn_ready python3 heirs.py "$address"
		read -r one two <"$spawned_out"
		wait_for is_dead "$spawned"
		run_tool -0 pgrep -p "unix:$address"
		assert_output "$one"$'\n'"$two"
		run_tool -2 pfdkill --group "unix:$address"
		assert_stderr "pfdkill: unix:$address: it names several processes, and one is needed here"
		run_tool -1 kill --thread -0 "unix:$address"
		run_tool -1 kill -d "unix:$address"
		run_tool -2 pwait --in "unix:$address" -- true
		run_tool -0 pfdkill --wait "unix:$address"
		assert_stderr ""
		is_dead "$one" && is_dead "$two"
		run_tool -1 pfdkill "unix:$address"
		assert_stderr "pfdkill: unix:$address: no process listens on that socket"
	done
	# by another path of the same file, and not by a file that came in its place
	spawn_ready python3 heirs.py z.sock
	read -r one two <"$spawned_out"
	wait_for is_dead "$spawned"
	ln -s ../z.sock sub/link
	run_tool -0 pgrep -p unix:sub/link
	assert_output "$one"$'\n'"$two"
	mv z.sock old.sock
	listen_on z.sock
	run_tool -0 pgrep -p unix:z.sock
	assert_output "$spawned"
	run_tool -0 pgrep -p unix:old.sock
	assert_output "$one"$'\n'"$two"
	kill -KILL "$one" "$two"
}

@test "a Unix socket whose holders cannot be found is status 3, not gone" {
	requires root python3 linux:6.5
	# a listening socket whose listener is dead: the command has it as fd 9, and a child holds it
	# until the command ends
	cat >orphaned.py <<-'PY'
		import os, socket, sys
		s = socket.socket(socket.AF_UNIX)
		s.bind(sys.argv[1])
		if not os.fork():
		    s.listen()
		    os._exit(0)
		os.wait()
		r, w = os.pipe()
		os.set_inheritable(w, True)
		if not os.fork():
		    os.close(w)
		    os.read(r, 1)
		    os._exit(0)
		os.dup2(s.fileno(), 9)
		print("ready", flush=True)
		os.execvp(sys.argv[2], sys.argv[2:])
	PY
	spawn_ready unshare --net python3 orphaned.py x.sock sleep 1000
	for tool in 'pfdkill -p' 'pwait --nohang'; do
		# shellcheck disable=SC2086
		run_tool -3 $tool unix:x.sock
		assert_stderr "${tool% *}: unix:x.sock: its holders cannot be found: it may be of another network namespace"
	done
	# one that we may not look into holds it
	public_copy
	run -3 python3 orphaned.py y.sock setpriv --reuid 65534 --regid 65534 --clear-groups \
		--inh-caps=-all --bounding-set=-all "$PFD_PUBLIC/bin/pwait" --nohang fd:9 3>&-
	assert_output "ready
pwait: fd:9: it is held by a process that we may not look into; try as root"
}

# manage [-s]: as PID 1 of a pid namespace hold sockets and start a service that has two of them;
# -s: as a service manager. Then send HUP to each.
manage() {
	requires python3 ip pidns linux:6.5
	cat >manager.py <<-'PY'
		import os, signal, socket, subprocess, sys, time
		subprocess.run(["mount", "-t", "tmpfs", "none", "/run"], check=True)
		if sys.argv[2:] == ["-s"]:
		    os.makedirs("/run/systemd/system")
		got = []
		signal.signal(signal.SIGHUP, lambda *unused: got.append("HUP"))
		os.mkdir("/run/x")
		def listen(family, address):
		    s = socket.socket(family)
		    s.bind(address)
		    s.listen()
		    return s
		x = listen(socket.AF_UNIX, "/run/x/act.sock")
		t = listen(socket.AF_INET, ("127.0.0.1", 0))
		port = t.getsockname()[1]
		r, w = os.pipe()
		service = os.fork()
		if not service:
		    signal.signal(signal.SIGHUP, lambda *unused: os.write(w, b"HUP "))
		    os.write(w, b"ready ")
		    while True:
		        signal.pause()
		os.read(r, 99)
		idle = listen(socket.AF_UNIX, "/run/x/idle.sock")
		here = f"fd:{x.fileno()}"
		there = f"{here}@{service}"
		for target in "unix:/run/x/act.sock", f"tcp:{port}", "unix:/run/x/idle.sock", here, there:
		    p = subprocess.run([sys.argv[1], "-HUP", "--verbose", target], capture_output=True,
		        text=True, pass_fds=[x.fileno()])
		    shown = (p.stdout + p.stderr).replace(f" {service} ", " SERVICE ")
		    print("status", p.returncode)
		    print(shown.replace(str(port), "PORT").replace(str(service), "SERVICE")
		        .replace(here, "fd:N"), end="")
		print("PID 1 got", len(got))
	PY
	run unshare "${PIDNS_FLAGS[@]}" --net sh -c 'ip link set lo up; exec "$@"' sh \
		python3 manager.py "$PFD_BINDIR/pfdkill" "$@" 3>&-
	# the hint is about PID 1, which may just be starting the program
	output=$(sed 's/ (python3[^)]*)//; /: hint about HUP/d' <<<"$output")
}

@test "a service manager that is PID 1 and holds the sockets of its services is left out" {
	manage -s
	assert_output "status 0
unix:/run/x/act.sock: SERVICE: sent HUP
status 0
tcp:PORT: SERVICE: sent HUP
status 1
pfdkill: unix:/run/x/idle.sock: it names only a service manager, which is skipped (its PID names it)
status 0
fd:N: SERVICE: sent HUP
status 0
fd:N@SERVICE: SERVICE: sent HUP
PID 1 got 0"
}

@test "the manager of a user, which holds the sockets of its services, is left out" {
	requires root linux:6.5
	cp "$PFD_HELPERS/listener" systemd
	spawn_ready ./systemd -s act.sock --user
	run_tool -0 pgrep -p unix:act.sock
	assert_output "$(<"$spawned_out")"
	spawn_ready ./systemd idle.sock --user
	run_tool -1 pfdkill unix:idle.sock
	assert_stderr "pfdkill: unix:idle.sock: it names only a service manager, which is skipped (its PID names it)"
	run_tool -0 pfdkill -0 "$spawned"
	# an upgrade has replaced its program
	rm systemd
	run_tool -1 pfdkill unix:idle.sock
	run_tool -0 pfdkill -0 "$spawned"
	cp "$PFD_HELPERS/listener" systemd
	# what only looks like one is meant
	spawn_ready ./systemd other.sock
	run_tool -0 pgrep -p unix:other.sock
	assert_output "$spawned"
	cp systemd theirs
	chown 65534 theirs
	mv theirs systemd
	spawn_ready ./systemd its.sock --user
	run_tool -0 pgrep -p unix:its.sock
	assert_output "$spawned"
}

@test "a server that is PID 1 of a container is meant" {
	manage
	assert_output "status 0
unix:/run/x/act.sock: 1: sent HUP
status 0
tcp:PORT: 1: sent HUP
tcp:PORT: SERVICE: sent HUP
status 0
unix:/run/x/idle.sock: 1: sent HUP
status 0
fd:N: 1: sent HUP
status 0
fd:N@SERVICE: 1: sent HUP
PID 1 got 5"
}

@test "a socket without a listener names no process" {
	listen_on x.sock
	run_tool pfdkill --wait unix:x.sock
	assert_success
	run_tool pfdkill unix:x.sock
	assert_failure 1
	assert_output ""
	assert_stderr "pfdkill: unix:x.sock: no process listens on that socket"
	run_tool pfdkill unix:y.sock
	assert_failure 1
	assert_stderr "pfdkill: unix:y.sock: no such socket"
	run_tool pwait unix:x.sock
	assert_success
	assert_stderr "pwait: unix:x.sock: no process listens on that socket"
}

@test "an error of the file system of a Unix socket does not mean that its listener is gone" {
	requires strace
	local tool
	spawn_ready listener socket
	for tool in 'pwait -t 10s' 'pfdkill -0' 'pgrep -p'; do
		# shellcheck disable=SC2086
		run -3 --separate-stderr strace -qq -o /dev/null -e inject=connect:error=ESTALE \
			"$PFD_BINDIR"/$tool unix:socket 3>&-
		assert_stderr_has 'unix:socket: Stale file handle'
	done
}

@test "a datagram socket and a path that is too long are rejected with the reason" {
	spawn_ready listener -d x.sock
	run_tool pfdkill unix:x.sock
	assert_failure 1
	assert_stderr "pfdkill: unix:x.sock: a datagram socket has no listener"
	run_tool pfdkill "unix:$(printf 'x%.0s' {1..108})"
	assert_failure 1
	assert_stderr_has "too long"
	run_tool pfdkill -0 "$spawned"
	assert_success
}

# bats test_tags=kernel
@test "fd:N is never a descriptor that the program opened itself" {
	sleeper
	local n
	for n in {3..18}; do
		run --separate-stderr bash -c '
			for n in {3..30}; do eval "exec $n>&-"; done
			"$PFD_BINDIR/pwait" --nohang -v "$@"' - "$spawned" "fd:$n" 3>&-
		assert_equal "$status" 1
		assert_stderr "pwait: fd:$n: no such descriptor is open"
		run --separate-stderr bash -c '
			for n in {3..30}; do eval "exec $n>&-"; done
			"$PFD_BINDIR/pfdkill" --verbose --dry-run --wait "$@"' - "$spawned" "fd:$n" 3>&-
		assert_stderr "pfdkill: fd:$n: no such descriptor is open"
	done
}

@test "fd:N of a descriptor that is not a pidfd is rejected, whatever a sandbox answers" {
	requires seccomp
	local error
	for error in EPERM ENOSYS; do
		for tool in "pwait -v" "pfdkill -USR1"; do
			# shellcheck disable=SC2086
			run -0 timeout 10 bash -c 'set -o pipefail; sleep 0.3 | { "$@" 3>&- || echo "status $?"; }' - \
				old-kernel "pidfd_send_signal=$error" "$PFD_BINDIR/"$tool fd:0
			assert_line --partial 'fd:0: that descriptor is neither a pidfd nor a Unix socket'
			assert_line --partial status
		done
	done
	spawn_ready sigecho
	# a pidfd is a process, and poll shows whether it is reaped
	requires linux:6.9
	run -124 timeout 10 old-kernel pidfd_send_signal=EPERM pidfacts as 7 "$spawned" \
		"$PFD_BINDIR/pwait" -t 0.01 fd:7
}

@test "the PID of an inherited pidfd belongs to our own pid namespace, or is not known" {
	requires pidns
	local flags=("${PIDNS_FLAGS[@]}") i
	sleeper
	# with its own /proc, and with that of the outer namespace
	for i in 1 2; do
		run -0 pidfacts as 7 "$spawned" unshare "${flags[@]}" bash -c '
			"$PFD_BINDIR/pwait" --json -v -t 0.01 fd:7
			"$PFD_BINDIR/pfdkill" --json -0 fd:7
			true'
		assert_output --partial '"pid":null'
		refute_output --partial '"pid":'[0-9]
		refute_output --partial "\"handle\":\"$spawned"
		flags=("${flags[@]/--mount-proc/--pid}")
	done
}

@test "a process without a PID here cannot be looked at, which is no mismatch" {
	requires pidns
	local options
	sleeper
	for options in . '-f .' '-f -v .' '-u root' '-P 0' '-O 0' '--cwd /'; do
		run -3 pidfacts as 7 "$spawned" unshare "${PIDNS_FLAGS[@]}" bash -c '
			"$PFD_BINDIR/pgrep" -p fd:7 $1' - "$options"
		assert_output 'pgrep: fd:7: it has no PID in our pid namespace'
	done
}

@test "a process behind a socket that is reaped is gone, and its PID does not matter" {
	requires python3 linux:6.16
	local tool
	for tool in 'pgrep -p fd:9 .' 'pgrep -f -p fd:9 .' 'pfdkill -d fd:9' 'pfdkill -r -USR1 fd:9'; do
		# shellcheck disable=SC2086
		run -1 timeout 20 python3 -c '
import os, socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind("\0" + sys.argv[1])
listener.listen()
child = os.fork()
if not child:
    socket.socket(socket.AF_UNIX).connect("\0" + sys.argv[1])
    os._exit(7)
peer = listener.accept()[0]
os.waitpid(child, 0)
os.dup2(peer.fileno(), 9)
os.execv(sys.argv[2], sys.argv[2:])' "$BATS_TEST_NUMBER-$RANDOM" "$PFD_BINDIR"/$tool 3>&-
		[[ -z $output || $output == *': fd:9: No such process' ]]
	done
}

# bats test_tags=kernel
@test "fd:N@PID is the process behind a descriptor of another process" {
	hold
	run_tool pfdkill --verbose --wait "fd:7@$holder"
	assert_success
	assert_ended "fd:7@$holder: $listening (listener)" 'killed by signal 15 (TERM)'
	run_tool pfdkill -0 "$holder"
	assert_success
}

# bats test_tags=kernel
@test "fd:N@PID:INODE is rejected if another process has the PID" {
	requires linux:6.9
	hold
	local handle
	handle=$holder:$(inode_of "$holder")
	run_tool pfdkill -0 "fd:7@$handle"
	assert_success
	run_tool pfdkill "fd:7@${handle%:*}:1"
	assert_failure 1
	assert_output ""
	assert_stderr "pfdkill: fd:7@${handle%:*}:1: recycled: that process is gone"
	run_tool pfdkill -0 "$listening"
	assert_success
}

@test "fd:N@PID of a descriptor that is not open or not a process is rejected" {
	hold
	run_tool pfdkill "fd:77@$holder"
	assert_failure 1
	assert_stderr "pfdkill: fd:77@$holder: no such descriptor is open"
	run_tool pfdkill "fd:0@$holder"
	assert_failure 1
	assert_stderr "pfdkill: fd:0@$holder: that descriptor is neither a pidfd nor a Unix socket"
	run_tool pwait --nohang "fd:7@2147483647"
	assert_success
	assert_stderr "pwait: fd:7@2147483647: No such process"
}

@test "descriptors of another user are denied with a message, and no process is signalled" {
	requires root
	hold
	# shellcheck disable=SC2154
	run --separate-stderr as_user "$PFD_BINDIR/pfdkill" "fd:7@$holder" 3>&-
	assert_failure 3
	assert_output ""
	assert_stderr "pfdkill: fd:7@$holder: we have no right to it"
	run_tool pfdkill -0 "$listening"
	assert_success
}

@test "pgrep -p accepts every form of target" {
	hold
	run_tool pgrep -p "unix:held.sock,fd:7@$holder"
	assert_success
	assert_output "$listening"
}

@test "a misspelled target is reported, and no process is signalled" {
	local word
	hold
	for word in unix: unix:@ fd:7@ fd:7@0 fd:7@x fd:@7 "fd:7@$holder:" "fd:7@$holder:0" socket:x; do
		run_tool pfdkill "$listening" "$word"
		assert_failure 2
		assert_output ""
		assert_stderr_has "'$word'"
		run_tool pwait --nohang "$word"
		assert_failure 2
		assert_stderr_has "'$word'"
	done
	run_tool pfdkill -0 "$listening"
	assert_success
}

# ---- mistakes in targets ----

# same_everywhere STATUS TARGET REASON: every program has this status and this message for it.
same_everywhere() {
	local tool
	for tool in 'pfdkill -0 --verbose' 'pwait --nohang' 'pgrep -p' 'pkill -0 -p' 'pidwait -p' \
		'pfdkill -d' 'pgrep --ns' 'pwait --nohang --in' 'pfdkill -0 --in'; do
		# shellcheck disable=SC2086
		case $tool in
		*--in) run_tool "-$1" $tool "$2" 1 ;;
		*) run_tool "-$1" $tool "$2" ;;
		esac
		assert_stderr "${tool%% *}: $2: $3"
	done
}

@test "the same wrong target has the same message and status in every program" {
	requires python3
	same_everywhere 1 fd:99 'no such descriptor is open'
	same_everywhere 1 unix:missing 'no such socket'
	same_everywhere 1 unix:/ 'no such socket'
	same_everywhere 1 unix:/dev/null 'no such socket'
	same_everywhere 1 unix:/etc/passwd 'no such socket'
	same_everywhere 1 pidfile:missing 'no such file'
	: >file
	same_everywhere 1 pidfile:file 'it is empty'
	same_everywhere 1 pidfile:file/x 'no such file'
	same_everywhere 1 unix:file/x 'no such socket'
	echo nonsense >file
	same_everywhere 1 pidfile:file \
		'its first word is neither PID nor PID:INODE nor PID:INODE:BOOT'
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
	same_everywhere 3 pidfile:socket 'it is a socket, which cannot be read'
}

@test "one wrong target of -p does not stop the search for the others; with -v it does" {
	sleeper
	run_tool -0 pgrep -p "fd:99,$spawned"
	assert_output "$spawned"
	assert_stderr 'pgrep: fd:99: no such descriptor is open'
	run_tool -1 pgrep -v -p fd:99
	refute_output
}

# ---- several handles in one argument ----

# bats test_tags=kernel
@test "one argument may contain several handles, separated by white space" {
	requires linux:6.9
	sleeper
	local one=$spawned handles
	sleeper
	handles=$(tool pgrep --handle -p "$one,$spawned")
	[[ $handles == *$'\n'* ]]
	run_tool -0 pfdkill -p "$handles"
	assert_output "$one"$'\n'"$spawned"
	run_tool -124 pwait --nohang -p " $handles "
	assert_line "$one:$(inode_of "$one")"
	run_tool -0 pgrep -p "$handles"
	assert_output "$one"$'\n'"$spawned"
	run_tool -0 pfdkill --wait "$handles"
	run_tool -0 pwait "$handles"
}

@test "several PIDs in one argument, or an empty argument, are rejected" {
	local tool
	sleeper
	for tool in pfdkill pwait; do
		run_tool -2 "$tool" "$spawned"$'\n'"$spawned"
		assert_stderr_has 'several numbers in one word: leave out the quotes, or use pgrep --handle'
		run_tool -2 "$tool" "$spawned:1 $spawned"
		assert_stderr_has 'several numbers in one word'
		run_tool -2 "$tool" ''
		assert_stderr_has "$tool: no target: the operand is empty (did a search find nothing?)"
		run_tool -2 "$tool" "$spawned" ' '
		assert_stderr_has "$tool: no target: the operand is empty"
	done
	refute is_dead "$spawned"
}

@test "a target that is named many times takes one descriptor" {
	sleeper
	local many
	mapfile -t many < <(yes "$spawned" | head -n 3000)
	run --separate-stderr bash -c 'ulimit -n 40; exec "$0" --dry-run --wait "$@"' \
		"$PFD_BINDIR/pfdkill" "${many[@]}" 3>&-
	assert_success
	assert_row "$spawned" sleep
	assert_equal "${#lines[@]}" 2
	run --separate-stderr bash -c 'ulimit -n 40; exec "$0" --nohang -p "$@"' \
		"$PFD_BINDIR/pwait" "${many[@]}" 1 3>&-
	assert_equal "$status" 124
	assert_output "$spawned"$'\n'1
}

@test "a name may contain blanks" {
	spawn_ready named 'Web Content'
	run_tool -0 pfdkill -p 'Web Content'
	assert_output "$spawned"
}

# ---- handles of another boot ----

# bats test_tags=kernel
@test "PID:INODE:BOOT is exactly that process, and in another boot it is gone" {
	requires linux:6.9
	sleeper
	local boot other handle
	boot=$(tr -d - </proc/sys/kernel/random/boot_id)
	other=${boot:0:31}$([[ $boot == *0 ]] && echo 1 || echo 0)
	handle=$spawned:$(inode_of "$spawned")
	run_tool -0 pgrep --boot-handle -p "$spawned"
	assert_output "$handle:$boot"
	run_tool -0 pfdkill -p "$handle:${boot^^}"
	assert_output "$spawned"
	run_tool -124 pwait --nohang "$handle:$boot"
	run_tool -0 pgrep -p "$handle:$boot"
	assert_output "$spawned"
	run_tool -1 pfdkill "$handle:$other"
	assert_stderr "pfdkill: $handle:$other: of another boot: that process is gone"
	run_tool -0 pwait "$handle:$other"
	assert_stderr "pwait: $handle:$other: of another boot: that process is gone"
	run_tool -1 pgrep -p "$handle:$other"
	assert_stderr "pgrep: $handle:$other: of another boot: that process is gone"
	echo "$handle:$boot" >file
	touch -d '2020-01-01' file
	run_tool -0 pfdkill -0 pidfile:file
	echo "$handle:$other" >file
	run_tool -1 pfdkill pidfile:file
	assert_stderr 'pfdkill: pidfile:file: of another boot: that process is gone'
	refute is_dead "$spawned"
	run_tool -2 pfdkill "$handle:${boot:1}"
	assert_stderr_has 'a BOOT after the INODE must be the 32 hex digits of a boot id'
}

# ---- real servers ----

is_socket() {
	[[ -S $1 ]]
}

# hits_listener: $spawned listens on x.sock; it is named and ended, but its client is not.
hits_listener() {
	local server=$spawned
	wait_for -t 30 is_socket x.sock
	spawn_ready connector x.sock 7
	run_tool -0 pfdkill --pid unix:x.sock
	assert_output "$server"
	run_tool -0 pfdkill --timeout 30s KILL --wait unix:x.sock
	refute_output
	assert_stderr ''
	wait_for is_dead "$server"
	refute is_dead "$spawned"
}

@test "unix:PATH of an ssh-agent is the agent, not its client" {
	requires linux:6.5 ssh-agent
	spawn ssh-agent -D -a x.sock
	hits_listener
}

@test "unix:PATH of a redis-server is the server, not its client" {
	requires linux:6.5 redis-check-rdb
	# one program with two names, and the only one that redis-tools has
	ln -s "$(command -v redis-check-rdb)" redis-server
	spawn ./redis-server --port 0 --unixsocket x.sock --save '' --dir .
	hits_listener
}

@test "unix:PATH of an nginx is its master, which ends the workers in order" {
	requires linux:6.5 nginx
	mkdir logs
	printf '%s\n' "pid nginx.pid; error_log error.log; worker_processes 2; daemon off;" \
		'events {}' "http { access_log off; server { listen unix:$PWD/x.sock; } }" >nginx.conf
	spawn nginx -p "$PWD" -c "$PWD/nginx.conf"
	hits_listener
}

@test "if a sandbox forbids :INODE, the message says so, and does not blame the kernel" {
	requires seccomp linux:6.14
	local rules handle tool
	spawn sleep 100
	handle=:$(inode_of "$spawned")
	for rules in open_by_handle_at=EPERM 'open_by_handle_at=EPERM name_to_handle_at=EPERM'; do
		for tool in pfdkill pwait; do
			# shellcheck disable=SC2086
			run -3 old-kernel $rules "$PFD_BINDIR/$tool" "$handle"
			assert_output "$tool: $handle: a sandbox refuses pidfds here"
		done
	done
	# an ordinary user on an older kernel
	run -3 old-kernel open_by_handle_at=EPERM name_to_handle_at=EOPNOTSUPP "$PFD_BINDIR/pwait" "$handle"
	assert_output --partial 'this kernel has no such handles'
}

@test ":INODE is a living process where the kernel does not give its PID" {
	requires seccomp linux:6.14
	local error tool
	sleeper
	for error in ESRCH ENOTTY EINVAL; do
		run -0 old-kernel "getinfo=$error" "$PFD_BINDIR/pfdkill" -0 --verbose ":$(inode_of "$spawned")"
		assert_output ":$(inode_of "$spawned"): $spawned (sleep): alive"
	done
}

@test "fd:N of a file is rejected in a sandbox too, and the message names the target" {
	requires seccomp
	local error
	for error in EPERM ENOSYS; do
		# shellcheck disable=SC2016
		run -1 old-kernel "pidfd_send_signal=$error" "$PFD_BINDIR/pwait" -t 10s fd:0 </etc/passwd
		assert_output 'pwait: fd:0: that descriptor is neither a pidfd nor a Unix socket'
	done
}
