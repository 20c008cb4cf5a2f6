#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --in beside a hostile container: with docker's capabilities and SYS_PTRACE, as root, a process in
# it steals, stops, traces and kills whatever appears there. CELL_USES is how often each is tried.

load helpers

FILE_REQUIRES='root pidns linux:5.8 cap:SYS_ADMIN cap:SYS_CHROOT'
: "${CELL_USES:=6}"

# cell [-u]: such a container; $init and $victim are its PID 1 and a process in it, by its PID there;
# what the hostile process sees and finds is in $spawned_out. It says that $bystander is each
# process that it gets hold of.
cell() {
	local program library
	mkdir -p root/bin root/proc
	for program in sleep true; do
		cp "$(type -P "$program")" "root/bin/$program"
		while read -r library; do
			mkdir -p "root${library%/*}"
			cp -L "$library" "root$library"
		done < <(ldd "root/bin/$program" | grep -o '/[^ ]*')
	done
	(umask 077 && echo secret >secret)
	spawn sleep 1000
	bystander=$spawned
	spawn "$PFD_HELPERS/cell" "$@" root "$PWD/secret" "$bystander"
	wait_for -t 60 has_line "$spawned_out"
	file_has "$spawned_out" '^ready ' || skip "no such container can be made: $(<"$spawned_out")"
	read -r _ init victim <"$spawned_out"
}

# What a process of the container found, if anything.
assert_nothing_found() {
	run grep '^found' "$spawned_out"
	assert_output ''
	kill -0 "$bystander"
}

has_seen() {
	(($(grep -c '^seen' "$spawned_out") >= $1))
}

# all_of TARGET PID: each program, once a use.
all_of() {
	local i use uses=('pfdkill -s 0' 'pfdkill -s WINCH --tree' 'pwait -p -t 1ms'
		'pfdkill -s WINCH --timeout 1ms WINCH' 'pfdkill --json -s 0' 'pfdkill -p')
	for ((i = 0; i < CELL_USES; i++)); do
		read -ra use <<<"${uses[i % ${#uses[@]}]}"
		timeout -s KILL 100 "$PFD_BINDIR/${use[0]}" --in "$1" "${use[@]:1}" "$2" >>printed 2>&1
		(($? != 137)) || echo "hung: ${use[*]}"
	done
	timeout -s KILL 100 "$PFD_BINDIR/pkill" --ns "$1" -0 . || echo "pkill --ns: $?"
}

@test "no process of ours is in the container when --in translates its PIDs" {
	local flag
	time_limit $((60 + CELL_USES))
	for flag in '' -u; do
		cell $flag
		run all_of "$init" "$victim"
		assert_output ''
		run cat "$spawned_out"
		assert_output "ready $init $victim"
		kill -0 "$bystander"
	done
	# each answered
	(($(wc -l <printed) >= CELL_USES))
}

@test "a container finds no file of the host in COMMAND of pwait --in, and cannot hold pwait" {
	local flag i began
	time_limit $((120 + 4 * CELL_USES))
	for flag in '' -u; do
		cell $flag
		for ((i = 1; i <= CELL_USES; i++)); do
			mkfifo handle
			# until the handle is read, COMMAND does not run
			(wait_for has_seen "$i" && cat handle) >/dev/null 3>&- &
			began=$SECONDS
			run timeout -s KILL 100 "$PFD_BINDIR/pwait" --in "$init" --handle-file handle -t 50s \
				-- true </dev/null 3>&-
			((SECONDS - began < 100))
			# COMMAND may be stopped or killed
			[[ $status =~ ^(0|124|126|137)$ ]]
			rm handle
			wait %%
		done
		assert_nothing_found
	done
}

@test "a container that answers for COMMAND of pwait --in cannot name a process of the host" {
	requires strace
	local flag i
	time_limit 240
	for flag in '' -u; do
		cell $flag
		for i in 1 2; do
			# the first process, which is outside, is late
			run timeout -s KILL 60 strace -f -qq -o calls -e trace=clone3 \
				-e inject=clone3:delay_exit=500000 "$PFD_BINDIR/pwait" --foreground \
				--in "$init" -t 2s -k KILL -- sleep 1000 </dev/null 3>&-
			assert_equal "$status" 124
		done
		has_seen 2
		assert_nothing_found
	done
}
