#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# How pgrep, pkill and pidwait use the system: which files they open and how many, and what they do
# if /proc is hidden, of another namespace or missing.

load helpers

own() {
	printf 's%sx%s' "$BATS_TEST_NUMBER" "$$"
}

# The files of processes that a command opens or follows, each kind once; the calls are in log.
files_of() {
	strace -f -o log -e trace=openat,open,readlink,readlinkat,stat,newfstatat "$@" >out 2>err || true
	sed -nE 's/.*"(\/proc\/)?[0-9]+\/([a-z]+(\/[a-z]+)?).*/\2/p' log | sort -u | tr '\n' ' '
}

# shellcheck disable=SC2016
COUNT='
	herd 300 < <(sleep 100) >herd.out &
	wait_for file_has herd.out ready
	n=$(printf "%s\n" /proc/[0-9]* | wc -l)
	opens() {
		strace -f -c -o calls -e trace=openat "$PFD_BINDIR/pgrep" "$@" >out
		awk "/ openat$/ {print \$4}" calls
	}
'

@test "pgrep NAME opens one file per process and few others" {
	requires pidns strace
	# shellcheck disable=SC2016
	run in_pidns "$COUNT"'
		count=$(opens -x herd)
		test $(wc -l <out) -ge 300
		((count <= n + 60)) || echo "by name: $count for $n"
		count=$(opens nobody)
		((count <= n + 60)) || echo "nobody: $count for $n"
		count=$(opens -f herd)
		((count <= n + 60)) || echo "-f: $count for $n"
		count=$(opens -u 0)
		((count <= n + 60)) || echo "-u: $count for $n"
		# of a match that is a fork, its stat and that of its parent
		count=$(opens -A herd)
		((count <= 3 * n + 60)) || echo "-A: $count for $n"
		count=$(opens -A nobody)
		((count <= n + 60)) || echo "-A, nobody: $count for $n"
		count=$(opens --handle herd)
		((count <= n + 60)) || echo "--handle: $count for $n"
		count=$(opens -p 1,2)
		((count <= 60)) || echo "-p: $count"'
	assert_output ''
	assert_success
}

@test "if many processes match, each is read once" {
	requires pidns strace
	# shellcheck disable=SC2016
	run in_pidns "$COUNT"'
		strace -f -c -o calls -e trace=pread64 "$PFD_BINDIR/pgrep" -f herd >out
		count=$(awk "/ pread64$/ {print \$4}" calls)
		test $(wc -l <out) -ge 300
		((count <= n + 30)) || echo "$count readings for $n"'
	assert_output ''
	assert_success
}

# The soname of the library that pgrep may load, from its ELF note.
soname() {
	objcopy -O binary --only-section=.note.dlopen "$PFD_BINDIR/pgrep" note
	tail -c +17 note | tr -d '\0' | jq -r '.[].soname[]'
}

@test "libproc2 is loaded only for -t" {
	requires strace
	spawn_ready named "$(own)"
	local options
	for options in -n '-o -a' '--older 0' --json '-w -l' '-r S' ''; do
		# shellcheck disable=SC2086
		run -0 strace -f -o log -e trace=openat,open "$PFD_BINDIR/pgrep" $options "$(own)"
		refute [ "$(grep -cE 'lib(proc2|systemd)' log)" -gt 0 ]
	done
}

