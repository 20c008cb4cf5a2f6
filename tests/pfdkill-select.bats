#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pfdkill: names, handlers, threads, groups of targets, and output without a signal.

load helpers

# named_one NAME: start a process and wait until it has this name.
named_one() {
	spawn_ready named "$@"
}

# ---- names ----

# bats test_tags=kernel
@test "a name must match exactly, and every process with that name is signalled" {
	local name=pfdn$BASHPID one two three
	named_one "$name"
	one=$spawned
	named_one "$name"
	two=$spawned
	named_one "${name}x"
	three=$spawned
	run_tool -0 pfdkill -s KILL --wait "$name"
	refute_output
	assert_stderr ''
	run_tool -1 pfdkill -0 "$one"
	run_tool -1 pfdkill -0 "$two"
	run_tool -0 pfdkill -0 "$three"
	run_tool -1 pfdkill "$name"
	refute_output
	assert_stderr "pfdkill: cannot find process \"$name\""
	run_tool -0 pfdkill -s KILL "name:${name}x"
}

@test "a name of 30 bytes, a name in brackets and one that looks like a number are found" {
	local name long=abcdefghijklmnopqrstuvwxyz$BASHPID
	for name in "$long" '(sd-pam)x'"$BASHPID" "${BASHPID}77y" "a b:c$BASHPID"; do
		named_one "$name"
		run_tool -0 pfdkill -s KILL --deadline 10s "name:$name"
		refute_output
		assert_stderr ''
		run_tool -1 pfdkill -0 "$spawned"
	done
	named_one "$long"
	run_tool -1 pfdkill "${long:0:15}"
	assert_stderr "pfdkill: cannot find process \"${long:0:15}\""
	run_tool -1 pfdkill "${long}z"
	run_tool -0 pfdkill -0 "$spawned"
	run_tool -0 pfdkill -KILL "$long"
}

@test "a name with a slash means processes that run this file" {
	cp "$(command -v sleep)" ./napper
	spawn ./napper 1000
	wait_for comm_is "$spawned" napper
	run_tool -1 pfdkill /nowhere/napper
	run_tool -0 pfdkill -KILL "$PWD/napper"
	refute_output
	assert_stderr ''
	spawn ./napper 1000
	wait_for comm_is "$spawned" napper
	run_tool -0 pfdkill -KILL ./napper
}

# nap PATH: a copy of sleep that runs from this path.
nap() {
	spawn "$1" 1000
	wait_for comm_is "$spawned" "${1##*/}"
}

# hit PATH PID...: pfdkill PATH ends these and leaves $spared.
hit() {
	local pid path=$1
	shift
	run_tool -0 pfdkill -KILL --wait --deadline 10s "$path"
	assert_stderr ''
	for pid; do
		run_tool -1 pfdkill -0 "$pid"
	done
	run_tool -0 pfdkill -0 "$spared"
}

@test "a program is known by its file: links, merged folders, replaced and removed files" {
	local one spared
	mkdir -p usr/bin other
	ln -s usr/bin bin
	cp "$(command -v sleep)" usr/bin/napper
	cp usr/bin/napper other/napper
	nap ./other/napper
	spared=$spawned
	nap "$PWD/usr/bin/napper"
	hit bin/napper "$spawned"
	nap ./bin/napper
	one=$spawned
	# as an upgrade does it
	cp usr/bin/napper new
	mv new usr/bin/napper
	nap ./bin/napper
	hit "$PWD/usr/bin/napper" "$one" "$spawned"
	nap ./bin/napper
	rm usr/bin/napper
	hit ./bin/napper "$spawned"
}

@test "a link with another name means only the processes that were started by that name" {
	local one spared
	cp "$(command -v sleep)" box
	ln -s box first
	ln -s box second
	nap ./first
	one=$spawned
	nap ./second
	spared=$spawned
	hit ./first "$one"
	run_tool -1 pfdkill ./first
	one=$spared
	nap ./first
	run_tool -0 pfdkill -KILL --wait --deadline 10s ./box
	run_tool -1 pfdkill -0 "$one"
	run_tool -1 pfdkill -0 "$spawned"
}

