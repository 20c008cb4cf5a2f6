#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pwait on a terminal: jobs that are stopped and continued, and the live line.

load helpers
load pwait

# ---- jobs ----

@test "Ctrl-Z stops pwait and the command, and fg continues both" {
	terminal
	type_keys '"$PFD_BINDIR/pwait" -v -- sh -c "echo run-ning; sleep 1; read x; exit 6"\n'
	wait_for shown '^run-ning'
	type_keys '\032'
	wait_for shown 'Stopped'
	type_keys 'echo the-"shell"-is-back\n'
	wait_for shown '^the-shell-is-back'
	type_keys 'fg\n'
	type_keys 'x\n'
	wait_for shown ': exited with status 6'
	type_keys 'echo status=$?\n'
	wait_for shown '^status=6'
}

@test "Ctrl-C reaches the command once, and pwait ends as the command does" {
	terminal
	type_keys '"$PFD_BINDIR/pwait" -- sigecho -x 3\n'
	wait_for shown '^ready'
	type_keys '\003'
	wait_for shown 'C2 code=128'
	type_keys '\034'
	wait_for shown '3 code=128'
	assert_equal "$(seen | grep -c '2 code')" 1
	wait_for prompted
	type_keys '"$PFD_BINDIR/pwait" -- sh -c "echo star-ted; exec sleep 1000"\n'
	wait_for shown '^star-ted'
	type_keys '\003'
	wait_for prompted
	type_keys 'echo status=$?\n'
	wait_for shown '^status=130'
}

@test "a Ctrl-C that comes just before the command is born ends it" {
	requires strace
	terminal
	type_keys 'strace -f -o calls -e trace=signalfd4,clone3 -e inject=clone3:delay_enter=1000000 "$PFD_BINDIR/pwait" -- sleep 1000\n'
	wait_for file_has calls signalfd4
	type_keys '\003'
	wait_for prompted
	type_keys 'echo status=$?\n'
	wait_for shown '^status=130'
}

is_dead() {
	is_zombie "$1" || is_gone "$1"
}

@test "a hangup reaches the command once, also where pwait leads the session" {
	requires script
	local options
	for options in '' --cleanup '-k HUP' '-k TERM/20s/KILL'; do
		# where script is killed, nothing holds the other end of the terminal
		spawn env --default-signal TERM=dumb script -qfc \
			"echo \$\$ >leader; exec '$PFD_BINDIR/pwait' $options -- sigecho -x 1 hangup >up" screen
		wait_for file_has up ready
		kill -KILL "$spawned"
		wait_for is_dead "$(<leader)"
		assert_equal "$(grep -c '^1 ' hangup)" 1
		rm leader up hangup
	done
}

@test "where pwait leads the session, it does not stop with the command, and sees its end" {
	requires script
	spawn env --default-signal TERM=dumb script -qec \
		"exec '$PFD_BINDIR/pwait' -- sh -c 'echo \$\$ \$PPID >pids; kill -STOP \$\$; exit 6'" screen
	wait_for has_line pids
	local command pwait
	read -r command pwait <pids
	wait_for is_stopped "$command"
	kill -CONT "$command"
	wait_for is_dead "$pwait"
	local status=0
	wait "$spawned" || status=$?
	assert_equal "$status" 6
}

@test "when a command stops itself, the shell gets the terminal back" {
	terminal
	type_keys '"$PFD_BINDIR/pwait" -- sh -c '\''kill -STOP $$; echo con-tinued; exit 3'\''\n'
	wait_for shown 'Stopped'
	type_keys 'fg\n'
	wait_for shown '^con-tinued'
	type_keys 'echo status=$?\n'
	wait_for shown '^status=3'
}

@test "when a background command stops only itself, pwait does not stop" {
	terminal
	type_keys "\"\$PFD_BINDIR/pwait\" -- sh -c 'echo \$\$ >stopped; kill -STOP \$\$; exit 4' &\n"
	wait_for has_line stopped
	wait_for is_stopped "$(<stopped)"
	wait_for job_is Running
	kill -CONT "$(<stopped)"
	type_keys 'wait %1; echo status=$?\n'
	wait_for shown '^status=4'
}

