#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154
# The rules for pidfiles: how old they may be, what proves more than their age, and which files root
# accepts.

load helpers

teardown() {
	end_spawned
	if [[ -n ${mounted-} ]]; then
		umount "$mounted"
	fi
}

# daemon [FILE]: a process, in $spawned, whose PID is in FILE.
daemon() {
	sleeper
	echo "$spawned" >"${1-file}"
}

# of_user: a process of user 54321, in $spawned.
of_user() {
	requires root cap:CHOWN cap:SETUID setpriv
	spawn setpriv --reuid 54321 --regid 54321 --clear-groups sleep 1000
	wait_for comm_is "$spawned" sleep
}

# stepped SECONDS TOOL ARG...: run as if the clock had just been set forward by SECONDS.
stepped() {
	[[ -e $PFD_HELPERS/clock.so ]] || skip "clock.so was not built"
	requires plain
	local step=$1 name=$2
	shift 2
	run --separate-stderr env CLOCK_STEP="$step" LD_PRELOAD="$PFD_HELPERS/clock.so" \
		"$PFD_BINDIR/$name" "$@" 3>&-
	printf 'status %s\n%s\n%s\n' "$status" "$output" "$stderr"
}

# ---- the clock ----

@test "after the clock was set forward, the file of a living process is not stale" {
	# this process is looked at at once, so it shows the clock change
	sleeper
	# this one is not looked at before the file is older than the change
	spawn sleep 1000
	echo "$spawned" >file
	touch -d '+0.3 seconds' file
	touch now
	until [[ now -nt file ]]; do touch now; done
	stepped 100 pgrep -F file
	assert_success
	assert_output "$spawned"
	# no warning if another program of this machine has looked at it
	[[ $stderr == '' || $stderr == 'pgrep: file: the clock was set since it was written, so it may be stale; going on' ]]
	stepped 100 pfdkill -0 pidfile:file
	assert_success
}

@test "a file that is older than the clock change explains is stale" {
	daemon
	touch -d '-1 minute' file
	stepped 20 pgrep -F file
	assert_failure 1
	refute_output
	assert_stderr_has 'stale: that process started after the file was written'
}

@test "a process whose folder in /proc was read before the file was written existed then" {
	sleeper
	[[ -e /proc/$spawned/stat ]]
	echo "$spawned" >file
	stepped 100 pgrep -F file
	assert_success
	assert_output "$spawned"
	assert_stderr ''
}

# by_clocks CHECK: run it in a new PID namespace, whose /proc no other process has read, with a file
# system on a disk and one in memory, after a step of the clock by +2 s, +1 h, +6 days and -1 h. It
# finds $step and $place, and prints the result of `at TOOL ARG...`.
by_clocks() {
	[[ -e $PFD_HELPERS/clock.so ]] || skip "clock.so was not built"
	requires plain pidns
	mkdir disk memory
	# shellcheck disable=SC2016
	run in_pidns '
		at() {
			local status=0 output
			output=$(CLOCK_FS=$type CLOCK_STEP=$step LD_PRELOAD=$PFD_HELPERS/clock.so tool "$@" 2>&1) ||
				status=$?
			echo "$place $step ${1//[0-9]/} $status ${output//[0-9]/}"
		}
		# PID 1 has been looked at, as it is on every machine
		read -r _ </proc/1/stat
		mount -t tmpfs tmpfs memory
		for place in disk memory; do
			type=0xEF53
			[[ $place == disk ]] || type=0x01021994
			for step in 2 3600 518400 -3600; do
				file=$place/file
				sleep 1000 & pid=$!
				wait_for comm_is "$pid" sleep
				'"$1"'
				finish "$pid"
			done
		done'
	printf '%s\n' "$output"
	assert_success
}

@test "after a step of the clock by seconds, an hour, days or back, the file of a living process is not stale" {
	local places=0 line
	# shellcheck disable=SC2016
	by_clocks '
		echo "$pid" >$file
		for line in "pgrep -F $file" "pkill -0 -F $file" "pfdkill -0 pidfile:$file"; do
			at $line
		done'
	for line in "${lines[@]}"; do
		[[ $line =~ ^(disk|memory)\ -?[0-9]+\ (pgrep|pkill|pfdkill)\ 0\  ]] || fail "$line"
		# a clock that was set back proves nothing, which is reported
		[[ $line != *' -3600 '* || $line == *'the clock was set since it was written'* ]] || fail "$line"
		places=$((places + 1))
	done
	assert_equal "$places" 24
}