@test "a script is known by its file, and an interpreter does not stand for its scripts" {
	local spared one first=a-script-with-a-long-name
	mkdir one two
	cp "$(command -v bash)" shell
	ln -s shell sh
	mkfifo fifo
	# shellcheck disable=SC2016
	printf '#!%s -e\necho ready; read -r line <fifo\n' "$PWD/sh" | tee one/$first two/$first >/dev/null
	chmod +x one/$first two/$first
	spawn_ready ./two/$first
	spared=$spawned
	spawn_ready ./one/$first --option
	one=$spawned
	# a script in an editor, so to say
	spawn_ready named vi -- ./one/$first
	local editor=$spawned
	hit ./one/$first "$one"
	run_tool -0 pfdkill -0 "$editor"
	run_tool -1 pfdkill ./one/$first
	run_tool -1 pfdkill ./shell
	one=$spared
	spared=$editor
	hit ./sh "$one"
}

@test "a script that env starts is known by its file, and so is one that its interpreter was given" {
	local spared editor script calls
	mkdir bin one two
	cp "$(command -v bash)" bin/a-shell-with-a-long-name
	mkfifo fifo
	for script in one/script two/script; do
		printf '#! /usr/bin/env -S X=y a-shell-with-a-long-name -e\necho ready; read -r line <fifo\n' >$script
		chmod +x $script
	done
	PATH=$PWD/bin:$PATH
	spawn_ready ./two/script
	spared=$spawned
	spawn_ready named vi -- ./one/script
	editor=$spawned
	spawn_ready bash ./one/script
	local other=$spawned
	spawn_ready ./one/script --option
	run_tool -0 pfdkill -p ./one/script
	assert_output "$spawned"
	# where the kernel has no longer cached its path, and before Linux 5.12
	requires strace
	for calls in error=EAGAIN:when=1 error=EINVAL; do
		[[ $calls == *EINVAL || $(stat -c %d .) == "$(stat -c %d /)" ]] || continue
		run -0 strace -qq -o calls -e trace=openat2 -e inject="openat2:$calls" \
			"$PFD_BINDIR/pfdkill" -p ./one/script 3>&-
		assert_output "$spawned"
		grep -q INJECTED calls
	done
	# without descriptors nothing follows about the process
	run -3 strace -qq -o calls -e trace=openat2 -e inject=openat2:error=EMFILE \
		"$PFD_BINDIR/pfdkill" -p ./one/script 3>&-
	assert_output --partial 'Too many open files'
	hit "$PWD/one/script" "$spawned"
	spawn_ready bin/a-shell-with-a-long-name -e one/script
	hit ./one/script "$spawned"
	run_tool -0 pfdkill -0 "$spared" "$editor" "$other"
}

@test "names mean processes of our user, with -a also those of others" {
	requires root
	local name=pfdo$BASHPID
	as_user named "$name" >other 3>&- &
	local other=$!
	wait_for has_line other
	run_tool -1 pfdkill "$name"
	assert_stderr "pfdkill: cannot find process \"$name\": 1 of other users (--all)"
	run_tool -0 pfdkill -0 -a "$name"
	run_tool -0 pfdkill --all -KILL "$name"
	assert_stderr ''
	wait "$other" || true
}

@test "a process of another user with that name is denied, not signalled" {
	requires root
	local name=pfdd$BASHPID
	named_one "$name"
	run --separate-stderr as_user pfdkill -a "$name"
	assert_equal "$status" 1
	refute_output
	assert_stderr "pfdkill: $name: $spawned: not permitted: it belongs to root"
}

@test "a name never means pfdkill itself" {
	# a name that the pfdkill of no other test has at the same time
	local name=pfds$BASHPID
	cp "$PFD_BINDIR/pfdkill" "$name"
	run --separate-stderr "./$name" "$name"
	assert_equal "$status" 1
	refute_output
	assert_stderr "$name: cannot find process \"$name\""
}