@test "when a command of a script stops only itself, pwait does not stop, though the script has the terminal" {
	terminal
	cat >script.sh <<-'END'
		"$PFD_BINDIR/pwait" -- sh -c 'echo $$ >stopped; kill -STOP $$; exit 4'
		echo script=$?
	END
	type_keys 'sh script.sh\n'
	wait_for has_line stopped
	wait_for is_stopped "$(<stopped)"
	kill -CONT "$(<stopped)"
	wait_for shown '^script=4'
}

@test "a command that ignores Ctrl-Z keeps the terminal" {
	terminal
	type_keys '"$PFD_BINDIR/pwait" -- sh -c '\''trap "" TSTP; echo rea-dy; read x; echo got-$x'\''\n'
	wait_for shown '^rea-dy'
	type_keys '\032word\n'
	wait_for shown '^got-.*word'
	wait_for prompted
	run ! shown Stopped
}

@test "a command that restores the terminal before it stops does so before the shell gets it back" {
	requires python3
	cat >tidy.py <<-'PYTHON'
		import os, select, signal, time
		def stop(number, frame):
		    time.sleep(0.5)
		    print("tidied", flush=True)
		    os.kill(os.getpid(), signal.SIGSTOP)
		signal.signal(signal.SIGTSTP, stop)
		print("ready", flush=True)
		# if a signal comes just before a read, Python handles it after the read
		while not select.select([0], [], [], 0.1)[0]:
		    pass
		input()
	PYTHON
	terminal
	type_keys '"$PFD_BINDIR/pwait" -- python3 tidy.py\n'
	wait_for shown '^ready'
	type_keys '\032'
	wait_for shown Stopped
	assert_equal "$(seen | grep -oE '(tidied$|Stopped)')" $'tidied\nStopped'
	type_keys 'fg\n\n'
	wait_for prompted
	type_keys 'echo status=$?\n'
	wait_for shown '^status=0'
}

@test "in a pipeline Ctrl-Z stops all processes, and fg continues them" {
	terminal
	type_keys 'echo word | "$PFD_BINDIR/pwait" -- sh -c '\''read x; echo $x-1; read y </dev/tty; exit 4'\''\n'
	wait_for shown '^word-1'
	type_keys '\032'
	wait_for shown Stopped
	wait_for prompted
	type_keys 'fg\n'
	type_keys 'x\n'
	wait_for prompted
	type_keys 'echo status=$?\n'
	wait_for shown '^status=4'
}

@test "a background command that reads the terminal is stopped, and pwait with it" {
	terminal
	type_keys '"$PFD_BINDIR/pwait" -- sh -c '\''read x; echo got-$x; exit 5'\'' &\n'
	wait_for job_is Stopped
	type_keys 'fg\n'
	type_keys 'word\n'
	wait_for shown '^got-word'
	wait_for prompted
	type_keys 'echo status=$?\n'
	wait_for shown '^status=5'
}

@test "a background command that may not write to the terminal is stopped, and pwait with it" {
	terminal
	type_keys 'stty tostop\n'
	type_keys '"$PFD_BINDIR/pwait" -- sh -c '\''echo wri-tten; exit 5'\'' &\n'
	wait_for job_is Stopped
	run ! shown '^wri-tten'
	type_keys 'fg\n'
	wait_for shown '^wri-tten'
	wait_for prompted
	type_keys 'echo status=$?\n'
	wait_for shown '^status=5'
}

@test "bg continues a stopped command in the background" {
	mkfifo go
	terminal
	type_keys '"$PFD_BINDIR/pwait" -- sh -c '\''echo rea-dy; read -r line <go; exit 6'\''\n'
	wait_for shown '^rea-dy'
	type_keys '\032'
	wait_for job_is Stopped
	type_keys 'bg\n'
	wait_for job_is Running
	echo >go
	type_keys 'wait %1; echo status=$?\n'
	wait_for shown '^status=6'
}