@test "after a step of the clock, the file of a recycled PID is stale, if more than the set-back clock shows it" {
	local line count=0
	requires linux:6.9
	# shellcheck disable=SC2016
	by_clocks '
		echo "$pid" >$file
		"$PFD_BINDIR/pgrep" --handle -p $pid >$place/handle
		# another process gets the PID more than one clock tick later
		touch -d "-0.1 seconds" $file
		finish "$pid"
		echo $((pid - 1)) >/proc/sys/kernel/ns_last_pid
		sleep 1000 & [[ $! == "$pid" ]]
		wait_for comm_is "$pid" sleep
		at pgrep -F $file
		at pgrep -F $place/handle
		at pgrep -L -F $file'
	for line in "${lines[@]}"; do
		case $line in
		*' pgrep 1 '*'stale: that process started after the file was written'*) ;;
		*' pgrep 1 '*'recycled: that process is gone'*) ;;
		*' pgrep 1 '*'its process holds no lock on it'*) ;;
		# no fact without a clock can tell
		*' -3600 pgrep 0 '*'the clock was set since it was written, so it may be stale'*) ;;
		*) fail "$line" ;;
		esac
		count=$((count + 1))
	done
	assert_equal "$count" 24
	assert_equal "$(grep -c ' stale: ' <<<"$output")" 6
	assert_equal "$(grep -c ' recycled: ' <<<"$output")" 8
}

@test "in a time namespace, the file of a living process is not stale, and an older file is" {
	local offset new=(unshare --time --fork)
	((EUID == 0)) || new+=(--user --map-root-user)
	sleeper
	echo "$spawned" >file
	echo "$spawned" >old
	touch -d '-1 minute' old
	for offset in 2 3600 518400 -3600; do
		run "${new[@]}" --boottime "$offset" true 3>&-
		# the time since the boot cannot become negative
		[[ $status == 0 || $offset == 2 ]] || continue
		((status == 0)) || skip "no time namespace can be made here"
		run -0 --separate-stderr "${new[@]}" --boottime "$offset" "$PFD_BINDIR/pgrep" -F file 3>&-
		assert_output "$spawned"
		assert_stderr ''
		run -1 --separate-stderr "${new[@]}" --boottime "$offset" "$PFD_BINDIR/pgrep" -F old 3>&-
		assert_stderr_has 'stale: that process started after the file was written'
	done
}

@test "if a process holds a lock on the file, the file is valid, however old it is" {
	requires flock
	: >file
	spawn flock -F -x file sleep 1000
	wait_for eval '! flock -n file true'
	echo "$spawned" >file
	touch -d '2001-01-01' file
	run_tool -0 pgrep -F file
	assert_output "$spawned"
	assert_stderr ''
	stepped 100 pfdkill -0 pidfile:file
	assert_success
	assert_stderr ''
	# the lock of another process proves nothing
	sleeper
	echo "$spawned" >file
	touch -d '-1 minute' file
	run_tool -1 pgrep -F file
	assert_stderr_has 'stale'
}

@test "on a file system of another machine the age proves nothing, and a warning is printed" {
	[[ -e $PFD_HELPERS/clock.so ]] || skip "clock.so was not built"
	requires plain
	local type
	daemon
	touch -d '-1 minute' file
	for type in 0x6969 0xFF534D42 0xFE534D42 0x65735546 0x01021997; do
		run --separate-stderr env CLOCK_FS="$type" LD_PRELOAD="$PFD_HELPERS/clock.so" \
			"$PFD_BINDIR/pgrep" -F file 3>&-
		assert_success
		assert_output "$spawned"
		assert_stderr "pgrep: file: another machine's clock gave it its time, so it may be stale; going on"
	done
	run_tool -0 pgrep --stale-ok -F file
	assert_stderr ''
}

# ---- times that are not exact ----

# on_disk MKFS...: a new file system, mounted on ./disk.
on_disk() {
	requires root cap:SYS_ADMIN "$1"
	truncate -s 8M image
	"$@" image >/dev/null 2>&1 || skip "$* does not work here"
	mkdir disk
	mount -o loop image disk 2>/dev/null || skip "no such file system can be mounted here"
	mounted=$PWD/disk
}

