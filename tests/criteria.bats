#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pgrep, pkill and pidwait: criteria about the command line, the program, the folder and the family.

load helpers

# ---- --args ----

@test "--args: the command line matches as well as the name" {
	local name=crit$BASHPID
	spawn_ready named "$name" -- --queue=mail
	local mail=$spawned
	spawn_ready named "$name" -- --queue=news
	local news=$spawned
	spawn_ready named "${name}x" -- --queue=mail
	run_tool -0 pgrep -x "$name" --args '--queue=m.il'
	assert_output "$mail"
	run_tool -0 pgrep "$name" --args queue
	assert_output "$(printf '%s\n' "$mail" "$news" "$spawned" | sort -n)"
	# all of several, wherever they are, with or without a pattern
	run_tool -0 pgrep --args "$name" --args 'queue=.*l$'
	assert_output "$(printf '%s\n' "$mail" "$spawned" | sort -n)"
	run_tool -1 pgrep -x "$name" --args mail --args news
	run_tool -0 pgrep -i --fixed -x "$name" --args '--QUEUE=mail'
	assert_output "$mail"
	run_tool -1 pgrep --fixed -x "$name" --args '--queue=m.il'
	run_tool -0 pkill -KILL -x "$name" --args mail
	run_tool -1 pfdkill -0 "$mail"
	run_tool -0 pfdkill -0 "$news"
}

@test "--args rejects what is no regular expression, and nothing" {
	run_tool -2 pgrep --args '(' x
	assert_stderr_has "the pattern of --args '(' is not a regular expression"
	run_tool -2 pgrep --args '' x
	assert_stderr_has '--args: the value is empty'
}

# ---- --alive, --not-pid ----

@test "--alive leaves out zombies, also with -v" {
	local dead
	spawn_zombie
	dead=$zombie
	run_tool -0 pgrep -p "$dead"
	assert_output "$dead"
	run_tool -1 pgrep --alive -p "$dead"
	refute_output
	run_tool -0 pgrep --alive -v -P 1000000
	refute_line "$dead"
	assert_line "$spawned"
	run_tool -1 pkill -0 --alive -P "$spawned"
	# it selects nothing by itself
	run_tool -2 pkill --alive
	assert_stderr_has 'no matching criteria specified'
}

@test "a process whose first thread has ended is alive" {
	spawn_ready odd leader
	wait_for is_zombie "$spawned"
	run_tool -0 pgrep --alive -p "$spawned"
	assert_output "$spawned"
	run_tool -0 pgrep --long -p "$spawned"
	assert_output --partial '[odd]'
	refute_output --partial defunct
}

@test "what a first thread that has ended does not show, the other threads do" {
	local criterion
	MARK=$BATS_TEST_NAME spawn_ready odd leader
	wait_for is_zombie "$spawned"
	for criterion in "--exe $(command -v odd)" "--cwd $PWD" "--cwd $PWD/**" "--env MARK=$BATS_TEST_NAME" "--ns $$"; do
		run_tool -0 pgrep -x odd -P $$ "${criterion% *}" "${criterion#* }"
		assert_output "$spawned"
	done
	run_tool -124 pidwait --until-none --timeout 10ms -P $$ --exe "$(command -v odd)"
	run_tool -0 pgrep -x odd -P $$ --ns "$spawned"
	assert_output "$spawned"
}

@test "--env: a process without memory has no variables" {
	# to others it belongs to root
	requires root
	spawn_zombie
	run_tool -1 pgrep -p "$zombie" --env HOME
	run_tool -0 pgrep -v --env HOME
	assert_line "$zombie"
}

@test "a program file or a folder whose file system answers with an error is not in the way" {
	requires strace
	nap ./napper
	local criterion error
	for criterion in '--exe napper' '--cwd .' '--cwd ./**'; do
		for error in ESTALE ENOTCONN EIO; do
			run strace -o calls -e trace=statx -e inject=statx:error=$error \
				"$PFD_BINDIR/pgrep" -P $$ "${criterion% *}" "${criterion#* }"
			assert_failure 1
			refute_output
		done
		run strace -o calls -e trace=statx -e inject=statx:error=ENOMEM \
			"$PFD_BINDIR/pgrep" -P $$ "${criterion% *}" "${criterion#* }"
		assert_failure 3
	done
}