@test "pwait for processes can be stopped and continued like any program, and misses no end" {
	victim exit 3
	terminal
	type_keys "sh -c 'echo \$\$ >waiter; exec \"\$PFD_BINDIR/pwait\" -v $pid'\n"
	wait_for has_line waiter
	wait_for waits "$(<waiter)"
	type_keys '\032'
	wait_for job_is Stopped
	end_victim
	type_keys 'fg\n'
	wait_for shown "^$pid: exited with status 3"
}

# ---- other programs that use the terminal, with and without --kill ----

# in_both_ways FUNCTION: with `pwait --` and with `pwait -k ... --` before the command, in $pwait.
in_both_ways() {
	local pwait
	for pwait in '"$PFD_BINDIR/pwait" --' '"$PFD_BINDIR/pwait" -t 1h -k TERM/5s/KILL --cleanup --'; do
		terminal
		"$1"
		end_spawned
		exec {keyboard}>&-
		rm keys
	done
}

stop_and_continue() {
	type_keys "$pwait"' sh -c "echo run-ning; read x; exit 6"\n'
	wait_for shown '^run-ning'
	type_keys '\032'
	wait_for shown 'Stopped'
	type_keys 'echo the-"shell"-is-back\n'
	wait_for shown '^the-shell-is-back'
	type_keys 'fg\n'
	wait_for shown 'sh -c "echo run-ning'
	type_keys 'x\n'
	wait_for prompted
	type_keys 'echo status=$?\n'
	wait_for shown '^status=6'
}

@test "with --kill and --cleanup Ctrl-Z and fg work as without" {
	in_both_ways stop_and_continue
}

@test "with --kill Ctrl-C reaches each process once, and pwait ends as the command does" {
	terminal
	type_keys '"$PFD_BINDIR/pwait" -k KILL -- sh -c "trap : INT; sigecho -x 2 child & sigecho -x 2; wait; exit 9"\n'
	both_are_ready() { (($(seen | grep -c '^ready') == 2)); }
	wait_for both_are_ready
	type_keys '\003'
	wait_for prompted
	type_keys 'echo status=$?\n'
	wait_for shown '^status=9'
	assert_equal "$(seen | grep -c '2 code')" 1
	assert_equal "$(grep -c '2 code' child)" 1
}

@test "with --kill, what is born in the group of the terminal after Ctrl-C gets the signal too" {
	cat >late.sh <<-'END'
		setsid sigecho -x 2 child >child-up &
		until grep -q ready child-up; do :; done
		# pwait has looked for all when it signals the one that the terminal does not reach
		trap 'until grep -q ^2 child; do :; done
			sigecho -x 2 late >late-up &
			until grep -q ready late-up; do :; done
			exit 9' INT
		echo rea-dy
		while :; do sleep 0.1; done
	END
	terminal
	type_keys '"$PFD_BINDIR/pwait" -k INT -- sh late.sh\n'
	wait_for shown '^rea-dy'
	type_keys '\003'
	wait_for prompted
	type_keys 'echo status=$?\n'
	wait_for shown '^status=9'
	file_has late '^2 code=0 '
}

use_a_pager() {
	type_keys 'seq 1000 | '"$pwait"' less -P the-pager\n'
	wait_for shown the-pager
	type_keys '/777\n'
	wait_for shown '777'
	type_keys 'q'
	wait_for prompted
	type_keys 'echo status=$?\n'
	wait_for shown '^status=0'
}

@test "with --foreground --kill Ctrl-C is passed to a command that is in another process group" {
	terminal
	type_keys '"$PFD_BINDIR/pwait" --foreground -k KILL -- setsid sigecho -x 2 got\n'
	wait_for shown '^ready'
	type_keys '\003'
	wait_for prompted
	file_has got '^2 code=0 '
}

@test "a pager reads its keys from the terminal" {
	requires less
	in_both_ways use_a_pager
}

use_an_editor() {
	rm -f text
	type_keys "$pwait"' vi -u NONE text\n'
	wait_for shown '"text"'
	type_keys 'iwritten\033'
	wait_for shown written
	# the editor stops itself and its process group
	type_keys '\032'
	wait_for shown Stopped
	wait_for prompted
	type_keys 'fg\n'
	type_keys ':wq\n'
	wait_for file_has text written
	wait_for prompted
	type_keys 'echo status=$?\n'
	wait_for shown '^status=0'
}

