#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Slips: command lines that could be read in two ways. Each is rejected with a sentence that shows
# what to write, and no process is signalled.

load helpers

# The lines of a heredoc: "[STATUS] PROGRAM ARGUMENT... | SENTENCE", in shell words. {} is the PID,
# NAME the name, of a process that must stay unharmed. 2 is the default status.
refused() {
	local row args sentence words want count=0
	while IFS= read -r row; do
		args=${row%% | *} sentence=${row#* | }
		args=${args//"{}"/$spawned} args=${args//NAME/$name}
		sentence=${sentence//"{}"/$spawned} sentence=${sentence//NAME/$name}
		want=2
		[[ $args != [0-9]* ]] || want=${args%% *} args=${args#* }
		eval "words=($args)"
		run --separate-stderr tool "${words[@]}"
		[[ $status == "$want" && -z $output && $stderr == "${words[0]}: $sentence"* ]] ||
			fail "$args: status $status, stdout '$output', stderr '$stderr'"
		count=$((count + 1))
	done
	((count > 0)) || fail "no rows"
}

# victim: in $spawned and $name, a process that prints each signal that it gets
victim() {
	name=s${BATS_TEST_NUMBER}x$BASHPID
	ln -s "$(command -v sigecho)" "$name"
	spawn_ready "./$name"
}

# It got no signal, but could have got one.
unharmed() {
	assert_equal "$(<"$spawned_out")" ready
	run_tool -0 pfdkill -USR1 "$spawned"
	wait_for file_has "$spawned_out" '^10 '
}

ONE="only one pattern can be provided: write 'a|b' for either, quote a pattern with a space"

@test "a command line has one pattern" {
	victim
	refused <<-ROWS
		pkill NAME other | $ONE
		pkill other NAME | $ONE
		pkill HUP NAME | 'HUP' is a second pattern; a signal is written -HUP
		pkill -n 9 NAME | $ONE
		pkill -x NAME NAME | $ONE
		pkill -f python NAME | $ONE
		pkill -p {} -- NAME other | $ONE
		pgrep NAME other | $ONE
		pidwait NAME other | $ONE
		pidwait --count 2 NAME | '2' after --count: write --first 2, or --count -- 2 if it is an operand
	ROWS
	unharmed
	run_tool -0 pgrep -x "other|$name"
	assert_output "$spawned"
}

@test "a duration without a unit is rejected, because seconds and milliseconds could be meant" {
	victim
	refused <<-'ROWS'
		pkill --timeout 10 KILL NAME | --timeout: '10' has no unit: write 10ms or 10s
		pkill --timeout 10 KILL --wait NAME | --timeout: '10' has no unit: write 10ms or 10s
		pkill --deadline 10 NAME | --deadline: '10' has no unit: write 10ms or 10s
		pfdkill --timeout 10 KILL {} | --timeout: '10' has no unit: write 10ms or 10s
		pfdkill --timeout .5 KILL {} | --timeout: '.5' has no unit: write .5ms or .5s
		pfdkill --deadline 10 {} | --deadline: '10' has no unit: write 10ms or 10s
		pkill --timeout 10s KILL --deadline 5s NAME | --deadline must be later than the last signal of --timeout
		pfdkill --timeout 10s KILL --deadline 10s {} | --deadline must be later than the last signal of --timeout
	ROWS
	unharmed
	run_tool -0 pfdkill -USR1 --timeout 0 USR2 "$spawned"
	wait_for file_has "$spawned_out" '^12 '
}

@test "--wait and --count take no value" {
	victim
	refused <<-'ROWS'
		pkill --timeout 10s KILL --wait=10 NAME | --wait takes no value: write --deadline 10s
		pkill --wait=1.5m NAME | --wait takes no value: write --deadline 1.5m
		pfdkill --wait=5 {} | --wait takes no value: write --deadline 5s
		pfdkill -w5 {} | --wait takes no value: write --deadline 5s
		pfdkill --wait 5 {} | '5' after --wait: write --deadline 5s, or --wait -- 5 if it is an operand
		pfdkill --wait 5s {} | '5s' after --wait: write --deadline 5s, or --wait -- 5s if it is an operand
		pkill --wait 5 NAME | '5' after --wait: write --deadline 5s, or --wait -- 5 if it is an operand
		pkill NAME --wait 1h30m | '1h30m' after --wait: write --deadline 1h30m, or --wait -- 1h30m if it is an operand
		pidwait --count=2 NAME | --count takes no value: write --first 2
		pidwait -c2 NAME | --count takes no value: write --first 2
		1 kill -w 5 {} | '5' after --wait: write --deadline 5s, or --wait -- 5 if it is an operand
	ROWS
	unharmed
}

@test "the name of a signal is no target, and a word that looks like a signal is no user" {
	victim
	refused <<-'ROWS'
		pfdkill USR1 {} | 'USR1' is a signal: write -USR1 (a process of that name: name:USR1)
		pfdkill KILL {} | 'KILL' is a signal: write -KILL (a process of that name: name:KILL)
		pfdkill {} SIGKILL | 'SIGKILL' is a signal: write -SIGKILL (a process of that name: name:SIGKILL)
		pfdkill %1 {} | '%1': jobs are the shell's: write $(jobs -p %1)
		pwait NAME | 'NAME': a name: use pidwait
		pwait KILL | 'KILL': a name: use pidwait
		pidwait -p NAME | --pid: 'NAME': a name: write it as the pattern, without -p
		pkill -p {},NAME | --pid: 'NAME': a name: write it as the pattern, without -p
		pkill --not-pid NAME -p {} | --not-pid: 'NAME': a name: use pgrep --handle to get its handle
		pkill --under NAME | --under: 'NAME': a name: use pgrep --handle to get its handle
		pkill --ns NAME | --ns: 'NAME': a name: use pgrep --handle to get its handle
		pfdkill -d NAME | --show-process-state: 'NAME': a name: use pgrep --handle to get its handle
		pwait --in NAME {} | --in: 'NAME': a name: use pgrep --handle to get its handle
		pfdkill TCP:80 {} | 'TCP:80': a kind of target is written in small letters (a process of that name: name:TCP:80)
		pfdkill Pidfile:/x | 'Pidfile:/x': a kind of target is written in small letters
		pkill -p UNIX:/x | --pid: 'UNIX:/x': a kind of target is written in small letters
		pfdkill PORT:80 {} | 'PORT:80': no such kind of target (a name with a colon is written name:
		pwait TCP6:80 | 'TCP6:80': no such kind of target
		pfdkill tcp6:80 | 'tcp6:80': no such kind of target
		pwait -- '' | no COMMAND: the word after '--' is empty
		pwait --cleanup -- '' x | no COMMAND: the word after '--' is empty
		pkill -USR3 NAME | no signal USR3
		pkill -SIGUSR3 NAME | no signal SIGUSR3
		pkill -RTMIN+99 NAME | no signal RTMIN+99
		pfdkill -USR3 {} | no signal USR3
		1 kill -USR3 {} | no signal USR3
		pkill -KILL -HUP NAME | a second signal, 'HUP': there can be one, --timeout adds others
		pkill -KILL --signal 1 NAME | a second signal, '1': there can be one, --timeout adds others
		pkill --signal CONT -9 NAME | a second signal, '9': there can be one, --timeout adds others
		pgrep -H --signal HUP --signal USR1 NAME | a second signal, 'USR1': there can be one
		pidwait -H --signal HUP --signal HUP NAME | a second signal, 'HUP': there can be one
		pkill -s KILL NAME | not a number: KILL (a signal is --signal KILL)
		pkill -s TERM -x NAME | not a number: TERM (a signal is --signal TERM)
	ROWS
	unharmed
	# options with a value that follows at once are still read
	run_tool -1 pgrep -P1 -U0 -G0 "$name-nobody"
	run_tool -1 pkill -P1 -U0 "$name-nobody"
}

@test "where a second process, file or number would replace the first, it is a mistake" {
	victim
	refused <<-'ROWS'
		pkill -F a -F b | --pidfile is given twice
		pkill --ns {} --ns {} NAME | --ns is given twice
		pkill --ns {} --nslist pid --nslist net NAME | --nslist is given twice
		pkill -O 5 --older 0 NAME | --older is given twice
		pkill --younger 5 --younger 6 NAME | --younger is given twice
		pgrep -r S --runstates Z NAME | --runstates is given twice
		pkill -q 5 -q 6 NAME | --queue is given twice
		pkill --at-most 1 --at-most 5 NAME | --at-most is given twice
		pgrep --at-most 1 --at-most 5 NAME | --at-most is given twice
		pfdkill -q 5 --queue 6 {} | --queue is given twice
		pfdkill --in {} --in {} {} | --in is given twice
		pfdkill --at-most 1 --at-most 5 {} | --at-most is given twice
		pfdkill -d {} -d {} | --show-process-state is given twice
		pfdkill -l9 -l15 | --list is given twice
		pwait --in {} --in {} {} | --in is given twice
		pwait --handle-file a --handle-file b -- true | --handle-file is given twice
		pwait --cgroup /a --cgroup /b -- true | --cgroup is given twice
	ROWS
	unharmed
	# in a list they are added, and of a time the last one counts
	run_tool -0 pgrep -p "$spawned" -p $$
	assert_equal "${#lines[@]}" 2
	run_tool -124 pwait -t 1h -t 10ms "$spawned"
}

@test "wrong words in lists have the messages of procps" {
	victim
	refused <<-'ROWS'
		pgrep -g x | not a number: x
		pgrep -P 1x | not a number: 1x
		pgrep -s 1.5 | not a number: 1.5
		pgrep -P -1 | not a number: -1
		pgrep -P 1,99999999999 | not a number: 99999999999
		pgrep -u no-such-user | invalid user name: no-such-user
		pgrep -U 1,no-such-user | invalid user name: no-such-user
		pgrep -G no-such-group | invalid group name: no-such-group
		pgrep -p 42 -F f | Cannot use pidfile and pid option together
		pgrep -F f -p 42 | Cannot use pidfile and pid option together
		pgrep -U , | invalid empty list
		pgrep -P '' | invalid empty list
		pgrep -t ,, | invalid empty list
		pgrep -p , | invalid empty list
		pgrep -r , | invalid empty list
		pkill | no matching criteria specified
		pidwait | no matching criteria specified
		pgrep | no matching criteria specified
	ROWS
	unharmed
}

@test "what another tool takes there is refused with what to write" {
	victim
	refused <<-'ROWS'
		pfdkill --timeout 5s 3 | no target was named: --timeout takes DURATION SIGNAL, and then targets follow
		pkill KILL NAME | 'KILL' is a second pattern; a signal is written -KILL
		pkill NAME -9 TERM | 'TERM' is a second pattern; a signal is written -TERM
		pidwait -t 10m NAME | --terminal: '10m' is not a terminal (pts/3, tty1, -); a time is --timeout 10m
		pfdkill --wait {} 5.5 | '5.5': not a target
		pfdkill --wait 5.5 {} | '5.5': not a target
		pkill -t 1.5s NAME | --terminal: '1.5s' is not a terminal (pts/3, tty1, -)
		pwait -t 1 -k 5 {} | --kill: '5' could be a signal or a time: write a signal by name, as in KILL or TERM/5s/KILL
		pwait -t 1 ./a-command | './a-command': a name: use pidwait to wait for it, or pgrep --handle to get its handle; pwait takes a COMMAND behind '--'
		pidwait '' | an empty pattern matches every process; use '.' to select all
		pgrep --handle '' | an empty pattern matches every process; use '.' to select all
		pgrep --boot-handle '' | an empty pattern matches every process; use '.' to select all
	ROWS
	unharmed
}

@test "a target in place of a pattern, and a search for nothing, are reported" {
	local text
	for text in 43:29415497 :29415497 tcp:1 pidfile:/no/file lock:/no/file; do
		run_tool -1 pkill "$text"
		assert_stderr "pkill: '$text' was searched for as a name; as a target it is written -p $text"
	done
	run_tool -1 pgrep -f "tcp:no-such-$$"
	assert_stderr ''
	run_tool -0 pidwait -t 63 --until-none
	assert_stderr "pidwait: no process matches: -t is --terminal, a time is --timeout"
	run_tool -1 pgrep --explain "no-such-$$"
	assert_stderr 'pgrep: no process matches'
	run_tool -1 pfdkill "/no/such/$$.pid"
	assert_stderr "pfdkill: cannot find process \"/no/such/$$.pid\"; a pidfile is written pidfile:PATH"
	run_tool -124 pidwait --appear --timeout 10ms -p "lock:$PWD"
	assert_stderr ''
	# it is not looked for again
	run_tool -124 pidwait --appear --timeout 10ms -p fd:77
	assert_stderr 'pidwait: fd:77: no such descriptor is open'
	run_tool -124 pidwait --appear --timeout 10ms -p 4000000
	assert_stderr 'pidwait: 4000000: No such process'
	run_tool -1 pgrep -t 5.5
}

@test "empty items of a list are skipped" {
	victim
	local list
	for list in ",$spawned" "$spawned," ",,$spawned,,$spawned,"; do
		run_tool -0 pgrep -p "$list" -u ",,$(id -u)" -x "$name"
		assert_output "$spawned"
	done
	run_tool -0 pgrep -P "$$,," -x "$name"
	assert_output "$spawned"
}

@test "criteria that no process can fit are rejected" {
	victim
	refused <<-'ROWS'
		pgrep --older 5 --younger 3 NAME | --older and --younger: no process can be older than the one and younger than the other
		pkill --older 1h --younger 60m NAME | --older and --younger: no process
		pgrep -t pts/ | --terminal: 'pts/' has an item that is not a terminal
		pgrep -t /dev/ | --terminal: '/dev/' has an item that is not a terminal
		pkill -F '' | --pidfile: '' is not a file
	ROWS
	unharmed
	run_tool -0 pgrep --older 0 --younger 1w "$name"
}

@test "a pattern with ++ is rejected, because it is not plain text" {
	victim
	refused <<-'ROWS'
		pkill NAME++ | the pattern 'NAME++' has '++', which matches no plus sign: write --fixed to take it as plain text
		pgrep -f 'g++ -c' | the pattern 'g++ -c' has '++'
		pidwait '[[]x++' | the pattern '[[]x++' has '++'
		pgrep --args g++ NAME | the pattern of --args 'g++' has '++'
	ROWS
	unharmed
	local pattern
	for pattern in 'n\+\+' '[+][+]' 'n[++]' 'n[[:alpha:]++]' 'n(+|x)' '[]++]n' '+?n'; do
		run tool pgrep "$pattern"
		((status < 2)) || [[ $output != *'has '* ]] || fail "$pattern"
	done
	run_tool -1 pgrep --fixed "$name++"
}

@test "--at-most: if more match, none is signalled and all are listed" {
	local first tool
	victim
	first=$spawned
	spawn_ready "./$name"
	local both
	mapfile -t both < <(printf '%s\n' "$first" "$spawned" | sort -n)
	for tool in pkill pfdkill; do
		run_tool -2 "$tool" --at-most 1 -KILL "$name"
		refute_output
		assert_stderr "$(printf "$tool: %s ($name)\n" "${both[@]}")
$tool: 2 processes match, --at-most allows 1: no process was signalled"
	done
	run_tool -2 pfdkill --at-most 1 -KILL "$first" "$spawned"
	run_tool -1 kill --at-most 1 -KILL "$first" "$spawned"
	run_tool -2 pkill --at-most 1 --dry-run "$name"
	run_tool -2 pkill --at-most 1 --timeout 1ms KILL --wait "$name"
	run_tool -2 pgrep --at-most 1 "$name"
	refute_output
	assert_stderr "$(printf "pgrep: %s ($name)\n" "${both[@]}")
pgrep: 2 processes match, --at-most allows 1"
	for tool in -l -a -J --null --handle --long --tree -c '-d ,' -Q; do
		# shellcheck disable=SC2086
		run_tool -2 pgrep --at-most 1 $tool "$name"
		refute_output
		assert_stderr_has "pgrep: $first ($name)"
		# shellcheck disable=SC2086
		run_tool -0 pgrep $tool "$name"
		local all=$output
		# shellcheck disable=SC2086
		run_tool -0 pgrep --at-most 2 $tool "$name"
		# the table has ages
		[[ $tool == --long || $tool == --tree ]] || assert_equal "$output" "$all"
	done
	run_tool -2 pgrep --at-most 1 -q "$name"
	refute_output
	assert_stderr 'pgrep: 2 processes match, --at-most allows 1'
	run_tool -0 pgrep --at-most 2 -q "$name"
	run_tool -2 pgrep --at-most 0 "$name"
	run_tool -2 pkill --at-most x "$name"
	unharmed
	run_tool -0 pfdkill --at-most 1 -USR1 "$first" "$first"
	run_tool -0 pkill --at-most 2 -KILL --wait "$name"
}

@test "--at-most counts the members of a group" {
	spawn setsid bash -c 'sigecho >one & sigecho >two & while :; do wait; done'
	wait_for file_has one ready
	wait_for file_has two ready
	run_tool -2 pfdkill --at-most 2 -KILL -- "-$spawned"
	assert_stderr_has '3 processes match, --at-most allows 2: no process was signalled'
	assert_equal "$(<one)" ready
	run_tool -0 pfdkill --at-most 3 -USR2 -- "-$spawned"
	wait_for file_has one '^12 '
	wait_for file_has two '^12 '
}

@test "--at-most counts what --tree adds, before any is held or signalled" {
	requires strace
	local tool more option
	spawn bash -c 'trap : USR2; sigecho >one & sigecho >two & echo $! >second; while :; do wait; done'
	wait_for file_has one ready
	wait_for file_has two ready
	for tool in pkill pfdkill; do
		option=()
		[[ $tool == pfdkill ]] || option=(-p)
		for more in -KILL '-KILL --wait' '-KILL --dry-run' -0 '--timeout 1ms KILL --wait'; do
			# shellcheck disable=SC2086
			run_tool -2 "$tool" --tree --at-most 2 $more "${option[@]}" "$spawned"
			refute_output
			assert_stderr_has "$tool: $(<second) (sigecho)"
			assert_stderr_has \
				'3 processes match, --at-most allows 2: no process was signalled'
		done
		run strace -f -o calls -e trace=pidfd_send_signal,ptrace,kill "$PFD_BINDIR/$tool" \
			--tree --at-most 2 -KILL "${option[@]}" "$spawned"
		assert_equal "$status" 2
		run ! grep -E 'ptrace|kill|SIG' calls
		run_tool -0 "$tool" --tree --at-most 3 -USR2 "${option[@]}" "$spawned"
	done
	run_tool -0 pfdkill --tree -r --at-most 2 -USR1 "$spawned"
	wait_for file_has one '^10 '
	assert_equal "$(grep -c '^12 ' one)" 2
	run_tool -0 pkill --tree --at-most 2 --not-pid "$(<second)" -USR2 -p "$spawned"
}

@test "--at-most --tree: a descendant that ends before the first signal is not reported" {
	requires pidns strace
	# shellcheck disable=SC2016
	run --separate-stderr in_pidns '
		mkfifo never
		for tool in pfdkill "pkill -p"; do
			read -r name more <<<"$tool"
			rm -f child calls
			bash -c "exec 9<>never; sleep 60 & echo \$! >child; wait; read -r x <&9" & root=$!
			wait_for has_line child
			read -r child <child
			wait_for comm_is $child sleep
			# it stops when it has counted, and is about to hold them
			strace -f -o calls -e trace=clone,clone3 -e inject=clone,clone3:signal=SIGSTOP:when=1 \
				"$PFD_BINDIR/$name" --json --at-most 2 --tree -KILL $more $root >out 2>&1 & us=$!
			wait_for file_has calls "stopped by SIGSTOP"
			kill -KILL $child
			wait_for is_gone $child
			read -r stopped x <calls
			kill -CONT $stopped
			wait $us
			grep -c . out
			grep -c "\"pid\":$root,.*\"result\":\"sent\"" out
		done'
	assert_success
	assert_output $'1\n1\n1\n1'
}

@test "--at-most --tree -r: the descendants of a target without a handler get the signal" {
	spawn bash -c 'sigecho >child & wait'
	wait_for file_has child ready
	run_tool -0 pfdkill --tree -r --at-most 2 -USR1 "$spawned"
	wait_for file_has child '^10 '
}

@test "--at-most holds where there are fewer descriptors than processes" {
	local i all=()
	for i in {1..30}; do
		spawn sleep 1000
		all+=("$spawned")
	done
	run bash -c 'ulimit -n 16; exec "$PFD_BINDIR/pfdkill" --at-most 29 -KILL "$@"' - "${all[@]}"
	assert_equal "$status" 2
	run_tool -0 pfdkill -0 "${all[@]}"
	run -0 bash -c 'ulimit -n 16; exec "$PFD_BINDIR/pfdkill" --at-most 30 -KILL "$@"' - "${all[@]}"
}

@test "--if-any: that there is no process is a success" {
	local tool
	for tool in pgrep pkill pidwait; do
		run_tool -1 "$tool" nosuch-name
		run_tool -0 "$tool" --if-any nosuch-name
		refute_output
		assert_stderr ''
		run_tool -0 "$tool" --if-any -F /nosuch
		assert_stderr ''
		run_tool -0 "$tool" --if-any -p unix:/nosuch,lock:/nosuch,pidfile:/nosuch
		assert_stderr ''
		run_tool -0 "$tool" --if-any --verbose -F /nosuch
		assert_stderr "$tool: /nosuch: no such file"
		run_tool -0 "$tool" --if-any --ns 4000000
		assert_stderr ''
		run_tool -0 "$tool" --if-any --exe /dev/null/x
		run_tool -0 "$tool" --if-any --cwd '/dev/null/x/**'
		assert_stderr ''
		run_tool -1 "$tool" --if-any -p fd:99
		run_tool -2 "$tool" --if-any
	done
	run_tool -0 pgrep -c --if-any --ns 4000000
	assert_output 0
	run_tool -1 pgrep -v --if-any --ns 4000000
	refute_output
	assert_stderr 'pgrep: 4000000: No such process'
	run_tool -1 pgrep -v --if-any --exe /dev/null/x
	refute_output
	run_tool -0 pidwait --until-none --ns 4000000
	assert_stderr 'pidwait: 4000000: No such process'
	run_tool -2 pkill --if-any ''
	run_tool -0 pfdkill --if-any
	run_tool -0 pfdkill --if-any ''
	run_tool -0 pfdkill --if-any ' ' ''
	run_tool -0 pfdkill --if-any -KILL nosuch-name 999999999 pidfile:/nosuch unix:/nosuch -999999999
	refute_output
	assert_stderr ''
	run_tool -0 pfdkill --if-any --wait 999999999
	run_tool -0 pfdkill --if-any --verbose 999999999
	assert_stderr 'pfdkill: 999999999: No such process'
	run_tool -1 pfdkill --if-any fd:99
	run_tool -2 pfdkill --if-any foo:bar
	run_tool -2 pfdkill --if-any '' x:
	sleeper
	run_tool -0 pfdkill --if-any 999999999 "$spawned"
	requires linux:6.9
	run_tool -0 pfdkill --if-any "$$:1"
}

@test "--if-any: a missing permission stays an error" {
	requires root
	sleeper
	run as_user pfdkill --if-any "$spawned"
	assert_equal "$status" 1
	run as_user pkill --if-any -p "$spawned"
	assert_equal "$status" 1
}

@test "pkill takes --inverse and the printing options of pgrep in their long form" {
	requires pidns
	# shellcheck disable=SC2016
	run in_pidns '
		setsid sleep 1000 & out=$!
		sleep 1000 & in=$!
		wait_for comm_is $out sleep
		wait_for comm_is $in sleep
		tool pkill --inverse -s0,1 -TERM || echo "status $?"
		wait $out || echo "ended $?"
		tool pfdkill -0 $in && echo lives'
	assert_output --partial 'ended 143'
	assert_line lives
	refute_line --partial status
	local option
	victim
	for option in --list-name --list-full --quiet '--delimiter ,' --count; do
		# shellcheck disable=SC2086
		run_tool -0 pkill -0 $option "$name"
		[[ $option == --count ]] || refute_output
		# shellcheck disable=SC2086
		run_tool -124 pidwait --timeout 1ms $option "$name"
		[[ $option == --count ]] || refute_output
	done
	for option in -v -l -a "-d,"; do
		run_tool -2 pkill "$option" "$name"
	done
	run_tool -0 pgrep --quiet -c "$name"
	assert_output 1
}

@test "--version names the procps that scripts look for" {
	local tool
	for tool in pgrep pkill pidwait; do
		run_tool -0 "$tool" --version
		assert_output --partial 'compatible with procps-ng 4.0.6'
		assert_output --partial "$tool from procps-ng"
	done
}