@test "the locale is loaded only for a name or pattern that is not ASCII, and for -i" {
	requires strace
	# musl has its locales built in
	[[ $(LC_ALL=C.UTF-8 strace -e trace=openat,open ls 2>&1 >/dev/null) == */locale/* ]] ||
		skip "no locale is read from files here"
	spawn_ready named "$(own)"
	local pattern
	export LC_ALL=C.UTF-8
	for pattern in "^$(own)" "$(own).*" "[^y-]*$(own)[0-9]*\\.?" '-f -x .*' '--fixed .'; do
		# shellcheck disable=SC2086
		run strace -o log -e trace=openat,open "$PFD_BINDIR/pgrep" -p "$spawned" $pattern 3>&-
		assert grep -q '"/proc"' log
		refute grep /locale/ log
	done
	for pattern in é -i\ x '[a-z]'; do
		# shellcheck disable=SC2086
		run strace -o log -e trace=openat,open "$PFD_BINDIR/pgrep" -p "$spawned" $pattern 3>&-
		assert grep -q /locale/ log
	done
	spawn_ready named "$(own)é"
	run_tool -0 pgrep "^$(own).$"
	assert_output "$spawned"
	LC_ALL=C run_tool -1 pgrep "^$(own).$"
}

@test "pgrep names the library that it loads in the ELF note .note.dlopen" {
	requires strace libproc2 jq objcopy
	local library
	library=$(soname)
	assert_regex "$library" '^libproc2\.so\.[0-9]+$'
	run strace -f -o log -e trace=openat,open "$PFD_BINDIR/pgrep" -t tty63
	assert grep -q "/$library\".* = [0-9]" log
}

@test "without libproc2 -t is rejected with status 3, no process is signalled, and all else works" {
	requires libproc2 jq objcopy
	local library tool
	library=$(soname)
	mkdir hidden
	echo "no library" >"hidden/$library"
	spawn_ready named "$(own)"
	export LD_LIBRARY_PATH=$PWD/hidden
	for tool in pgrep pkill pidwait; do
		run_tool -3 "$tool" -t - "$(own)"
		refute_output
		assert_stderr "$tool: --terminal needs libproc2: $library cannot be loaded"
	done
	run_tool -0 pgrep -n -l --older 0 -x "$(own)"
	assert_output "$spawned $(own)"
	run_tool -0 pgrep --version
	assert_line --regexp '^with libproc2 '
	run_tool -0 pkill -x "$(own)"
	wait_for is_gone "$spawned"
}

@test "only files that the criteria need are opened; cmdline and environ only on request" {
	requires strace
	spawn_ready named "$(own)"
	local pgrep=$PFD_BINDIR/pgrep users=
	# since then the handle gives them
	kernel_at_least 6.13 || users='status '
	assert_equal "$(files_of "$pgrep" -x "$(own)" -p "$spawned")" 'comm '
	assert_equal "$(files_of "$pgrep" -u 0 -p "$spawned")" "$users"
	assert_equal "$(files_of "$pgrep" -f "$(own)" -p "$spawned")" 'cmdline '
	assert_equal "$(files_of "$pgrep" -H -p "$spawned")" 'status '
	assert_equal "$(files_of "$pgrep" --cgroup '/**' -p "$spawned")" 'cgroup '
	assert_equal "$(files_of "$pgrep" --env X=Y -p "$spawned")" 'environ '
	assert_equal "$(files_of "$pgrep" -l -p "$spawned")" 'comm '
	assert_equal "$(files_of "$pgrep" -a -p "$spawned")" 'cmdline comm '
	assert_equal "$(files_of "$pgrep" -x "$(own)" -p "$spawned" -u 54321)" "comm $users"
	[[ $(files_of "$pgrep" -n -x "$(own)" -p "$spawned") != *cmdline* ]]
	[[ $(files_of "$pgrep" -n -t - -u "$EUID" -x "$(own)") != *environ* ]]
	assert_equal "$(files_of "$PFD_BINDIR/pkill" -0 -x "$(own)" -p "$spawned")" 'comm '
}

@test "the full name is read only if comm is cut, first from the link" {
	requires strace
	spawn_ready named "$(own)-with-a-long-name"
	local files
	files=$(files_of "$PFD_BINDIR/pgrep" -x "$(own)-with-a-long-name" -p "$spawned")
	assert_equal "$files" 'comm exe '
	assert_equal "$(<out)" "$spawned"
}

# Run `pgrep --ns` for a process in its own uts namespace; the calls are in log.
ns_of_another() {
	spawn_ready unshare "${NEW_UTS[@]}" -- named "$(own)"
	local other=$spawned
	spawn_ready named "$(own)"
	run --separate-stderr strace -o log -e trace=ioctl,openat "$@" \
		"$PFD_BINDIR/pgrep" --ns "$other" --nslist uts,net,pid -x "$(own)"
	assert_output "$other"
	assert_equal "$stderr" ''
}

NEW_UTS=(-u)
((EUID == 0)) || NEW_UTS=(-rUu)

@test "since Linux 6.13 -u, -U, -G and -P open no file but that of the name" {
	requires strace linux:6.13
	local option
	spawn_ready named "$(own)"
	for option in "-u $EUID" "-U $UID" "-G $(id -g)" "-P $BASHPID"; do
		# shellcheck disable=SC2086
		strace -o log -e trace=openat "$PFD_BINDIR/pgrep" $option -x "$(own)" 3>&-
		run ! grep "\"$spawned/status\"" log
	done
}

@test "-u, -U, -G and -P use the handles, or read status if handles do not give the users" {
	requires strace
	local option error
	spawn_ready named "$(own)"
	for option in "-u $EUID" "-U $UID" "-G $(id -g)" "-P $BASHPID"; do
		# shellcheck disable=SC2086
		run --separate-stderr "$PFD_BINDIR/pgrep" $option -x "$(own)"
		assert_output "$spawned"
		for error in ENOTTY EINVAL ESRCH EREMOTE; do
			# shellcheck disable=SC2086
			run --separate-stderr strace -o log -e trace=ioctl,openat \
				-e inject=ioctl:error=$error "$PFD_BINDIR/pgrep" $option -x "$(own)"
			assert_output "$spawned"
			grep -q "\"$spawned/status\"" log
		done
	done
	# 6.12 cannot, and then no process is held just for this (no test runs as that user)
	strace -o log -e trace=pidfd_open,ioctl -e inject=ioctl:error=ENOTTY \
		"$PFD_BINDIR/pgrep" -u 4000000001 || true
	run grep -c pidfd_open log
	((output <= 2))
}

@test "--ns uses the handles and reads no link" {
	requires strace pidns linux:6.11
	ns_of_another
	run grep -c 'readlink.*/ns/' log
	assert_output 0
}

@test "--ns opens the files of /proc if handles do not give namespaces" {
	requires strace pidns
	local error
	for error in ENOTTY EINVAL EOPNOTSUPP; do
		ns_of_another -e inject=ioctl:error=$error
		run grep -c 'openat.*ns/' log
		((output >= 6))
		end_spawned
	done
	requires seccomp
	spawn_ready named "$(own)"
	run --separate-stderr old-kernel 6.10 "$PFD_BINDIR/pgrep" --ns "$$" -x "$(own)"
	assert_output "$spawned"
}

@test "--nslist compares only the kinds that it names" {
	requires root pidns seccomp
	local kinds=(cgroup ipc mnt net pid time user uts)
	local kind others how how_words options
	spawn_ready named "$(own)"
	local here=$spawned
	for kind in "${kinds[@]}"; do
		options=("--$kind")
		[[ $kind != mnt ]] || options=(--mount)
		# the creator does not enter the namespace, its children do
		[[ $kind != pid && $kind != time ]] || options+=(--fork)
		spawn_ready unshare "${options[@]}" named "$(own)"
		others=$(printf '%s\n' "${kinds[@]}" | grep -vx "$kind" | paste -sd,)
		# by the handle, and by the links as on an older kernel
		for how in env 'old-kernel 6.10'; do
			read -ra how_words <<<"$how"
			run -0 --separate-stderr "${how_words[@]}" "$PFD_BINDIR/pgrep" --ns "$here" \
				--nslist "$kind" -x "$(own)"
			assert_equal "$kind: $output" "$kind: $here"
			run -0 --separate-stderr "${how_words[@]}" "$PFD_BINDIR/pgrep" --ns "$here" \
				--nslist "$others" -x "$(own)"
			assert_equal "all but $kind: ${#lines[@]}" "all but $kind: 2"
		done
		kill -KILL "$(grep -vx "$here" <<<"$output")"
	done
}

@test "--ns without enough descriptors is status 3, not a missing match" {
	requires strace linux:6.11
	spawn_ready named "$(own)"
	run --separate-stderr strace -o log -e trace=ioctl -e inject=ioctl:error=EMFILE:when=9+ \
		"$PFD_BINDIR/pgrep" --ns "$$" -x "$(own)"
	assert_failure 3
	refute_output
}

@test "-w --ns uses the namespaces of each thread" {
	requires root python3 pidns linux:6.9
	cat >threads.py <<-'PYTHON'
		import threading, ctypes, time
		def run():
		    libc = ctypes.CDLL(None, use_errno=True)
		    result = libc.unshare(0x04000000)
		    print("ready", threading.get_native_id(), result, flush=True)
		    time.sleep(1000)
		threading.Thread(target=run, daemon=True).start()
		time.sleep(1000)
	PYTHON
	spawn_ready python3 threads.py
	local tid result
	read -r _ tid result <"$spawned_out"
	((result == 0)) || skip "a thread cannot have a uts namespace of its own here"
	run_tool -0 pgrep -w --ns "$$" --nslist uts -p "$spawned"
	assert_output "$spawned"
	requires seccomp
	run --separate-stderr old-kernel 6.8 "$PFD_BINDIR/pgrep" -w --ns "$$" --nslist uts -p "$spawned"
	assert_output "$spawned"
}

@test "-w --ns finds all threads, also before Linux 6.9" {
	requires seccomp
	spawn_ready threads 2
	local all
	all=$(tr ' ' '\n' <"$spawned_out" | sort -n)
	run_tool -0 pgrep -w -p "$spawned" --ns "$$"
	assert_output "$all"
	run -0 old-kernel 6.8 "$PFD_BINDIR/pgrep" -w -p "$spawned" --ns "$$"
	assert_output "$all"
}

@test "processes that are hidden from us do not match, and that is not a failure" {
	requires root pidns
	# shellcheck disable=SC2016
	run in_pidns '
		hide_processes 2
		named hidden >hidden & wait_for has_line hidden
		user="setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all"
		$user true 2>/dev/null || { echo skip; exit 0; }
		# a user without privileges may not enter the folder of our programs
		bin=$(mktemp -d) && chmod 755 $bin
		cp "$PFD_BINDIR/pgrep" "$PFD_BINDIR/pkill" "$PFD_HELPERS/named" $bin
		$user env -u BATS_TEST_TMPDIR $bin/named seen >seen & wait_for has_line seen
		for mode in 2 1; do
			mount -t proc -o remount,hidepid=$mode proc /proc
			$user $bin/pgrep -x "hidden|seen" -c
			$user $bin/pgrep -p $! -l
			$user $bin/pgrep -x hidden || echo "status $?"
			$user $bin/pgrep -n -x "hidden|seen" -l
			$user $bin/pgrep -f "^(hidden|seen)" -c
			$user $bin/pkill -0 -e -x "hidden|seen"
		done 2>&1 | sed "s/^$! /PID /; s/pid $!/pid PID/"
		rm -r $bin'
	skip_if_not_hidden
	local once=$'1\nPID seen\nstatus 1\nPID seen\n1\nseen killed (pid PID)'
	assert_output "$once"$'\n'"$once"
	assert_success
}

@test "a /proc of another namespace is status 3" {
	requires pidns
	local flags=(--pid --fork)
	((EUID == 0)) || flags+=(--user --map-root-user)
	local name
	for name in pgrep pkill pidwait; do
		run --separate-stderr unshare "${flags[@]}" "$PFD_BINDIR/$name" . 3>&-
		assert_failure 3
		refute_output
		[[ $stderr == *'another pid namespace'* ]] || fail "$stderr"
	done
}

@test "a missing /proc is status 3" {
	requires pidns plain
	# shellcheck disable=SC2016
	run in_pidns '
		mount -t tmpfs none /proc 2>/dev/null || { echo skip; exit 0; }
		for name in pgrep pkill pidwait; do
			"$PFD_BINDIR/$name" . || echo $?
		done 2>&1 | sed "s/^[^ ]*: //"'
	[[ $output != skip ]] || skip "nothing can be mounted on /proc here"
	assert_output $'/proc is not mounted\n3\n/proc is not mounted\n3\n/proc is not mounted\n3'
}

@test "in a container with its own /proc only its processes are found" {
	requires pidns
	# shellcheck disable=SC2016
	run in_pidns '
		named inside >inside & wait_for has_line inside
		test $(tool pgrep -x inside) = $!
		tool pkill -e inside | sed "s/pid $!/pid PID/"
		wait $! || true
		tool pgrep -c .'
	assert_output $'inside killed (pid PID)\n2'
}

@test "a stopped or traced process does not block the search" {
	requires strace
	spawn_ready named "$(own)"
	kill -STOP "$spawned"
	wait_for is_stopped "$spawned"
	run timeout 60 "$PFD_BINDIR/pgrep" -f "$(own)" -a
	assert_output "$spawned $(own)"
}

@test "the environment cannot hide kernel threads" {
	requires root
	comm_is 2 kthreadd || skip "no kernel thread to be seen"
	LIBPROC_HIDE_KERNEL=1 run_tool -0 pgrep -o -P 0 -x kthreadd
	assert_output 2
}

@test "the name by which a program is called does not change what it does" {
	ln -s "$PFD_BINDIR/pgrep" pkill
	spawn_ready named "$(own)"
	run ./pkill "$(own)"
	assert_success
	assert_output "$spawned"
	[[ -e /proc/$spawned ]]
}

@test "--ns: a kind of namespace that the kernel does not have is not compared" {
	requires strace seccomp
	spawn_ready named "$(own)"
	local search=("$PFD_BINDIR/pgrep" --ns "$$" --nslist "uts,time" -p "$spawned")
	# the call that opens ns/time
	run -0 old-kernel 6.1 strace -qq -o calls -e trace=openat "${search[@]}" 3>&-
	local place
	place=$(grep -n 'ns/time"' calls | head -n 1 | cut -d: -f1)
	[[ $place ]]
	run --separate-stderr old-kernel 6.1 strace -qq -o calls -e trace=openat \
		-e inject=openat:error=ENOENT:when="$place" "${search[@]}" 3>&-
	cat calls
	assert_output "$spawned"
	file_has calls 'ns/time.*INJECTED'
}