@test "an editor is stopped, continued and left" {
	requires vi
	in_both_ways use_an_editor
}

# They make a session or a terminal of their own, or mirror the stop of their child.
use_su() {
	local command
	for command in "su -s /bin/sh root -c" "runuser -s /bin/sh root -c" "script -qec"; do
		rm -f began
		type_keys "$pwait $command"' "echo x >began; read x; echo got-\\$x; exit 5"'
		[[ $command != script* ]] || type_keys ' /dev/null'
		type_keys '\n'
		wait_for has_line began
		type_keys "${command%% *}\n"
		wait_for shown "^got-${command%% *}"
		wait_for prompted
		type_keys 'echo status-'"${command%% *}"'=$?\n'
		wait_for shown "^status-${command%% *}=5"
	done
}

@test "su, runuser and script read from the terminal and give the status" {
	requires root su runuser script
	in_both_ways use_su
}

stop_su() {
	type_keys "$pwait"' su -s /bin/bash root -c "echo x >began; read x; echo got-\\$x"\n'
	wait_for has_line began
	rm began
	type_keys '\032'
	wait_for shown Stopped
	wait_for prompted
	type_keys 'fg\n'
	type_keys 'again\n'
	wait_for shown '^got-again'
	wait_for prompted
}

@test "su is stopped by Ctrl-Z and continued by fg" {
	requires root su
	in_both_ways stop_su
}

# ---- the live line ----

@test "the live line shows what is left, fits the terminal, and disappears" {
	terminal
	sleeper
	local first=$spawned
	spawn_ready named $'f\303\274nf \033[31m'
	local second=$spawned
	type_keys "stty cols 80\n\"\$PFD_BINDIR/pwait\" --progress $first $second; echo re'tur'ned\n"
	wait_for shown "0/2 gone 00:0[0-9] waiting for $first (sleep), $second (fünf .x1b.31m)"
	type_keys '\003'
	wait_for prompted
	type_keys "stty cols 40\n\"\$PFD_BINDIR/pwait\" --progress $first $second; echo re'tur'ned\n"
	wait_for shown "0/2 gone 00:0[0-9] waiting for $first .*\.\.\."
	kill -KILL "$first" "$second"
	wait_for shown '^.*returned'
}

@test "the live line starts at the cursor, and is cut again when the terminal becomes narrower" {
	terminal
	sleeper
	type_keys "tty >device; stty cols 80\n\"\$PFD_BINDIR/pwait\" --progress $spawned\n"
	wait_for grep -qa $'\r0/1 gone 00:0[0-9] waiting for [0-9]* (sleep)\x1b\[J\r' screen
	stty -F "$(<device)" cols 20
	wait_for grep -qa $'\r0/1 gone 00:0[0-9] \.\.\.\x1b\[J\r' screen
	type_keys '\003'
	wait_for prompted
	type_keys "stty cols 12\n\"\$PFD_BINDIR/pwait\" --progress $spawned\n"
	wait_for grep -qa $'\r0/1 gone 00\x1b\[J\r' screen
	type_keys '\003'
	wait_for prompted
}

@test "a background job draws no live line" {
	terminal
	sleeper
	type_keys "\"\$PFD_BINDIR/pwait\" --progress $spawned &\n"
	wait_for job_is Running
	type_keys 'jobs -p >number\n'
	wait_for has_line number
	# it was woken twice, could have drawn each time, and sleeps again
	wait_for slept_more "$(<number)" "$(($(sleeps "$(<number)") + 1))"
	run ! shown '0/1 gone'
	type_keys 'fg\n'
	wait_for shown '0/1 gone 00:0[0-9] waiting'
	type_keys '\032'
	wait_for job_is Stopped
}

@test "a printed line replaces the live line, which is drawn again below it" {
	terminal
	victim exit 3
	sleeper
	type_keys "\"\$PFD_BINDIR/pwait\" -v --progress $spawned $pid\n"
	wait_for shown '0/2 gone 00:'
	order
	order
	wait_for grep -qa $'\x1b\[J'"$pid: exited with status 3" screen
	wait_for shown '1/2 gone 00:'
}