# ---- handlers ----

@test "-r signals only processes that have a handler" {
	spawn_ready sigecho
	local echo=$spawned out=$spawned_out
	sleeper
	run_tool -0 pfdkill -r -USR1 "$echo" "$spawned"
	refute_output
	assert_stderr ''
	wait_for file_has "$out" '^10 '
	run_tool -1 pfdkill --require-handler -USR1 "$spawned"
	refute_output
	assert_stderr ''
	run_tool -1 pfdkill -r --verbose -USR1 "$spawned"
	assert_output "$spawned (sleep): has no handler for USR1, nothing was sent"
	run_tool -0 pfdkill -0 "$spawned"
	run_tool -0 pfdkill -r -RTMIN+3 "$echo"
	wait_for file_has "$out" "^$(rt 3) "
	run_tool -0 pfdkill -r -RTMAX "$echo"
	wait_for file_has "$out" '^64 '
	run_tool -0 pfdkill -r -0 "$echo" "$spawned"
}

@test "-r on a process that is gone reports that" {
	run_tool -1 pfdkill -r -USR1 999999999
	refute_output
	assert_stderr 'pfdkill: 999999999: No such process'
}

@test "-r with a group signals only members that have a handler" {
	spawn setsid bash -c 'sigecho >one & sleep 1000 & echo $! >plain; wait'
	wait_for file_has one ready
	wait_for file_has plain .
	wait_for comm_is "$(<plain)" sleep
	run_tool -0 pfdkill -r -USR2 -- "-$spawned"
	wait_for file_has one '^12 '
	run_tool -0 pfdkill -0 "$(<plain)"
	run_tool -0 pfdkill -KILL -- "-$spawned"
}

# ---- threads and groups ----

# bats test_tags=kernel
@test "tid:N signals one thread" {
	requires linux:6.9
	spawn_ready threads 2
	local leader second third
	read -r leader second third <"$spawned_out"
	run_tool -0 pfdkill -USR1 "tid:$second"
	refute_output
	assert_stderr ''
	wait_for file_has "$spawned_out" "^$second 10$"
	run_tool -0 pfdkill -USR2 "tid:$third"
	wait_for file_has "$spawned_out" "^$third 12$"
	run_tool -0 pfdkill -HUP "tid:$leader"
	wait_for file_has "$spawned_out" "^$leader 1$"
	run_tool -0 pfdkill -q 3 -RTMIN "tid:$third"
	wait_for file_has "$spawned_out" "^$third $(rt 0)$"
	run_tool -1 pfdkill "$second"
	assert_stderr "pfdkill: $second: No such process"
	run_tool -1 pfdkill tid:999999999
	assert_stderr 'pfdkill: tid:999999999: No such process'
}

@test "the inode of a thread names no process" {
	requires linux:6.14 jq
	spawn_ready threads 1
	local leader second inode
	read -r leader second <"$spawned_out"
	run_tool -0 pfdkill -J -USR1 "tid:$second"
	inode=$(jq .pidfdId <<<"$output")
	wait_for file_has "$spawned_out" "^$second 10$"
	run_tool -1 pfdkill -USR2 ":$inode"
	assert_stderr "pfdkill: :$inode: that inode is a thread's, not a process's"
	run_tool -1 pfdkill -USR2 "$leader:$inode"
	assert_stderr_has "pfdkill: $leader:$inode: recycled"
	run_tool -0 pfdkill -0 "$leader"
	refute file_has "$spawned_out" ' 12$'
}

# bats test_tags=kernel
@test "--thread signals only the main thread of a process" {
	requires linux:6.9
	spawn_ready threads 3
	local i
	for i in 1 2 3 4 5; do
		run_tool -0 pfdkill --thread -USR1 "$spawned"
	done
	run_tool -0 pfdkill --thread -HUP "$spawned:$(inode_of "$spawned")"
	wait_for file_has "$spawned_out" "^$spawned 1$"
	assert_equal "$(grep -c ' 10$' "$spawned_out")" "$(grep -c "^$spawned 10\$" "$spawned_out")"
}

