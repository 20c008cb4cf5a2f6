#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Bad input to pfdkill: each mistake has its message and status 2, and no process is signalled. In a
# row, {} is the PID of a process that must stay unharmed.

load helpers

rows() {
	cat <<-'ROWS'
		 | no target was named
		-- | no target was named
		USR1 {} | 'USR1' is a signal: write -USR1 (a process of that name: name:USR1)
		KILL {} | 'KILL' is a signal: write -KILL (a process of that name: name:KILL)
		{} SIGKILL | 'SIGKILL' is a signal: write -SIGKILL (a process of that name: name:SIGKILL)
		{} term | 'term' is a signal: write -term (a process of that name: name:term)
		{} RTMIN+1 | 'RTMIN+1' is a signal: write -RTMIN+1 (a process of that name: name:RTMIN+1)
		{} %1 | '%1': jobs are the shell's: write $(jobs -p %1)
		{} %% | '%%': jobs are the shell's: write $(jobs -p %%)
		- | '-': not a process group: -PGID takes a number above 0
		{} - | '-': not a process group: -PGID takes a number above 0
		{} +5 | '+5': not a target; PID, PID:INODE, fd:N, unix:PATH, tcp:PORT, lock:PATH, pidfile:PATH, unit:NAME and others are, see pidfd-target(7)
		{} 0x10 | '0x10': not a target; PID, PID:INODE, fd:N, unix:PATH, tcp:PORT, lock:PATH, pidfile:PATH, unit:NAME and others are, see pidfd-target(7)
		{} 5.0 | '5.0': not a target; PID, PID:INODE, fd:N, unix:PATH, tcp:PORT, lock:PATH, pidfile:PATH, unit:NAME and others are, see pidfd-target(7)
		{} 1e3 | '1e3': not a target; PID, PID:INODE, fd:N, unix:PATH, tcp:PORT, lock:PATH, pidfile:PATH, unit:NAME and others are, see pidfd-target(7)
		{} 12x | '12x': not a target; PID, PID:INODE, fd:N, unix:PATH, tcp:PORT, lock:PATH, pidfile:PATH, unit:NAME and others are, see pidfd-target(7)
		-1:3 {} | -SIGNAL: '1:3' is not a signal (like TERM, KILL or 15)
		-s TERM -1:3 {} | '-1:3': not a process group: -PGID takes a number above 0
		{} -- -1:3 | '-1:3': not a process group: -PGID takes a number above 0
		{} {}: | '{}:': an INODE after the colon must be a number above 0
		{} : | ':': an INODE after the colon must be a number above 0
		{} :: | '::': an INODE after the colon must be a number above 0
		{} :0 | ':0': an INODE after the colon must be a number above 0
		{} :x | ':x': an INODE after the colon must be a number above 0
		{} 0:9 | '0:9': a PID before the colon must be above 0
		{} {}:0 | '{}:0': an INODE after the colon must be a number above 0
		{} {}:x | '{}:x': an INODE after the colon must be a number above 0
		{} '{}: 9' | '{}: 9': an INODE after the colon must be a number above 0
		{} {}:9:9 | '{}:9:9': a BOOT after the INODE must be the 32 hex digits of a boot id
		{} {}:-9 | '{}:-9': an INODE after the colon must be a number above 0
		{} {}:18446744073709551616 | '{}:18446744073709551616': the INODE is too large for any process
		{} :18446744073709551616 | ':18446744073709551616': the INODE is too large for any process
		{} -- -0 | '-0': not a process group: -PGID takes a number above 0
		{} -- -2147483648 | '-2147483648': the PGID is too large for any process group
		{} -- --5 | '--5': not a process group: -PGID takes a number above 0
		{} -- -x | '-x': not a process group: -PGID takes a number above 0
		{} fd: | 'fd:': fd: must be followed by the number of an open descriptor, as in fd:5 or fd:5@PID
		{} fd:-1 | 'fd:-1': fd: must be followed by the number of an open descriptor, as in fd:5 or fd:5@PID
		{} fd:x | 'fd:x': fd: must be followed by the number of an open descriptor, as in fd:5 or fd:5@PID
		{} fd:5@ | 'fd:5@': fd:N@ must be followed by PID or PID:INODE
		{} fd:5@0 | 'fd:5@0': fd:N@ must be followed by PID or PID:INODE
		{} fd:5@x | 'fd:5@x': fd:N@ must be followed by PID or PID:INODE
		{} fd:@5 | 'fd:@5': fd: must be followed by the number of an open descriptor, as in fd:5 or fd:5@PID
		{} fd:5@{}: | 'fd:5@{}:': fd:N@ must be followed by PID or PID:INODE
		{} unix:@ | 'unix:@': unix: must be followed by the path of a socket, or by @ and its abstract name
		{} fd:2147483648 | 'fd:2147483648': fd: must be followed by the number of an open descriptor, as in fd:5 or fd:5@PID
		{} tid: | 'tid:': tid: must be followed by the number of a thread
		{} tid:0 | 'tid:0': tid: must be followed by the number of a thread
		{} tid:x | 'tid:x': tid: must be followed by the number of a thread
		{} cgroup: | 'cgroup:': cgroup: must be followed by the path of a cgroup (v2), as in cgroup:/user.slice
		{} cgroup:x | 'cgroup:x': cgroup: must be followed by the path of a cgroup (v2), as in cgroup:/user.slice
		{} cgroup:0:: | 'cgroup:0::': cgroup: must be followed by the path of a cgroup (v2), as in cgroup:/user.slice
		{} cgroup:{} | 'cgroup:{}': cgroup: must be followed by the path of a cgroup (v2), as in cgroup:/user.slice
		{} cgroup:cpu:/x | 'cgroup:cpu:/x': a cgroup of version 1 cannot be a target, only one of version 2: cgroup:/PATH
		{} cgroup:1:name=systemd:/x | 'cgroup:1:name=systemd:/x': a cgroup of version 1 cannot be a target, only one of version 2: cgroup:/PATH
		{} 'cgroup:/x/**' | 'cgroup:/x/**': a cgroup has no wildcards: cgroup:/PATH is that one and all below it
		{} unit: | 'unit:': unit: must be followed by the name of a unit, as in unit:nginx
		{} unit:a/b | 'unit:a/b': the name of a unit has no slash; write cgroup:/PATH for a path
		{} unit:/x.service | 'unit:/x.service': the name of a unit has no slash; write cgroup:/PATH for a path
		{} 'unit:x*' | 'unit:x*': the name of a unit has no wildcards
		{} name: | 'name:': name: must be followed by the name of a process
		{} unix: | 'unix:': unix: must be followed by the path of a socket, or by @ and its abstract name
		{} {} foo:bar | 'foo:bar': no such kind of target (a name with a colon is written name:NAME)
		{} % | '%': jobs are the shell's: write $(jobs -p %)
		{} '~' | '~': not a target; PID, PID:INODE, fd:N, unix:PATH, tcp:PORT, lock:PATH, pidfile:PATH, unit:NAME and others are, see pidfd-target(7)
		{} {},{} | '{},{}': not a target; PID, PID:INODE, fd:N, unix:PATH, tcp:PORT, lock:PATH, pidfile:PATH, unit:NAME and others are, see pidfd-target(7)
		-s FOO {} | --signal: 'FOO' is not a signal (like TERM, KILL or 15)
		-s '' {} | --signal: '' is not a signal (like TERM, KILL or 15)
		-s 65 {} | --signal: '65' is not a signal (like TERM, KILL or 15)
		-s -1 {} | --signal: '-1' is not a signal (like TERM, KILL or 15)
		-s 1000 {} | --signal: '1000' is not a signal (like TERM, KILL or 15)
		-s SIG {} | --signal: 'SIG' is not a signal (like TERM, KILL or 15)
		-s RTMIN+31 {} | --signal: 'RTMIN+31' is not a signal (like TERM, KILL or 15)
		-s RTMIN-1 {} | --signal: 'RTMIN-1' is not a signal (like TERM, KILL or 15)
		-s RTMAX+1 {} | --signal: 'RTMAX+1' is not a signal (like TERM, KILL or 15)
		-s RT {} | --signal: 'RT' is not a signal (like TERM, KILL or 15)
		-s ' TERM' {} | --signal: ' TERM' is not a signal (like TERM, KILL or 15)
		-s TERM, {} | --signal: 'TERM,' is not a signal (like TERM, KILL or 15)
		-s 15x {} | --signal: '15x' is not a signal (like TERM, KILL or 15)
		-s 0x9 {} | --signal: '0x9' is not a signal (like TERM, KILL or 15)
		-s 143 {} | --signal: '143' is not a signal (like TERM, KILL or 15)
		--signal=FOO {} | --signal: 'FOO' is not a signal (like TERM, KILL or 15)
		-n FOO {} | -n: 'FOO' is not a signal (like TERM, KILL or 15)
		-FOO {} | no signal FOO
		-65 {} | unknown signal '-65' (a process group must follow a signal or --)
		-123456 {} | unknown signal '-123456' (a process group must follow a signal or --)
		-9x {} | -SIGNAL: '9x' is not a signal (like TERM, KILL or 15)
		-SIGFOO {} | no signal SIGFOO
		-s | -s needs a value
		-n | -n needs a value
		-q | -q needs a value
		-d | -d needs a value
		--signal | --signal needs a value
		--queue | --queue needs a value
		--timeout | --timeout needs a value
		--timeout 5 | --timeout needs a signal (like KILL) as its second value
		--timeout 5ms KILL | no target was named: --timeout takes DURATION SIGNAL, and then targets follow
		{} --timeout 5 | --timeout needs a signal (like KILL) as its second value
		--timeout 5ms FOO {} | --timeout: 'FOO' is not a signal (like TERM, KILL or 15)
		--timeout '' KILL {} | --timeout: '' is not a duration (like 500ms, 1.5s, 2m or 1h)
		--timeout -1 KILL {} | --timeout: '-1' is not a duration (like 500ms, 1.5s, 2m or 1h)
		--timeout nan KILL {} | --timeout: 'nan' is not a duration (like 500ms, 1.5s, 2m or 1h)
		--timeout inf KILL {} | --timeout: 'inf' is not a duration (like 500ms, 1.5s, 2m or 1h)
		--timeout 5x KILL {} | --timeout: '5x' is not a duration (like 500ms, 1.5s, 2m or 1h)
		--timeout '5 s' KILL {} | --timeout: '5 s' is not a duration (like 500ms, 1.5s, 2m or 1h)
		--timeout 1e3 KILL {} | --timeout: '1e3' is not a duration (like 500ms, 1.5s, 2m or 1h)
		--timeout 0x5 KILL {} | --timeout: '0x5' is not a duration (like 500ms, 1.5s, 2m or 1h)
		--timeout . KILL {} | --timeout: '.' is not a duration (like 500ms, 1.5s, 2m or 1h)
		--timeout 99999999d KILL {} | --timeout: '99999999d' is longer than 100 years
		--timeout KILL 5 {} | --timeout: 'KILL' is not a duration (like 500ms, 1.5s, 2m or 1h)
		--deadline '' {} | --deadline: '' is not a duration (like 500ms, 1.5s, 2m or 1h)
		--deadline -1 {} | --deadline: '-1' is not a duration (like 500ms, 1.5s, 2m or 1h)
		--deadline nan {} | --deadline: 'nan' is not a duration (like 500ms, 1.5s, 2m or 1h)
		--deadline 5y {} | --deadline: '5y' is not a duration (like 500ms, 1.5s, 2m or 1h)
		--deadline 5w5w {} | --deadline: '5w5w' is not a duration (like 500ms, 1.5s, 2m or 1h)
		--deadline 5h2 {} | --deadline: '5h2' is not a duration (like 500ms, 1.5s, 2m or 1h)
		--deadline 5m2h {} | --deadline: '5m2h' is not a duration (like 500ms, 1.5s, 2m or 1h)
		--deadline 36524d23h59m60.1s {} | --deadline: '36524d23h59m60.1s' is longer than 100 years
		--deadline 5 {} | --deadline: '5' has no unit: write 5ms or 5s
		--deadline 0.5 {} | --deadline: '0.5' has no unit: write 0.5ms or 0.5s
		--deadline 10s --timeout 9s HUP --timeout 1s KILL {} | --deadline must be later than the last signal of --timeout: it counts from the first signal
		--timeout 100ms KILL --deadline 99ms {} | --deadline must be later than the last signal of --timeout: it counts from the first signal
		--wait= {} | --wait takes no value: write --deadline DURATION
		--wait=5 {} | --wait takes no value: write --deadline 5s
		--wait=1m {} | --wait takes no value: write --deadline 1m
		-w5 {} | --wait takes no value: write --deadline 5s
		-w5ms {} | --wait takes no value: write --deadline 5ms
		-wx {} | unknown option or signal '-wx'
		--wait 5 {} | '5' after --wait: write --deadline 5s, or --wait -- 5 if it is an operand
		{} -w 299 | '299' after --wait: write --deadline 299s, or --wait -- 299 if it is an operand
		-p --deadline 5s {} | --pid and --deadline cannot be combined
		-q x {} | --queue: 'x' is not a number between -2147483648 and 2147483647
		-q '' {} | --queue: '' is not a number between -2147483648 and 2147483647
		-q 2147483648 {} | --queue: '2147483648' is not a number between -2147483648 and 2147483647
		-q -2147483649 {} | --queue: '-2147483649' is not a number between -2147483648 and 2147483647
		-q 0x5 {} | --queue: '0x5' is not a number between -2147483648 and 2147483647
		-q 5.5 {} | --queue: '5.5' is not a number between -2147483648 and 2147483647
		-q ' 5' {} | --queue: ' 5' is not a number between -2147483648 and 2147483647
		-s TERM -s KILL {} | a second signal, 'KILL': there can be one, --timeout adds others
		-s TERM -n 9 {} | a second signal, '9': there can be one, --timeout adds others
		-9 -TERM {} | a second signal, 'TERM': there can be one, --timeout adds others
		-n 9 -HUP {} | a second signal, 'HUP': there can be one, --timeout adds others
		-p -s TERM {} | --pid and --signal cannot be combined
		-p -9 {} | --pid and --signal cannot be combined
		-p -q 5 {} | --pid and --queue cannot be combined
		-p --timeout 5ms KILL {} | --pid and --timeout cannot be combined
		-p -w {} | --pid and --wait cannot be combined
		-p --dry-run {} | --pid and --dry-run cannot be combined
		-p -J {} | --pid and --json cannot be combined
		--mrelease -p {} | --pid and --mrelease cannot be combined
		--thread --group {} | --thread and --group cannot be combined
		--thread -- -{} | '-{}': --thread takes no process groups
		--thread 0 | '0': --thread takes no process groups
		--group -9 -{} | '-{}': --group takes single processes
		--group -TERM -- -1 | '-1': --group takes single processes
		--group name:x | 'name:x': --group takes single processes
		--group tid:{} | 'tid:{}': --group takes single processes
		-l -L | --list and --table cannot be combined
		-L -d {} | --table and --show-process-state cannot be combined
		-L {} | --table takes no further operand, '{}'
		-l -s TERM | --list and --signal cannot be combined
		-L -p | --table and --pid cannot be combined
		-d {} {} | --show-process-state takes no further operand, '{}'
		-d {} -9 | --show-process-state and --signal cannot be combined
		-d '' | --show-process-state: '': an empty word is not a target
		-d 0 | --show-process-state: '0': PID 0 names no process
		-d name:x | --show-process-state: 'name:x': a name: use pgrep --handle to get its handle
		-d x | --show-process-state: 'x': a name: use pgrep --handle to get its handle
		-d=  | --show-process-state: '': an empty word is not a target
		-l FOO | --list: 'FOO' is no signal, exit status or 0xMASK
		--frobnicate {} | unknown option '--frobnicate'
		--ti 5ms KILL --no {} | unknown option '--no'
		--verbose=1 {} | --verbose takes no value
		--all=x {} | --all takes no value
		-Z {} | unknown option '-Z'
		-aZ {} | unknown option or signal '-aZ'
		--=x {} | unknown option '--=x'
	ROWS
}

