#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --reclaim: the memory of a process is reclaimed, and the amount is printed.

load helpers

# mapper SIZE CODE: a process in $spawned that has a file of this size in memory, mapped by CODE.
mapper() {
	requires python3 cap:SYS_NICE cap:SYS_PTRACE linux:5.10
	# memory without a file can only go to swap
	case $(stat -f -c %T .) in
	tmpfs | ramfs) skip "needs a file system on a disk" ;;
	esac
	truncate -s "$1" file
	spawn_ready python3 -c "
import mmap, time
file = open('file', 'rb')
def map(size, offset):
	m = mmap.mmap(file.fileno(), size, prot=mmap.PROT_READ, offset=offset)
	if size == 4096: # read it alone: a page that is part of a larger one may stay
		m.madvise(mmap.MADV_RANDOM)
	sum(m[page] for page in range(0, size, 4096))
	return m
maps = $2
print('ready', flush=True)
time.sleep(1000)"
	assert_equal "$(<"$spawned_out")" ready
}

one_mapping() {
	mapper 32M 'map(32 << 20, 0)'
}

# Its resident memory in kilobytes.
resident() {
	awk '$1 == "Rss:" { print $2 }' "/proc/$1/smaps_rollup"
}

@test "--reclaim=pageout: the memory of a file is reclaimed, and no signal is sent" {
	local before
	one_mapping
	before=$(resident "$spawned")
	run_tool -0 pfdkill --reclaim=pageout "$spawned"
	assert_output --regexp "^$spawned \(python3\): gave back [0-9]+ bytes$"
	assert_stderr ''
	[[ ${output//*back /} =~ ^([0-9]+) ]]
	assert [ "${BASH_REMATCH[1]}" -gt 16000000 ]
	assert [ "$(resident "$spawned")" -lt $((before - 16000)) ]
	kill -0 "$spawned"
}

@test "--reclaim=cold: everything is marked, and the reclaimed amount is printed" {
	one_mapping
	run_tool -0 pfdkill --reclaim cold "$spawned"
	assert_output --regexp "^$spawned \(python3\): [0-9]{8,} bytes marked cold, gave back [0-9]+ bytes$"
	kill -0 "$spawned"
}

@test "--reclaim with a signal: the signal is sent first" {
	one_mapping
	run_tool -0 pfdkill -s STOP --reclaim=pageout --json "$spawned"
	assert_output --regexp '"signal":"STOP","result":"sent","advised":[0-9]+,"reclaimed":[0-9]{8,}}$'
	is_stopped "$spawned"
	run_tool -0 pfdkill -CONT --reclaim=pageout --verbose "$spawned"
	assert_output --partial "$spawned (python3): sent CONT, gave back "
}

@test "--reclaim: more mappings than one call accepts" {
	requires fds:1600 # one for each mapping in Python
	ulimit -Sn 1600
	# every second page of the file, so that no two pages are one mapping
	mapper 12M '[map(4096, 8192 * i) for i in range(1500)]'
	assert [ "$(wc -l <"/proc/$spawned/maps")" -gt 1500 ]
	run_tool -0 pfdkill --reclaim=pageout "$spawned"
	[[ ${output//*back /} =~ ^([0-9]+) ]]
	assert [ "${BASH_REMATCH[1]}" -gt 4000000 ]
}

@test "--reclaim --dry-run prints the processes and does nothing" {
	spawn sleep 1000
	run_tool -0 pfdkill --dry-run --reclaim=pageout "$spawned"
	assert_row "$spawned" sleep
	run_tool -0 pfdkill --dry-run --reclaim=cold -s STOP "$spawned"
	assert_row "$spawned" sleep
	refute is_stopped "$spawned"
}

@test "--reclaim without the permission is rejected with a message" {
	spawn sleep 1000
	# shellcheck disable=SC2154
	local drop=(setpriv --bounding-set=-sys_nice --inh-caps=-sys_nice)
	((EUID == 0)) || drop=()
	run --separate-stderr "${drop[@]}" "$PFD_BINDIR/pfdkill" --reclaim=pageout "$spawned" 3>&-
	assert_equal "$status" 1
	refute_output
	assert_stderr "pfdkill: $spawned (sleep): its memory is not ours to reclaim: that needs CAP_SYS_NICE and the right to trace it"
	kill -0 "$spawned"
}

# reclaim_with PATH FAULT: reclaim the memory of $spawned while only this call fails.
reclaim_with() {
	local filter=()
	[[ $1 == - ]] || filter=(-P "$1")
	run --separate-stderr strace -f -qq -o /dev/null "${filter[@]}" -e trace="${2%%:*}" \
		-e inject="$2" "$PFD_BINDIR/pfdkill" --reclaim=cold "$spawned" 3>&-
	printf '%s: status %s\n%s\n%s\n' "$2" "$status" "$output" "$stderr"
}

@test "--reclaim: memory that cannot be reclaimed does not stop the rest" {
	requires strace
	one_mapping
	local fault all
	run_tool -0 pfdkill --reclaim=cold "$spawned"
	all=$output
	[[ $all =~ ^$spawned' (python3): '([0-9]+)' bytes marked' ]]
	all=${BASH_REMATCH[1]}
	# interrupted, done in part, a range that disappeared meanwhile; the first call only tests
	# for the feature
	for fault in error=EINTR:when=2 error=EAGAIN:when=2 retval=4096:when=2 error=ENOMEM:when=2; do
		reclaim_with - "process_madvise:$fault"
		assert_success
		[[ $output =~ ^$spawned' (python3): '([0-9]+)' bytes marked' ]]
		case $fault in
		error=ENOMEM*) assert [ "${BASH_REMATCH[1]}" -lt "$all" ] ;;
		*) assert [ "${BASH_REMATCH[1]}" -eq "$all" ] ;;
		esac
		assert [ "${BASH_REMATCH[1]}" -gt 16000000 ]
	done
}

@test "--reclaim: a process that ends meanwhile is gone, and one that may not be read is reported" {
	requires strace
	one_mapping
	reclaim_with - process_madvise:error=ESRCH:when=2
	assert_equal "$status" 1
	assert_stderr "pfdkill: $spawned (python3): No such process"
	local file fault
	for file in smaps_rollup maps; do
		# a living process has these files: where they are missing, /proc hides it
		for fault in ENOENT EACCES; do
			reclaim_with "$spawned/$file" "openat:error=$fault"
			assert_equal "$status" 1
			assert_stderr_has "its memory is not ours to reclaim"
		done
		reclaim_with "/proc/$spawned/$file" read:error=EIO
		assert_equal "$status" 1
		# in the words of the C library
		[[ $stderr == "pfdkill: $spawned (python3): "I*/[oO]*' error' ]] || fail "$stderr"
	done
	refute_output
}

# bats test_tags=kernel
@test "--reclaim before Linux 5.10 is rejected, and the message names the version" {
	requires seccomp
	spawn sleep 1000
	local tool
	for tool in pfdkill pkill; do
		[[ -x $PFD_BINDIR/$tool ]] || continue
		local target=("$spawned")
		[[ $tool != pkill ]] || target=(-p "$spawned")
		run --separate-stderr old-kernel process_madvise=ENOSYS "$PFD_BINDIR/$tool" \
			--reclaim=cold "${target[@]}"
		assert_equal "$status" 3
		refute_output
		assert_stderr "$tool: --reclaim needs Linux 5.10"
	done
}

@test "pkill --reclaim reclaims memory of matching processes, and no signal is sent" {
	one_mapping
	run_tool -0 pkill --reclaim=pageout -p "$spawned"
	assert_output --regexp "^$spawned \(python3\): gave back [0-9]{8,} bytes$"
	kill -0 "$spawned"
	run_tool -0 pkill --reclaim=pageout --json -STOP -p "$spawned"
	assert_output --partial '"signal":"STOP","result":"sent","advised":'
	is_stopped "$spawned"
}

@test "--reclaim accepts cold or pageout, and only processes" {
	run_tool -2 pfdkill --reclaim=all 1
	assert_stderr_has "--reclaim: 'all' is neither cold nor pageout"
	run_tool -2 pfdkill --reclaim=cold --thread 1
	assert_stderr_has '--reclaim and --thread cannot be combined'
	run_tool -2 pfdkill --reclaim=cold --group 1
	run_tool -2 pfdkill --reclaim=cold --mrelease 1
	run_tool -2 pfdkill --reclaim=cold -p 1
	run_tool -2 pfdkill --reclaim=cold tid:1
	assert_stderr_has "'tid:1': --reclaim takes processes, no threads"
	[[ ! -x $PFD_BINDIR/pkill ]] || {
		run_tool -2 pkill --reclaim=all x
		assert_stderr_has "--reclaim: 'all' is neither cold nor pageout"
		run_tool -2 pkill --reclaim=cold -m x
	}
}

@test "--reclaim of a group reports every member" {
	requires cap:SYS_NICE cap:SYS_PTRACE linux:5.10
	spawn setsid sh -c 'sleep 1000 & echo $! >member; exec sleep 1001'
	wait_for has_line member
	wait_for comm_is "$spawned" sleep
	run_tool -0 pfdkill --reclaim cold --verbose -- "-$spawned"
	assert_line --regexp "^-$spawned: $spawned \(sleep\): "
	assert_line --regexp "^-$spawned: $(<member) \(sleep\): "
	kill -0 "$spawned"
}