@test "--not-pid leaves out processes, also with -v" {
	local name=crit$BASHPID
	spawn_ready named "$name"
	local one=$spawned
	spawn_ready named "$name"
	local two=$spawned
	run_tool -0 pgrep -x "$name" --not-pid "$one"
	assert_output "$two"
	run_tool -1 pgrep -x "$name" --not-pid "$one,$two"
	run_tool -0 pgrep -v -x "$name" --not-pid "$PPID"
	refute_line "$PPID"
	refute_line "$one"
	# one that is gone leaves out nothing
	run_tool -0 pgrep -x "$name" --not-pid "999999999,$two"
	assert_output "$one"
	run_tool -2 pkill --not-pid "$one"
	assert_stderr_has 'no matching criteria specified'
	run_tool -0 pgrep --explain -x "$name" --not-pid "$one"
	assert_output "$two"
	assert_stderr "pgrep: $one ($name): excluded by --not-pid"
}

@test "--not-pid takes handles, and one that cannot be opened stops the search" {
	requires linux:6.9
	local name=crit$BASHPID handle
	spawn_ready named "$name"
	handle=$spawned:$(inode_of "$spawned")
	run_tool -1 pkill -KILL -x "$name" --not-pid "$handle"
	refute_output
	run_tool -0 pkill -0 -x "$name" --not-pid "$spawned:1"
	assert_stderr "pkill: $spawned:1: recycled: that process is gone"
	run_tool -1 pkill -KILL -x "$name" --not-pid fd:99
	assert_stderr_has 'fd:99'
	run_tool -1 pkill -KILL -x "$name" --not-pid pidfile:/nowhere/x
	assert_stderr_has 'pidfile:/nowhere/x'
	run_tool -0 pfdkill -0 "$spawned"
}

# ---- --under ----

@test "--under: descendants of a process, but not itself" {
	# shellcheck disable=SC2016
	spawn bash -c 'bash -c "sleep 1000 & echo \$! >leaf; wait; :" & echo $! >child; wait; :'
	local top=$spawned child leaf
	wait_for has_line leaf
	wait_for has_line child
	child=$(<child)
	leaf=$(<leaf)
	wait_for comm_is "$leaf" sleep
	run_tool -0 pgrep --under "$top"
	assert_output "$(printf '%s\n' "$child" "$leaf" | sort -n)"
	run_tool -0 pgrep -x sleep --under "$top"
	assert_output "$leaf"
	run_tool -1 pgrep --under "$leaf"
	run_tool -0 pgrep --under "$child,$leaf"
	assert_output "$leaf"
	run_tool -0 pgrep -v --under "$top"
	assert_line "$top"
	refute_line "$leaf"
	run_tool -1 pgrep -x sleep --under 999999999
	# the link is gone with the process between them
	kill -KILL "$child"
	wait_for is_gone "$child"
	run_tool -1 pgrep -x sleep --under "$top"
	kill -KILL "$leaf"
}

# ---- --exe ----

# nap FILE: a process that runs FILE, a copy of sleep.
nap() {
	[[ -e $1 ]] || cp "$(command -v sleep)" "$1"
	spawn "$@" 1000
	wait_for runs "$spawned" "$1"
}
runs() {
	[[ $(stat -Lc %d:%i "/proc/$1/exe" 2>/dev/null) == "$(stat -Lc %d:%i "$2")" ]]
}

@test "--exe: by the program file, by whatever path" {
	mkdir bin other
	nap ./bin/napper
	local one=$spawned
	nap ./other/napper
	local two=$spawned
	ln -s bin/napper link
	ln bin/napper hard
	local path
	for path in "$PWD/bin/napper" bin/napper ./other/../bin/napper link ./hard; do
		run_tool -0 pgrep --exe "$path"
		assert_output "$one"
	done
	run_tool -0 pgrep --exe bin/napper --exe other/napper
	assert_output "$(printf '%s\n' "$one" "$two" | sort -n)"
	run_tool -1 pgrep -x bash --exe bin/napper
	run_tool -0 pgrep -v --exe bin/napper
	refute_line "$one"
	assert_line "$two"
	run_tool -0 pkill -KILL --exe link
	run_tool -0 pfdkill -0 "$two"
	run_tool -1 pgrep --exe /nowhere/at/all/x
	run_tool -1 pgrep --exe link/x
	assert_stderr 'pgrep: link/x: Not a directory'
	run_tool -2 pgrep --exe ''
	assert_stderr_has '--exe: the value is empty'
}