# just_written FILE: give it the second in which a process was born, some time after the second
# began.
just_written() {
	local before now=
	until
		before=$(date +%s.%N) now=
		((10#${before:11:1} > 3)) && daemon "$1" && now=$(date +%s)
		[[ $now == "${before%.*}" ]]
	do :; done
	touch -d "@$now" "$1"
}

@test "if file times have whole seconds, the file of a living process is not stale" {
	on_disk mkfs.ext4 -q -I 128
	just_written disk/file
	run_tool -0 pgrep -F disk/file
	assert_output "$spawned"
	assert_stderr ''
	touch -d '-3 seconds' disk/file
	run_tool -1 pgrep -F disk/file
}

@test "if file times have a resolution of two seconds, the file of a living process is not stale" {
	on_disk mkfs.vfat
	just_written disk/file
	touch -d "@$((($(date +%s) / 2) * 2))" disk/file
	run_tool -0 pgrep -F disk/file
	assert_output "$spawned"
	touch -d '-5 seconds' disk/file
	run_tool -1 pgrep -F disk/file
}

@test "if file times are exact, a time with whole seconds gives no tolerance" {
	just_written file
	# from the second before
	touch -d "@$(($(date +%s) - 2))" file
	run_tool -1 pgrep -F file
	assert_stderr_has 'stale'
}

# ---- kernel threads ----

@test "a file never names a kernel thread" {
	comm_is 2 kthreadd || skip "no threads of the kernel are to be seen here"
	echo 2 >file
	run_tool -1 pgrep -F file
	refute_output
	assert_stderr "pgrep: file: stale: a kernel thread has that PID now (use --stale-ok to accept it)"
	run_tool -1 pfdkill -0 --verbose pidfile:file
	run_tool -0 pgrep --stale-ok -F file
	assert_output 2
}

# ---- which files root accepts ----

@test "as root, a user's file is accepted if the process belongs to the same user" {
	of_user
	mkdir folder
	echo "$spawned" >folder/file
	chown -R 54321:54321 folder
	run_tool -0 pkill -0 -F folder/file
	run_tool -0 pfdkill -0 pidfile:folder/file
	local theirs=$spawned
	daemon folder/file
	run_tool -1 pkill -0 -F folder/file
	assert_stderr_has 'other users can write it'
	# a second user with write permission can choose as well
	echo "$theirs" >folder/file
	chown 54322 folder/file
	run_tool -1 pkill -0 -F folder/file
	run_tool -0 pkill -0 --trust-pidfile -F folder/file
}

@test "as root, a file that a group may write is accepted if the user is its only member" {
	requires root cap:CHOWN cap:SETUID setpriv
	[[ $(awk -F: '$4 == 1' /etc/passwd | cut -d: -f1) == daemon ]] ||
		skip "the group of daemon is not daemon's alone"
	spawn setpriv --reuid 1 --regid 1 --clear-groups sleep 1000
	wait_for comm_is "$spawned" sleep
	mkdir folder
	echo "$spawned" >folder/file
	chown -R 1:1 folder
	chmod 660 folder/file
	chmod 2775 folder
	run_tool -0 pkill -0 -F folder/file
	chgrp 54321 folder/file
	run_tool -1 pkill -0 -F folder/file
}

@test "as root, a file is rejected if another user can put another file in its place" {
	requires root cap:CHOWN
	daemon
	mkdir theirs
	ln -s ../file theirs/link
	chown -h 54321 theirs theirs/link
	run_tool -1 pkill -0 -F theirs/link
	assert_stderr 'pkill: theirs/link: other users can put another file in its place, so it could name any process (use --trust-pidfile to accept it)'
	run_tool -1 pfdkill -0 --verbose "pidfile:$PWD/theirs/link"
	run_tool -0 pkill -0 --trust-pidfile -F theirs/link
	# a link of another user in a folder of ours
	ln -s file link
	run_tool -0 pkill -0 -F link
	chown -h 54321 link
	run_tool -1 pkill -0 -F link
	# our file in a folder of another user, or of all
	mkdir shared
	cp file shared/file
	run_tool -0 pkill -0 -F shared/file
	chmod 777 shared
	run_tool -1 pkill -0 -F shared/file
	assert_stderr_has 'put another file in its place'
	chmod 1777 shared
	run_tool -0 pkill -0 -F shared/file
	chown 54321 shared
	run_tool -1 pkill -0 -F shared/file
	# a link to a folder
	mkdir ours
	cp file ours/file
	ln -s ours way
	run_tool -0 pkill -0 -F way/file
	chown -h 54321 way
	run_tool -1 pkill -0 -F way/file
}

# acl FILE TAG ID: set an access control list by which the user (2) or group (8) ID may write it
# too.
acl() {
	python3 - "$@" <<-'PYTHON'
		import os, struct, sys
		def entry(tag, rights, id=0xffffffff): return struct.pack("<HHI", tag, rights, id)
		path, tag, id = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
		acl = struct.pack("<I", 2) + entry(1, 6)
		acl += entry(2, 6, id) if tag == 2 else b""
		acl += entry(4, 4)
		acl += entry(8, 6, id) if tag == 8 else b""
		os.setxattr(path, "system.posix_acl_access", acl + entry(16, 6) + entry(32, 4))
	PYTHON
}

@test "as root, a file that an access control list lets others write is rejected" {
	requires root python3
	daemon
	acl file 2 54321 2>/dev/null || skip "there are no access control lists here"
	run_tool -1 pkill -0 -F file
	assert_stderr_has 'other users can write it'
	cp --no-preserve=all file plain
	run_tool -0 pkill -0 -F plain
	acl plain 8 54321
	run_tool -1 pkill -0 -F plain
	mkdir folder
	cp --no-preserve=all file folder/file
	acl folder 2 54321
	chmod o+x folder
	run_tool -1 pkill -0 -F folder/file
	assert_stderr_has 'put another file in its place'
	# rights that the mask removes do not count
	cp --no-preserve=all file masked
	acl masked 2 54321
	chmod g-w masked
	run_tool -0 pkill -0 -F masked
}

# ---- pipes ----

@test "a FIFO whose writer keeps it open is read as far as its first line" {
	mkfifo fifo
	sleeper
	spawn sh -c 'exec >fifo; echo "$1"; exec sleep 1000' sh "$spawned"
	run timeout "$((10 * ${PFD_PATIENCE:-1}))" "$PFD_BINDIR/pfdkill" -0 pidfile:fifo 3>&-
	assert_success
}

@test "a FIFO is read once, by every program" {
	local tool
	mkfifo fifo
	sleeper
	for tool in 'pfdkill -0 pidfile:fifo' 'pwait --nohang pidfile:fifo' 'pgrep -p pidfile:fifo' \
		'pgrep -F fifo'; do
		echo "$spawned" >fifo 3>&- &
		# shellcheck disable=SC2086
		run timeout -k 1 20 "$PFD_BINDIR"/$tool 3>&-
		[[ $status == 0 || $tool == pwait* && $status == 124 ]] || fail "$tool: $status"
		wait $!
	done
}

@test "as root, a file in a FUSE file system is that of the user of its server, whatever that says" {
	requires root pidns setpriv cap:SYS_ADMIN
	[[ -c /dev/fuse ]] || skip 'needs /dev/fuse'
	# shellcheck disable=SC2016
	run in_pidns '
		mount --make-rprivate /
		served() {
			mkdir "$1"
			stuckfs "$1" 54321 "$1" >"ready.$1" &
			until [[ -s ready.$1 ]]; do kill -0 $! || exit 1; done
		}
		sleep 1000 & ours=$!
		served $ours
		tool pgrep -F $ours/file || echo $?
		tool pkill --dry-run -F $ours/file || echo $?
		[[ $(tool pgrep --trust-pidfile -F $ours/file 2>err) == "$ours" ]] && echo trusted
		setpriv --reuid 54321 --regid 54321 --clear-groups sleep 1000 & theirs=$!
		wait_for comm_is $theirs sleep
		served $theirs
		[[ $(tool pgrep -F $theirs/file 2>err) == "$theirs" ]] && echo theirs' 2>&1
	sed "s/^[0-9]*://; s/: [0-9]*\/file/: file/" <<<"$output" >shown
	local refused='other users can write it, so it could name any process (use --trust-pidfile to accept it)'
	run cat shown
	assert_output "pgrep: file: $refused
1
pkill: file: $refused
1
trusted
theirs"
}

@test "a process that /proc hides is not taken for gone: its pidfile is status 3" {
	requires root pidns
	local mode
	public_copy
	for mode in 1 2; do
		# shellcheck disable=SC2016
		run in_pidns '
			hide_processes "$1"
			sleep 1000 & echo $! >hidden
			wait_for comm_is $! sleep
			as_user() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@" 2>&1; }
			for tool in pfdkill\ -0 "pwait -t 10s"; do
				as_user "$2"/$tool pidfile:hidden || echo $?
			done
			as_user "$2"/pgrep --stale-ok -L -F hidden || echo $?' "$mode" "$PFD_PUBLIC/bin"
		skip_if_not_hidden
		local age='its age cannot be checked: /proc hides its process (use --stale-ok to accept it)'
		assert_output "pfdkill: pidfile:hidden: $age
3
pwait: pidfile:hidden: $age
3
pgrep: hidden: we may not see which locks its process holds
3"
	done
}