# kill takes these, as in util-linux.
more_rows() {
	cat <<-'ROWS'
		'' | no target: the operand is empty (did a search find nothing?)
		{} '' | no target: the operand is empty (did a search find nothing?)
		{} ' 5' | ' 5': not a target: there are blanks around the number
		{} '5 ' | '5 ': not a target: there are blanks around the number
		{} $'5\n' | '5\n': not a target: there are blanks around the number
		{} 2147483648 | '2147483648': the PID is too large for any process
		{} 4294967297 | '4294967297': the PID is too large for any process
		{} 18446744073709551616 | '18446744073709551616': the PID is too large for any process
	ROWS
}

# A row contains shell words.
check_row() {
	local args=$1 sentence=$2 words
	eval "words=(${args//"{}"/$spawned})"
	run --separate-stderr tool "$program" "${words[@]}"
	[[ $status == "$usage" && -z $output &&
		$stderr == "$program: ${sentence//"{}"/$spawned} (see '$program --help')" ]] ||
		fail "$program $args: status $status, stdout '$output', stderr '$stderr'"
	count=$((count + 1))
}

check_rows() {
	local args sentence count=0
	while IFS= read -r row; do
		args=${row%% | *} sentence=${row#* | }
		check_row "$args" "$sentence"
	done < <(
		rows
		[[ $program == kill ]] || more_rows
	)
	# it got no signal, but could have got one
	assert_equal "$(<"$spawned_out")" ready
	run_tool -0 pfdkill -USR1 "$spawned"
	wait_for file_has "$spawned_out" '^10 '
	((count >= 60)) || fail "only $count rows"
}

@test "each mistake has its message and status 2, and no process is signalled" {
	spawn_ready sigecho
	program=pfdkill usage=2
	check_rows
}

@test "the program kill rejects the same mistakes with the same messages" {
	spawn_ready sigecho
	program='kill' usage=1
	check_rows
}

@test "an operand with control bytes is quoted safely" {
	run_tool -2 pfdkill $'5\e[31m\n6'
	assert_stderr "pfdkill: '5\x1b[31m\n6': not a target; PID, PID:INODE, fd:N, unix:PATH, tcp:PORT, lock:PATH, pidfile:PATH, unit:NAME and others are, see pidfd-target(7) (see 'pfdkill --help')"
}