@test "--exe: a file that was replaced or removed counts by its path" {
	nap ./napper
	local old=$spawned
	cp "$(command -v sleep)" new
	mv new napper
	nap ./napper
	local new=$spawned
	run_tool -0 pgrep --exe napper
	assert_output "$(printf '%s\n' "$old" "$new" | sort -n)"
	rm napper
	run_tool -0 pgrep --exe ./napper
	assert_output "$(printf '%s\n' "$old" "$new" | sort -n)"
	run_tool -1 pgrep --exe ./nap
	# a file that really has such a name is another one
	nap './napper (deleted)'
	run_tool -0 pgrep --exe napper
	refute_line "$spawned"
	run_tool -0 pgrep --exe 'napper (deleted)'
	assert_output "$spawned"
}

@test "--exe and --cwd: a process into which we may not look does not match, with -v neither" {
	requires user
	run_tool -1 pgrep -p 1 --exe "$(command -v sleep)"
	run_tool -0 pgrep -v --exe "$(command -v sleep)"
	refute_line 1
	run_tool -0 pgrep -v --cwd "$PWD"
	refute_line 1
	run_tool -1 pgrep --explain -p 1 --cwd /
	assert_stderr_has 'excluded by --cwd, which we may not read for this process'
}

@test "--cgroup is status 3 on a kernel without control groups; --json leaves out the cgroup there" {
	requires strace
	spawn_ready named "crit$BASHPID"
	# without STATUS PID ARG...: pgrep, where PID has no such file
	without() {
		run --separate-stderr "$1" strace -qq -o calls -P "$2/cgroup" \
			-e inject=openat,statx,newfstatat:error=ENOENT "$PFD_BINDIR/pgrep" "${@:3}" 3>&-
		grep -q INJECTED calls
	}
	without -0 "$spawned" --json -x "crit$BASHPID"
	assert_output --partial "\"pid\":$spawned,"
	refute_output --partial cgroup
	# our own PID is not known before
	cat >own <<-'SCRIPT'
		exec strace -qq -D -o calls -P "$$/cgroup" -e inject=openat,statx,newfstatat:error=ENOENT \
			"$PFD_BINDIR/pgrep" --cgroup '/**'
	SCRIPT
	run --separate-stderr -3 bash own 3>&-
	assert_stderr 'pgrep: this kernel has no control groups'
}

# ---- --cwd ----

# rest FOLDER: a process in this folder.
rest() {
	# shellcheck disable=SC2016
	spawn_ready bash -c 'cd "$1" && exec named "$2"' sh "$1" "rest$BATS_TEST_NUMBER"
}

@test "--cwd: by the working folder; DIR/** is all below it too" {
	local in below beside
	mkdir -p top/low/lower topper
	rest top
	in=$spawned
	rest top/low/lower
	below=$spawned
	rest topper
	beside=$spawned
	ln -s top/low link
	run_tool -0 pgrep --cwd top
	assert_output "$in"
	run_tool -0 pgrep --cwd "$PWD/top/**"
	assert_output "$(printf '%s\n' "$in" "$below" | sort -n)"
	run_tool -0 pgrep --cwd "$PWD/top/**/" --cwd top///
	assert_output "$(printf '%s\n' "$in" "$below" | sort -n)"
	run_tool -0 pgrep --cwd top//
	assert_output "$in"
	run_tool -0 pgrep -x "rest$BATS_TEST_NUMBER" --cwd '/**/'
	assert_output "$(printf '%s\n' "$in" "$below" "$beside" | sort -n)"
	run_tool -0 pgrep --cwd 'link/**' --cwd topper
	assert_output "$(printf '%s\n' "$below" "$beside" | sort -n)"
	run_tool -1 pgrep --cwd link
	run_tool -0 pgrep -x "rest$BATS_TEST_NUMBER" --cwd '/**'
	assert_output "$(printf '%s\n' "$in" "$below" "$beside" | sort -n)"
	# a folder is known by its inode, whatever it is called
	mv top moved
	run_tool -0 pgrep --cwd 'moved/**'
	assert_output "$(printf '%s\n' "$in" "$below" | sort -n)"
	mkdir top
	run_tool -1 pgrep --cwd 'top/**'
}