# pending_in PID TID SIGNAL_NUMBER: the signal is pending for this thread only.
pending_in() {
	local status mask
	# at once: bash goes back in a file behind each line, and this one changes
	status=$(<"/proc/$1/task/$2/status")
	mask=${status#*$'\nSigPnd:\t'}
	(((16#${mask%%$'\n'*} >> ($3 - 1)) & 1))
}

@test "a signal that the thread named by tid: or --thread blocks stays pending there" {
	requires linux:6.9
	local leader second third
	spawn_ready threads -b 1 2
	read -r leader second third <"$spawned_out"
	run_tool -0 pfdkill -USR1 "tid:$second"
	run_tool -0 pfdkill -q 5 -USR2 "tid:$second"
	pending_in "$leader" "$second" 10
	pending_in "$leader" "$second" 12
	spawn_ready threads -b 0 2
	read -r leader second third <"$spawned_out"
	run_tool -0 pfdkill --thread -USR1 "$leader"
	run_tool -0 pfdkill -USR2 "tid:$leader"
	pending_in "$leader" "$leader" 10
	pending_in "$leader" "$leader" 12
	# a signal that is sent to the process may go to any of its threads
	run_tool -0 pfdkill -HUP "$leader"
	wait_for file_has "$spawned_out" ' 1$'
	refute file_has "$spawned_out" ' 1[02]$'
}

# bats test_tags=kernel
@test "--group signals the group that a process leads" {
	requires linux:6.9
	spawn setsid bash -c 'trap : USR1; sigecho >one & while :; do wait; done'
	wait_for file_has one ready
	run_tool -0 pfdkill --group -USR1 "$spawned:$(inode_of "$spawned")"
	refute_output
	assert_stderr ''
	wait_for file_has one '^10 '
	run_tool -0 pfdkill --group -KILL --deadline 10s "$spawned"
	assert_stderr ''
	sleeper
	run_tool -1 pfdkill --group -KILL "$spawned"
	assert_stderr "pfdkill: $spawned: no such process group"
	run_tool -0 pfdkill -0 "$spawned"
}

# bats test_tags=kernel
@test "threads and scopes are rejected before Linux 6.9" {
	requires seccomp
	sleeper
	run old-kernel 6.8 "$PFD_BINDIR/pfdkill" "tid:$spawned"
	assert_equal "$status" 3
	assert_output "pfdkill: tid:$spawned: holding a thread needs Linux 6.9"
	run old-kernel 6.8 "$PFD_BINDIR/pfdkill" --thread "$spawned"
	assert_equal "$status" 3
	assert_output "pfdkill: $spawned: signals to one thread or to a process group need Linux 6.9"
	run_tool -0 pfdkill -0 "$spawned"
}

# ---- without signalling ----

@test "-p prints the PIDs and sends nothing" {
	local name=pfdp$BASHPID one
	named_one "$name"
	one=$spawned
	named_one "$name"
	run_tool -0 pfdkill -p "$name"
	assert_equal "$(sort <<<"$output")" "$(printf '%s\n' "$one" "$spawned" | sort)"
	assert_stderr ''
	run_tool -0 pfdkill --pid "$one:$(inode_of "$one")"
	assert_output "$one"
	run_tool -1 pfdkill -p "$one:1"
	refute_output
	assert_stderr "pfdkill: $one:1: recycled: that process is gone"
	run_tool -0 pfdkill -0 "$one" "$spawned"
	run_tool -0 pfdkill -KILL "$name"
}

@test "-p with -r prints processes that have a handler" {
	spawn_ready sigecho
	local echo=$spawned
	sleeper
	run_tool -0 pfdkill -p -r "$echo" "$spawned"
	assert_output "$echo"
	assert_stderr ''
}

@test "-p prints the members of a group" {
	spawn setsid bash -c 'sleep 1000 & echo $! >member; wait'
	wait_for file_has member .
	run_tool -0 pfdkill -p -- "-$spawned"
	assert_line "$spawned"
	assert_line "$(<member)"
	assert_equal "${#lines[@]}" 2
	run_tool -0 pfdkill -KILL -- "-$spawned"
}

@test "--dry-run prints a table of the processes, and sends nothing" {
	local name=pfdr$BASHPID
	named_one "$name"
	run_tool -64 pfdkill --dry-run -KILL --timeout 1ms KILL --wait "$name" "$spawned" 999999999
	assert_equal "${#lines[@]}" 2
	assert_line --index 0 --regexp '^ *PID USER +AGE NAME +COMMAND$'
	assert_row "$spawned" "$name"
	assert_stderr 'pfdkill: 999999999: No such process'
	run_tool -0 pfdkill --dry-run --json -KILL "$spawned"
	assert_output --partial '"signal":"KILL","result":"planned"}'
	run_tool -0 pfdkill -0 "$spawned"
	run_tool -0 pfdkill -KILL "$spawned"
}

@test "--dry-run reports processes that may not be signalled" {
	requires root
	sleeper
	run --separate-stderr as_user pfdkill --dry-run "$spawned"
	assert_equal "$status" 1
	refute_output
	assert_stderr "pfdkill: $spawned (sleep): not permitted: it belongs to root"
}

# ---- JSON ----

@test "--json prints one object for each target" {
	spawn_ready stubborn
	local stubborn=$spawned
	zombie=$(inode_of "$stubborn")
	local boot
	boot=$(tr -d - </proc/sys/kernel/random/boot_id)
	run_tool -124 pfdkill -J --deadline 0.1s "$stubborn" 999999999 "$stubborn:1"
	assert_equal "${#lines[@]}" 3
	assert_line "{\"pid\":999999999,\"pidfdId\":null,\"bootId\":null,\"handle\":null,\"name\":null,\"target\":\"999999999\",\"signal\":\"TERM\",\"result\":\"gone\"}"
	assert_line "{\"pid\":$stubborn,\"pidfdId\":null,\"bootId\":null,\"handle\":null,\"name\":null,\"target\":\"$stubborn:1\",\"signal\":\"TERM\",\"result\":\"recycled\"}"
	assert_line "{\"pid\":$stubborn,\"pidfdId\":$zombie,\"bootId\":\"$boot\",\"handle\":\"$stubborn:$zombie\",\"name\":\"stubborn\",\"target\":\"$stubborn\",\"signal\":\"TERM\",\"result\":\"survived\",\"reason\":\"it ignores the signal\"}"
	run_tool -0 pfdkill --json "$stubborn"
	assert_output --partial '"result":"sent"}'
	assert_stderr ''
	run_tool -0 pfdkill --json --timeout 10ms KILL --wait "$stubborn"
	assert_output --regexp '"signal":"KILL","result":"forced","ending":(null,"reason":".*"|"killed","killedBy":"KILL","coreDumped":false)}$'
	assert_stderr ''
}

@test "--json is valid for any name" {
	requires jq
	named_one $'a"\\\x01\xff\n'
	run_tool -0 pfdkill --json -KILL "$spawned"
	run jq -r .pid <<<"$output"
	assert_success
	assert_output "$spawned"
}

@test "--json has the exit status of a process that was waited for" {
	spawn sh -c 'trap "exit 42" TERM; echo ready; while :; do sleep 0.01; done'
	wait_for has_line "$spawned_out"
	run_tool -0 pfdkill --json --verbose --wait "$spawned"
	assert_output --regexp '^\{"pid":[0-9]+,.*"name":"sh","target":"[0-9]+","signal":"TERM","result":"ended","ending":"exited","exitStatus":42\}$'
	assert_stderr_has "$spawned (sh): sent TERM"
}

# ---- hints ----

@test "--verbose explains why a signal may do nothing" {
	spawn_ready stubborn
	run_tool -0 pfdkill --verbose --timeout 1ms USR2 "$spawned"
	assert_line "$spawned (stubborn): hint about TERM: it ignores the signal"
	assert_line "$spawned (stubborn): hint about USR2: it ignores the signal"
	assert_line "$spawned (stubborn): sent TERM"
	assert_line "$spawned (stubborn): sent USR2"
	spawn env --block-signal=TERM sleep 1000
	wait_for comm_is "$spawned" sleep
	run_tool -0 pfdkill --verbose "$spawned"
	assert_line "$spawned (sleep): hint about TERM: it blocks the signal, which stays pending until it no longer does"
	run_tool -0 pfdkill --verbose -KILL "$spawned"
	refute_output --partial hint
	sleeper
	run_tool -0 pfdkill --verbose -STOP "$spawned"
	wait_for is_stopped "$spawned"
	run_tool -0 pfdkill --verbose -HUP "$spawned"
	assert_line "$spawned (sleep): hint about HUP: it is stopped, the signal stays pending until it continues"
}

@test "--verbose explains why the init of a namespace does not die" {
	requires pidns
	mkfifo life
	exec 8<>life
	spawn -i life unshare "${PIDNS_FLAGS[@]}" bash -c 'sleep 1000 & cat'
	local init
	wait_for child_of "$spawned"
	init=$child
	wait_for comm_is "$init" bash
	run_tool -0 pfdkill --verbose "$init"
	assert_line "$init (bash): hint about TERM: it is PID 1 of its namespace and has no handler, the kernel drops the signal"
	run_tool -0 pfdkill --verbose -KILL --deadline 10s "$init"
	refute_output --partial hint
}

child_of() {
	child=$(cat "/proc/$1/task/$1/children" 2>/dev/null)
	child=${child%% *}
	[[ -n $child ]]
}

# ---- memory ----

@test "--mrelease after a fatal signal affects no other process" {
	requires linux:5.15
	sleeper
	run_tool -0 pfdkill --mrelease -KILL --deadline 10s "$spawned"
	refute_output
	assert_stderr ''
	spawn_ready sigecho
	run_tool -0 pfdkill --mrelease -USR1 "$spawned"
	wait_for file_has "$spawned_out" '^10 '
	run_tool -0 pfdkill -0 "$spawned"
}

@test "--mrelease is asked of each process that was signalled, also in a group, and of no question" {
	requires strace linux:5.15
	spawn setsid sh -c 'sleep 1000 & exec sleep 1000'
	local group=$spawned row words child
	wait_for comm_is "$group" sleep
	child_of "$group"
	wait_for comm_is "$child" sleep
	sleeper
	for row in "1 -CONT $spawned" "0 -CONT --dry-run $spawned" "0 -0 $spawned" "2 -CONT -- -$group" \
		"2 -CONT --group $group" \
		"2 -WINCH --deadline 10ms -- -$group" "2 -KILL --wait -- -$group"; do
		read -ra words <<<"$row"
		run strace -o calls -e trace=process_mrelease,pidfd_send_signal "$PFD_BINDIR/pfdkill" --mrelease \
			"${words[@]:1}" 3>&-
		# a question whether the kernel can do it comes first, about no process
		assert_equal "$row: $(grep 'process_mrelease([0-9]' calls | grep -vc EBADF)" "$row: ${words[0]}"
		# a group gets the signal as a whole, so that no member escapes
		[[ $row != *group* && $row != *-$group ]] || grep -qE 'pidfd_send_signal\([0-9]*, SIG.*, (0x4|PIDFD_SIGNAL_PROCESS_GROUP)\)' calls
	done
}

@test "--mrelease is rejected if the kernel does not have it, and no process is signalled" {
	requires seccomp
	sleeper
	run old-kernel process_mrelease=ENOSYS "$PFD_BINDIR/pfdkill" --mrelease -KILL "$spawned"
	assert_equal "$status" 3
	assert_output 'pfdkill: --mrelease needs Linux 5.15'
	run_tool -0 pfdkill -0 "$spawned"
}
