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
		pkill HUP NAME | $ONE
		pkill -n 9 NAME | $ONE
		pkill -x NAME NAME | $ONE
		pkill -f python NAME | $ONE
		pkill -p {} -- NAME other | $ONE
		pkill --wait 5 NAME | $ONE
		pgrep NAME other | $ONE
		pidwait NAME other | $ONE
		pidwait --count 2 NAME | $ONE
	ROWS
	unharmed
	run_tool -0 pgrep -x "other|$name"
	assert_output "$spawned"
}

@test "a duration without a unit is rejected, because seconds and milliseconds could be meant" {
	victim
	refused <<-'ROWS'
		pkill --timeout 10 KILL NAME | --timeout: '10' has no unit: say 10ms or 10s
		pkill --timeout 10 KILL --wait NAME | --timeout: '10' has no unit: say 10ms or 10s
		pkill --deadline 10 NAME | --deadline: '10' has no unit: say 10ms or 10s
		pfdkill --timeout 10 KILL {} | --timeout: '10' has no unit: say 10ms or 10s
		pfdkill --timeout .5 KILL {} | --timeout: '.5' has no unit: say .5ms or .5s
		pfdkill --deadline 10 {} | --deadline: '10' has no unit: say 10ms or 10s
		pkill --timeout 10s KILL --deadline 5s NAME | --deadline has to be later than the last signal of --timeout
		pfdkill --timeout 10s KILL --deadline 10s {} | --deadline has to be later than the last signal of --timeout
	ROWS
	unharmed
	run_tool -0 pfdkill -USR1 --timeout 0 USR2 "$spawned"
	wait_for file_has "$spawned_out" '^12 '
}

@test "--wait takes no duration" {
	victim
	refused <<-'ROWS'
		pkill --timeout 10s KILL --wait=10 NAME | --wait takes no value: write --deadline 10s
		pkill --wait=1.5m NAME | --wait takes no value: write --deadline 1.5m
		pfdkill --wait=5 {} | --wait takes no value: write --deadline 5s
		pfdkill -w5 {} | --wait takes no value: write --deadline 5s
		pfdkill --wait 5 {} | '5' behind --wait: write --deadline 5s, or '5' before --wait if it is an operand
		kill -w 5 {} | '5' behind --wait: write --deadline 5s, or '5' before --wait if it is an operand
	ROWS
	unharmed
}