@test "--cwd: a folder that was removed counts by its path" {
	local old
	mkdir -p top/low 'gone (deleted)' gone
	rest top/low
	old=$spawned
	rm -r top
	run_tool -0 pgrep --cwd top/low/
	assert_output "$old"
	run_tool -0 pgrep --cwd top/low
	assert_stderr ''
	assert_output "$old"
	mkdir top
	run_tool -0 pgrep --cwd 'top/**'
	assert_output "$old"
	run_tool -1 pgrep --cwd top
	# a folder that really has such a name is another one
	rest 'gone (deleted)'
	run_tool -1 pgrep --cwd gone
	run_tool -1 pgrep --cwd 'gone/**'
	run_tool -0 pgrep --cwd 'gone (deleted)'
	assert_output "$spawned"
}

@test "a working directory whose server does not answer is not in the way of --cwd" {
	requires root pidns
	[[ -c /dev/fuse ]] || skip 'needs /dev/fuse'
	mkdir stuck here
	# shellcheck disable=SC2016
	run -0 unshare --pid --fork --mount-proc --kill-child bash -c '
		"$PFD_HELPERS/stuckfs" stuck >ready & stuck=$!
		until [[ -s ready ]]; do kill -0 "$stuck" || exit; done
		cd here
		sleep 1000 & sleeping=$!
		until "$PFD_BINDIR/pgrep" -P $$ -x sleep >no; do :; done
		for folder in . ./ "./**"; do
			timeout -s KILL 10 "$PFD_BINDIR/pgrep" --cwd "$folder" | grep -cx "$sleeping"
		done' 3>&-
	assert_output "1
1
1"
}

@test "a program file or a script whose server does not answer is not in the way of a search" {
	requires root pidns
	[[ -c /dev/fuse ]] || skip 'needs /dev/fuse'
	mkdir stuck
	cp "$PFD_HELPERS/sigecho" stuck/echo-with-a-long-name
	# shellcheck disable=SC2016
	echo 'kill -STOP $$' >stuck/script
	# both are run by bash
	printf '#!%s\n' "$(command -v bash)" >other
	# shellcheck disable=SC2016
	run -0 unshare --pid --fork --mount-proc --kill-child bash -c "$CONDITIONS"'
		stuck/echo-with-a-long-name >echo &
		wait_for has_line echo
		rm stuck/echo-with-a-long-name
		bash stuck/script &
		wait_for is_stopped $!
		"$PFD_HELPERS/stuckfs" stuck >ready & stuck=$!
		until [[ -s ready ]]; do kill -0 "$stuck" || exit; done
		timeout -s KILL 10 "$PFD_BINDIR/pgrep" -l long
		timeout -s KILL 10 "$PFD_BINDIR/pgrep" --json long | grep -o "\"exe\":.*long-name\""
		timeout -s KILL 10 "$PFD_BINDIR/pfdkill" -p ./other 2>&1 || echo $?' 3>&-
	assert_output --regexp '^[0-9]+ echo-with-a-long-name
"exe":"/.*/stuck/echo-with-a-long-name"
pfdkill: cannot find process "./other"
1$'
}

@test "before Linux 6.13 a parent that /proc hides is not taken for none by --under" {
	requires root pidns seccomp
	public_copy
	# shellcheck disable=SC2016
	run in_pidns '
		hide_processes 2
		user="setpriv --reuid 65534 --regid 65534 --clear-groups"
		sh -c "sh -c \"$user $1/helpers/named below >below & exec sleep 1000\" &
			exec $user sleep 1000" &
		wait_for has_line below
		wait_for comm_is $! sleep
		for option in -v --explain; do
			$user "$1/helpers/old-kernel" 6.8 "$1/bin/pgrep" $option -x below --under $! 2>&1 ||
				echo $?
		done' "$PFD_PUBLIC"
	skip_if_not_hidden
	assert_output --regexp '^1002
pgrep: [0-9]+ \(below\): excluded by --under, which we may not read for this process'
}
